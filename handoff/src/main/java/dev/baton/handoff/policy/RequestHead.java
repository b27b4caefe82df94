package dev.baton.handoff.policy;

import org.agrona.DirectBuffer;

/**
 * A bounded look at the head of an HTTP/1.x request (RFC 9112), at what a policy needs and no more. Nothing is copied:
 * results are offsets in the buffer that was parsed. Each call begins at the first byte again, so the object remembers
 * nothing between connections; a head of {@link #MAX_HEAD_BYTES} bounds what that costs.
 * <p>
 * What is accepted: empty lines before the request line, lines that end with a bare LF, field names in any case, the
 * origin, absolute, authority and asterisk forms of the target, a host with a port, an IP literal. Of the absolute form
 * the authority is the host, whatever the Host field says (RFC 9112, section 3.2.2). What is malformed: anything that
 * two readers could take differently, such as folded lines, blanks before a colon, two Host fields, control bytes, user
 * information in an authority. What is not HTTP/1.x is malformed at its first impossible byte.
 * <p>
 * Not thread safe; allocates nothing.
 */
public final class RequestHead
{
    /** Longest head that is looked at, in bytes, the empty line at its end included. */
    public static final int MAX_HEAD_BYTES = 8 * 1024;
    /** Longest method in bytes. */
    public static final int MAX_METHOD_BYTES = 32;

