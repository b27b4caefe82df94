package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * Walks the extension headers of a packet that is for us, in whatever order they come (RFC 8200, section 4.1), and does
 * what each asks of its destination: options by the two action bits of their type, routing headers only when no
 * segments are left (RFC 5095), fragments to the {@link Reassembler}. The walk then starts over on the whole datagram,
 * once: a fragment inside of it is refused.
 * <p>
 * Not thread safe; allocates nothing.
 */
final class Ip6Extensions
{
    /** Parameter problem: erroneous header field. */
    static final int CODE_FIELD = 0;
    /** Parameter problem: unrecognised next header. */
    static final int CODE_NEXT_HEADER = 1;
    /** Parameter problem: unrecognised option. */
    static final int CODE_OPTION = 2;
    /** Parameter problem: the first fragment lacks headers (RFC 7112). */
    static final int CODE_FIRST_FRAGMENT = 3;

    private static final int PAD_1 = 0;
    private static final int PAD_N = 1;
    private static final int PAYLOAD_LENGTH_FIELD = 4;
    private static final int NEXT_HEADER_FIELD = 6;

    private final IcmpResponder responder;
    private final Reassembler reassembler;
    private final IpCounters counters;
    private final Ip6Chain chain = new Ip6Chain();
    private Packet packet;
    private long nowNs;
    private int nextAt;

    Ip6Extensions(final IcmpResponder responder, final Reassembler reassembler, final IpCounters counters)
    {
        this.responder = responder;
        this.reassembler = reassembler;
        this.counters = counters;
    }

    /**
     * Walk a packet.
     *
     * @param packet with valid lengths and addresses; re-pointed when it completes a datagram.
     * @param nowNs  time of this poll.
     * @return true when the upper-layer header was found and located in the packet.
     */
    boolean walk(final Packet packet, final long nowNs)
    {
        this.packet = packet;
        this.nowNs = nowNs;
        boolean whole = false;
        int at = start();
        for (int i = 0; i < Ip6Chain.MAX_HEADERS; i++)
        {
            final int next = packet.buffer().getByte(nextAt) & 0xFF;
            switch (next)
            {
                case Ip6Chain.HOP_BY_HOP:
                case Ip6Chain.DESTINATION_OPTIONS:
                case Ip6Chain.ROUTING:
                    if (!header(next, at))
                    {
                        return false;
                    }
                    nextAt = at;
                    at += Ip6Chain.length(packet.buffer(), at);
                    break;
                case Ip6Chain.FRAGMENT:
                    if (!fits(at, Ip6Chain.UNIT))
                    {
                        return false;
                    }
                    if (isAtomic(at))
                    {
                        nextAt = at;
                        at += Ip6Chain.UNIT;
                        break;
                    }
                    if (whole)
                    {
                        return broken(IpCounter.IN_HDR_ERRORS);
                    }
                    if (!fragment(at))
                    {
                        return false;
                    }
                    whole = true;
                    at = start();
                    break;
                case Ip6Chain.NO_NEXT_HEADER:
                    return broken(IpCounter.IN_DISCARDS);
                default:
                    packet.l4(6, at, next);
                    return true;
            }
        }
        return broken(IpCounter.IN_HDR_ERRORS);
    }

    /** Nothing above takes the protocol of the packet that was walked last. */
    void unknownProtocol()
    {
        problem(CODE_NEXT_HEADER, nextAt - packet.offset());
    }

    private int start()
    {
        nextAt = packet.offset() + NEXT_HEADER_FIELD;
        return packet.offset() + Ip6Header.LENGTH;
    }

    private boolean header(final int kind, final int at)
    {
        final DirectBuffer buffer = packet.buffer();
        if (!fits(at, Ip6Chain.UNIT) || !fits(at, Ip6Chain.length(buffer, at)))
        {
            return false;
        }
        if (kind == Ip6Chain.ROUTING)
        {
            return routing(at);
        }
        // Hop-by-hop options may follow the fixed header only; elsewhere the header is as good as unknown.
        if (kind == Ip6Chain.HOP_BY_HOP && nextAt != packet.offset() + NEXT_HEADER_FIELD)
        {
            counters.increment(IpCounter.IN_HDR_ERRORS);
            return problem(CODE_NEXT_HEADER, nextAt - packet.offset());
        }
        return options(buffer, at + 2, at + Ip6Chain.length(buffer, at));
    }

