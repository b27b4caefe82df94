package dev.baton.tools.drill.run;

import java.util.Arrays;

/** Bytes that a script's calls have written to a connection, in order. */
final class Stream
{
    private static final int MOST = 64 << 20;

    private byte[] bytes = new byte[4096];
    private int length;

    int length()
    {
        return length;
    }

    /** More bytes were taken. */
    void add(final byte[] more, final int count)
    {
        if (length + count > MOST)
        {
            throw new UnsupportedScript(UnsupportedReason.SIZE, "writes more than " + MOST + " bytes to one connection");
        }
        if (length + count > bytes.length)
        {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
        System.arraycopy(more, 0, bytes, length, count);
        length += count;
    }

    /** The first offset from which given bytes are not those of the stream; -1 when all are. */
    long firstDifference(final long offset, final byte[] other, final int at, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final long place = offset + i;
            if (place < 0 || place >= length || bytes[(int)place] != other[at + i])
            {
                return place;
            }
        }
        return -1;
    }
}
