package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.wire.Seq;

/**
 * Keeps cwnd honest while the user, not the network, sets the pace (RFC 7661).
 * <p>
 * pipeACK is the most that was acknowledged in one round trip of late (section 4.2: over the last second, or three
 * round trips). While it is at least half of cwnd, cwnd is <em>validated</em>; below that it is a promise that nobody
 * has tested:
 * <pre>
 *                       pipeACK &lt; cwnd / 2
 *     VALIDATED ----------------------------------&gt; NON-VALIDATED
 *                       &lt;----------------------------------  a burst is at most one initial window (section 4.4.2)
 *                       pipeACK &gt;= cwnd / 2             a loss is answered from what was used (section 4.4.1)
 *                                                          after five minutes cwnd is halved (section 4.4.3)
 * </pre>
 * So a connection that comes back from a pause has its window, but asks the network before it uses it.
 * With {@code tcp_slow_start_after_idle}, the default, a pause of a time-out shuts the window to the initial one before
 * that; what is left to this are flows that never pause, and those for whom that is off. In both phases cwnd grows only
 * when it was the limit, as on Linux: that is stricter than section 4.3, and asks less of the clock of a flow that has
 * just begun to fill its window than section 4.4 does. A congestion control that sets its pacing rate has a model of
 * what the path carries, and is left alone.
 */
final class CwndValidation
{
    private static final long SECOND_NS = 1_000_000_000L;
    /** Section 4.4.3: the non-validated period. */
    private static final long NON_VALIDATED_PERIOD_NS = 300 * SECOND_NS;
    /** Section 4.2: pipeACK is the greatest sample of so many round trips, or of a second. */
    private static final int SAMPLING_ROUNDS = 3;

    private CwndValidation()
    {
    }

    /** An ACK has been taken in: a round may be over. */
    static void onAck(final Tcb tcb, final int ackedBytes, final long nowNs)
    {
        if (ackedBytes == 0 || tcb.sndUna == tcb.iss + 1)
        {
            // Nothing new, or the SYN, which says nothing about cwnd.
            return;
        }
        if (tcb.pipeAckRoundStart == tcb.pipeAckRoundEnd)
        {
            tcb.pipeAckRoundStart = tcb.sndUna - ackedBytes;
            tcb.pipeAckRoundEnd = tcb.sndNxt;
        }
        if (Seq.geq(tcb.sndUna, tcb.pipeAckRoundEnd))
        {
            sample(tcb, tcb.sndUna - tcb.pipeAckRoundStart, nowNs);
            tcb.pipeAckRoundStart = tcb.sndUna;
            tcb.pipeAckRoundEnd = tcb.sndNxt;
        }
        track(tcb, nowNs);
    }

    /** A greater sample counts at once, a smaller one when the greater one is too old. */
    private static void sample(final Tcb tcb, final int bytes, final long nowNs)
    {
        final long periodNs = Math.max(SECOND_NS, SAMPLING_ROUNDS * tcb.srttNs);
        if (bytes >= tcb.pipeAckBytes || nowNs - tcb.pipeAckAtNs > periodNs)
        {
            tcb.pipeAckBytes = bytes;
            tcb.pipeAckAtNs = nowNs;
        }
    }

    private static void track(final Tcb tcb, final long nowNs)
    {
        if (isValidated(tcb))
        {
            tcb.nonValidatedSinceNs = Tcb.NONE;
        }
        else if (tcb.nonValidatedSinceNs == Tcb.NONE)
        {
            tcb.nonValidatedSinceNs = nowNs;
        }
    }

    /** Section 4.3; while pipeACK is undefined, cwnd counts as validated. */
    static boolean isValidated(final Tcb tcb)
    {
        return tcb.pipeAckBytes == 0 || tcb.pipeAckBytes >= tcb.cwndBytes / 2 ||
            tcb.congestionControl.setsPacingRate();
    }

    /**
     * A loss is to be answered.
     *
     * @return FlightSize to answer to: in the non-validated phase cwnd is brought down first to the most that was
     * really used, max(pipeACK, LossFlightSize) (section 4.4.1).
     */
    static int beforeLoss(final Tcb tcb)
    {
        if (isValidated(tcb))
        {
            return tcb.flightBytes();
        }
        final int usedBytes = Math.max(Math.max(tcb.pipeAckBytes, tcb.flightBytes()), 2 * tcb.effectiveMss);
        tcb.cwndBytes = Math.min(tcb.cwndBytes, usedBytes);
        return usedBytes;
    }

    /**
     * Data is about to be sent.
     *
     * @return sequence number up to which it may go in this poll, whatever cwnd says.
     */
    static int burstEnd(final Tcb tcb, final StackContext context, final long nowNs)
    {
        if (isValidated(tcb))
        {
            return tcb.sndNxt + Integer.MAX_VALUE;
        }
        endPeriod(tcb, context, nowNs);
        final int burstBytes = context.initialWindowSegments() * tcb.effectiveMss;
        return tcb.sndNxt + Math.max(0, burstBytes - tcb.sentLog.bytesSentAt(nowNs));
    }

    /** Section 4.4.3: five minutes without validation. */
    private static void endPeriod(final Tcb tcb, final StackContext context, final long nowNs)
    {
        if (tcb.nonValidatedSinceNs != Tcb.NONE && nowNs - tcb.nonValidatedSinceNs > NON_VALIDATED_PERIOD_NS)
        {
            tcb.ssthreshBytes = Math.max(tcb.ssthreshBytes, (int)(3L * tcb.cwndBytes / 4));
            tcb.cwndBytes =
                Math.max(tcb.cwndBytes / 2, context.initialWindowSegments() * tcb.effectiveMss);
            tcb.nonValidatedSinceNs = nowNs;
        }
    }
}
