package dev.baton.tun;

import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Flyweight over the virtio header in front of each packet (virtio 1.2, section 5.1.6; linux/virtio_net.h), in its short form
 * and, as TUN has it, in native byte order.
 * <pre>
 *    0               1               2               3
 *   +---------------+---------------+-------------------------------+
 *   |     flags     |   GSO type    |         header length         |  0
 *   +---------------+---------------+-------------------------------+
 *   |           GSO size            |        checksum start         |  4
 *   +-------------------------------+-------------------------------+
 *   |        checksum offset        |                                  8
 *   +-------------------------------+
 * </pre>
 * Not thread safe; allocates nothing.
 */
public final class VnetHeader
{
    /** Length in bytes. */
    public static final int LENGTH = 10;

    /** Flag: the transport checksum holds only the pseudo-header's sum. */
    public static final int NEEDS_CSUM = 1;
    /** Flag: the transport checksum has been verified. Ignored by the kernel when we write. */
    public static final int DATA_VALID = 2;

    /** GSO type: a plain packet. */
    public static final int GSO_NONE = 0;
    /** GSO type: TCP over IPv4. */
    public static final int GSO_TCPV4 = 1;
    /** GSO type: TCP over IPv6. */
    public static final int GSO_TCPV6 = 4;
    /** GSO type: UDP datagrams of equal size. */
    public static final int GSO_UDP_L4 = 5;
    /** Bit beside the GSO type: CWR is set, and belongs to the first segment only (RFC 3168, section 6.1.2). */
    public static final int GSO_ECN = 0x80;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Look at a header.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @return this.
     */
    public VnetHeader wrap(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * Flags.
     *
     * @return a set of {@link #NEEDS_CSUM} and {@link #DATA_VALID}.
     */
    public int flags()
    {
        return buffer.getByte(offset) & 0xFF;
    }

    /**
     * Kind of super-packet, without {@link #GSO_ECN}.
     *
     * @return {@link #GSO_NONE}, {@link #GSO_TCPV4}, {@link #GSO_TCPV6} or {@link #GSO_UDP_L4}.
     */
    public int gsoType()
    {
        return buffer.getByte(offset + 1) & ~GSO_ECN & 0xFF;
    }

    /**
     * Does the super-packet's first segment carry CWR?
     *
     * @return true when it does.
     */
    public boolean gsoEcn()
    {
        return (buffer.getByte(offset + 1) & GSO_ECN) != 0;
    }

    /**
     * Length of all headers of a super-packet: a hint.
     *
     * @return in bytes.
     */
    public int headerLength()
    {
        return u16(2);
    }

    /**
     * Payload of each segment of a super-packet.
     *
     * @return in bytes.
     */
    public int gsoSize()
    {
        return u16(4);
    }

    /**
     * Where the checksum's range begins: at the transport header.
     *
     * @return in bytes from the start of the packet.
     */
    public int csumStart()
    {
        return u16(6);
    }

    /**
     * Where the checksum field is.
     *
     * @return in bytes from {@link #csumStart()}.
     */
    public int csumOffset()
    {
        return u16(8);
    }

    /**
     * Write a whole header.
     *
     * @param flags        {@link #NEEDS_CSUM} or 0.
     * @param gsoType      {@link #GSO_NONE} and so on, with {@link #GSO_ECN} where that applies.
     * @param headerLength of all headers, in bytes; 0 for a plain packet.
     * @param gsoSize      in bytes; 0 for a plain packet.
     * @param csumStart    in bytes from the start of the packet.
     * @param csumOffset   in bytes from there.
     * @return this.
     */
    public VnetHeader encode(
        final int flags,
        final int gsoType,
        final int headerLength,
        final int gsoSize,
        final int csumStart,
        final int csumOffset)
    {
        buffer.putByte(offset, (byte)flags);
        buffer.putByte(offset + 1, (byte)gsoType);
        u16(2, headerLength);
        u16(4, gsoSize);
        u16(6, csumStart);
        u16(8, csumOffset);
        return this;
    }

    private int u16(final int at)
    {
        return buffer.getShort(offset + at, ByteOrder.nativeOrder()) & 0xFFFF;
    }

    private void u16(final int at, final int value)
    {
        buffer.putShort(offset + at, (short)value, ByteOrder.nativeOrder());
    }
}
