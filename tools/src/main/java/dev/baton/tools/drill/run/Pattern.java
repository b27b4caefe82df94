package dev.baton.tools.drill.run;

/**
 * What streams are made of when a script does not say it: each byte follows from its offset, so that bytes that are
 * lost, doubled or
 * reordered show.
 */
final class Pattern
{
    private Pattern()
    {
    }

    /** The byte at an offset of a stream. */
    static byte at(final long offset)
    {
        final long mixed = (offset + 1) * 0x9E37_79B9_7F4A_7C15L;
        return (byte)(mixed >>> 56);
    }

    /** Bytes from an offset on. */
    static byte[] bytes(final long offset, final int length)
    {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = at(offset + i);
        }
        return bytes;
    }
}
