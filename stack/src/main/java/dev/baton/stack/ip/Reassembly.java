package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpEcn;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * One datagram that is being put together. Its bytes go to their final place at once:
 * <pre>
 *   | headroom | ... headers of fragment 0 (with its fragment header) | data, by fragment offset ... |
 *                                                                     ^ DATA
 * </pre>
 * so that fragment 0 can be quoted as it came, and the whole datagram needs only its header mended. The fragments that
 * are here are kept as sorted, disjoint ranges. Reused; the buffer is allocated with the first datagram. Not thread
 * safe.
 */
public final class Reassembly
{
    /** Result of {@link #add}: more is missing. */
    static final int INCOMPLETE = 0;
    /** Result of {@link #add}: nothing is missing. */
    static final int COMPLETE = 1;
    /** Result of {@link #add}: the fragment contradicts others; the datagram is lost. */
    static final int CONTRADICTION = 2;
    /** Result of {@link #add}: the fragment overlaps others; the datagram is lost. */
    static final int OVERLAP = 3;

    /** The longest headers in front of the data that are kept, in bytes. */
    public static final int MAX_HEADERS_BYTES = 512;

    private static final int DATA = Packet.HEADROOM + MAX_HEADERS_BYTES;
    private static final int UNKNOWN = -1;

    private final int[] starts;
    private final int[] ends;
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private UnsafeBuffer buffer;
    private boolean active;
    private boolean lost;
    private int version;
    private int protocol;
    private int id;
    private long srcHi;
    private long srcLo;
    private long dstHi;
    private long dstLo;
    private long startedNs;
    private long deadlineNs;
    private int count;
    private int bytes;
    private int totalBytes;
    private int headersLength;
    private int nextHeaderAt;
    private int ecnSeen;

    Reassembly(final int maxFragments)
    {
        starts = new int[maxFragments];
        ends = new int[maxFragments];
    }

    boolean isActive()
    {
        return active;
    }

    /**
     * Was it given up? Lost datagrams stay until their time is over, so that fragments that come late are dropped with
     * them (RFC 5722).
     *
     * @return true when it was.
     */
    public boolean isLost()
    {
        return lost;
    }

    /** {@return when it is given up} */
    public long deadlineNs()
    {
        return deadlineNs;
    }

    boolean matches(final Packet packet, final int version, final int protocol, final int id)
    {
        return active && this.id == id && this.version == version && this.protocol == protocol &&
            srcLo == packet.srcLo() && dstLo == packet.dstLo() && srcHi == packet.srcHi() && dstHi == packet.dstHi();
    }

    /** {@return when its first fragment came} */
    public long startedNs()
    {
        return startedNs;
    }

    boolean isFrom(final Packet packet)
    {
        return active && srcLo == packet.srcLo() && srcHi == packet.srcHi();
    }

