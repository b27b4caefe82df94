package dev.baton.stack.sim.campaign;

import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.sim.check.FlowKey;
import dev.baton.stack.sim.check.Violation;
import dev.baton.stack.state.Flow;
import dev.baton.stack.state.Snapshot;
import dev.baton.stack.state.StateException;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * Moves connections between the hosts of a site, and hosts into a new life from an image. Between the two ends of a
 * move nobody has the connection: what comes for it is lost, and nobody may speak for it.
 */
final class Mover
{
    private static final long RETRY_NS = 100_000_000L;
    private static final int MAX_TRIES = 600;

    private final Book book;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private int moves;

    /** Who knows the ends of connections, and the time. */
    interface Book extends Traffic.World
    {
        /**
         * The traffic of a connection.
         *
         * @param key of one end.
         * @return null when it is none of ours.
         */
        Traffic traffic(FlowKey key);

        /**
         * Say what happens, to who reads along.
         *
         * @param text a few words.
         */
        void remark(String text);
    }

    Mover(final Book book)
    {
        this.book = book;
    }

    int moves()
    {
        return moves;
    }

    /** Move all that a site's first host has to the next one that runs, which becomes the first. */
    void moveSite(final Site site, final long gapNs)
    {
        final SiteHost from = site.primaryHost();
        final SiteHost to = another(site, from);
        if (to == null || !from.isRunning())
        {
            return;
        }
        final List<Flow> flows = flows(from);
        flows.forEach((flow) -> move(site, from, to, flow, gapNs));
        site.primary = to.number;
    }

    /** Move one connection of a site's first host, if it has any. */
    void moveFlow(final Site site, final int pick, final long gapNs)
    {
        for (int i = 0; i < site.hosts.size(); i++)
        {
            final SiteHost from = site.hosts.get((i + pick) % site.hosts.size());
            final SiteHost to = another(site, from);
            final List<Flow> flows = from.isRunning() && to != null ? flows(from) : List.of();
            if (!flows.isEmpty())
            {
                move(site, from, to, flows.get(pick % flows.size()), gapNs);
                return;
            }
        }
    }

    /** Stop a host, and let it go on from an image after a while. */
    void restart(final SiteHost host, final long gapNs)
    {
        if (!host.isRunning())
        {
            return;
        }
        final long cutNs = book.nowNs();
        final int length = new Snapshot(host.stack).exportAll(cutNs + host.skewNs, buffer, 0);
        final UnsafeBuffer image = copy(length);
        peers(host).forEach(this::unplug);
        host.host.crash();
        book.remark("stop " + host.host.name() + " with an image of " + length + " bytes");
        book.after(gapNs, () -> restore(host, image, cutNs));
    }

    private void restore(final SiteHost host, final DirectBuffer image, final long cutNs)
    {
        if (host.host.isUp())
        {
            return;
        }
        book.remark("start " + host.host.name() + " from its image");
        host.boot();
        final long nowNs = book.nowNs();
        try
        {
            final List<TcpConnection> connections = new Snapshot(host.stack).importAll(image, 0, image.capacity(),
                nowNs + host.skewNs, nowNs - cutNs, (flow, passive) -> service(key(flow)));
            connections.forEach(this::plug);
        }
        catch (final StateException refused)
        {
            throw new Violation(Violation.NO_FAULT, "an image is refused by the host that it is of: " + refused.getMessage());
        }
        host.host.start(host);
        moves++;
    }

    private void move(final Site site, final SiteHost from, final SiteHost to, final Flow flow, final long gapNs)
    {
        final long cutNs = book.nowNs();
        final FlowKey key = key(flow);
        final Snapshot snapshot = new Snapshot(from.stack);
        final int length = snapshot.export(flow, cutNs + from.skewNs, buffer, 0);
        final UnsafeBuffer image = copy(length);
        snapshot.detach(flow);
        unplug(key);
        from.touched = true;
        site.own(key, Site.NOBODY);
        book.remark("move " + flow + " from " + from.host.name() + " to " + to.host.name());
        if (gapNs == 0)
        {
            arrive(site, to, key, image, cutNs, MAX_TRIES);
        }
        else
        {
            book.after(gapNs, () -> arrive(site, to, key, image, cutNs, MAX_TRIES));
        }
    }

