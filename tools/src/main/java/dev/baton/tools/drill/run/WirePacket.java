package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.TcpOptionBytes;
import dev.baton.tools.drill.script.TcpOptionSpec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A packet that the stack under test has sent, taken apart. What is wrong with it as a packet (lengths, checksums, options) is a
 * {@link #fault()}.
 */
final class WirePacket
{
    static final int ICMP4 = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP6 = 58;

    private static final int IP6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;

    private final byte[] bytes;
    private final long us;
    private final boolean v4;
    private final int l4;
    private final int protocol;
    private String fault;

    /**
     * Take a packet apart.
     *
     * @param bytes from the IP header on.
     * @param us    when it was sent, since the start of the script.
     */
    WirePacket(final byte[] bytes, final long us)
    {
        this.bytes = bytes;
        this.us = us;
        v4 = bytes.length > 0 && (bytes[0] & 0xF0) == 0x40;
        l4 = v4 ? (bytes[0] & 0xF) * 4 : IP6_HEADER;
        protocol = bytes.length < 20 ? -1 : v4 ? bytes[9] & 0xFF : bytes[6] & 0xFF;
        fault = check();
    }

    private String check()
    {
        if (bytes.length < (v4 ? TCP_HEADER : IP6_HEADER))
        {
            return "it has " + bytes.length + " bytes, less than an IP header";
        }
        final int length = v4 ? u16(2) : IP6_HEADER + u16(4);
        if (length != bytes.length)
        {
            return "its IP header says " + length + " bytes, and it has " + bytes.length;
        }
        if (v4 && Checksums.sum(bytes, 0, l4, 0) != 0xFFFF)
        {
            return "the checksum of its IP header is wrong";
        }
        if (isFragment())
        {
            return null;
        }
        final int least = protocol == TCP ? TCP_HEADER : UDP_HEADER;
        if (bytes.length < l4 + least ||
            protocol == TCP && (tcpHeaderLength() < TCP_HEADER || bytes.length < l4 + tcpHeaderLength()))
        {
            return "it is cut off in the transport header";
        }
        final boolean noUdpChecksum = protocol == UDP && v4 && u16(l4 + 6) == 0;
        final int sum = protocol == ICMP4 ? Checksums.sum(bytes, l4, bytes.length, 0) :
            Checksums.transport(bytes, v4 ? 12 : 8, v4 ? 8 : 32, l4, bytes.length, protocol);
        return sum == 0xFFFF || noUdpChecksum ? null : "its transport checksum is wrong";
    }

    byte[] bytes()
    {
        return bytes;
    }

    long us()
    {
        return us;
    }

    /** What is wrong with it, or null. */
    String fault()
    {
        return fault;
    }

    boolean isV4()
    {
        return v4;
    }

    int protocol()
    {
        return protocol;
    }

    int l4()
    {
        return l4;
    }

    boolean isFragment()
    {
        return v4 ? (u16(6) & 0x3FFF) != 0 : protocol == 44;
    }

    int u8(final int at)
    {
        return bytes[at] & 0xFF;
    }

    int u16(final int at)
    {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    int i32(final int at)
    {
        return u16(at) << 16 | u16(at + 2);
    }

    int tos()
    {
        return v4 ? u8(1) : u16(0) >>> 4 & 0xFF;
    }

    int ecn()
    {
        return tos() & 3;
    }

    int ttl()
    {
        return v4 ? u8(8) : u8(7);
    }

    int flowLabel()
    {
        return v4 ? 0 : i32(0) & 0xF_FFFF;
    }

    boolean dontFragment()
    {
        return !v4 || (u16(6) & 0x4000) != 0;
    }

    /** Addresses as they stand in the header, source or destination. */
    byte[] address(final boolean source)
    {
        final int length = v4 ? 4 : 16;
        final int at = (v4 ? 12 : 8) + (source ? 0 : length);
        return Arrays.copyOfRange(bytes, at, at + length);
    }

    int sourcePort()
    {
        return u16(l4);
    }

    int destinationPort()
    {
        return u16(l4 + 2);
    }

    int seq()
    {
        return i32(l4 + 4);
    }

    int ack()
    {
        return i32(l4 + 8);
    }

    int tcpHeaderLength()
    {
        return (u8(l4 + 12) >> 4) * 4;
    }

    /** The nine flags, AE the highest. */
    int flags()
    {
        return u16(l4 + 12) & 0x1FF;
    }

    int reservedBits()
    {
        return u8(l4 + 12) >> 1 & 7;
    }

    int window()
    {
        return u16(l4 + 14);
    }

    int urgent()
    {
        return u16(l4 + 18);
    }

    int payloadAt()
    {
        return l4 + (protocol == TCP ? tcpHeaderLength() : UDP_HEADER);
    }

    int payloadLength()
    {
        return bytes.length - payloadAt();
    }

    /** The options in their order; what cannot be read makes the packet faulty. */
    List<TcpOptionSpec> options()
    {
        final List<TcpOptionSpec> options = new ArrayList<>();
        final int end = l4 + tcpHeaderLength();
        int at = l4 + TCP_HEADER;
        while (at < end)
        {
            final int kind = u8(at);
            if (kind == TcpOptionBytes.NOP || kind == TcpOptionBytes.EOL)
            {
                options.add(kind == TcpOptionBytes.NOP ? new TcpOptionSpec.Nop() : new TcpOptionSpec.Eol());
                at++;
                continue;
            }
            final int length = at + 1 < end ? u8(at + 1) : 0;
            if (length < 2 || at + length > end)
            {
                fault = "TCP option " + kind + " has a length of " + length;
                return options;
            }
            options.add(option(kind, at + 2, length - 2));
            at += length;
        }
        return options;
    }

    private TcpOptionSpec option(final int kind, final int at, final int length)
    {
        if (kind == TcpOptionBytes.MSS && length == 2)
        {
            return new TcpOptionSpec.Mss(u16(at));
        }
        if (kind == TcpOptionBytes.WINDOW_SCALE && length == 1)
        {
            return new TcpOptionSpec.WindowScale(u8(at));
        }
        if (kind == TcpOptionBytes.SACK_PERMITTED && length == 0)
        {
            return new TcpOptionSpec.SackPermitted();
        }
        if (kind == TcpOptionBytes.TIMESTAMPS && length == 8)
        {
            return new TcpOptionSpec.Timestamps(i32(at) & 0xFFFF_FFFFL, i32(at + 4) & 0xFFFF_FFFFL);
        }
        if (kind == TcpOptionBytes.SACK && length % 8 == 0)
        {
            final List<TcpOptionSpec.Block> blocks = new ArrayList<>();
            for (int i = at; i < at + length; i += 8)
            {
                blocks.add(new TcpOptionSpec.Block(i32(i) & 0xFFFF_FFFFL, i32(i + 4) & 0xFFFF_FFFFL));
            }
            return new TcpOptionSpec.Sack(blocks);
        }
        return rareOption(kind, at, length);
    }

    private TcpOptionSpec rareOption(final int kind, final int at, final int length)
    {
        final byte[] data = Arrays.copyOfRange(bytes, at, at + length);
        if (kind == TcpOptionBytes.FAST_OPEN)
        {
            return new TcpOptionSpec.FastOpen(data, false);
        }
        if (kind == TcpOptionBytes.EXPERIMENT && length >= 2 && u16(at) == TcpOptionBytes.FAST_OPEN_MAGIC)
        {
            return new TcpOptionSpec.FastOpen(Arrays.copyOfRange(data, 2, length), true);
        }
        if (kind == TcpOptionBytes.MD5 && length == 16)
        {
            return new TcpOptionSpec.Md5(data);
        }
        if ((kind == TcpOptionBytes.ACCURATE_ECN_0 || kind == TcpOptionBytes.ACCURATE_ECN_1) && length % 3 == 0)
        {
            final List<Long> counters = new ArrayList<>();
            for (int i = 0; i < length; i += 3)
            {
                counters.add((long)((data[i] & 0xFF) << 16 | ByteBuffer.wrap(data, i + 1, 2).getShort() & 0xFFFF));
            }
            return new TcpOptionSpec.AccurateEcn(kind == TcpOptionBytes.ACCURATE_ECN_0, counters);
        }
        return new TcpOptionSpec.Generic(kind, data);
    }
}