    void start(
        final int version,
        final int protocol,
        final int id,
        final long srcHi,
        final long srcLo,
        final long dstHi,
        final long dstLo,
        final long startedNs,
        final long deadlineNs)
    {
        this.startedNs = startedNs;
        if (buffer == null)
        {
            buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(DATA + Packet.MAX_LENGTH));
        }
        active = true;
        lost = false;
        this.version = version;
        this.protocol = protocol;
        this.id = id;
        this.deadlineNs = deadlineNs;
        this.srcHi = srcHi;
        this.srcLo = srcLo;
        this.dstHi = dstHi;
        this.dstLo = dstLo;
        nextHeaderAt = 0;
        count = 0;
        bytes = 0;
        totalBytes = UNKNOWN;
        headersLength = 0;
        ecnSeen = 0;
    }

    void end()
    {
        active = false;
    }

    void lose()
    {
        lost = true;
    }

    /**
     * Take a fragment in.
     *
     * @param packet        the fragment.
     * @param headersLength bytes in front of its data.
     * @param nextHeaderAt  IPv6: offset in the packet of the field that names the fragment header.
     * @param start         of its data in the datagram.
     * @param more          do fragments follow?
     * @return {@link #INCOMPLETE}, {@link #COMPLETE}, {@link #CONTRADICTION} or {@link #OVERLAP}.
     */
    int add(final Packet packet, final int headersLength, final int nextHeaderAt, final int start, final boolean more)
    {
        final int end = start + packet.length() - headersLength;
        final int source = packet.offset() + headersLength;
        if (contradicts(end, more) || start == 0 && headersLength > MAX_HEADERS_BYTES)
        {
            return CONTRADICTION;
        }
        int i = count;
        while (i > 0 && starts[i - 1] >= start)
        {
            i--;
        }
        if (i < count && starts[i] == start && ends[i] == end)
        {
            // The network may duplicate a fragment; only one that says something else is an attack.
            return same(packet.buffer(), source, DATA + start, end - start) ? INCOMPLETE : OVERLAP;
        }
        if (i > 0 && ends[i - 1] > start || i < count && starts[i] < end)
        {
            return OVERLAP;
        }
        if (count == starts.length)
        {
            return CONTRADICTION;
        }
        insert(i, start, end);
        buffer.putBytes(DATA + start, packet.buffer(), source, end - start);
        ecnSeen |= 1 << packet.ecn();
        totalBytes = more ? totalBytes : end;
        if (start == 0)
        {
            this.headersLength = headersLength;
            this.nextHeaderAt = nextHeaderAt;
            buffer.putBytes(DATA - headersLength, packet.buffer(), packet.offset(), headersLength);
        }
        return bytes == totalBytes ? COMPLETE : INCOMPLETE;
    }

    /**
     * Point at fragment 0 as it came.
     *
     * @param packet to be pointed.
     * @return false when it has not come.
     */
    boolean first(final Packet packet)
    {
        if (count == 0 || starts[0] != 0)
        {
            return false;
        }
        packet.wrap(buffer, DATA - headersLength, headersLength + ends[0], 0, Packet.CHECKSUM_COMPLETE)
            .l4(version, DATA, protocol);
        return true;
    }

    /**
     * Mend the header of a complete datagram and point at it.
     *
     * @param packet to be pointed; its transport checksum is yet to be verified.
     * @return false when it is too long, or when its fragments disagree about ECN (RFC 3168, section 5.3).
     */
    boolean whole(final Packet packet)
    {
        final boolean congested = (ecnSeen & 1 << IpEcn.CE) != 0;
        if (congested && (ecnSeen & 1) != 0)
        {
            return false;
        }
        return version == 4 ? whole4(packet, congested) : whole6(packet, congested);
    }

    private boolean whole4(final Packet packet, final boolean congested)
    {
        final int at = DATA - headersLength;
        final int length = headersLength + totalBytes;
        if (length > Packet.MAX_LENGTH)
        {
            return false;
        }
        if (congested)
        {
            buffer.putByte(at + 1, (byte)(buffer.getByte(at + 1) | IpEcn.CE));
        }
        buffer.putShort(at + 6, (short)0);
        ip4.wrap(buffer, at).totalLength(length).computeChecksum();
        packet.wrap(buffer, at, length, 0, Packet.CHECKSUM_COMPLETE).l4(4, DATA, protocol);
        return true;
    }

    private boolean whole6(final Packet packet, final boolean congested)
    {
        final int old = DATA - headersLength;
        final int at = old + Ip6Chain.UNIT;
        final int length = headersLength - Ip6Chain.UNIT + totalBytes;
        if (length > Packet.MAX_LENGTH)
        {
            return false;
        }
        // The fragment header goes, and what is in front of it moves up; the field that named it names what it named.
        final byte next = buffer.getByte(DATA - Ip6Chain.UNIT);
        buffer.putBytes(at, buffer, old, headersLength - Ip6Chain.UNIT);
        buffer.putByte(at + nextHeaderAt, next);
        ip6.wrap(buffer, at).payloadLength(length - Ip6Header.LENGTH);
        if (congested)
        {
            buffer.putByte(at + 1, (byte)(buffer.getByte(at + 1) | IpEcn.CE << 4));
        }
        packet.wrap(buffer, at, length, 0, Packet.CHECKSUM_COMPLETE).l4(6, DATA, next & 0xFF);
        return true;
    }

    int maxRanges()
    {
        return starts.length;
    }

    /** {@return 4 or 6} */
    public int version()
    {
        return version;
    }

    /** {@return IPv4's protocol; 0 for IPv6} */
    public int protocol()
    {
        return protocol;
    }

    /** {@return the identification} */
    public int id()
    {
        return id;
    }

    /** {@return upper half of the source address} */
    public long srcHi()
    {
        return srcHi;
    }

    /** {@return lower half of the source address} */
    public long srcLo()
    {
        return srcLo;
    }

    /** {@return upper half of the destination address} */
    public long dstHi()
    {
        return dstHi;
    }

    /** {@return lower half of the destination address} */
    public long dstLo()
    {
        return dstLo;
    }

    /** {@return length of the datagram's data in bytes; -1 while the last fragment has not come} */
    public int totalBytes()
    {
        return totalBytes;
    }

    /** {@return length of fragment 0's headers in bytes; 0 while it has not come} */
    public int headersLength()
    {
        return headersLength;
    }

    /** {@return IPv6: offset in the headers of the field that names the fragment header} */
    public int nextHeaderAt()
    {
        return nextHeaderAt;
    }

    /** {@return the ECN code points that fragments carried, a bit each} */
    public int ecnSeen()
    {
        return ecnSeen;
    }

    /** {@return how many fragments are here} */
    public int rangeCount()
    {
        return count;
    }

    /**
     * Where a fragment begins.
     *
     * @param i 0 to {@link #rangeCount()} - 1.
     * @return offset in the data in bytes.
     */
    public int rangeStart(final int i)
    {
        return starts[i];
    }

    /**
     * Where a fragment ends.
     *
     * @param i 0 to {@link #rangeCount()} - 1.
     * @return offset in the data in bytes.
     */
    public int rangeEnd(final int i)
    {
        return ends[i];
    }

    /**
     * Copy data.
     *
     * @param start  offset in the data.
     * @param length in bytes.
     * @param target to be written to.
     * @param at     offset in it.
     */
    public void copyData(final int start, final int length, final MutableDirectBuffer target, final int at)
    {
        target.putBytes(at, buffer, DATA + start, length);
    }

    /**
     * Copy the headers of fragment 0.
     *
     * @param target to be written to.
     * @param at     offset in it.
     */
    public void copyHeaders(final MutableDirectBuffer target, final int at)
    {
        target.putBytes(at, buffer, DATA - headersLength, headersLength);
    }

    /**
     * Set what is not a range, for codecs.
     *
     * @param totalBytes   length of the data; -1 for not known.
     * @param nextHeaderAt IPv6: offset of the field that names the fragment header.
     * @param ecnSeen      ECN code points.
     * @param lost         was it given up?
     */
    public void restore(final int totalBytes, final int nextHeaderAt, final int ecnSeen, final boolean lost)
    {
        this.totalBytes = totalBytes;
        this.nextHeaderAt = nextHeaderAt;
        this.ecnSeen = ecnSeen;
        this.lost = lost;
    }

    /**
     * Append a fragment, for codecs.
     *
     * @param start offset in the data, not before the end of the one before.
     * @param end   offset in the data.
     */
    public void restoreRange(final int start, final int end)
    {
        insert(count, start, end);
    }

    /**
     * Set headers and data, for codecs; the ranges are there.
     *
     * @param source  holds the headers at 0.
     * @param headers their length in bytes.
     * @param dataAt  where the ranges' data is in it, one after the other.
     */
    public void restoreBytes(final DirectBuffer source, final int headers, final int dataAt)
    {
        headersLength = headers;
        buffer.putBytes(DATA - headers, source, 0, headers);
        int at = dataAt;
        for (int i = 0; i < count; i++)
        {
            buffer.putBytes(DATA + starts[i], source, at, ends[i] - starts[i]);
            at += ends[i] - starts[i];
        }
    }

    private boolean contradicts(final int end, final boolean more)
    {
        if (totalBytes != UNKNOWN)
        {
            return end > totalBytes || !more && end != totalBytes;
        }
        return !more && count > 0 && ends[count - 1] > end;
    }

    private void insert(final int i, final int start, final int end)
    {
        System.arraycopy(starts, i, starts, i + 1, count - i);
        System.arraycopy(ends, i, ends, i + 1, count - i);
        starts[i] = start;
        ends[i] = end;
        count++;
        bytes += end - start;
    }

    private boolean same(final MutableDirectBuffer other, final int otherAt, final int at, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (buffer.getByte(at + i) != other.getByte(otherAt + i))
            {
                return false;
            }
        }
        return true;
    }
}
