package dev.baton.stack.sim;

import dev.baton.stack.Packet;
import dev.baton.stack.ip.SegmentSplitter;
import dev.baton.stack.ip.TransportChecksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Joins the links of a {@link SimWorld}: routes by destination address, one hop, along one {@link SimPath} per pair of
 * links and direction. Source addresses are not checked, so that a host may answer for another one's address.
 * <p>
 * A super-segment passes whole where both links and the path allow it; elsewhere it is split first, by the same code as
 * in the stack, so that faults hit what a wire would carry.
 */
public final class SimNetwork
{
    private final SimWorld world;
    private final List<SimLink> links = new ArrayList<>();
    private final List<SimPath> paths = new ArrayList<>();
    private final List<Tap> taps = new ArrayList<>();
    private final SimPath defaults = new SimPath();
    private final SegmentSplitter splitter = new SegmentSplitter();
    private final SimRouter router;
    private final Packet segment = new Packet();
    private final Packet shown = new Packet();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[SimWorld.maxBufferBytes()]);
    private final long[] dropped = new long[DropReason.values().length];
    private IpAddress[] routedAddresses = new IpAddress[0];
    private SimLink[] routedLinks = new SimLink[0];
    /** Row by sender, column by receiver. */
    private SimPath[][] matrix = new SimPath[0][0];
    private UnroutedHook unrouted;
    private Steering steering;
    private int flying;

    SimNetwork(final SimWorld world)
    {
        this.world = world;
        this.router = new SimRouter(this);
    }

    /**
     * Settings that a path starts with; it is made when its first packet is sent, or {@link #path(SimLink, SimLink)}
     * asks for it.
     *
     * @return settings to be changed.
     */
    public SimPath defaults()
    {
        return defaults;
    }

    /**
     * One direction between two links.
     *
     * @param from sending end.
     * @param to   receiving end.
     * @return the path.
     */
    public SimPath path(final SimLink from, final SimLink to)
    {
        if (matrix.length < links.size())
        {
            matrix = Arrays.copyOf(matrix, links.size());
            for (int i = 0; i < matrix.length; i++)
            {
                matrix[i] = matrix[i] == null ? new SimPath[links.size()] : Arrays.copyOf(matrix[i], links.size());
            }
        }
        SimPath path = matrix[from.id()][to.id()];
        if (path == null)
        {
            path = new SimPath(this, defaults);
            matrix[from.id()][to.id()] = path;
            paths.add(path);
        }
        return path;
    }

    /**
     * Lose everything between two links, in both directions.
     *
     * @param a one end.
     * @param b the other end.
     */
    public void partition(final SimLink a, final SimLink b)
    {
        path(a, b).partition(true);
        path(b, a).partition(true);
    }

    /**
     * Undo {@link #partition(SimLink, SimLink)}.
     *
     * @param a one end.
     * @param b the other end.
     */
    public void repair(final SimLink a, final SimLink b)
    {
        path(a, b).partition(false);
        path(b, a).partition(false);
    }

    /**
     * Route an address to a link, instead of where it was routed before.
     *
     * @param address destination.
     * @param link    that gets its packets.
     */
    public void route(final IpAddress address, final SimLink link)
    {
        unroute(address);
        final int n = routedAddresses.length;
        routedAddresses = Arrays.copyOf(routedAddresses, n + 1);
        routedLinks = Arrays.copyOf(routedLinks, n + 1);
        routedAddresses[n] = address;
        routedLinks[n] = link;
    }

    /**
     * Route an address nowhere.
     *
     * @param address destination.
     */
    public void unroute(final IpAddress address)
    {
        final int last = routedAddresses.length - 1;
        for (int i = 0; i <= last; i++)
        {
            if (routedAddresses[i].equals(address))
            {
                System.arraycopy(routedAddresses, i + 1, routedAddresses, i, last - i);
                System.arraycopy(routedLinks, i + 1, routedLinks, i, last - i);
                routedAddresses = Arrays.copyOf(routedAddresses, last);
                routedLinks = Arrays.copyOf(routedLinks, last);
                return;
            }
        }
    }

    /**
     * Ask about each packet before its address's route is looked up.
     *
     * @param steering to be asked; null for none.
     */
    public void steer(final Steering steering)
    {
        this.steering = steering;
    }

    /**
     * Show all packets to an observer from now on.
     *
     * @param tap to be told.
     */
    public void tap(final Tap tap)
    {
        taps.add(tap);
    }

    /**
     * Be told of packets that no link has the destination of.
     *
     * @param hook to be told; null for nobody.
     */
    public void onUnrouted(final UnroutedHook hook)
    {
        this.unrouted = hook;
    }

    /**
     * Packets that were lost on all paths.
     *
     * @param reason why.
     * @return how many.
     */
    public long dropped(final DropReason reason)
    {
        return dropped[reason.ordinal()];
    }

    SimLink attach(final SimHost host, final String name)
    {
        final SimLink link = new SimLink(this, host, name, links.size());
        links.add(link);
        return link;
    }

    void transmit(final SimLink from, final Packet packet)
    {
        locate(packet);
        world.mix(from.id());
        world.mix(packet.buffer(), packet.offset(), packet.length());
        show(from, true, packet);
        final SimLink to = route(packet);
        if (to == null)
        {
            unrouted(from, packet);
            return;
        }
        final SimPath path = path(from, to);
        if (packet.gsoSize() == 0)
        {
            launch(from, to, path, packet);
        }
        else if (path.carriesWhole() && packet.length() <= to.maxGsoBytes())
        {
            launch(from, to, path, packet);
        }
        else
        {
            splitter.begin(packet);
            while (splitter.next(segment))
            {
                launch(from, to, path, segment);
            }
        }
    }

    /**
     * Tell a sender that its packet is too big; the answer takes the default delay of a path, whatever the way back is
     * like.
     */
    void tooBig(final Packet packet, final int mtu)
    {
        router.tooBig(packet, mtu, world.nowNs());
    }

    /** A packet of the router's own: no path, no faults. */
    void transmitFromRouter(final Packet packet)
    {
        final SimLink to = route(packet);
        final SimPacket copy = to == null ? null : world.pool().take(packet);
        if (copy != null)
        {
            copy.from = to;
            copy.to = to;
            fly(copy, world.nowNs() + SimPath.DEFAULT_DELAY_NS);
        }
    }

    SimPacket copy(final SimPacket packet)
    {
        final SimPacket twin = world.pool().take(packet.packet);
        if (twin != null)
        {
            twin.from = packet.from;
            twin.to = packet.to;
        }
        return twin;
    }

    void fly(final SimPacket packet, final long arrivalNs)
    {
        flying++;
        world.queue().schedule(packet, arrivalNs);
    }

    void landed()
    {
        flying--;
    }

    void arrived(final SimPacket packet)
    {
        world.mix(packet.to.id());
        show(packet.to, false, packet.packet);
    }

    void drop(final SimPacket packet, final DropReason reason)
    {
        count(packet.from, packet.packet, reason);
        release(packet);
    }

    void release(final SimPacket packet)
    {
        world.pool().give(packet);
    }

    SimRandom random()
    {
        return world.random();
    }

    long nowNs()
    {
        return world.nowNs();
    }

    int packetsInFlight()
    {
        int packets = flying;
        for (final SimLink link : links)
        {
            packets += link.packetsHere();
        }
        for (final SimPath path : paths)
        {
            packets += path.packetsHeld();
        }
        return packets;
    }

    private void launch(final SimLink from, final SimLink to, final SimPath path, final Packet packet)
    {
        final SimPacket copy = world.pool().take(packet);
        if (copy == null)
        {
            count(from, packet, DropReason.NO_BUFFER);
            return;
        }
        copy.from = from;
        copy.to = to;
        if (!path.carriesWhole() || !to.checksumOffload())
        {
            TransportChecksum.complete(copy.packet);
        }
        path.send(copy);
    }

    private void unrouted(final SimLink from, final Packet packet)
    {
        count(from, packet, DropReason.UNROUTED);
        if (unrouted != null)
        {
            unrouted.onUnrouted(from, packet, world.nowNs());
        }
    }

    private void count(final SimLink from, final Packet packet, final DropReason reason)
    {
        dropped[reason.ordinal()]++;
        world.mix(reason.ordinal());
        for (int i = 0; i < taps.size(); i++)
        {
            taps.get(i).onDropped(from, packet, reason, world.nowNs());
        }
    }

    private SimLink route(final Packet packet)
    {
        final int steered = steering == null ? Steering.BY_ROUTE : steering.link(packet);
        if (steered != Steering.BY_ROUTE)
        {
            return steered == Steering.NOWHERE ? null : links.get(steered);
        }
        final long hi = packet.dstHi();
        final long lo = packet.dstLo();
        for (int i = 0; i < routedAddresses.length; i++)
        {
            if (routedAddresses[i].lo() == lo && routedAddresses[i].hi() == hi)
            {
                return routedLinks[i];
            }
        }
        return null;
    }

    private void show(final SimLink link, final boolean sent, final Packet packet)
    {
        if (taps.isEmpty())
        {
            return;
        }
        scratch.putBytes(Packet.HEADROOM, packet.buffer(), packet.offset(), packet.length());
        final int l4Offset = packet.l4Offset() - packet.offset() + Packet.HEADROOM;
        shown.wrap(scratch, Packet.HEADROOM, packet.length(), packet.gsoSize(), packet.checksum())
            .l4(packet.version(), l4Offset, packet.protocol());
        TransportChecksum.complete(shown);
        for (int i = 0; i < taps.size(); i++)
        {
            taps.get(i).onPacket(link, sent, shown, world.nowNs());
        }
    }

    /** Packets that were not built by the stack may come without their headers located. */
    private static void locate(final Packet packet)
    {
        final int version = packet.length() < Ip4Header.LENGTH ? 0 :
            packet.buffer().getByte(packet.offset()) >>> 4 & 0xF;
        if (version != 4 && version != 6 || version == 6 && packet.length() < Ip6Header.LENGTH)
        {
            throw new IllegalArgumentException("a packet of " + packet.length() + " bytes and IP version " + version +
                " was transmitted: the simulated network carries whole IPv4 and IPv6 packets only");
        }
        if (packet.version() == 0)
        {
            final int at = packet.offset();
            final boolean v4 = version == 4;
            final int headerLength = v4 ? (packet.buffer().getByte(at) & 0xF) << 2 : Ip6Header.LENGTH;
            packet.l4(version, at + headerLength, packet.buffer().getByte(at + (v4 ? 9 : 6)) & 0xFF);
        }
    }

    /** Is told of packets that are routed nowhere. */
    @FunctionalInterface
    public interface UnroutedHook
    {
        /**
         * A packet's destination is nobody's.
         *
         * @param from   link that sent it.
         * @param packet its bytes, valid during the call.
         * @param nowNs  time.
         */
        void onUnrouted(SimLink from, Packet packet, long nowNs);
    }
}
