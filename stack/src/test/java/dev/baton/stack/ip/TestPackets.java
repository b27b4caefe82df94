package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * Builds packets from the client to the host of these tests. A packet's buffer ends where the packet ends, so that
 * reading past it throws.
 */
final class TestPackets
{
    static final IpAddress HOST_4 = IpAddress.parse("198.18.0.1");
    static final IpAddress CLIENT_4 = IpAddress.parse("198.18.0.9");
    static final IpAddress HOST_6 = IpAddress.parse("fd00::1");
    static final IpAddress CLIENT_6 = IpAddress.parse("fd00::9");

    private TestPackets()
    {
    }

    static IpAddress host(final int version)
    {
        return version == 4 ? HOST_4 : HOST_6;
    }

    static IpAddress client(final int version)
    {
        return version == 4 ? CLIENT_4 : CLIENT_6;
    }

    static Packet packet(final byte[] bytes)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + bytes.length]);
        buffer.putBytes(Packet.HEADROOM, bytes);
        return new Packet().wrap(buffer, Packet.HEADROOM, bytes.length, 0, Packet.CHECKSUM_COMPLETE);
    }

    static byte[] bytes(final Packet packet)
    {
        final byte[] bytes = new byte[packet.length()];
        packet.buffer().getBytes(packet.offset(), bytes);
        return bytes;
    }

    static byte[] pattern(final int length)
    {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(i * 31 + (i >>> 8));
        }
        return bytes;
    }

    static byte[] concat(final byte[]... parts)
    {
        int length = 0;
        for (final byte[] part : parts)
        {
            length += part.length;
        }
        final byte[] whole = new byte[length];
        int at = 0;
        for (final byte[] part : parts)
        {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }

    static byte[] of(final int... values)
    {
        final byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++)
        {
            bytes[i] = (byte)values[i];
        }
        return bytes;
    }

    static byte[] ip4(
        final IpAddress src, final IpAddress dst, final int protocol, final int id, final int fragment, final byte[] l4)
    {
        final byte[] bytes = new byte[Ip4Header.LENGTH + l4.length];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        new Ip4Header().wrap(buffer, 0)
            .encode(0, bytes.length, id, fragment, 64, protocol, (int)src.lo(), (int)dst.lo());
        buffer.putBytes(Ip4Header.LENGTH, l4);
        return bytes;
    }

    static byte[] ip4WithOptions(final int protocol, final byte[] options, final byte[] l4)
    {
        final byte[] bytes = concat(ip4(CLIENT_4, HOST_4, protocol, 7, 0, new byte[0]), options, l4);
        bytes[0] = (byte)(0x45 + options.length / 4);
        new Ip4Header().wrap(new UnsafeBuffer(bytes), 0).totalLength(bytes.length).computeChecksum();
        return bytes;
    }

    static byte[] ip6(final IpAddress src, final IpAddress dst, final int nextHeader, final byte[] payload)
    {
        final byte[] bytes = new byte[Ip6Header.LENGTH + payload.length];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        new Ip6Header().wrap(buffer, 0)
            .encode(0, 0x12345, payload.length, nextHeader, 64, src.hi(), src.lo(), dst.hi(), dst.lo());
        buffer.putBytes(Ip6Header.LENGTH, payload);
        return bytes;
    }

    static byte[] ip(final int version, final int protocol, final byte[] l4)
    {
        return version == 4 ? ip4(CLIENT_4, HOST_4, protocol, 7, 0, l4) : ip6(CLIENT_6, HOST_6, protocol, l4);
    }

    static byte[] tcp(final int version, final int seq, final int flags, final byte[] payload)
    {
        return tcp(client(version), host(version), seq, flags, payload);
    }

    static byte[] tcp(
        final IpAddress src, final IpAddress dst, final int seq, final int flags, final byte[] payload)
    {
        final byte[] l4 = new byte[TcpHeader.LENGTH + payload.length];
        final UnsafeBuffer buffer = new UnsafeBuffer(l4);
        buffer.putBytes(TcpHeader.LENGTH, payload);
        new TcpHeader().wrap(buffer, 0).srcPort(40000).dstPort(80).seq(seq).ack(1)
            .headerLengthAndFlags(TcpHeader.LENGTH, flags).window(1000)
            .checksum(Checksum.finish(pseudo(src, dst, 6, l4.length) + Checksum.sum(buffer, 0, l4.length)));
        return l4;
    }

    static byte[] tcpPacket(final int version, final byte[] payload)
    {
        return ip(version, TcpHeader.PROTOCOL, tcp(version, 100, TcpHeader.ACK, payload));
    }

    static byte[] udp(final int version, final byte[] payload, final boolean withChecksum)
    {
        final byte[] l4 = new byte[8 + payload.length];
        final UnsafeBuffer buffer = new UnsafeBuffer(l4);
        buffer.putShort(0, (short)5353, ByteOrder.BIG_ENDIAN);
        buffer.putShort(2, (short)53, ByteOrder.BIG_ENDIAN);
        buffer.putShort(4, (short)l4.length, ByteOrder.BIG_ENDIAN);
        buffer.putBytes(8, payload);
        if (withChecksum)
        {
            final long pseudo = pseudo(client(version), host(version), 17, l4.length);
            final int field = Checksum.finish(pseudo + Checksum.sum(buffer, 0, l4.length));
            buffer.putShort(6, (short)(field == 0 ? 0xFFFF : field), ByteOrder.BIG_ENDIAN);
        }
        return l4;
    }

    static byte[] icmp(final int version, final int type, final int code, final int rest, final byte[] data)
    {
        final byte[] l4 = new byte[IcmpHeader.LENGTH + data.length];
        final UnsafeBuffer buffer = new UnsafeBuffer(l4);
        buffer.putBytes(IcmpHeader.LENGTH, data);
        final long pseudo = version == 4 ? 0 : pseudo(CLIENT_6, HOST_6, 58, l4.length);
        final IcmpHeader icmp = new IcmpHeader().wrap(buffer, 0).typeAndCode(type, code).rest(rest);
        icmp.checksum(Checksum.finish(pseudo + Checksum.sum(buffer, 0, l4.length)));
        return l4;
    }

    static byte[] icmpPacket(final int version, final int type, final int code, final int rest, final byte[] data)
    {
        return ip(version, version == 4 ? 1 : 58, icmp(version, type, code, rest, data));
    }

    static byte[] echo(final int version, final byte[] data)
    {
        return icmpPacket(version, version == 4 ? 8 : 128, 0, 0x1234_0007, data);
    }

    /** One IPv6 fragment: fixed header, fragment header, data. */
    static byte[] fragment6(final int id, final int nextHeader, final int start, final boolean more, final byte[] data)
    {
        final byte[] header = new byte[8];
        final UnsafeBuffer buffer = new UnsafeBuffer(header);
        buffer.putByte(0, (byte)nextHeader);
        buffer.putShort(2, (short)(start | (more ? 1 : 0)), ByteOrder.BIG_ENDIAN);
        buffer.putInt(4, id, ByteOrder.BIG_ENDIAN);
        return ip6(CLIENT_6, HOST_6, 44, concat(header, data));
    }

    static byte[] fragment4(final int id, final int protocol, final int start, final boolean more, final byte[] data)
    {
        return ip4(CLIENT_4, HOST_4, protocol, id, start >>> 3 | (more ? Ip4Header.MORE_FRAGMENTS : 0), data);
    }

    static byte[] fragment(
        final int version, final int id, final int protocol, final int start, final boolean more, final byte[] data)
    {
        return version == 4 ? fragment4(id, protocol, start, more, data) : fragment6(id, protocol, start, more, data);
    }

    static long pseudo(final IpAddress src, final IpAddress dst, final int protocol, final int length)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[32]);
        if (src.isV4())
        {
            buffer.putInt(0, (int)src.lo(), ByteOrder.BIG_ENDIAN);
            buffer.putInt(4, (int)dst.lo(), ByteOrder.BIG_ENDIAN);
            return Checksum.pseudoHeader(buffer, 0, 8, protocol, length);
        }
        buffer.putLong(0, src.hi(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(8, src.lo(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(16, dst.hi(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(24, dst.lo(), ByteOrder.BIG_ENDIAN);
        return Checksum.pseudoHeader(buffer, 0, 32, protocol, length);
    }
}
