package dev.baton.tests.handoff;

import dev.baton.stack.Packet;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.Tap;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches the network from outside the hosts and keeps the invariants of a move: one speaker per connection (I2), no
 * RST, FIN or SYN because of a move (I3, as far as the wire shows it), numbers and clocks that never step back (I4), a
 * window edge that never retreats, the right byte for every sequence number (H2), and no segment from an address that
 * the client does not know.
 */
final class OneSpeaker implements Tap
{
    /** What was seen of one connection, by client port and family. */
    static final class Seen
    {
        final List<String> speakers = new ArrayList<>();
        int isn;
        boolean synAck;
        boolean edgeKnown;
        int rightEdge;
        int shift;
        boolean tsKnown;
        int tsVal;
        int rsts;
        int synAcks;
    }

    private final HandoffWorld cluster;
    private final TcpHeader tcp = new TcpHeader();
    private final TcpOptions options = new TcpOptions();
    private final Map<String, Seen> connections = new HashMap<>();
    final List<String> violations = new ArrayList<>();

    OneSpeaker(final HandoffWorld cluster)
    {
        this.cluster = cluster;
    }

    Seen of(final boolean v6, final int clientPort)
    {
        return connections.get((v6 ? "6:" : "4:") + clientPort);
    }

    @Override
    public void onPacket(final SimLink link, final boolean sent, final Packet packet, final long nowNs)
    {
        if (packet.protocol() != TcpHeader.PROTOCOL)
        {
            violate("a packet of protocol " + packet.protocol() + " from " + link.name());
            return;
        }
        tcp.wrap(packet.buffer(), packet.l4Offset());
        final boolean fromClient = link == cluster.clientLink && sent;
        if (fromClient)
        {
            if ((tcp.flags() & (TcpHeader.SYN | TcpHeader.ACK)) == TcpHeader.SYN)
            {
                connections.put(key(packet, tcp.srcPort()), new Seen());
            }
            return;
        }
        if (sent && toClient(packet))
        {
            fromNode(link.host().name(), packet);
        }
    }

    private boolean toClient(final Packet packet)
    {
        return cluster.client != null && tcp.srcPort() == HandoffWorld.PORT && tcp.dstPort() != HandoffWorld.PORT;
    }

    private void fromNode(final String node, final Packet packet)
    {
        final boolean v6 = packet.version() == 6;
        final var vip = v6 ? HandoffWorld.VIP6 : HandoffWorld.VIP4;
        if (packet.srcHi() != vip.hi() || packet.srcLo() != vip.lo())
        {
            violate(node + " sent from an address that the client does not know");
        }
        final Seen seen = connections.get(key(packet, tcp.dstPort()));
        if (seen == null)
        {
            return;
        }
        final int flags = tcp.flags();
        if ((flags & TcpHeader.RST) != 0)
        {
            seen.rsts++;
            return;
        }
        if (seen.speakers.isEmpty() || !seen.speakers.get(seen.speakers.size() - 1).equals(node))
        {
            seen.speakers.add(node);
            if (seen.speakers.size() > 2 || seen.speakers.size() == 2 && !seen.speakers.get(0).equals("front"))
            {
                violate("more than one speaker: " + seen.speakers);
            }
        }
        final int headerLength = tcp.headerLength();
        options.parse(packet.buffer(), packet.l4Offset() + TcpHeader.LENGTH, headerLength - TcpHeader.LENGTH);
        if ((flags & TcpHeader.SYN) != 0)
        {
            if (seen.synAck && tcp.seq() != seen.isn)
            {
                violate("a second SYN/ACK with another number, from " + node);
            }
            seen.synAck = true;
            seen.isn = tcp.seq();
            seen.shift = Math.max(0, options.windowScale());
        }
        edge(seen, node, (flags & TcpHeader.SYN) != 0);
        clock(seen, node);
        bytes(seen, node, packet, headerLength);
    }

    private void edge(final Seen seen, final String node, final boolean syn)
    {
        final int edge = tcp.ack() + (syn ? tcp.window() : tcp.window() << seen.shift);
        if (seen.edgeKnown && Seq.lt(edge, seen.rightEdge))
        {
            violate("right edge retreats by " + (seen.rightEdge - edge) + " at " + node);
        }
        seen.rightEdge = seen.edgeKnown ? Seq.max(seen.rightEdge, edge) : edge;
        seen.edgeKnown = true;
    }

    private void clock(final Seen seen, final String node)
    {
        if (options.hasTimestamps())
        {
            if (seen.tsKnown && Seq.lt(options.tsVal(), seen.tsVal))
            {
                violate("TSval steps back by " + (seen.tsVal - options.tsVal()) + " at " + node);
            }
            seen.tsVal = options.tsVal();
            seen.tsKnown = true;
        }
    }

    /**
     * Every server numbers its bytes through the life of a connection: each has one value for a sequence number,
     * whoever sends it.
     */
    private void bytes(final Seen seen, final String node, final Packet packet, final int headerLength)
    {
        final int payload = packet.l4Length() - headerLength;
        final int from = packet.l4Offset() + headerLength;
        final long position = Integer.toUnsignedLong(tcp.seq() - seen.isn - 1);
        for (int i = 0; i < payload; i++)
        {
            if (packet.buffer().getByte(from + i) != PatternService.pattern(position + i))
            {
                violate("a wrong byte at " + (position + i) + " from " + node);
                return;
            }
        }
    }

    private static String key(final Packet packet, final int clientPort)
    {
        return (packet.version() == 6 ? "6:" : "4:") + clientPort;
    }

    private void violate(final String what)
    {
        if (violations.size() < 20)
        {
            violations.add(cluster.world.nowNs() + " ns: " + what);
        }
    }
}
