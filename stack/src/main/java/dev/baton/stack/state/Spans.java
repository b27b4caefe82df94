package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.tcp.Tcb;

/**
 * Times of a shard's clock as spans from the cut, and back. An image holds no absolute time, because the clock of the
 * shard that imports it has another origin.
 * <p>
 * Clocks and spans are limited so that no sum of them leaves 64 bits.
 */
final class Spans
{
    /** In an image: not set. */
    static final long UNSET = ConnectionDecoder.retransmitInNsNullValue();
    /** Every clock is nearer to 0 than this, in nanoseconds: 73 years. */
    static final long CLOCK_LIMIT_NS = 1L << 61;
    /** Every span is nearer to 0 than this, in nanoseconds. */
    static final long SPAN_LIMIT_NS = 1L << 62;

    private static final long NS_PER_MS = 1_000_000L;

    private Spans()
    {
    }

    static long checkClock(final String name, final long nowNs)
    {
        if (nowNs <= -CLOCK_LIMIT_NS || nowNs >= CLOCK_LIMIT_NS)
        {
            throw new IllegalArgumentException(name + " is " + nowNs + "; a clock stays between -2^61 and 2^61 ns");
        }
        return nowNs;
    }

    /** What is left until a deadline. */
    static long left(final long deadlineNs, final long nowNs)
    {
        return deadlineNs == Tcb.NONE ? UNSET : deadlineNs - nowNs;
    }

    /** What has passed since a time that may not be set. */
    static long age(final long sinceNs, final long nowNs)
    {
        return sinceNs == Tcb.NONE ? UNSET : nowNs - sinceNs;
    }

    /** The time that an age leads to. */
    static long since(final long ageNs, final long nowNs)
    {
        return ageNs == UNSET ? Tcb.NONE : nowNs - ageNs;
    }

    /** The deadline that a span leads to. */
    static long deadline(final long leftNs, final long nowNs)
    {
        return leftNs == UNSET ? Tcb.NONE : nowNs + leftNs;
    }

    /** Milliseconds between the cut and the import on the peer's clock and on the TSval clock, which do not stand. */
    static int toMillis(final long elapsedNs)
    {
        return (int)(elapsedNs / NS_PER_MS);
    }
}
