package dev.baton.handoff.control;

/**
 * Where a node listens on the management network. The host is resolved when it is needed, not before: an address may
 * change while a node runs.
 *
 * @param host name or address; an IPv6 address without brackets.
 * @param port 0 to 65535; 0 only where one listens, and means any free port.
 */
public record Endpoint(String host, int port)
{
    private static final int MAX_PORT = 65535;

    /**
     * Read {@code host:port} or {@code [address]:port}.
     *
     * @param what to name in an error, such as {@code peer back1}.
     * @param text to read.
     * @return what it says.
     * @throws IllegalArgumentException when it says something else.
     */
    public static Endpoint parse(final String what, final String text)
    {
        final int colon = text.lastIndexOf(':');
        if (colon < 0 || colon < text.lastIndexOf(']'))
        {
            throw bad(what, text, "has no port");
        }
        return new Endpoint(host(what, text, text.substring(0, colon)), port(what, text, text.substring(colon + 1)));
    }

    private static String host(final String what, final String text, final String host)
    {
        final boolean bracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
        final String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty())
        {
            throw bad(what, text, "has no host");
        }
        for (int i = 0; i < bare.length(); i++)
        {
            final char c = bare.charAt(i);
            final boolean name = isLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
            if (!name && !(bracketed && (c == ':' || c == '%')))
            {
                throw bad(what, text, "has '" + c + "' in its host");
            }
        }
        return bare;
    }

    private static int port(final String what, final String text, final String digits)
    {
        int port = digits.isEmpty() || digits.length() > 5 ? -1 : 0;
        for (int i = 0; port >= 0 && i < digits.length(); i++)
        {
            final char c = digits.charAt(i);
            port = c >= '0' && c <= '9' ? port * 10 + c - '0' : -1;
        }
        if (port < 0 || port > MAX_PORT)
        {
            throw bad(what, text, "has no port of 0 to " + MAX_PORT);
        }
        return port;
    }

    private static boolean isLetterOrDigit(final char c)
    {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static IllegalArgumentException bad(final String what, final String text, final String cause)
    {
        return new IllegalArgumentException(
            what + ": address '" + text + "' " + cause + "; write host:port, or [address]:port for IPv6");
    }

    /**
     * The form that {@link #parse(String, String)} reads.
     */
    @Override
    public String toString()
    {
        return host.indexOf(':') < 0 ? host + ':' + port : '[' + host + "]:" + port;
    }
}
