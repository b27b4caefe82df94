package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;
import org.agrona.DirectBuffer;

/**
 * What an IPv4 header must satisfy before anything believes it (RFC 1122, section 3.2.1; RFC 791): lengths that fit, a
 * right checksum, options whose lengths hold and that carry no source route. Unknown options are ignored.
 * <p>
 * Not thread safe; allocates nothing.
 */
final class Ip4Check
{
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_LOOSE_ROUTE = 131;
    private static final int OPTION_STRICT_ROUTE = 137;

    private final IcmpResponder responder;
    private final IpCounters counters;
    private final Ip4Header ip = new Ip4Header();

    Ip4Check(final IcmpResponder responder, final IpCounters counters)
    {
        this.responder = responder;
        this.counters = counters;
    }

    /**
     * Check lengths and checksum, cut off what follows the packet, and locate the transport header.
     *
     * @param packet as it came in.
     * @return false when it was dropped.
     */
    boolean header(final Packet packet)
    {
        if (packet.length() < Ip4Header.LENGTH)
        {
            return truncated();
        }
        ip.wrap(packet.buffer(), packet.offset());
        final int headerLength = ip.headerLength();
        final int totalLength = ip.totalLength();
        if (headerLength < Ip4Header.LENGTH || totalLength < headerLength)
        {
            counters.increment(IpCounter.IN_HDR_ERRORS);
            return false;
        }
        if (totalLength > packet.length())
        {
            return truncated();
        }
        if (!ip.checksumHolds())
        {
            counters.increment(IpCounter.IN_CSUM_ERRORS);
            counters.increment(IpCounter.IN_HDR_ERRORS);
            return false;
        }
        packet.length(totalLength).l4(4, packet.offset() + headerLength, ip.protocol());
        return true;
    }

    /**
     * Check the options of a packet that is for us.
     *
     * @param packet that passed {@link #header(Packet)}.
     * @param nowNs  time of this poll.
     * @return false when it was dropped.
     */
    boolean options(final Packet packet, final long nowNs)
    {
        final DirectBuffer buffer = packet.buffer();
        final int end = packet.l4Offset();
        int at = packet.offset() + Ip4Header.LENGTH;
        while (at < end)
        {
            final int kind = buffer.getByte(at) & 0xFF;
            if (kind == OPTION_END)
            {
                return true;
            }
            if (kind == OPTION_NOP)
            {
                at++;
                continue;
            }
            final int size = at + 1 < end ? buffer.getByte(at + 1) & 0xFF : 0;
            if (size < 2 || size > end - at)
            {
                counters.increment(IpCounter.IN_HDR_ERRORS);
                final int pointer = at - packet.offset();
                responder.error(packet, IcmpHeader.PARAMETER_PROBLEM, 0, pointer << 24, nowNs);
                return false;
            }
            if (kind == OPTION_LOOSE_ROUTE || kind == OPTION_STRICT_ROUTE)
            {
                counters.increment(IpCounter.IN_SOURCE_ROUTED);
                return false;
            }
            at += size;
        }
        return true;
    }

    private boolean truncated()
    {
        counters.increment(IpCounter.IN_TRUNCATED_PKTS);
        counters.increment(IpCounter.IN_HDR_ERRORS);
        return false;
    }
}
