package dev.baton.stack.sim.check;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * Bytes that tell their offset in a stream, and the stream they belong to: a table whose length is prime, so that no
 * segment size hides a shift, entered at a place of each stream's own. Who sees a byte anywhere can tell whether it is
 * the right one without knowing what was written.
 */
public final class BytePattern
{
    /** After so many bytes the pattern begins again. */
    public static final int PERIOD = 65_521;

    private static final UnsafeBuffer TABLE = new UnsafeBuffer(new byte[2 * PERIOD + Long.BYTES]);

    static
    {
        int x = 12345;
        for (int i = 0; i < PERIOD; i++)
        {
            x = x * 1_103_515_245 + 12_345;
            TABLE.putByte(i, (byte)(x >>> 16));
        }
        TABLE.putBytes(PERIOD, TABLE, 0, PERIOD);
        TABLE.putBytes(2 * PERIOD, TABLE, 0, Long.BYTES);
    }

    private BytePattern()
    {
    }

    /**
     * The stream that flows one way between two ports.
     *
     * @param srcLo   sender's address, lower half.
     * @param srcPort sender's port.
     * @param dstLo   receiver's address, lower half.
     * @param dstPort receiver's port.
     * @return the stream's salt.
     */
    public static int salt(final long srcLo, final int srcPort, final long dstLo, final int dstPort)
    {
        long x = (srcLo * 31 + srcPort) * 0x9E37_79B9_7F4A_7C15L + dstLo * 31 + dstPort;
        x = (x ^ x >>> 29) * 0xBF58_476D_1CE4_E5B9L;
        return (int)((x >>> 33) % PERIOD);
    }

    /**
     * The table, to write from.
     *
     * @return not to be changed.
     */
    public static DirectBuffer table()
    {
        return TABLE;
    }

    /**
     * Where in the table a stream's byte stands; {@link #PERIOD} bytes follow.
     *
     * @param salt   of the stream.
     * @param offset in the stream, 0 or more.
     * @return index in the table.
     */
    public static int at(final int salt, final long offset)
    {
        return (int)((salt + offset) % PERIOD);
    }

    /**
     * Find the first byte that is not the stream's.
     *
     * @param buffer that holds the bytes.
     * @param index  of the first.
     * @param length how many.
     * @param salt   of the stream.
     * @param offset of the first in the stream, 0 or more.
     * @return number of the wrong byte, or -1.
     */
    public static int mismatch(
        final DirectBuffer buffer, final int index, final int length, final int salt, final long offset)
    {
        int done = 0;
        while (done < length)
        {
            final int from = at(salt, offset + done);
            final int run = Math.min(length - done, PERIOD);
            final int wrong = mismatch(buffer, index + done, run, from);
            if (wrong >= 0)
            {
                return done + wrong;
            }
            done += run;
        }
        return -1;
    }

    private static int mismatch(final DirectBuffer buffer, final int index, final int length, final int from)
    {
        int i = 0;
        while (i + Long.BYTES <= length && buffer.getLong(index + i, ByteOrder.LITTLE_ENDIAN) ==
            TABLE.getLong(from + i, ByteOrder.LITTLE_ENDIAN))
        {
            i += Long.BYTES;
        }
        while (i < length && buffer.getByte(index + i) == TABLE.getByte(from + i))
        {
            i++;
        }
        return i == length ? -1 : i;
    }
}
