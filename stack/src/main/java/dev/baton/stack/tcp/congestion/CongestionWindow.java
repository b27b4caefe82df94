package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;

/** Limits of cwnd and ssthresh that all congestion controls share, in bytes. */
public final class CongestionWindow
{
    /**
     * No window grows beyond this; an ssthresh of this size has not been set yet (RFC 5681, section 3.1: arbitrarily
     * high).
     */
    public static final int MAX_BYTES = 1 << 30;

    private static final int INITIAL_BYTES_PER_10 = 14_600;

    private CongestionWindow()
    {
    }

    /** RFC 6928, section 2: min(10 * MSS, max(2 * MSS, 14600)) for ten segments. */
    static int initial(final Tcb tcb, final int segments)
    {
        final int mss = tcb.effectiveMss;
        final int cap = (int)((long)INITIAL_BYTES_PER_10 * segments / 10);
        return Math.min(segments * mss, Math.max(Math.min(2, segments) * mss, cap));
    }

    /** RFC 5681, section 3.1, the floor in equation (4): two segments. */
    static int least(final Tcb tcb)
    {
        return 2 * tcb.effectiveMss;
    }

    /**
     * FlightSize for a new ssthresh: without what limited transmit, or new data sent for what SACK has reported, has
     * added to a full window (RFC 5681, section 3.2, step 2). During a long stall that is many windows.
     */
    static int flight(final Tcb tcb, final int flightBytes)
    {
        return Math.min(flightBytes, tcb.cwndBytes);
    }

    /** A window as a whole number of bytes that cwnd can hold. */
    static int limit(final long bytes)
    {
        return (int)Math.min(bytes, MAX_BYTES);
    }
}
