package dev.baton.handoff.policy;

import org.agrona.DirectBuffer;

/**
 * The target of a request (RFC 9112, section 3.2), in one of its four forms:
 * <pre>
 *   origin      /where?q=now                       path /where
 *   absolute    http://www.example.org/pub/WWW/    path /pub/WWW/, authority www.example.org
 *   authority   www.example.com:80                 no path; CONNECT only
 *   asterisk    *                                  no path
 * </pre>
 * The path ends before a question mark or a number sign. It is taken as it stands: nothing is decoded and no dot
 * segment is removed.
 * <p>
 * Not thread safe; allocates nothing.
 */
public final class RequestTarget
{
    private static final byte[] HTTP = {'h', 't', 't', 'p', ':', '/', '/'};
    private static final byte[] HTTPS = {'h', 't', 't', 'p', 's', ':', '/', '/'};

    private final HostPort authority = new HostPort();
    private DirectBuffer buffer;
    private int offset;
    private int length;
    private int pathOffset;
    private int pathLength;
    private boolean hasPath;

    RequestTarget()
    {
    }

    boolean parse(final DirectBuffer buffer, final int offset, final int length, final boolean isConnect)
    {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        authority.clear();
        path(offset, 0, false);
        if (isConnect)
        {
            return authority.parse(buffer, offset, length);
        }
        final int first = buffer.getByte(offset);
        if (first == '/')
        {
            path(offset, endOf(offset, false) - offset, true);
            return true;
        }
        return first == '*' ? length == 1 : absolute();
    }

    private boolean absolute()
    {
        final int scheme = startsWith(HTTP) ? HTTP.length : startsWith(HTTPS) ? HTTPS.length : 0;
        if (scheme == 0)
        {
            return false;
        }
        final int from = offset + scheme;
        final int to = endOf(from, true);
        path(to, endOf(to, false) - to, true);
        return to > from && authority.parse(buffer, from, to - from);
    }

    private void path(final int offset, final int length, final boolean hasPath)
    {
        this.pathOffset = offset;
        this.pathLength = length;
        this.hasPath = hasPath;
    }

    private int endOf(final int from, final boolean atSlash)
    {
        int at = from;
        while (at < offset + length)
        {
            final int b = buffer.getByte(at);
            if (b == '?' || b == '#' || atSlash && b == '/')
            {
                return at;
            }
            at++;
        }
        return at;
    }

    private boolean startsWith(final byte[] lower)
    {
        boolean same = length >= lower.length;
        for (int i = 0; same && i < lower.length; i++)
        {
            same = HttpBytes.lower(buffer.getByte(offset + i) & 0xFF) == lower[i];
        }
        return same;
    }

    /**
     * Does the path begin with these bytes?
     *
     * @param prefix to compare with, beginning with a slash.
     * @return false also when there is no path; the empty path of an absolute form is taken as one slash.
     */
    public boolean pathStartsWith(final byte[] prefix)
    {
        if (pathLength == 0)
        {
            return hasPath && prefix.length == 1 && prefix[0] == '/';
        }
        boolean same = pathLength >= prefix.length;
        for (int i = 0; same && i < prefix.length; i++)
        {
            same = buffer.getByte(pathOffset + i) == prefix[i];
        }
        return same;
    }

    /**
     * Where the target is.
     *
     * @return offset in the buffer.
     */
    public int offset()
    {
        return offset;
    }

    /**
     * Length of the target.
     *
     * @return in bytes.
     */
    public int length()
    {
        return length;
    }

    /**
     * Has the target a path, even an empty one?
     *
     * @return true in origin and absolute form.
     */
    public boolean hasPath()
    {
        return hasPath;
    }

    /**
     * Where the path is.
     *
     * @return offset in the buffer.
     */
    public int pathOffset()
    {
        return pathOffset;
    }

    /**
     * Length of the path.
     *
     * @return in bytes; 0 also in an absolute form that ends with the authority.
     */
    public int pathLength()
    {
        return pathLength;
    }

    /**
     * Host and port in an absolute or authority form.
     *
     * @return not {@linkplain HostPort#isPresent() present} in the other forms.
     */
    public HostPort authority()
    {
        return authority;
    }
}
