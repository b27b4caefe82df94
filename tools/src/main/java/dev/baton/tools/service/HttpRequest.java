package dev.baton.tools.service;

import dev.baton.handoff.policy.RequestHead;
import org.agrona.DirectBuffer;

/**
 * One request head (RFC 9112, sections 2 and 3), looked at in place by the parser that the policies use, so that both
 * take a request for the same. Adds what a server needs beyond a policy: the version, the fields, and the status that
 * says what is wrong with a head that is none. Reused; not thread safe.
 */
final class HttpRequest
{
    /** {@link #method()}: send the file. */
    static final int GET = 1;
    /** {@link #method()}: send its head. */
    static final int HEAD = 2;
    /** {@link #method()}: one that HTTP defines and this server does not allow. */
    static final int NOT_ALLOWED = 3;
    /** {@link #method()}: one that nobody defined. */
    static final int UNKNOWN = 4;

    private static final String[] NOT_ALLOWED_METHODS = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"};
    private static final int MINOR_OFFSET = "HTTP/1.".length();

    private final RequestHead head = new RequestHead();
    private final RequestFields fields = new RequestFields();
    private int method;
    private int minor;

    /**
     * Look at what has come so far.
     *
     * @param src    that holds the bytes from the beginning of the request on.
     * @param length how many there are.
     * @return {@link RequestHead#INCOMPLETE}, {@link RequestHead#COMPLETE} or {@link RequestHead#MALFORMED}.
     */
    int parse(final DirectBuffer src, final int length)
    {
        final int result = head.parse(src, 0, length);
        if (result != RequestHead.COMPLETE)
        {
            return result;
        }
        method = methodOf(head);
        final int version = versionOffset();
        minor = src.getByte(version + MINOR_OFFSET) - '0';
        final int firstField = indexOfLf(src, version, head.headLength()) + 1;
        return fields.parse(src, firstField, head.headLength()) ? RequestHead.COMPLETE : RequestHead.MALFORMED;
    }

    /**
     * What to answer to a head that is malformed.
     *
     * @param src    as given to {@link #parse}.
     * @param length as given to {@link #parse}.
     * @return 505, 414, 431 or 400.
     */
    int complaint(final DirectBuffer src, final int length)
    {
        if (hasForeignVersion(src, length))
        {
            return 505;
        }
        if (length < RequestHead.MAX_HEAD_BYTES)
        {
            return 400;
        }
        int start = 0;
        while (start < length && (src.getByte(start) == '\r' || src.getByte(start) == '\n'))
        {
            start++;
        }
        final int end = indexOfLf(src, start, length);
        return end < 0 ? 414 : indexOfEmptyLine(src, end, length) < 0 ? 431 : 400;
    }

    /**
     * Length of a complete head.
     *
     * @return in bytes, with empty lines in front of it.
     */
    int headLength()
    {
        return head.headLength();
    }

    int method()
    {
        return method;
    }

    /**
     * Has the target a path?
     *
     * @return false for the asterisk and authority forms.
     */
    boolean hasPath()
    {
        return head.target().hasPath();
    }

    int pathOffset()
    {
        return head.target().pathOffset();
    }

    int pathLength()
    {
        return head.target().pathLength();
    }

    /**
     * Minor version; the major one is 1.
     *
     * @return 0 to 9.
     */
    int minor()
    {
        return minor;
    }

    RequestFields fields()
    {
        return fields;
    }

    private int versionOffset()
    {
        return head.target().offset() + head.target().length() + 1;
    }

    private boolean hasForeignVersion(final DirectBuffer src, final int length)
    {
        final int version = versionOffset();
        final boolean inRequestLine = head.target().offset() == head.methodOffset() + head.methodLength() + 1;
        return inRequestLine && version + 6 <= length && Ascii.equals(src, version, 5, "HTTP/") &&
            Ascii.isDigit(src.getByte(version + 5)) && src.getByte(version + 5) != '1';
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

    private static int indexOfEmptyLine(final DirectBuffer src, final int firstLf, final int end)
    {
        int lf = firstLf;
        for (int next = indexOfLf(src, lf + 1, end); next >= 0; next = indexOfLf(src, lf + 1, end))
        {
            if (next == lf + 1 || next == lf + 2 && src.getByte(lf + 1) == '\r')
            {
                return next;
            }
            lf = next;
        }
        return -1;
    }

    private static int methodOf(final RequestHead head)
    {
        if (head.isMethod("GET"))
        {
            return GET;
        }
        if (head.isMethod("HEAD"))
        {
            return HEAD;
        }
        for (final String known : NOT_ALLOWED_METHODS)
        {
            if (head.isMethod(known))
            {
                return NOT_ALLOWED;
            }
        }
        return UNKNOWN;
    }
}
