package dev.baton.tools.service;

import org.agrona.DirectBuffer;

/**
 * One request head (RFC 9112, sections 2 and 3), looked at in place. Empty lines in front of it are passed over, and a bare LF
 * ends a line too. Reused; not thread safe.
 */
final class HttpRequest
{
    /** Greatest head in bytes, its empty line included. */
    static final int MAX_HEAD_BYTES = 8192;

    /** {@link #parse}: the head goes on. */
    static final int INCOMPLETE = 0;
    /** {@link #parse}: all of it is there and well formed. */
    static final int COMPLETE = 1;
    /** {@link #parse}: it can never become a request. */
    static final int MALFORMED = 2;

    /** {@link #method()}: send the file. */
    static final int GET = 1;
    /** {@link #method()}: send its head. */
    static final int HEAD = 2;
    /** {@link #method()}: one that HTTP defines and this server does not allow. */
    static final int NOT_ALLOWED = 3;
    /** {@link #method()}: one that nobody defined. */
    static final int UNKNOWN = 4;

    private static final String[] NOT_ALLOWED_METHODS = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"};

    private final RequestFields fields = new RequestFields();
    private int method;
    private int targetOffset;
    private int targetLength;
    private int major;
    private int minor;
    private int headLength;
    private boolean lineComplete;

    /**
     * Look at what has come so far.
     *
     * @param src    that holds the bytes from the beginning of the request on.
     * @param length how many there are.
     * @return {@link #INCOMPLETE}, {@link #COMPLETE} or {@link #MALFORMED}.
     */
    int parse(final DirectBuffer src, final int length)
    {
        lineComplete = false;
        int start = 0;
        while (start < length && (src.getByte(start) == '\r' || src.getByte(start) == '\n'))
        {
            start++;
        }
        final int lineEnd = indexOfLf(src, start, length);
        if (lineEnd < 0)
        {
            return INCOMPLETE;
        }
        lineComplete = true;
        final int end = endOfHead(src, lineEnd, length);
        if (end < 0)
        {
            return INCOMPLETE;
        }
        headLength = end;
        final int textEnd = src.getByte(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
        return requestLine(src, start, textEnd) && fields.parse(src, lineEnd + 1, end) ? COMPLETE : MALFORMED;
    }

    /**
     * Has the request line been seen to its end? Tells a target that is too long from fields that are too many.
     *
     * @return true when its line feed was there.
     */
    boolean lineComplete()
    {
        return lineComplete;
    }

    /**
     * Length of a complete head.
     *
     * @return in bytes, with what was passed over in front of it.
     */
    int headLength()
    {
        return headLength;
    }

    int method()
    {
        return method;
    }

    int targetOffset()
    {
        return targetOffset;
    }

    int targetLength()
    {
        return targetLength;
    }

    int major()
    {
        return major;
    }

    int minor()
    {
        return minor;
    }

    RequestFields fields()
    {
        return fields;
    }

    private static int indexOfLf(final DirectBuffer src, final int from, final int end)
    {
        for (int i = from; i < end; i++)
        {
            if (src.getByte(i) == '\n')
            {
                return i;
            }
        }
        return -1;
    }

    private static int endOfHead(final DirectBuffer src, final int firstLf, final int length)
    {
        int lf = firstLf;
        while (lf >= 0)
        {
            final int next = indexOfLf(src, lf + 1, length);
            final int size = next - lf - 1;
            if (next >= 0 && (size == 0 || size == 1 && src.getByte(lf + 1) == '\r'))
            {
                return next + 1;
            }
            lf = next;
        }
        return -1;
    }

    private boolean requestLine(final DirectBuffer src, final int from, final int end)
    {
        int at = from;
        while (at < end && Ascii.isTokenChar(src.getByte(at)))
        {
            at++;
        }
        method = methodOf(src, from, at - from);
        targetOffset = at + 1;
        if (at == from || at >= end || src.getByte(at) != ' ')
        {
            return false;
        }
        at = targetOffset;
        while (at < end && (src.getByte(at) > ' ' || src.getByte(at) < 0) && src.getByte(at) != 0x7F)
        {
            at++;
        }
        targetLength = at - targetOffset;
        return targetLength > 0 && at < end && src.getByte(at) == ' ' && version(src, at + 1, end);
    }

    private boolean version(final DirectBuffer src, final int from, final int end)
    {
        if (end - from != 8 || !Ascii.equals(src, from, 5, "HTTP/") || src.getByte(from + 6) != '.' ||
            !Ascii.isDigit(src.getByte(from + 5)) || !Ascii.isDigit(src.getByte(from + 7)))
        {
            return false;
        }
        major = src.getByte(from + 5) - '0';
        minor = src.getByte(from + 7) - '0';
        return true;
    }

    private static int methodOf(final DirectBuffer src, final int offset, final int length)
    {
        if (Ascii.equals(src, offset, length, "GET"))
        {
            return GET;
        }
        if (Ascii.equals(src, offset, length, "HEAD"))
        {
            return HEAD;
        }
        for (final String known : NOT_ALLOWED_METHODS)
        {
            if (Ascii.equals(src, offset, length, known))
            {
                return NOT_ALLOWED;
            }
        }
        return UNKNOWN;
    }
}
