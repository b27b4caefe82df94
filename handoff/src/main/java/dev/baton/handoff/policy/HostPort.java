package dev.baton.handoff.policy;

import org.agrona.DirectBuffer;

/**
 * A host and perhaps a port, as in the Host field (RFC 9110, section 7.2) and in an authority (RFC 3986, section 3.2):
 * a name, an IPv4 address, or an IP literal in its brackets.
 * <p>
 * Not thread safe; allocates nothing.
 */
public final class HostPort
{
    /** Value of {@link #port()} when there is none. */
    public static final int NO_PORT = -1;

    private static final int MAX_PORT = 65535;

    private DirectBuffer buffer;
    private int offset;
    private int length;
    private int port = NO_PORT;
    private boolean present;

    HostPort()
    {
    }

    void clear()
    {
        buffer = null;
        offset = 0;
        length = 0;
        port = NO_PORT;
        present = false;
    }

    boolean parse(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        this.offset = offset;
        present = true;
        final int end = offset + length;
        final boolean literal = length > 0 && buffer.getByte(offset) == '[';
        final int hostEnd = literal ? literalEnd(end) : nameEnd(end);
        this.length = hostEnd - offset;
        port = NO_PORT;
        return hostEnd == end || hostEnd > offset && buffer.getByte(hostEnd) == ':' && parsePort(hostEnd + 1, end);
    }

    private int nameEnd(final int end)
    {
        int at = offset;
        while (at < end && HttpBytes.isRegName(buffer.getByte(at) & 0xFF))
        {
            at++;
        }
        return at;
    }

    private int literalEnd(final int end)
    {
        int at = offset + 1;
        while (at < end && HttpBytes.isLiteral(buffer.getByte(at) & 0xFF))
        {
            at++;
        }
        final boolean closed = at > offset + 1 && at < end && buffer.getByte(at) == ']';
        return closed ? at + 1 : offset;
    }

    private boolean parsePort(final int from, final int end)
    {
        int value = from == end ? NO_PORT : 0;
        for (int at = from; at < end; at++)
        {
            final int digit = buffer.getByte(at) - '0';
            if (digit < 0 || digit > 9 || value > MAX_PORT)
            {
                return false;
            }
            value = 10 * value + digit;
        }
        port = value;
        return value <= MAX_PORT;
    }

    /**
     * Was a host named? It may be an empty one.
     *
     * @return true when it was.
     */
    public boolean isPresent()
    {
        return present;
    }

    /**
     * Where the host is.
     *
     * @return offset in the buffer; of an IP literal's bracket.
     */
    public int offset()
    {
        return offset;
    }

    /**
     * Length of the host.
     *
     * @return in bytes, brackets included, port not.
     */
    public int length()
    {
        return length;
    }

    /**
     * The port.
     *
     * @return 0 to 65535, or {@link #NO_PORT}.
     */
    public int port()
    {
        return port;
    }

    /**
     * Is it this host? A dot at the end, which makes a DNS name absolute, does not count.
     *
     * @param lower host in lower case, without a dot at its end.
     * @return true when it is, in whatever case.
     */
    public boolean is(final byte[] lower)
    {
        return present && bareLength() == lower.length && matches(offset, lower);
    }

    /**
     * Does the host end with this suffix, with at least one byte before it?
     *
     * @param lower suffix in lower case, beginning with a dot, without one at its end.
     * @return true when it does, in whatever case.
     */
    public boolean isBelow(final byte[] lower)
    {
        final int bare = bareLength();
        return present && bare > lower.length && matches(offset + bare - lower.length, lower);
    }

    private int bareLength()
    {
        return length > 1 && buffer.getByte(offset + length - 1) == '.' ? length - 1 : length;
    }

    private boolean matches(final int from, final byte[] lower)
    {
        for (int i = 0; i < lower.length; i++)
        {
            if (HttpBytes.lower(buffer.getByte(from + i) & 0xFF) != lower[i])
            {
                return false;
            }
        }
        return true;
    }
}
