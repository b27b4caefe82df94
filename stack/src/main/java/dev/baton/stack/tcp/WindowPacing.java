package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/**
 * The pacing rate of a connection whose congestion control thinks in windows: cwnd a round trip, times a ratio that
 * leaves room to grow, {@code net.ipv4.tcp_pacing_ss_ratio} below half of ssthresh, {@code tcp_pacing_ca_ratio} from
 * there on.
 */
final class WindowPacing
{
    private static final int PERCENT = 100;
    private static final long NS_PER_MICRO = 1000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private WindowPacing()
    {
    }

    /** An ACK has been taken in: cwnd and srtt may be others. The connection is paced. */
    static void update(final Tcb tcb, final StackContext context)
    {
        if (tcb.srttNs > 0 && tcb.cwndBytes > 0)
        {
            final boolean slowStart = tcb.cwndBytes < tcb.ssthreshBytes / 2;
            final long ratio = slowStart ? context.pacingSlowStartRatio() : context.pacingAvoidanceRatio();
            final long window = Math.max(tcb.cwndBytes, tcb.pipeBytes()) * ratio / PERCENT;
            tcb.pacing.rate = Math.max(1, window * MICROS_PER_SECOND / Math.max(1, tcb.srttNs / NS_PER_MICRO));
        }
    }
}
