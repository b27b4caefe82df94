package dev.baton.stack.wire;

import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624).
 * <p>
 * A <em>sum</em> is an accumulating {@code long} of 16-bit big-endian words, not yet folded and not complemented; sums of
 * ranges that start at an even distance from each other may be added. {@link #fold(long)} brings one to 16 bits, and
 * {@link #finish(long)} also complements it, which is what a header field holds. A field that a device has yet to complete
 * (virtio NEEDS_CSUM) holds the folded, <em>un-complemented</em> sum of the pseudo-header.
 */
public final class Checksum
{
    private Checksum()
    {
    }

    /**
     * The sum of a range of bytes; a last odd byte counts as the high half of a word. The range is checked once, and not
     * again for each word: half of the time of a full segment went there.
     *
     * @param buffer that holds the bytes.
     * @param offset of the first byte.
     * @param length in bytes.
     * @return the sum, to be added to others or folded.
     * @throws IndexOutOfBoundsException when the range is not in the buffer.
     */
    public static long sum(final DirectBuffer buffer, final int offset, final int length)
    {
        buffer.boundsCheck(offset, length);
        final byte[] array = buffer.byteArray();
        long at = buffer.addressOffset() + offset;
        long a = 0;
        long b = 0;
        int left = length;
        // Four 64-bit loads a turn, each added as two 32-bit halves: carries cannot be lost below 2^32 turns.
        while (left >= 32)
        {
            final long w0 = UnsafeApi.getLong(array, at);
            final long w1 = UnsafeApi.getLong(array, at + 8);
            final long w2 = UnsafeApi.getLong(array, at + 16);
            final long w3 = UnsafeApi.getLong(array, at + 24);
            a += (w0 & 0xFFFF_FFFFL) + (w1 & 0xFFFF_FFFFL) + (w2 & 0xFFFF_FFFFL) + (w3 & 0xFFFF_FFFFL);
            b += (w0 >>> 32) + (w1 >>> 32) + (w2 >>> 32) + (w3 >>> 32);
            at += 32;
            left -= 32;
        }
        while (left >= 4)
        {
            a += UnsafeApi.getInt(array, at) & 0xFFFF_FFFFL;
            at += 4;
            left -= 4;
        }
        // RFC 1071, section 2 (B): the sum is byte-order independent; it is turned round once, at the end.
        int word = fold(fold64(a) + fold64(b));
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN)
        {
            word = swap16(word);
        }
        long sum = word;
        if (left >= 2)
        {
            sum += buffer.getShort(offset + length - left, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            left -= 2;
        }
        if (left == 1)
        {
            sum += (buffer.getByte(offset + length - 1) & 0xFF) << 8;
        }
        return sum;
    }

    /**
     * The sum of a pseudo-header (RFC 9293, section 3.1; RFC 8200, section 8.1).
     *
     * @param addresses buffer that holds source and destination address one after the other.
     * @param offset    of the source address.
     * @param length    of both addresses together: 8 for IPv4, 32 for IPv6.
     * @param protocol  the upper-layer protocol number.
     * @param l4Length  the upper-layer packet's length in bytes.
     * @return the sum.
     */
    public static long pseudoHeader(
        final DirectBuffer addresses, final int offset, final int length, final int protocol, final int l4Length)
    {
        return sum(addresses, offset, length) + protocol + (l4Length >>> 16) + (l4Length & 0xFFFF);
    }

    /**
     * Fold a sum to 16 bits, without complementing it.
     *
     * @param sum to be folded.
     * @return 0 to 0xFFFF.
     */
    public static int fold(final long sum)
    {
        long s = (sum & 0xFFFF_FFFFL) + (sum >>> 32);
        s = (s & 0xFFFF) + (s >>> 16);
        s = (s & 0xFFFF) + (s >>> 16);
        s = (s & 0xFFFF) + (s >>> 16);
        return (int)s;
    }

    /**
     * Fold and complement: the value of a header field.
     *
     * @param sum over everything the checksum covers, the field itself counted as zero.
     * @return 0 to 0xFFFF.
     */
    public static int finish(final long sum)
    {
        return ~fold(sum) & 0xFFFF;
    }

    /**
     * Update a complete checksum field after some covered words changed (RFC 1624, equation 3).
     *
     * @param field  the checksum as it stands in the header.
     * @param oldSum of the words before the change.
     * @param newSum of the same words after it.
     * @return the new field.
     */
    public static int update(final int field, final long oldSum, final long newSum)
    {
        return finish((~field & 0xFFFF) + (~fold(oldSum) & 0xFFFF) + (long)fold(newSum));
    }

    /**
     * Update a partial checksum field (the un-complemented sum of a pseudo-header) after an address changed.
     *
     * @param field  as it stands in the header.
     * @param oldSum of the address words before the change.
     * @param newSum of the address words after it.
     * @return the new field.
     */
    public static int updatePartial(final int field, final long oldSum, final long newSum)
    {
        return fold(field + (~fold(oldSum) & 0xFFFF) + (long)fold(newSum));
    }

    private static long fold64(final long sum)
    {
        return (sum & 0xFFFF_FFFFL) + (sum >>> 32);
    }

    private static int swap16(final int word)
    {
        return ((word & 0xFF) << 8) | (word >>> 8 & 0xFF);
    }
}
