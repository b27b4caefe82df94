package dev.baton.handoff.policy;

/**
 * Classes of bytes in an HTTP/1.x head (RFC 9110, section 5.6.2; RFC 9112; RFC 3986, section 3.2.2). Bytes are given as
 * 0 to 255.
 */
final class HttpBytes
{
    private static final int TOKEN = 1;
    private static final int REG_NAME = 2;
    private static final int LITERAL = 4;
    private static final byte[] CLASSES = new byte[256];

    static
    {
        for (int c = '0'; c <= '9'; c++)
        {
            CLASSES[c] = TOKEN | REG_NAME | LITERAL;
        }
        for (int c = 'a'; c <= 'z'; c++)
        {
            CLASSES[c] = TOKEN | REG_NAME | LITERAL;
            CLASSES[c - 'a' + 'A'] = TOKEN | REG_NAME | LITERAL;
        }
        mark("!#$%&'*+-.^_`|~", TOKEN);
        mark("-._~%!$&'()*+;=", REG_NAME);
        mark(":.%-_~", LITERAL);
    }

    private HttpBytes()
    {
    }

    private static void mark(final String characters, final int bit)
    {
        for (int i = 0; i < characters.length(); i++)
        {
            CLASSES[characters.charAt(i)] |= (byte)bit;
        }
    }

    /** Part of a method or a field name. */
    static boolean isToken(final int b)
    {
        return (CLASSES[b] & TOKEN) != 0;
    }

    /** Part of a host that is a name or an IPv4 address; a comma is left out, since it separates lists. */
    static boolean isRegName(final int b)
    {
        return (CLASSES[b] & REG_NAME) != 0;
    }

    /** Part of an IP literal between its brackets. */
    static boolean isLiteral(final int b)
    {
        return (CLASSES[b] & LITERAL) != 0;
    }

    /** Part of a request target: anything that can be seen, and what is beyond ASCII. */
    static boolean isTarget(final int b)
    {
        return b > ' ' && b != 0x7F;
    }

    /** Part of a field value: a target's bytes, blank and tab. */
    static boolean isFieldValue(final int b)
    {
        return b >= ' ' && b != 0x7F || b == '\t';
    }

    /** The same letter in lower case. */
    static int lower(final int b)
    {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }
}
