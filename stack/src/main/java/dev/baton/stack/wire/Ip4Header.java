package dev.baton.stack.wire;

import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Flyweight over an IPv4 header (RFC 791, section 3.1).
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+-----------+---+-------------------------------+
 *   |Version|  IHL  |   DSCP    |ECN|         Total Length          |  0
 *   +-------+-------+-----------+---+-----+-------------------------+
 *   |        Identification         |Flags|     Fragment Offset     |  4
 *   +---------------+---------------+-----+-------------------------+
 *   | Time to Live  |   Protocol    |        Header Checksum        |  8
 *   +---------------+---------------+-------------------------------+
 *   |                        Source Address                         | 12
 *   +---------------------------------------------------------------+
 *   |                      Destination Address                      | 16
 *   +---------------------------------------------------------------+
 *   |                     Options (IHL &gt; 5) ...                     | 20
 * </pre>
 * Not thread safe; allocates nothing.
 */
public final class Ip4Header
{
    /** Length of a header without options, in bytes. */
    public static final int LENGTH = 20;
    /** Flag "don't fragment", in {@link #flagsAndFragment()}. */
    public static final int DONT_FRAGMENT = 0x4000;
    /** Flag "more fragments", in {@link #flagsAndFragment()}. */
    public static final int MORE_FRAGMENTS = 0x2000;
    /** Mask of the fragment offset (units of 8 bytes), in {@link #flagsAndFragment()}. */
    public static final int FRAGMENT_OFFSET_MASK = 0x1FFF;
    /** Offset of the source address; the destination follows it. */
    public static final int SRC_OFFSET = 12;
    /** Offset of the destination address. */
    public static final int DST_OFFSET = 16;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Look at a header.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @return this.
     */
    public Ip4Header wrap(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * The IP version field.
     *
     * @return 4 in a valid header.
     */
    public int version()
    {
        return buffer.getByte(offset) >>> 4 & 0xF;
    }

    /**
     * Header length.
     *
     * @return in bytes, 0 to 60 as the field says.
     */
    public int headerLength()
    {
        return (buffer.getByte(offset) & 0xF) << 2;
    }

    /**
     * DSCP and ECN together.
     *
     * @return the second byte of the header.
     */
    public int tos()
    {
        return buffer.getByte(offset + 1) & 0xFF;
    }

    /**
     * Length of the whole packet, header included.
     *
     * @return in bytes.
     */
    public int totalLength()
    {
        return u16(2);
    }

    /**
     * Set the length of the whole packet.
     *
     * @param length in bytes.
     * @return this.
     */
    public Ip4Header totalLength(final int length)
    {
        return u16(2, length);
    }

    /**
     * Identification.
     *
     * @return 16 bits.
     */
    public int id()
    {
        return u16(4);
    }

    /**
     * Flags and fragment offset as one 16-bit word.
     *
     * @return see {@link #DONT_FRAGMENT}, {@link #MORE_FRAGMENTS}, {@link #FRAGMENT_OFFSET_MASK}.
     */
    public int flagsAndFragment()
    {
        return u16(6);
    }

    /**
     * Time to live.
     *
     * @return 0 to 255.
     */
    public int ttl()
    {
        return buffer.getByte(offset + 8) & 0xFF;
    }

    /**
     * Set the time to live; the header checksum is not touched.
     *
     * @param ttl 0 to 255.
     * @return this.
     */
    public Ip4Header ttl(final int ttl)
    {
        buffer.putByte(offset + 8, (byte)ttl);
        return this;
    }

    /**
     * Protocol number of the payload.
     *
     * @return 0 to 255.
     */
    public int protocol()
    {
        return buffer.getByte(offset + 9) & 0xFF;
    }

    /**
     * The header checksum field.
     *
     * @return 16 bits.
     */
    public int checksum()
    {
        return u16(10);
    }

    /**
     * Compute the header checksum and store it.
     *
     * @return this.
     */
    public Ip4Header computeChecksum()
    {
        u16(10, 0);
        return u16(10, Checksum.finish(Checksum.sum(buffer, offset, headerLength())));
    }

    /**
     * Does the header checksum hold?
     *
     * @return true when it does.
     */
    public boolean checksumHolds()
    {
        return Checksum.fold(Checksum.sum(buffer, offset, headerLength())) == 0xFFFF;
    }

    /**
     * Source address.
     *
     * @return its 32 bits.
     */
    public int src()
    {
        return buffer.getInt(offset + SRC_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Set the source address; no checksum is touched.
     *
     * @param address 32 bits.
     * @return this.
     */
    public Ip4Header src(final int address)
    {
        buffer.putInt(offset + SRC_OFFSET, address, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * Destination address.
     *
     * @return its 32 bits.
     */
    public int dst()
    {
        return buffer.getInt(offset + DST_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Set the destination address; no checksum is touched.
     *
     * @param address 32 bits.
     * @return this.
     */
    public Ip4Header dst(final int address)
    {
        buffer.putInt(offset + DST_OFFSET, address, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * Write a whole header without options, its checksum included.
     *
     * @param tos              DSCP and ECN.
     * @param totalLength      of the packet in bytes.
     * @param id               identification.
     * @param flagsAndFragment flags and fragment offset.
     * @param ttl              time to live.
     * @param protocol         of the payload.
     * @param src              source address.
     * @param dst              destination address.
     * @return this.
     */
    public Ip4Header encode(
        final int tos,
        final int totalLength,
        final int id,
        final int flagsAndFragment,
        final int ttl,
        final int protocol,
        final int src,
        final int dst)
    {
        buffer.putByte(offset, (byte)0x45);
        buffer.putByte(offset + 1, (byte)tos);
        u16(2, totalLength);
        u16(4, id);
        u16(6, flagsAndFragment);
        buffer.putByte(offset + 8, (byte)ttl);
        buffer.putByte(offset + 9, (byte)protocol);
        src(src);
        dst(dst);
        return computeChecksum();
    }

    private int u16(final int at)
    {
        return buffer.getShort(offset + at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private Ip4Header u16(final int at, final int value)
    {
        buffer.putShort(offset + at, (short)value, ByteOrder.BIG_ENDIAN);
        return this;
    }
}
