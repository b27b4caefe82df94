package dev.baton.stack.wire;

import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Flyweight over an ICMP (RFC 792) or ICMPv6 (RFC 4443) header; both begin alike.
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     Type      |     Code      |           Checksum            |  0
 *   +---------------+---------------+-------------------------------+
 *   |      Rest of header: identifier and sequence, MTU, unused     |  4
 *   +---------------------------------------------------------------+
 *   |      Data, or as much of the packet in error as is quoted     |  8
 * </pre>
 * Not thread safe; allocates nothing.
 */
public final class IcmpHeader
{
    /** Protocol number of ICMP. */
    public static final int PROTOCOL = 1;
    /** Protocol number of ICMPv6. */
    public static final int PROTOCOL_V6 = 58;
    /** Length of the header in bytes. */
    public static final int LENGTH = 8;
    /** ICMP: echo reply. */
    public static final int ECHO_REPLY = 0;
    /** ICMP: destination unreachable. */
    public static final int UNREACHABLE = 3;
    /** ICMP: echo request. */
    public static final int ECHO_REQUEST = 8;
    /** ICMP: time exceeded. */
    public static final int TIME_EXCEEDED = 11;
    /** ICMP: parameter problem. */
    public static final int PARAMETER_PROBLEM = 12;
    /** ICMPv6: destination unreachable. */
    public static final int UNREACHABLE_V6 = 1;
    /** ICMPv6: packet too big. */
    public static final int PACKET_TOO_BIG_V6 = 2;
    /** ICMPv6: time exceeded. */
    public static final int TIME_EXCEEDED_V6 = 3;
    /** ICMPv6: parameter problem. */
    public static final int PARAMETER_PROBLEM_V6 = 4;
    /** ICMPv6: echo request. */
    public static final int ECHO_REQUEST_V6 = 128;
    /** ICMPv6: echo reply. */
    public static final int ECHO_REPLY_V6 = 129;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Look at a header.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @return this.
     */
    public IcmpHeader wrap(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * Message type.
     *
     * @return 0 to 255.
     */
    public int type()
    {
        return buffer.getByte(offset) & 0xFF;
    }

    /**
     * Message code.
     *
     * @return 0 to 255.
     */
    public int code()
    {
        return buffer.getByte(offset + 1) & 0xFF;
    }

    /**
     * Set type and code; the checksum is not touched.
     *
     * @param type 0 to 255.
     * @param code 0 to 255.
     * @return this.
     */
    public IcmpHeader typeAndCode(final int type, final int code)
    {
        buffer.putByte(offset, (byte)type);
        buffer.putByte(offset + 1, (byte)code);
        return this;
    }

    /**
     * Checksum field.
     *
     * @return 16 bits.
     */
    public int checksum()
    {
        return buffer.getShort(offset + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /**
     * Set the checksum field.
     *
     * @param checksum 16 bits.
     * @return this.
     */
    public IcmpHeader checksum(final int checksum)
    {
        buffer.putShort(offset + 2, (short)checksum, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * The second word: identifier and sequence number of an echo, MTU of a "too big", pointer of a parameter problem.
     *
     * @return 32 bits.
     */
    public int rest()
    {
        return buffer.getInt(offset + 4, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Set the second word; the checksum is not touched.
     *
     * @param rest 32 bits.
     * @return this.
     */
    public IcmpHeader rest(final int rest)
    {
        buffer.putInt(offset + 4, rest, ByteOrder.BIG_ENDIAN);
        return this;
    }
}
