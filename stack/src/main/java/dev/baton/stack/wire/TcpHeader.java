package dev.baton.stack.wire;

import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Flyweight over a TCP header (RFC 9293, section 3.1).
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Source Port          |       Destination Port        |  0
 *   +-------------------------------+-------------------------------+
 *   |                        Sequence Number                        |  4
 *   +---------------------------------------------------------------+
 *   |                    Acknowledgment Number                      |  8
 *   +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
 *   | Data  |     |A|C|E|U|A|P|R|S|F|                               |
 *   | Offset|Rsrvd|E|W|C|R|C|S|S|Y|I|            Window             | 12
 *   |       |     | |R|E|G|K|H|T|N|N|                               |
 *   +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
 *   |           Checksum            |         Urgent Pointer        | 16
 *   +-------------------------------+-------------------------------+
 *   |                      Options (offset &gt; 5) ...                 | 20
 * </pre>
 * Not thread safe; allocates nothing.
 */
public final class TcpHeader
{
    /** Protocol number of TCP. */
    public static final int PROTOCOL = 6;
    /** Length of a header without options, in bytes. */
    public static final int LENGTH = 20;
    /** Greatest header length, in bytes. */
    public static final int MAX_LENGTH = 60;
    /** Offset of the checksum field. */
    public static final int CHECKSUM_OFFSET = 16;
    /** Flag: no more data from the sender. */
    public static final int FIN = 0x001;
    /** Flag: synchronise sequence numbers. */
    public static final int SYN = 0x002;
    /** Flag: reset. */
    public static final int RST = 0x004;
    /** Flag: push. */
    public static final int PSH = 0x008;
    /** Flag: the acknowledgment field counts. */
    public static final int ACK = 0x010;
    /** Flag: the urgent pointer counts. */
    public static final int URG = 0x020;
    /** Flag: ECN-echo (RFC 3168). */
    public static final int ECE = 0x040;
    /** Flag: congestion window reduced (RFC 3168). */
    public static final int CWR = 0x080;
    /** Flag: accurate ECN (RFC 9768). */
    public static final int AE = 0x100;
    /** AE, CWR and ECE together: the ACE field of RFC 9768, section 3.2.2. */
    public static final int ACE = AE | CWR | ECE;

    private static final int ACE_SHIFT = 6;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Look at a header.
     *
     * @param buffer that holds it.
     * @param offset of its first byte.
     * @return this.
     */
    public TcpHeader wrap(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * Source port.
     *
     * @return 0 to 65535.
     */
    public int srcPort()
    {
        return u16(0);
    }

    /**
     * Set the source port; the checksum is not touched.
     *
     * @param port 0 to 65535.
     * @return this.
     */
    public TcpHeader srcPort(final int port)
    {
        return u16(0, port);
    }

    /**
     * Destination port.
     *
     * @return 0 to 65535.
     */
    public int dstPort()
    {
        return u16(2);
    }

    /**
     * Set the destination port; the checksum is not touched.
     *
     * @param port 0 to 65535.
     * @return this.
     */
    public TcpHeader dstPort(final int port)
    {
        return u16(2, port);
    }

    /**
     * Sequence number.
     *
     * @return SEG.SEQ.
     */
    public int seq()
    {
        return buffer.getInt(offset + 4, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Set the sequence number; the checksum is not touched.
     *
     * @param seq SEG.SEQ.
     * @return this.
     */
    public TcpHeader seq(final int seq)
    {
        buffer.putInt(offset + 4, seq, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * Acknowledgment number.
     *
     * @return SEG.ACK; counts only with flag {@link #ACK}.
     */
    public int ack()
    {
        return buffer.getInt(offset + 8, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Set the acknowledgment number; the checksum is not touched.
     *
     * @param ack SEG.ACK.
     * @return this.
     */
    public TcpHeader ack(final int ack)
    {
        buffer.putInt(offset + 8, ack, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /**
     * Header length with options.
     *
     * @return in bytes, 0 to 60 as the field says.
     */
    public int headerLength()
    {
        return (buffer.getByte(offset + 12) >>> 4 & 0xF) << 2;
    }

    /**
     * The nine flag bits.
     *
     * @return a set of {@link #FIN} to {@link #AE}.
     */
    public int flags()
    {
        return u16(12) & 0x1FF;
    }

    /**
     * The three flags AE, CWR and ECE read as one number (RFC 9768, section 3.2.2).
     *
     * @param flags a set of {@link #FIN} to {@link #AE}.
     * @return 0 to 7; AE is the highest bit.
     */
    public static int ace(final int flags)
    {
        return (flags & ACE) >>> ACE_SHIFT;
    }

    /**
     * The flags that show a number in the ACE field.
     *
     * @param ace 0 to 7.
     * @return a set of {@link #AE}, {@link #CWR} and {@link #ECE}.
     */
    public static int aceFlags(final int ace)
    {
        return ace << ACE_SHIFT & ACE;
    }

    /**
     * Set header length and flags; reserved bits become zero.
     *
     * @param headerLength in bytes, a multiple of 4.
     * @param flags        a set of {@link #FIN} to {@link #AE}.
     * @return this.
     */
    public TcpHeader headerLengthAndFlags(final int headerLength, final int flags)
    {
        return u16(12, headerLength >>> 2 << 12 | flags & 0x1FF);
    }

    /**
     * Window field, not scaled.
     *
     * @return 0 to 65535.
     */
    public int window()
    {
        return u16(14);
    }

    /**
     * Set the window field; the checksum is not touched.
     *
     * @param window 0 to 65535.
     * @return this.
     */
    public TcpHeader window(final int window)
    {
        return u16(14, window);
    }

    /**
     * Checksum field.
     *
     * @return 16 bits.
     */
    public int checksum()
    {
        return u16(CHECKSUM_OFFSET);
    }

    /**
     * Set the checksum field.
     *
     * @param checksum 16 bits.
     * @return this.
     */
    public TcpHeader checksum(final int checksum)
    {
        return u16(CHECKSUM_OFFSET, checksum);
    }

    /**
     * Urgent pointer.
     *
     * @return 16 bits; counts only with flag {@link #URG}.
     */
    public int urgentPointer()
    {
        return u16(18);
    }

    /**
     * Set the urgent pointer; the checksum is not touched.
     *
     * @param pointer 16 bits.
     * @return this.
     */
    public TcpHeader urgentPointer(final int pointer)
    {
        return u16(18, pointer);
    }

    private int u16(final int at)
    {
        return buffer.getShort(offset + at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private TcpHeader u16(final int at, final int value)
    {
        buffer.putShort(offset + at, (short)value, ByteOrder.BIG_ENDIAN);
        return this;
    }
}
