package dev.baton.handoff.early;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Builds segments without payload in one reused buffer: the RST that goes up to free a Tcb, the RST that tells a
 * client, and a copy of a segment cut down to its headers.
 */
final class BareSegment
{
    private static final int DEFAULT_TTL = 64;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + 512]);
    private final Packet packet = new Packet();
    private final TcpHeader tcp = new TcpHeader();
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();

    Packet build(
        final long srcHi,
        final long srcLo,
        final int srcPort,
        final long dstHi,
        final long dstLo,
        final int dstPort,
        final int seq,
        final int ack,
        final int flags)
    {
        final int offset = Packet.HEADROOM;
        final boolean v4 = IpAddress.isV4(srcHi, srcLo);
        final int l4 = offset + (v4 ? Ip4Header.LENGTH : Ip6Header.LENGTH);
        tcp.wrap(buffer, l4)
            .srcPort(srcPort)
            .dstPort(dstPort)
            .seq(seq)
            .ack(ack)
            .headerLengthAndFlags(TcpHeader.LENGTH, flags)
            .window(0)
            .urgentPointer(0);
        final long pseudo;
        if (v4)
        {
            ip4.wrap(buffer, offset).encode(
                0, Ip4Header.LENGTH + TcpHeader.LENGTH, 0, Ip4Header.DONT_FRAGMENT, DEFAULT_TTL, TcpHeader.PROTOCOL,
                (int)srcLo, (int)dstLo);
            pseudo = Checksum.pseudoHeader(
                buffer, offset + Ip4Header.SRC_OFFSET, 8, TcpHeader.PROTOCOL, TcpHeader.LENGTH);
        }
        else
        {
            ip6.wrap(buffer, offset).encode(
                0, 0, TcpHeader.LENGTH, TcpHeader.PROTOCOL, DEFAULT_TTL, srcHi, srcLo, dstHi, dstLo);
            pseudo = Checksum.pseudoHeader(
                buffer, offset + Ip6Header.SRC_OFFSET, 32, TcpHeader.PROTOCOL, TcpHeader.LENGTH);
        }
        tcp.checksum(Checksum.fold(pseudo));
        return packet
            .wrap(buffer, offset, l4 - offset + TcpHeader.LENGTH, 0, Packet.CHECKSUM_PARTIAL)
            .l4(v4 ? 4 : 6, l4, TcpHeader.PROTOCOL);
    }

    /**
     * The headers of a segment as a bare ACK: no payload, no FIN, no PSH, no URG; its checksum counts as verified.
     *
     * @param from segment with headers of at most 256 bytes.
     * @param seq  sequence number that the copy gets.
     * @return the copy.
     */
    Packet headersOf(final Packet from, final int seq)
    {
        final int l4 = Packet.HEADROOM + from.l4Offset() - from.offset();
        final int headerLength = tcp.wrap(from.buffer(), from.l4Offset()).headerLength();
        final int length = from.l4Offset() - from.offset() + headerLength;
        buffer.putBytes(Packet.HEADROOM, from.buffer(), from.offset(), length);
        tcp.wrap(buffer, l4).seq(seq).headerLengthAndFlags(headerLength, TcpHeader.ACK).urgentPointer(0);
        if (from.version() == 4)
        {
            ip4.wrap(buffer, Packet.HEADROOM).totalLength(length).computeChecksum();
        }
        else
        {
            ip6.wrap(buffer, Packet.HEADROOM).payloadLength(length - Ip6Header.LENGTH);
        }
        return packet
            .wrap(buffer, Packet.HEADROOM, length, 0, Packet.CHECKSUM_VERIFIED)
            .l4(from.version(), l4, TcpHeader.PROTOCOL);
    }
}
