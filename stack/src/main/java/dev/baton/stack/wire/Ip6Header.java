package dev.baton.stack.wire;

import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Flyweight over an IPv6 header (RFC 8200, section 3).
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+---------------+---------------------------------------+
 *   |Version| Traffic Class |              Flow Label               |  0
 *   +-------+---------------+-------+---------------+---------------+
 *   |        Payload Length         |  Next Header  |   Hop Limit   |  4
 *   +-------------------------------+---------------+---------------+
 *   |                   Source Address (128 bits)                   |  8
 *   |                              ...                              |
 *   +---------------------------------------------------------------+
 *   |                Destination Address (128 bits)                 | 24
 *   |                              ...                              |
 *   +---------------------------------------------------------------+
 * </pre>
 * Not thread safe; allocates nothing.
 */
public final class Ip6Header
{
    /** Length of the fixed header in bytes. */
    public static final int LENGTH = 40;
    /** Offset of the source address; the destination follows it. */
    public static final int SRC_OFFSET = 8;
    /** Offset of the destination address. */
    public static final int DST_OFFSET = 24;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Look at a header.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @return this.
     */
    public Ip6Header wrap(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * The IP version field.
     *
     * @return 6 in a valid header.
     */
    public int version()
    {
        return buffer.getByte(offset) >>> 4 & 0xF;
    }

    /**
     * Traffic class: DSCP and ECN together.
     *
     * @return 0 to 255.
     */
    public int trafficClass()
    {
        return buffer.getInt(offset, ByteOrder.BIG_ENDIAN) >>> 20 & 0xFF;
    }

    /**
     * Flow label.
     *
     * @return 20 bits.
     */
    public int flowLabel()
    {
        return buffer.getInt(offset, ByteOrder.BIG_ENDIAN) & 0xFFFFF;
    }

    /**
     * Length of what follows this header.
     *
     * @return in bytes.
     */
    public int payloadLength()
    {
        return buffer.getShort(offset + 4, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /**
     * Set the length of what follows this header.
     *
     * @param length in bytes.
     * @return this.
     */
    public Ip6Header payloadLength(final int length)
    {
        buffer.putShort(offset + 4, (short)length, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * Protocol number of what follows.
     *
     * @return 0 to 255.
     */
    public int nextHeader()
    {
        return buffer.getByte(offset + 6) & 0xFF;
    }

    /**
     * Hop limit.
     *
     * @return 0 to 255.
     */
    public int hopLimit()
    {
        return buffer.getByte(offset + 7) & 0xFF;
    }

    /**
     * Set the hop limit.
     *
     * @param hopLimit 0 to 255.
     * @return this.
     */
    public Ip6Header hopLimit(final int hopLimit)
    {
        buffer.putByte(offset + 7, (byte)hopLimit);
        return this;
    }

    /**
     * Source address, upper half.
     *
     * @return 64 bits.
     */
    public long srcHi()
    {
        return buffer.getLong(offset + SRC_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Source address, lower half.
     *
     * @return 64 bits.
     */
    public long srcLo()
    {
        return buffer.getLong(offset + SRC_OFFSET + 8, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Destination address, upper half.
     *
     * @return 64 bits.
     */
    public long dstHi()
    {
        return buffer.getLong(offset + DST_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Destination address, lower half.
     *
     * @return 64 bits.
     */
    public long dstLo()
    {
        return buffer.getLong(offset + DST_OFFSET + 8, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Set the source address; no checksum is touched.
     *
     * @param hi upper 64 bits.
     * @param lo lower 64 bits.
     * @return this.
     */
    public Ip6Header src(final long hi, final long lo)
    {
        buffer.putLong(offset + SRC_OFFSET, hi, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + SRC_OFFSET + 8, lo, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * Set the destination address; no checksum is touched.
     *
     * @param hi upper 64 bits.
     * @param lo lower 64 bits.
     * @return this.
     */
    public Ip6Header dst(final long hi, final long lo)
    {
        buffer.putLong(offset + DST_OFFSET, hi, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + DST_OFFSET + 8, lo, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * Write a whole fixed header.
     *
     * @param trafficClass  DSCP and ECN.
     * @param flowLabel     20 bits.
     * @param payloadLength of what follows, in bytes.
     * @param nextHeader    protocol of what follows.
     * @param hopLimit      0 to 255.
     * @param srcHi         source, upper half.
     * @param srcLo         source, lower half.
     * @param dstHi         destination, upper half.
     * @param dstLo         destination, lower half.
     * @return this.
     */
    public Ip6Header encode(
        final int trafficClass,
        final int flowLabel,
        final int payloadLength,
        final int nextHeader,
        final int hopLimit,
        final long srcHi,
        final long srcLo,
        final long dstHi,
        final long dstLo)
    {
        buffer.putInt(
            offset, 6 << 28 | (trafficClass & 0xFF) << 20 | flowLabel & 0xFFFFF, ByteOrder.BIG_ENDIAN);
        payloadLength(payloadLength);
        buffer.putByte(offset + 6, (byte)nextHeader);
        buffer.putByte(offset + 7, (byte)hopLimit);
        src(srcHi, srcLo);
        return dst(dstHi, dstLo);
    }
}
