package dev.baton.stack.tcp;

import org.agrona.concurrent.UnsafeBuffer;

/** Bytes that tell their offset in a stream: a table whose length is prime, so that no segment size hides a shift. */
final class Pattern
{
    static final int PERIOD = 65_521;
    private static final UnsafeBuffer TABLE = new UnsafeBuffer(new byte[2 * PERIOD]);

    static
    {
        int x = 12345;
        for (int i = 0; i < PERIOD; i++)
        {
            x = x * 1_103_515_245 + 12_345;
            TABLE.putByte(i, (byte)(x >>> 16));
            TABLE.putByte(i + PERIOD, (byte)(x >>> 16));
        }
    }

    private Pattern()
    {
    }

    static UnsafeBuffer table()
    {
        return TABLE;
    }

    /** Where the bytes of a stream offset stand in the table; a whole period follows. */
    static int at(final long offset)
    {
        return (int)(offset % PERIOD);
    }

    /** First offset at which a buffer differs from the pattern, or -1. */
    static int mismatch(final UnsafeBuffer buffer, final int length, final long offset)
    {
        int done = 0;
        while (done < length)
        {
            final int from = at(offset + done);
            final int run = Math.min(length - done, PERIOD);
            for (int i = 0; i < run; i++)
            {
                if (buffer.getByte(done + i) != TABLE.getByte(from + i))
                {
                    return done + i;
                }
            }
            done += run;
        }
        return -1;
    }
}