    private boolean options(final DirectBuffer buffer, final int from, final int to)
    {
        int at = from;
        while (at < to)
        {
            final int type = buffer.getByte(at) & 0xFF;
            if (type == PAD_1)
            {
                at++;
                continue;
            }
            final int size = at + 1 < to ? 2 + (buffer.getByte(at + 1) & 0xFF) : to;
            if (size > to - at)
            {
                return broken(IpCounter.IN_HDR_ERRORS);
            }
            if (type != PAD_N && type >>> 6 != 0)
            {
                counters.increment(IpCounter.IN_HDR_ERRORS);
                return type >>> 6 != 1 && problem(CODE_OPTION, at - packet.offset());
            }
            at += size;
        }
        return true;
    }

    private boolean routing(final int at)
    {
        if (packet.buffer().getByte(at + 3) == 0)
        {
            return true;
        }
        counters.increment(IpCounter.IN_SOURCE_ROUTED);
        return problem(CODE_FIELD, at + 2 - packet.offset());
    }

    /** A fragment that is all of its datagram is handled as if it were none (RFC 6946). */
    private boolean isAtomic(final int at)
    {
        return (Ip6Chain.fragmentWord(packet.buffer(), at) & 0xFFF9) == 0;
    }

    private boolean fragment(final int at)
    {
        final DirectBuffer buffer = packet.buffer();
        final int word = Ip6Chain.fragmentWord(buffer, at);
        final int fragmentOffset = word & 0xFFF8;
        final boolean more = (word & 1) != 0;
        final int headerLength = at + Ip6Chain.UNIT - packet.offset();
        final int dataLength = packet.length() - headerLength;
        counters.increment(IpCounter.REASM_REQDS);
        if (dataLength == 0)
        {
            return broken(IpCounter.REASM_FAILS);
        }
        if (more && (dataLength & 7) != 0)
        {
            counters.increment(IpCounter.REASM_FAILS);
            return problem(CODE_FIELD, PAYLOAD_LENGTH_FIELD);
        }
        if (fragmentOffset + dataLength > Packet.MAX_LENGTH)
        {
            counters.increment(IpCounter.REASM_FAILS);
            return problem(CODE_FIELD, at + 2 - packet.offset());
        }
        if (fragmentOffset == 0 && !holdsAllHeaders())
        {
            counters.increment(IpCounter.REASM_FAILS);
            return problem(CODE_FIRST_FRAGMENT, 0);
        }
        final int id = buffer.getInt(at + 4, ByteOrder.BIG_ENDIAN);
        return reassembler.add(
            packet, 6, 0, id, headerLength, nextAt - packet.offset(), fragmentOffset, more, nowNs);
    }

    private boolean holdsAllHeaders()
    {
        if (!chain.locate(packet.buffer(), packet.offset(), packet.length()))
        {
            return false;
        }
        final int left = packet.offset() + packet.length() - chain.offset();
        switch (chain.protocol())
        {
            case TcpHeader.PROTOCOL:
                return left >= TcpHeader.LENGTH;
            case IcmpHeader.PROTOCOL_V6:
            case TransportChecksum.UDP_PROTOCOL:
                return left >= IcmpHeader.LENGTH;
            default:
                return true;
        }
    }

    private boolean fits(final int at, final int size)
    {
        final boolean fits = packet.offset() + packet.length() - at >= size;
        if (!fits)
        {
            counters.increment(IpCounter.IN_TRUNCATED_PKTS);
            counters.increment(IpCounter.IN_HDR_ERRORS);
        }
        return fits;
    }

    private boolean broken(final IpCounter counter)
    {
        counters.increment(counter);
        return false;
    }

    private boolean problem(final int code, final int pointer)
    {
        responder.error(packet.l4(6, packet.offset() + Ip6Header.LENGTH, 0),
            IcmpHeader.PARAMETER_PROBLEM_V6, code, pointer, nowNs);
        return false;
    }
}
