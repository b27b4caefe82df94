package dev.baton.tun;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.MutableDirectBuffer;

/** Builds the packets that tests send. */
final class Packets
{
    /** 198.18.0.1: the kernel's address on the device. */
    static final int KERNEL = 0xC6120001;
    /** 198.18.0.2: ours. */
    static final int OURS = 0xC6120002;
    /** fd00::/64: the kernel is 1 in it, and we are 2. */
    static final long NET6 = 0xFD00L << 48;
    /** fd01::/64: beyond the kernel, on another device. */
    static final long NET6_BEYOND = 0xFD01L << 48;
    /** Where packets begin in their buffer. */
    static final int OFFSET = Packet.HEADROOM;

    private Packets()
    {
    }

    /** A TCP segment over IPv4 with a partial checksum; the payload, if any, is already in its place. */
    static Packet tcp4(
        final MutableDirectBuffer buffer,
        final int ports,
        final int seq,
        final int ack,
        final int flags,
        final int headerLength,
        final int payloadLength)
    {
        final int l4 = OFFSET + Ip4Header.LENGTH;
        final int l4Length = headerLength + payloadLength;
        new Ip4Header().wrap(buffer, OFFSET)
            .encode(0, Ip4Header.LENGTH + l4Length, 1, Ip4Header.DONT_FRAGMENT, 64, TcpHeader.PROTOCOL, OURS, KERNEL);
        segment(buffer, l4, ports, seq, ack, flags, headerLength);
        final long sum = Checksum.pseudoHeader(buffer, OFFSET + Ip4Header.SRC_OFFSET, 8, TcpHeader.PROTOCOL, l4Length);
        new TcpHeader().wrap(buffer, l4).checksum(Checksum.fold(sum));
        return new Packet().wrap(buffer, OFFSET, Ip4Header.LENGTH + l4Length, 0, Packet.CHECKSUM_PARTIAL)
            .l4(4, l4, TcpHeader.PROTOCOL);
    }

    /** A TCP segment over IPv6 with a partial checksum. */
    static Packet tcp6(final MutableDirectBuffer buffer, final int flags, final int payloadLength)
    {
        final int l4 = OFFSET + Ip6Header.LENGTH;
        final int l4Length = TcpHeader.LENGTH + payloadLength;
        new Ip6Header().wrap(buffer, OFFSET).encode(0, 0, l4Length, TcpHeader.PROTOCOL, 64, NET6, 2, NET6_BEYOND, 2);
        segment(buffer, l4, 0x0001_0002, 0, 0, flags, TcpHeader.LENGTH);
        final long sum = Checksum.pseudoHeader(buffer, OFFSET + Ip6Header.SRC_OFFSET, 32, TcpHeader.PROTOCOL, l4Length);
        new TcpHeader().wrap(buffer, l4).checksum(Checksum.fold(sum));
        return new Packet().wrap(buffer, OFFSET, Ip6Header.LENGTH + l4Length, 0, Packet.CHECKSUM_PARTIAL)
            .l4(6, l4, TcpHeader.PROTOCOL);
    }

    private static void segment(
        final MutableDirectBuffer buffer,
        final int l4,
        final int ports,
        final int seq,
        final int ack,
        final int flags,
        final int headerLength)
    {
        new TcpHeader().wrap(buffer, l4).srcPort(ports >>> 16).dstPort(ports & 0xFFFF).seq(seq).ack(ack)
            .headerLengthAndFlags(headerLength, flags).window(65535).urgentPointer(0);
    }
}
