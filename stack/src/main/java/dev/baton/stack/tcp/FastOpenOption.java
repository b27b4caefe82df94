package dev.baton.stack.tcp;

/** A Fast Open option that is to be sent (RFC 7413, section 4.1.1). Reused. */
final class FastOpenOption
{
    /** Value of {@link #length}: no option. */
    static final int NONE = -1;

    /** Length of the cookie in bytes; 0 asks for one. */
    int length = NONE;
    long hi;
    long lo;
    boolean experimental;

    void clear()
    {
        length = NONE;
    }

    void set(final int cookieLength, final long cookieHi, final long cookieLo, final boolean experiment)
    {
        length = cookieLength;
        hi = cookieHi;
        lo = cookieLo;
        experimental = experiment;
    }

    boolean isPresent()
    {
        return length != NONE;
    }

    byte byteAt(final int i)
    {
        return (byte)(i < Long.BYTES ? hi >>> 56 - 8 * i : lo >>> 120 - 8 * i);
    }
}
