package dev.baton.stack;

import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.IpEcn;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * One reused descriptor of a packet: where its bytes are and what is known of them.
 * <p>
 * The bytes belong to whoever filled the descriptor and stay valid until the call that was given it returns; who wants to
 * keep them copies them. In front of {@link #offset()} there are at least {@link #HEADROOM} writable bytes, so that a device
 * header can be put there without copying.
 * <p>
 * Not thread safe.
 */
public final class Packet
{
    /** Writable bytes in front of every packet. */
    public static final int HEADROOM = 64;
    /** Greatest length of a packet in bytes: a super-segment is one IP packet. */
    public static final int MAX_LENGTH = 65535;

    /** The transport checksum is in its field; whether it is right is not known. Going out: it is right. */
    public static final int CHECKSUM_COMPLETE = 0;
    /**
     * The field holds the folded, un-complemented pseudo-header sum; the rest is left to the device (virtio NEEDS_CSUM).
     * Coming in, such a packet never left the machine and is not to be verified.
     */
    public static final int CHECKSUM_PARTIAL = 1;
    /** The transport checksum is in its field and has been verified. */
    public static final int CHECKSUM_VERIFIED = 2;

    private MutableDirectBuffer buffer;
    private int offset;
    private int length;
    private int gsoSize;
    private int checksum;
    private int version;
    private int l4Offset;
    private int protocol;

    /**
     * Point at a packet whose headers nobody has looked at.
     *
     * @param buffer   that holds it.
     * @param offset   of the first byte of the IP header.
     * @param length   of the IP packet in bytes.
     * @param gsoSize  transport payload bytes per wire segment when this is a super-segment, else 0.
     * @param checksum state of the transport checksum: {@link #CHECKSUM_COMPLETE}, {@link #CHECKSUM_PARTIAL} or
     *                 {@link #CHECKSUM_VERIFIED}.
     * @return this.
     */
    public Packet wrap(
        final MutableDirectBuffer buffer, final int offset, final int length, final int gsoSize, final int checksum)
    {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        this.gsoSize = gsoSize;
        this.checksum = checksum;
        this.version = 0;
        this.l4Offset = 0;
        this.protocol = 0;
        return this;
    }

    /**
     * Say where the transport header is; done once, by the IP layer or by the builder of the packet.
     *
     * @param version  4 or 6.
     * @param l4Offset of the transport header in {@link #buffer()}.
     * @param protocol of the transport.
     * @return this.
     */
    public Packet l4(final int version, final int l4Offset, final int protocol)
    {
        this.version = version;
        this.l4Offset = l4Offset;
        this.protocol = protocol;
        return this;
    }

    /**
     * The bytes.
     *
     * @return the buffer that holds the packet.
     */
    public MutableDirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * Where the IP header begins.
     *
     * @return offset in {@link #buffer()}.
     */
    public int offset()
    {
        return offset;
    }

    /**
     * Length of the IP packet.
     *
     * @return in bytes.
     */
    public int length()
    {
        return length;
    }

    /**
     * Shorten or lengthen the packet; the header's length fields are the caller's business.
     *
     * @param length in bytes.
     * @return this.
     */
    public Packet length(final int length)
    {
        this.length = length;
        return this;
    }

    /**
     * Payload bytes per wire segment of a super-segment.
     *
     * @return in bytes; 0 when the packet is what it is on the wire.
     */
    public int gsoSize()
    {
        return gsoSize;
    }

    /**
     * Set the payload bytes per wire segment.
     *
     * @param gsoSize in bytes; 0 for a plain packet.
     * @return this.
     */
    public Packet gsoSize(final int gsoSize)
    {
        this.gsoSize = gsoSize;
        return this;
    }

    /**
     * State of the transport checksum.
     *
     * @return {@link #CHECKSUM_COMPLETE}, {@link #CHECKSUM_PARTIAL} or {@link #CHECKSUM_VERIFIED}.
     */
    public int checksum()
    {
        return checksum;
    }

    /**
     * Set the state of the transport checksum.
     *
     * @param checksum {@link #CHECKSUM_COMPLETE}, {@link #CHECKSUM_PARTIAL} or {@link #CHECKSUM_VERIFIED}.
     * @return this.
     */
    public Packet checksum(final int checksum)
    {
        this.checksum = checksum;
        return this;
    }

    /**
     * IP version.
     *
     * @return 4 or 6; 0 while nobody has looked.
     */
    public int version()
    {
        return version;
    }

    /**
     * Where the transport header begins.
     *
     * @return offset in {@link #buffer()}.
     */
    public int l4Offset()
    {
        return l4Offset;
    }

    /**
     * Length of the transport header and its payload.
     *
     * @return in bytes.
     */
    public int l4Length()
    {
        return length - (l4Offset - offset);
    }

    /**
     * Transport protocol.
     *
     * @return its number.
     */
    public int protocol()
    {
        return protocol;
    }

    /**
     * The two ECN bits of the IP header (RFC 3168).
     *
     * @return 0 to 3.
     */
    public int ecn()
    {
        return version == 4 ?
            buffer.getByte(offset + 1) & IpEcn.MASK :
            buffer.getByte(offset + 1) >>> 4 & IpEcn.MASK;
    }

    /**
     * Source address, upper half.
     *
     * @return 0 for IPv4.
     */
    public long srcHi()
    {
        return version == 4 ? 0 : getLong(Ip6Header.SRC_OFFSET);
    }

    /**
     * Source address, lower half.
     *
     * @return for IPv4 the mapped form.
     */
    public long srcLo()
    {
        return version == 4 ? mapped(Ip4Header.SRC_OFFSET) : getLong(Ip6Header.SRC_OFFSET + 8);
    }

    /**
     * Destination address, upper half.
     *
     * @return 0 for IPv4.
     */
    public long dstHi()
    {
        return version == 4 ? 0 : getLong(Ip6Header.DST_OFFSET);
    }

    /**
     * Destination address, lower half.
     *
     * @return for IPv4 the mapped form.
     */
    public long dstLo()
    {
        return version == 4 ? mapped(Ip4Header.DST_OFFSET) : getLong(Ip6Header.DST_OFFSET + 8);
    }

    private long getLong(final int at)
    {
        return buffer.getLong(offset + at, ByteOrder.BIG_ENDIAN);
    }

    private long mapped(final int at)
    {
        return IpAddress.mapped(buffer.getInt(offset + at, ByteOrder.BIG_ENDIAN));
    }
}
