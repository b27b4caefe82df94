package dev.baton.stack.ip;

import dev.baton.stack.wire.Ip6Header;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * Finds the upper-layer header behind IPv6 extension headers (RFC 8200, section 4) without judging them: for packets
 * that are quoted, and for first fragments. Reads only inside the packet, and at most {@link #MAX_HEADERS} headers.
 * <p>
 * Not thread safe; allocates nothing.
 */
final class Ip6Chain
{
    /** Header: hop-by-hop options. */
    static final int HOP_BY_HOP = 0;
    /** Header: routing. */
    static final int ROUTING = 43;
    /** Header: fragment. */
    static final int FRAGMENT = 44;
    /** Header: nothing follows. */
    static final int NO_NEXT_HEADER = 59;
    /** Header: destination options. */
    static final int DESTINATION_OPTIONS = 60;
    /** Length of a fragment header in bytes, and the unit of every other extension header. */
    static final int UNIT = 8;
    /** The most extension headers that are walked: far more than any sender has a use for. */
    static final int MAX_HEADERS = 16;

    private int protocol;
    private int offset;
    private boolean laterFragment;

    /**
     * Find the upper-layer header.
     *
     * @param buffer that holds the packet.
     * @param packet offset of the IPv6 header.
     * @param length of the packet, or of as much of it as there is, in bytes.
     * @return false when it is not in these bytes, or belongs to a fragment that is not the first.
     */
    boolean locate(final DirectBuffer buffer, final int packet, final int length)
    {
        laterFragment = false;
        final int end = packet + length;
        int at = packet + Ip6Header.LENGTH;
        if (at > end)
        {
            return false;
        }
        int next = buffer.getByte(packet + 6) & 0xFF;
        for (int i = 0; i < MAX_HEADERS; i++)
        {
            if (!isExtension(next))
            {
                protocol = next;
                offset = at;
                return true;
            }
            if (end - at < UNIT)
            {
                return false;
            }
            laterFragment = next == FRAGMENT && (fragmentWord(buffer, at) & 0xFFF8) != 0;
            if (laterFragment)
            {
                return false;
            }
            final int size = next == FRAGMENT ? UNIT : length(buffer, at);
            next = buffer.getByte(at) & 0xFF;
            at += size;
            if (at > end)
            {
                return false;
            }
        }
        return false;
    }

    /**
     * The upper-layer protocol that was found.
     *
     * @return its number.
     */
    int protocol()
    {
        return protocol;
    }

    /**
     * Where the upper-layer header begins.
     *
     * @return offset in the buffer; at most the end of the packet.
     */
    int offset()
    {
        return offset;
    }

    /**
     * Did the walk end at a fragment that is not the first of its datagram?
     *
     * @return true when it did.
     */
    boolean isLaterFragment()
    {
        return laterFragment;
    }

    /**
     * Length of an options or routing header.
     *
     * @param buffer that holds it.
     * @param at     its offset; at least 2 bytes are there.
     * @return in bytes, 8 to 2048, as the header says.
     */
    static int length(final DirectBuffer buffer, final int at)
    {
        return (buffer.getByte(at + 1) & 0xFF) * UNIT + UNIT;
    }

    /**
     * Fragment offset and "more" flag of a fragment header.
     *
     * @param buffer that holds it.
     * @param at     its offset; at least 4 bytes are there.
     * @return offset in bytes in the upper 13 bits, two reserved bits, the flag.
     */
    static int fragmentWord(final DirectBuffer buffer, final int at)
    {
        return buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private static boolean isExtension(final int header)
    {
        return header == HOP_BY_HOP || header == ROUTING || header == FRAGMENT || header == DESTINATION_OPTIONS;
    }
}