    /** A host that has no room refuses; then the others are asked, and all again after a while. */
    private void arrive(
        final Site site,
        final SiteHost first,
        final FlowKey key,
        final UnsafeBuffer image,
        final long cutNs,
        final int tries)
    {
        StateException last = null;
        for (int i = 0; i < site.hosts.size(); i++)
        {
            final SiteHost to = site.hosts.get((first.number + i) % site.hosts.size());
            if (to.isRunning())
            {
                try
                {
                    importHere(site, to, key, image, cutNs);
                    return;
                }
                catch (final StateException refused)
                {
                    last = refused;
                }
            }
        }
        if (tries == 0)
        {
            throw new Violation(Violation.NO_FAULT, "no host takes a connection that was moved: " +
                (last == null ? "none runs" : last.getMessage()));
        }
        book.after(RETRY_NS, () -> arrive(site, first, key, image, cutNs, tries - 1));
    }

    private void importHere(
        final Site site, final SiteHost to, final FlowKey key, final UnsafeBuffer image, final long cutNs)
    {
        final long nowNs = book.nowNs();
        final TcpConnection connection = new Snapshot(to.stack).importConnection(
            image, 0, image.capacity(), nowNs + to.skewNs, nowNs - cutNs, service(key));
        site.own(key, to.number);
        to.touched = true;
        moves++;
        if (connection != null)
        {
            plug(connection);
        }
    }

    private TcpService service(final FlowKey key)
    {
        final Traffic traffic = book.traffic(key);
        return traffic == null ? null : traffic.serviceOf(key);
    }

    private void unplug(final FlowKey key)
    {
        final Traffic traffic = book.traffic(key);
        final Peer peer = traffic == null ? null : traffic.peer(key);
        if (peer != null)
        {
            peer.connection = null;
        }
    }

    private void plug(final TcpConnection connection)
    {
        final FlowKey key = new FlowKey(connection.localAddress().hi(), connection.localAddress().lo(),
            connection.localPort(), connection.remoteAddress().hi(), connection.remoteAddress().lo(),
            connection.remotePort());
        final Traffic traffic = book.traffic(key);
        final Peer peer = traffic == null ? null : traffic.peer(key);
        if (peer != null)
        {
            peer.connection = connection;
            connection.attachment(peer);
        }
    }

    private UnsafeBuffer copy(final int length)
    {
        final UnsafeBuffer image = new UnsafeBuffer(new byte[length]);
        image.putBytes(0, buffer, 0, length);
        return image;
    }

    private static SiteHost another(final Site site, final SiteHost from)
    {
        for (int i = 1; i < site.hosts.size(); i++)
        {
            final SiteHost host = site.hosts.get((from.number + i) % site.hosts.size());
            if (host.isRunning())
            {
                return host;
            }
        }
        return null;
    }

    /** All that can be moved by its 4-tuple: what is over but for unread data has given its 4-tuple back, and stays. */
    private static List<Flow> flows(final SiteHost host)
    {
        final List<Flow> flows = new ArrayList<>();
        final List<Flow> stay = new ArrayList<>();
        host.stack.tcp().transfers().forEachConnection((tcb) -> (tcb.detached ? stay : flows).add(new Flow(
            address(tcb.localHi, tcb.localLo), tcb.localPort, address(tcb.remoteHi, tcb.remoteLo), tcb.remotePort)));
        host.stack.tcp().transfers().forEachHalfOpen((entry) -> flows.add(new Flow(address(entry.localHi, entry.localLo),
            entry.localPort, address(entry.remoteHi, entry.remoteLo), entry.remotePort)));
        host.stack.tcp().transfers().forEachTimeWait((entry) -> flows.add(new Flow(address(entry.localHi, entry.localLo),
            entry.localPort, address(entry.remoteHi, entry.remoteLo), entry.remotePort)));
        flows.removeAll(stay);
        return flows;
    }

    /** The connections that have a user. */
    private static List<FlowKey> peers(final SiteHost host)
    {
        final List<FlowKey> keys = new ArrayList<>();
        host.stack.tcp().transfers().forEachConnection((tcb) -> keys.add(new FlowKey(
            tcb.localHi, tcb.localLo, tcb.localPort, tcb.remoteHi, tcb.remoteLo, tcb.remotePort)));
        return keys;
    }

    private static IpAddress address(final long hi, final long lo)
    {
        return new IpAddress(hi, lo);
    }

    private static FlowKey key(final Flow flow)
    {
        return new FlowKey(flow.local().hi(), flow.local().lo(), flow.localPort(), flow.remote().hi(), flow.remote().lo(),
            flow.remotePort());
    }
}
