package dev.baton.tools.service;

import org.agrona.DirectBuffer;

/**
 * The value of a Range field (RFC 9110, section 14.1.2), of which one range in bytes is served. A field with another
 * unit, several ranges or bad syntax counts as absent, which the RFC allows. Reused; not thread safe.
 */
final class ByteRange
{
    /** Serve the whole. */
    static final int ABSENT = 0;
    /** Serve {@link #first()} to {@link #last()}. */
    static final int PART = 1;
    /** Nothing of the range exists. */
    static final int UNSATISFIABLE = 2;

    private static final String UNIT = "bytes=";

    private long first;
    private long last;

    /**
     * Read a field for a file.
     *
     * @param src        that holds the field.
     * @param offset     of its value.
     * @param length     of its value; 0 when there is none.
     * @param fileLength in bytes.
     * @return {@link #ABSENT}, {@link #PART} or {@link #UNSATISFIABLE}.
     */
    int parse(final DirectBuffer src, final int offset, final int length, final long fileLength)
    {
        final int unitLength = UNIT.length();
        if (length <= unitLength || !Ascii.equalsIgnoreCase(src, offset, unitLength, UNIT))
        {
            return ABSENT;
        }
        int from = offset + unitLength;
        int to = offset + length;
        while (from < to && Ascii.isSpace(src.getByte(from)))
        {
            from++;
        }
        while (to > from && Ascii.isSpace(src.getByte(to - 1)))
        {
            to--;
        }
        int dash = from;
        while (dash < to && src.getByte(dash) != '-')
        {
            dash++;
        }
        return dash == to ? ABSENT : resolve(src, from, dash, to, fileLength);
    }

    private int resolve(final DirectBuffer src, final int from, final int dash, final int to, final long fileLength)
    {
        final boolean suffix = dash == from;
        final boolean open = dash + 1 == to;
        final long low = suffix ? 0 : Ascii.parseDecimal(src, from, dash - from);
        final long high = open ? Long.MAX_VALUE : Ascii.parseDecimal(src, dash + 1, to - dash - 1);
        if (low < 0 || high < 0 || suffix && open || !suffix && high < low)
        {
            return ABSENT;
        }
        if (suffix)
        {
            first = Math.max(0, fileLength - high);
            last = fileLength - 1;
            return high == 0 || fileLength == 0 ? UNSATISFIABLE : PART;
        }
        first = low;
        last = Math.min(high, fileLength - 1);
        return low < fileLength ? PART : UNSATISFIABLE;
    }

    /**
     * First byte of the part.
     *
     * @return position in the file.
     */
    long first()
    {
        return first;
    }

    /**
     * Last byte of the part.
     *
     * @return position in the file, included.
     */
    long last()
    {
        return last;
    }
}
