package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;

/**
 * Counts what comes in by its ECN field (RFC 3168, section 5; the names are those of Linux's IP extension MIB). All
 * segments that a super-segment was made of had its field: receive offload joins only what agrees in it.
 */
final class EcnCount
{
    private static final IpCounter[] BY_FIELD =
    {
        IpCounter.IN_NO_ECT_PKTS, IpCounter.IN_ECT1_PKTS, IpCounter.IN_ECT0_PKTS, IpCounter.IN_CE_PKTS
    };

    private final TcpHeader tcp = new TcpHeader();
    private final IpCounters counters;

    EcnCount(final IpCounters counters)
    {
        this.counters = counters;
    }

    /** Count a packet whose transport header has been located, and may be cut off. */
    void count(final Packet packet)
    {
        counters.add(BY_FIELD[packet.ecn()], segments(packet));
    }

    private int segments(final Packet packet)
    {
        final int gso = packet.gsoSize();
        if (gso == 0 || packet.protocol() != TcpHeader.PROTOCOL || packet.l4Length() < TcpHeader.LENGTH)
        {
            return 1;
        }
        final int payload = packet.l4Length() - tcp.wrap(packet.buffer(), packet.l4Offset()).headerLength();
        return Math.max(1, (payload + gso - 1) / gso);
    }
}
