package dev.baton.stack.wire;

/**
 * Arithmetic on the 32-bit circle of TCP sequence numbers: the only place where they are compared.
 * <p>
 * A sequence number is held in an {@code int}; {@code a < b} means that {@code a} comes before {@code b} on the half of the
 * circle that follows {@code a} (RFC 9293, section 3.4). Timestamps (RFC 7323, section 4.1) use the same order.
 */
public final class Seq
{
    private Seq()
    {
    }

    /**
     * Does {@code a} come before {@code b}?
     *
     * @param a a sequence number.
     * @param b a sequence number.
     * @return true when {@code a < b} on the circle.
     */
    public static boolean lt(final int a, final int b)
    {
        return a - b < 0;
    }

    /**
     * Does {@code a} come before {@code b}, or are they equal?
     *
     * @param a a sequence number.
     * @param b a sequence number.
     * @return true when {@code a <= b} on the circle.
     */
    public static boolean leq(final int a, final int b)
    {
        return a - b <= 0;
    }

    /**
     * Does {@code a} come after {@code b}?
     *
     * @param a a sequence number.
     * @param b a sequence number.
     * @return true when {@code a > b} on the circle.
     */
    public static boolean gt(final int a, final int b)
    {
        return a - b > 0;
    }

    /**
     * Does {@code a} come after {@code b}, or are they equal?
     *
     * @param a a sequence number.
     * @param b a sequence number.
     * @return true when {@code a >= b} on the circle.
     */
    public static boolean geq(final int a, final int b)
    {
        return a - b >= 0;
    }

    /**
     * Does {@code seq} lie in {@code [from, from + length)}?
     *
     * @param seq    the number to look up.
     * @param from   first number of the range.
     * @param length of the range, read as unsigned.
     * @return true when it lies inside; an empty range holds nothing.
     */
    public static boolean inWindow(final int seq, final int from, final int length)
    {
        return Integer.compareUnsigned(seq - from, length) < 0;
    }

    /**
     * The later of two sequence numbers.
     *
     * @param a a sequence number.
     * @param b a sequence number.
     * @return whichever comes later on the circle.
     */
    public static int max(final int a, final int b)
    {
        return gt(a, b) ? a : b;
    }

    /**
     * The earlier of two sequence numbers.
     *
     * @param a a sequence number.
     * @param b a sequence number.
     * @return whichever comes earlier on the circle.
     */
    public static int min(final int a, final int b)
    {
        return lt(a, b) ? a : b;
    }

    /**
     * The distance from {@code from} forward to {@code to}.
     *
     * @param from where to start.
     * @param to   where to end.
     * @return the signed number of steps; negative when {@code to} comes first.
     */
    public static int diff(final int to, final int from)
    {
        return to - from;
    }
}
