package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;

/**
 * Slow start, congestion avoidance and the windows of fast recovery (RFC 5681, sections 3.1 and 3.2), with the initial
 * window of RFC 6928.
 * <p>
 * Below ssthresh cwnd grows by what is acknowledged; above, by one segment for each window that is acknowledged
 * (section 3.1, the byte counting form; {@link Tcb#ccWord0} holds the bytes counted). The growth of one ACK is not cut
 * to one or two segments: an ACK for a super-segment stands for the many that its segments would have drawn.
 */
public final class NewReno implements CongestionControl
{
    /** The only instance. */
    public static final NewReno INSTANCE = new NewReno();
    /** Name in the registry. */
    public static final String NAME = "reno";

    private static final int MAX_CWND_BYTES = 1 << 30;
    private static final int INITIAL_WINDOW_BYTES_PER_10 = 14_600;

    private NewReno()
    {
    }

    @Override
    public String name()
    {
        return NAME;
    }

    @Override
    public void onEstablished(final Tcb tcb, final int initialWindowSegments)
    {
        tcb.cwndBytes = initialWindow(tcb, initialWindowSegments);
        tcb.ssthreshBytes = MAX_CWND_BYTES;
        tcb.ccWord0 = 0;
    }

    @Override
    public void onAck(final Tcb tcb, final int ackedBytes, final long nowNs)
    {
        if (tcb.cwndBytes < tcb.ssthreshBytes)
        {
            tcb.cwndBytes = Math.min(tcb.cwndBytes + ackedBytes, Math.max(tcb.ssthreshBytes, tcb.cwndBytes));
            return;
        }
        tcb.ccWord0 += ackedBytes;
        if (tcb.ccWord0 >= tcb.cwndBytes)
        {
            tcb.ccWord0 -= tcb.cwndBytes;
            tcb.cwndBytes = Math.min(tcb.cwndBytes + tcb.effectiveMss, MAX_CWND_BYTES);
        }
    }

    @Override
    public void onLoss(final Tcb tcb, final int flightBytes, final long nowNs)
    {
        tcb.ssthreshBytes = Math.max(flightBytes / 2, 2 * tcb.effectiveMss);
        tcb.cwndBytes = tcb.ssthreshBytes;
        tcb.ccWord0 = 0;
    }

    @Override
    public void onRecovered(final Tcb tcb, final long nowNs)
    {
        tcb.cwndBytes = tcb.ssthreshBytes;
        tcb.ccWord0 = 0;
    }

    @Override
    public void onTimeout(final Tcb tcb, final int flightBytes, final boolean first, final long nowNs)
    {
        if (first)
        {
            tcb.ssthreshBytes = Math.max(flightBytes / 2, 2 * tcb.effectiveMss);
        }
        tcb.cwndBytes = tcb.effectiveMss;
        tcb.ccWord0 = 0;
    }

    @Override
    public void onIdle(final Tcb tcb, final int initialWindowSegments)
    {
        tcb.cwndBytes = Math.min(tcb.cwndBytes, initialWindow(tcb, initialWindowSegments));
        tcb.ccWord0 = 0;
    }

    /** RFC 6928, section 2: min(10 * MSS, max(2 * MSS, 14600)) for ten segments. */
    private static int initialWindow(final Tcb tcb, final int segments)
    {
        final int mss = tcb.effectiveMss;
        final int cap = (int)((long)INITIAL_WINDOW_BYTES_PER_10 * segments / 10);
        return Math.min(segments * mss, Math.max(Math.min(2, segments) * mss, cap));
    }
}
