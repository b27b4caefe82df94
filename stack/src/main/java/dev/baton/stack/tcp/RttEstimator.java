package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/**
 * Round-trip time and retransmission time-out (RFC 6298, section 2), on the words of a Tcb.
 * <p>
 * There is a sample for every ACK that allows one, so the weights are divided by the number of samples that a window is
 * expected to give (RFC 7323, section 4.2). The least time-out stands above the smoothed RTT, as on Linux, not below
 * the sum: a path whose RTT hardly varies would else time out on the first delayed ACK.
 */
final class RttEstimator
{
    private static final long SYN_LOST_RTO_NS = 3_000_000_000L;

    private RttEstimator()
    {
    }

    /** Take a sample over. */
    static void sample(final Tcb tcb, final long rttNs, final StackContext context)
    {
        final long r = Math.max(1, rttNs);
        tcb.lastRttNs = r;
        tcb.minRttNs = Math.min(tcb.minRttNs, r);
        if (tcb.srttNs == 0)
        {
            tcb.srttNs = r;
            tcb.rttvarNs = r / 2;
        }
        else
        {
            final int samples = Math.max(1, tcb.flightBytes() / Math.max(1, 2 * tcb.effectiveMss));
            final long error = Math.abs(tcb.srttNs - r);
            tcb.rttvarNs += (error - tcb.rttvarNs) / (4L * samples);
            tcb.srttNs += (r - tcb.srttNs) / (8L * samples);
        }
        final long rto = tcb.srttNs + Math.max(context.minRtoNs(), 4 * tcb.rttvarNs);
        tcb.rtoNs = Math.min(rto, context.maxRtoNs());
        tcb.backoff = 0;
        tcb.probedSinceSample = false;
    }

    /** RFC 6298, section 5.7: after a lost SYN that gave no sample, data begins with three seconds. */
    static void afterHandshake(final Tcb tcb, final StackContext context)
    {
        if (tcb.srttNs == 0 && tcb.backoff > 0)
        {
            tcb.rtoNs = Math.min(Math.max(tcb.rtoNs, SYN_LOST_RTO_NS), context.maxRtoNs());
            tcb.backoff = 0;
        }
    }

    /** The time-out with its exponential back-off (RFC 6298, section 5.5). */
    static long backedOffRtoNs(final long rtoNs, final int backoff, final StackContext context)
    {
        final long limit = context.maxRtoNs();
        return backoff >= 32 || rtoNs > limit >> backoff ? limit : rtoNs << backoff;
    }
}
