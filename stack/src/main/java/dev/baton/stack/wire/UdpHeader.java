package dev.baton.stack.wire;

import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Flyweight over a UDP header (RFC 768).
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Source Port          |       Destination Port        |  0
 *   +-------------------------------+-------------------------------+
 *   |            Length             |           Checksum            |  4
 *   +-------------------------------+-------------------------------+
 *   |     Data                                                      |  8
 * </pre>
 * Not thread safe; allocates nothing.
 */
public final class UdpHeader
{
    /** Protocol number of UDP. */
    public static final int PROTOCOL = 17;
    /** Length of the header in bytes. */
    public static final int LENGTH = 8;
    /** Offset of the checksum in the header. */
    public static final int CHECKSUM_OFFSET = 6;

    private MutableDirectBuffer buffer;
    private int offset;

    /** A flyweight that looks at nothing yet. */
    public UdpHeader()
    {
    }

    /**
     * Look at a header.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @return this.
     */
    public UdpHeader wrap(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /** {@return the port that the sender takes answers at, 0 to 65535} */
    public int srcPort()
    {
        return get(0);
    }

    /** {@return the port that it is for, 0 to 65535} */
    public int dstPort()
    {
        return get(2);
    }

    /** {@return bytes of header and data, as the header says} */
    public int length()
    {
        return get(4);
    }

    /** {@return the checksum field; 0 for none} */
    public int checksum()
    {
        return get(CHECKSUM_OFFSET);
    }

    /**
     * Write all fields.
     *
     * @param srcPort  0 to 65535.
     * @param dstPort  1 to 65535.
     * @param length   bytes of header and data, 8 to 65535.
     * @param checksum the field.
     * @return this.
     */
    public UdpHeader encode(final int srcPort, final int dstPort, final int length, final int checksum)
    {
        put(0, srcPort);
        put(2, dstPort);
        put(4, length);
        put(CHECKSUM_OFFSET, checksum);
        return this;
    }

    private int get(final int at)
    {
        return buffer.getShort(offset + at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private void put(final int at, final int value)
    {
        buffer.putShort(offset + at, (short)value, ByteOrder.BIG_ENDIAN);
    }
}
