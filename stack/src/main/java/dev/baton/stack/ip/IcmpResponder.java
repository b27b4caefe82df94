package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Answers on behalf of the host: echo replies (RFC 1122, section 3.2.2.6; RFC 4443, section 4.2), and errors about
 * packets that cannot be taken.
 * <p>
 * No error is sent about an ICMP error, about a fragment that is not the first, or from or to an address that is not
 * unicast (RFC 1122, section 3.2.2; RFC 4443, section 2.4 (e)), nor faster than {@link IcmpLimiter} allows. An error
 * quotes as much of the packet as fits into 576 bytes (RFC 1812, section 4.3.2.3) or the IPv6 minimum MTU of 1280.
 * <p>
 * Not thread safe; allocates nothing after construction.
 */
public final class IcmpResponder
{
    private static final int MAX_ERROR_BYTES_V4 = 576;
    private static final int MAX_ERROR_BYTES_V6 = 1280;
    private static final int DSCP_MASK = 0xFC;
    private static final int SOURCE_QUENCH = 4;
    private static final int REDIRECT = 5;
    private static final int REDIRECT_V6 = 137;
    private static final int FIRST_INFORMATIONAL_V6 = 128;

    private final IpOutput output;
    private final IcmpLimiter limiter;
    private final IpCounters counters;
    private final Paths paths;
    private final UnsafeBuffer buffer =
        new UnsafeBuffer(ByteBuffer.allocateDirect(Packet.HEADROOM + Packet.MAX_LENGTH));
    private final Packet reply = new Packet();
    private final IcmpHeader icmp = new IcmpHeader();
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Chain chain = new Ip6Chain();

    /**
     * A responder.
     *
     * @param output   to send by.
     * @param limiter  of errors; echo replies are not limited.
     * @param counters to count in.
     */
    public IcmpResponder(final IpOutput output, final IcmpLimiter limiter, final IpCounters counters)
    {
        this(output, limiter, counters, null);
    }

    /**
     * A responder of a shard that forwards.
     *
     * @param output   to send by.
     * @param limiter  of errors; echo replies are not limited.
     * @param counters to count in.
     * @param paths    choose the source of errors about packets for others; null when there are none of these.
     */
    public IcmpResponder(
        final IpOutput output, final IcmpLimiter limiter, final IpCounters counters, final Paths paths)
    {
        this.paths = paths;
        this.output = output;
        this.limiter = limiter;
        this.counters = counters;
    }

    /**
     * Answer an echo request with its own identifier, sequence number and data.
     *
     * @param request with its ICMP header located and its checksum verified; IP options are not returned.
     */
    void echo(final Packet request)
    {
        final int ipLength = IpOutput.headerLength(request.version());
        final int length = request.l4Length();
        if (ipLength + length > Packet.MAX_LENGTH)
        {
            counters.increment(IpCounter.ICMP_OUT_SUPPRESSED);
            return;
        }
        buffer.putBytes(Packet.HEADROOM + ipLength, request.buffer(), request.l4Offset(), length);
        final int type = request.version() == 4 ? IcmpHeader.ECHO_REPLY : IcmpHeader.ECHO_REPLY_V6;
        icmp.wrap(buffer, Packet.HEADROOM + ipLength).typeAndCode(type, 0);
        final int tosAt = request.offset();
        final int tos = request.version() == 4 ?
            request.buffer().getByte(tosAt + 1) & DSCP_MASK :
            request.buffer().getShort(tosAt, ByteOrder.BIG_ENDIAN) >>> 4 & DSCP_MASK;
        counters.increment(IcmpTypes.out(request.version(), type));
        send(request, tos, length);
    }

