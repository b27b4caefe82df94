package dev.baton.stack.tcp.congestion;

/**
 * W_cubic(t) = C * (t - K)^3 + W_max and its K (RFC 9438, section 4.2) in integers, so that every machine computes the
 * same bits. C is 2/5 of a segment per second cubed. Times are in microseconds, windows in bytes.
 * <p>
 * (t - K) is brought to a 2^16th of a second and held within 268 s, so that its cube fits 64 bits; further out the
 * curve is steeper than any window may grow. K is the exact cube root in 2^12ths of a second, rounded down, so the
 * curve is that of the real numbers, less than a quarter of a millisecond early.
 */
final class CubicFunction
{
    private static final long MICROS = 1_000_000;
    private static final long MAX_DISTANCE_MICROS = 1L << 28;
    private static final int K_BITS = 12;
    private static final int ROOT_BITS = 21;

    private CubicFunction()
    {
    }

    /**
     * K: how long the curve takes from the window of the epoch's start up to W_max; 0 when it starts at W_max or above.
     */
    static int kMicros(final int wMaxBytes, final int startBytes, final int mss)
    {
        final long belowBytes = (long)wMaxBytes - startBytes;
        final long cube = (5 * belowBytes << 24) / (2L * mss) << 3 * K_BITS - 24;
        return (int)(cubeRoot(cube) * MICROS >> K_BITS);
    }

    /** W_cubic at a time since the start of the epoch; below zero where the curve is. */
    static long windowBytes(final long tMicros, final int kMicros, final int wMaxBytes, final int mss)
    {
        final long distance = tMicros - kMicros;
        final long d = (Math.min(Math.abs(distance), MAX_DISTANCE_MICROS) << 16) / MICROS;
        final long cube = (d * d >> 16) * d >> 16;
        final long bytes = cube * mss * 2 / 5 >> 16;
        return distance < 0 ? wMaxBytes - bytes : wMaxBytes + bytes;
    }

    /** The greatest integer whose cube is not greater, 0 or more: one bit after the other, from the highest. */
    static long cubeRoot(final long value)
    {
        long root = 0;
        for (long bit = 1L << ROOT_BITS - 1; bit > 0; bit >>= 1)
        {
            final long next = root | bit;
            if (next * next * next <= value)
            {
                root = next;
            }
        }
        return root;
    }
}