    /** Result: the head goes on after the last byte. */
    public static final int INCOMPLETE = 0;
    /** Result: the whole head is there. */
    public static final int COMPLETE = 1;
    /** Result: this is no request head, or one that is longer than {@link #MAX_HEAD_BYTES}. */
    public static final int MALFORMED = 2;

    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};
    private static final byte[] HOST = {'h', 'o', 's', 't'};

    private final RequestTarget target = new RequestTarget();
    private final HostPort host = new HostPort();
    private DirectBuffer buffer;
    private int at;
    private int end;
    private boolean truncatable;
    private int methodOffset;
    private int methodLength;
    private int headLength;
    private boolean headEnded;

    /**
     * Parse.
     *
     * @param buffer that holds the first bytes of a connection.
     * @param offset of them.
     * @param length of them.
     * @return {@link #INCOMPLETE}, {@link #COMPLETE} or {@link #MALFORMED}; the accessors count only when complete.
     */
    public int parse(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        at = offset;
        truncatable = length < MAX_HEAD_BYTES;
        end = offset + Math.min(length, MAX_HEAD_BYTES);
        methodOffset = 0;
        methodLength = 0;
        headLength = 0;
        headEnded = false;
        host.clear();
        int result = skipEmptyLines();
        if (result == COMPLETE)
        {
            result = requestLine();
        }
        while (result == COMPLETE && !headEnded)
        {
            result = fieldLine();
        }
        headLength = at - offset;
        return result;
    }

    private int skipEmptyLines()
    {
        while (at < end && (peek() == '\r' || peek() == '\n'))
        {
            final int result = lineEnd();
            if (result != COMPLETE)
            {
                return result;
            }
        }
        return at < end ? COMPLETE : ranOut();
    }

    private int requestLine()
    {
        methodOffset = at;
        while (at < end && at - methodOffset <= MAX_METHOD_BYTES && HttpBytes.isToken(peek()))
        {
            at++;
        }
        methodLength = at - methodOffset;
        final int afterMethod = blank(methodLength > 0 && methodLength <= MAX_METHOD_BYTES);
        if (afterMethod != COMPLETE)
        {
            return afterMethod;
        }
        final int targetOffset = at;
        while (at < end && HttpBytes.isTarget(peek()))
        {
            at++;
        }
        final int targetLength = at - targetOffset;
        final int afterTarget = blank(targetLength > 0);
        if (afterTarget != COMPLETE)
        {
            return afterTarget;
        }
        return target.parse(buffer, targetOffset, targetLength, isMethod("CONNECT")) ? version() : MALFORMED;
    }

    private int blank(final boolean allowed)
    {
        if (at == end)
        {
            return methodLength <= MAX_METHOD_BYTES ? ranOut() : MALFORMED;
        }
        return allowed && buffer.getByte(at++) == ' ' ? COMPLETE : MALFORMED;
    }

    private int version()
    {
        for (int i = 0; i <= VERSION.length; i++)
        {
            if (at == end)
            {
                return ranOut();
            }
            final int b = peek();
            if (i < VERSION.length ? b != VERSION[i] : b < '0' || b > '9')
            {
                return MALFORMED;
            }
            at++;
        }
        return lineEnd();
    }

    private int fieldLine()
    {
        if (at == end)
        {
            return ranOut();
        }
        if (peek() == '\r' || peek() == '\n')
        {
            final int result = lineEnd();
            headEnded = result == COMPLETE;
            return result;
        }
        final int nameOffset = at;
        while (at < end && HttpBytes.isToken(peek()))
        {
            at++;
        }
        final int nameLength = at - nameOffset;
        if (at == end)
        {
            return ranOut();
        }
        if (nameLength == 0 || peek() != ':')
        {
            return MALFORMED;
        }
        at++;
        return fieldValue(isHost(nameOffset, nameLength));
    }

    private int fieldValue(final boolean isHost)
    {
        while (at < end && isBlank(peek()))
        {
            at++;
        }
        final int valueOffset = at;
        int valueEnd = at;
        while (at < end && HttpBytes.isFieldValue(peek()))
        {
            at++;
            valueEnd = isBlank(buffer.getByte(at - 1)) ? valueEnd : at;
        }
        final int result = lineEnd();
        if (result == COMPLETE && isHost)
        {
            return !host.isPresent() && host.parse(buffer, valueOffset, valueEnd - valueOffset) ? COMPLETE : MALFORMED;
        }
        return result;
    }

    private int lineEnd()
    {
        if (at < end && peek() == '\r')
        {
            at++;
        }
        if (at == end)
        {
            return ranOut();
        }
        return buffer.getByte(at++) == '\n' ? COMPLETE : MALFORMED;
    }

    private int ranOut()
    {
        return truncatable ? INCOMPLETE : MALFORMED;
    }

    private int peek()
    {
        return buffer.getByte(at) & 0xFF;
    }

    private static boolean isBlank(final int b)
    {
        return b == ' ' || b == '\t';
    }

    private boolean isHost(final int offset, final int length)
    {
        boolean same = length == HOST.length;
        for (int i = 0; same && i < HOST.length; i++)
        {
            same = HttpBytes.lower(buffer.getByte(offset + i) & 0xFF) == HOST[i];
        }
        return same;
    }

    /**
     * Is the method this one? Methods are case-sensitive (RFC 9110, section 9.1).
     *
     * @param method in ASCII.
     * @return true when it is.
     */
    public boolean isMethod(final String method)
    {
        boolean same = methodLength == method.length();
        for (int i = 0; same && i < methodLength; i++)
        {
            same = buffer.getByte(methodOffset + i) == method.charAt(i);
        }
        return same;
    }

    /**
     * Where the method is.
     *
     * @return offset in the buffer.
     */
    public int methodOffset()
    {
        return methodOffset;
    }

    /**
     * Length of the method.
     *
     * @return in bytes.
     */
    public int methodLength()
    {
        return methodLength;
    }

    /**
     * The target of the request: as it stands, and its path.
     *
     * @return the part of this object that knows; filled by {@link #parse(DirectBuffer, int, int)}.
     */
    public RequestTarget target()
    {
        return target;
    }

    /**
     * The host that is asked for: of the target when that is in absolute or authority form, else of the Host field.
     *
     * @return the part of this object that knows; not {@linkplain HostPort#isPresent() present} when neither names one.
     */
    public HostPort host()
    {
        return target.authority().isPresent() ? target.authority() : host;
    }

    /**
     * Length of the head.
     *
     * @return in bytes, from the first byte of the connection to the end of the empty line.
     */
    public int headLength()
    {
        return headLength;
    }
}