    /**
     * Send an error about a packet, to its source and from its destination, unless it must not be sent.
     *
     * @param packet that cannot be taken; its IP version is known.
     * @param type   of the error in the packet's family.
     * @param code   of the error.
     * @param rest   the second word: a pointer, an MTU, or 0.
     * @param nowNs  time of this poll.
     */
    public void error(final Packet packet, final int type, final int code, final int rest, final long nowNs)
    {
        final boolean unicast = Unicast.isHost(packet.srcHi(), packet.srcLo()) &&
            Unicast.isHost(packet.dstHi(), packet.dstLo());
        if (!unicast || (packet.version() == 4 ? isSilent4(packet) : isSilent6(packet)))
        {
            counters.increment(IpCounter.ICMP_OUT_SUPPRESSED);
            return;
        }
        final IpCounter refusal = limiter.refusal(packet.srcHi(), packet.srcLo(), nowNs);
        if (refusal != null)
        {
            counters.increment(refusal);
            return;
        }
        final int ipLength = IpOutput.headerLength(packet.version());
        final int most = packet.version() == 4 ? MAX_ERROR_BYTES_V4 : MAX_ERROR_BYTES_V6;
        final int quoted = Math.min(packet.length(), most - ipLength - IcmpHeader.LENGTH);
        final int at = Packet.HEADROOM + ipLength;
        icmp.wrap(buffer, at).typeAndCode(type, code).rest(rest);
        buffer.putBytes(at + IcmpHeader.LENGTH, packet.buffer(), packet.offset(), quoted);
        counters.increment(IcmpTypes.out(packet.version(), type));
        send(packet, 0, IcmpHeader.LENGTH + quoted);
    }

    private void send(final Packet about, final int tos, final int length)
    {
        final int version = about.version();
        final int protocol = version == 4 ? IcmpHeader.PROTOCOL : IcmpHeader.PROTOCOL_V6;
        final int at = Packet.HEADROOM;
        final int l4Offset = at + IpOutput.headerLength(version);
        final IpAddress source = speaker(about);
        output.encode(buffer, at, version, tos, output.hopLimit(about.srcHi(), about.srcLo(), IpOutput.DEFAULT_TTL),
            protocol, length, source == null ? about.dstHi() : source.hi(), source == null ? about.dstLo() : source.lo(),
            about.srcHi(), about.srcLo(), 0);
        icmp.wrap(buffer, l4Offset).checksum(0);
        final long pseudo = version == 4 ? 0 : TransportChecksum.pseudoHeader(buffer, at, 6, protocol, length);
        icmp.checksum(Checksum.finish(pseudo + Checksum.sum(buffer, l4Offset, length)));
        counters.increment(IpCounter.ICMP_OUT_MSGS);
        reply.wrap(buffer, at, l4Offset - at + length, 0, Packet.CHECKSUM_COMPLETE).l4(version, l4Offset, protocol);
        output.transmit(reply);
    }

    /** About a packet for somebody else we speak from an address of our own; null: from the one that was asked. */
    private IpAddress speaker(final Packet about)
    {
        return paths == null || paths.isLocal(about.dstHi(), about.dstLo()) ?
            null : paths.source(about.srcHi(), about.srcLo());
    }

    private boolean isSilent4(final Packet packet)
    {
        ip4.wrap(packet.buffer(), packet.offset());
        if ((ip4.flagsAndFragment() & Ip4Header.FRAGMENT_OFFSET_MASK) != 0)
        {
            return true;
        }
        final int at = packet.offset() + ip4.headerLength();
        if (ip4.protocol() != IcmpHeader.PROTOCOL || at >= packet.offset() + packet.length())
        {
            return false;
        }
        final int type = packet.buffer().getByte(at) & 0xFF;
        return type == IcmpHeader.UNREACHABLE || type == SOURCE_QUENCH || type == REDIRECT ||
            type == IcmpHeader.TIME_EXCEEDED || type == IcmpHeader.PARAMETER_PROBLEM;
    }

    /**
     * A chain that cannot be followed to its end hides what is behind it: a fragment that is not the first, or headers
     * that are cut off. Of these only the latter may be answered, and only when no fragment header with an offset came
     * before.
     */
    private boolean isSilent6(final Packet packet)
    {
        if (!chain.locate(packet.buffer(), packet.offset(), packet.length()))
        {
            return chain.isLaterFragment();
        }
        if (chain.protocol() != IcmpHeader.PROTOCOL_V6 || chain.offset() >= packet.offset() + packet.length())
        {
            return false;
        }
        final int type = packet.buffer().getByte(chain.offset()) & 0xFF;
        return type < FIRST_INFORMATIONAL_V6 || type == REDIRECT_V6;
    }
}
