package dev.baton.tools.service;

import org.agrona.DirectBuffer;

/**
 * The fields of a request head that a file server acts on (RFC 9112, section 5): where their values lie, and what the
 * short ones say. The lines have been checked by {@link dev.baton.handoff.policy.RequestHead} before. Reused; not
 * thread safe.
 */
final class RequestFields
{
    private DirectBuffer buffer;
    private int hosts;
    private boolean close;
    private boolean keepAlive;
    private boolean expectContinue;
    private boolean transferCoding;
    private long contentLength;
    private final Value range = new Value();
    private final Value ifRange = new Value();
    private final Value ifNoneMatch = new Value();
    private final Value ifModifiedSince = new Value();

    /**
     * Read the field lines of a complete head.
     *
     * @param src    that holds the head; must stay as it is while the values are used.
     * @param offset of the first field line, behind the request line.
     * @param end    of the head, behind its empty line.
     * @return false when two fields contradict each other, or a length is no number.
     */
    boolean parse(final DirectBuffer src, final int offset, final int end)
    {
        reset(src);
        int at = offset;
        while (at < end)
        {
            int lineEnd = at;
            while (lineEnd < end && src.getByte(lineEnd) != '\n')
            {
                lineEnd++;
            }
            final int next = lineEnd + 1;
            if (lineEnd > at && src.getByte(lineEnd - 1) == '\r')
            {
                lineEnd--;
            }
            if (lineEnd == at)
            {
                return true;
            }
            if (!field(at, lineEnd))
            {
                return false;
            }
            at = next;
        }
        return true;
    }

    private void reset(final DirectBuffer src)
    {
        buffer = src;
        hosts = 0;
        close = false;
        keepAlive = false;
        expectContinue = false;
        transferCoding = false;
        contentLength = -1;
        range.clear();
        ifRange.clear();
        ifNoneMatch.clear();
        ifModifiedSince.clear();
    }

    private boolean field(final int from, final int lineEnd)
    {
        int colon = from;
        while (colon < lineEnd && Ascii.isTokenChar(buffer.getByte(colon)))
        {
            colon++;
        }
        if (colon == from || colon == lineEnd || buffer.getByte(colon) != ':')
        {
            return false;
        }
        int valueFrom = colon + 1;
        int valueEnd = lineEnd;
        while (valueFrom < valueEnd && Ascii.isSpace(buffer.getByte(valueFrom)))
        {
            valueFrom++;
        }
        while (valueEnd > valueFrom && Ascii.isSpace(buffer.getByte(valueEnd - 1)))
        {
            valueEnd--;
        }
        return assign(from, colon - from, valueFrom, valueEnd - valueFrom);
    }

    private boolean assign(final int name, final int nameLength, final int value, final int length)
    {
        switch (nameLength)
        {
            case 4:
                hosts += is(name, nameLength, "host") ? 1 : 0;
                return true;
            case 5:
                return !is(name, nameLength, "range") || range.set(value, length);
            case 6:
                expectContinue |= is(name, nameLength, "expect") && is(value, length, "100-continue");
                return true;
            case 8:
                return !is(name, nameLength, "if-range") || ifRange.set(value, length);
            case 10:
                if (is(name, nameLength, "connection"))
                {
                    connectionOptions(value, value + length);
                }
                return true;
            case 13:
                return !is(name, nameLength, "if-none-match") || ifNoneMatch.set(value, length);
            case 14:
                return !is(name, nameLength, "content-length") || contentLength(value, length);
            case 17:
                transferCoding |= is(name, nameLength, "transfer-encoding");
                return !is(name, nameLength, "if-modified-since") || ifModifiedSince.set(value, length);
            default:
                return true;
        }
    }

    private boolean is(final int offset, final int length, final String lowerText)
    {
        return Ascii.equalsIgnoreCase(buffer, offset, length, lowerText);
    }

    /** RFC 9112, section 6.3: two different lengths, or one that is no number, are an unrecoverable error. */
    private boolean contentLength(final int value, final int length)
    {
        final long parsed = Ascii.parseDecimal(buffer, value, length);
        final boolean good = parsed >= 0 && (contentLength < 0 || contentLength == parsed);
        contentLength = parsed;
        return good;
    }

    private void connectionOptions(final int from, final int end)
    {
        int at = from;
        while (at < end)
        {
            int next = at;
            while (next < end && buffer.getByte(next) != ',')
            {
                next++;
            }
            int last = next;
            while (at < last && Ascii.isSpace(buffer.getByte(at)))
            {
                at++;
            }
            while (last > at && Ascii.isSpace(buffer.getByte(last - 1)))
            {
                last--;
            }
            close |= is(at, last - at, "close");
            keepAlive |= is(at, last - at, "keep-alive");
            at = next + 1;
        }
    }

    DirectBuffer buffer()
    {
        return buffer;
    }

    int hosts()
    {
        return hosts;
    }

    boolean close()
    {
        return close;
    }

    boolean keepAlive()
    {
        return keepAlive;
    }

    boolean expectContinue()
    {
        return expectContinue;
    }

    boolean hasTransferCoding()
    {
        return transferCoding;
    }

    /**
     * Length of the request's content.
     *
     * @return in bytes; -1 when there is no such field.
     */
    long contentLength()
    {
        return contentLength;
    }

    Value range()
    {
        return range;
    }

    Value ifRange()
    {
        return ifRange;
    }

    Value ifNoneMatch()
    {
        return ifNoneMatch;
    }

    Value ifModifiedSince()
    {
        return ifModifiedSince;
    }

    /** Where a value lies in {@link #buffer()}; of a repeated field the last counts. */
    static final class Value
    {
        private int offset;
        private int length = -1;

        private void clear()
        {
            length = -1;
        }

        private boolean set(final int valueOffset, final int valueLength)
        {
            offset = valueOffset;
            length = valueLength;
            return true;
        }

        boolean present()
        {
            return length >= 0;
        }

        int offset()
        {
            return offset;
        }

        int length()
        {
            return length;
        }
    }
}
