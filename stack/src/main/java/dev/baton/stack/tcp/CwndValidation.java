package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.wire.Seq;

/**
 * Keeps cwnd honest while the user, not the network, sets the pace (RFC 7661).
 * <p>
 * pipeACK is the most that was acknowledged in one round trip of late (section 4.2: over the last second, or three
 * round trips). While it is at least half of cwnd, or cwnd itself is the limit, cwnd is <em>validated</em>; else it is a
 * promise that nobody has tested:
 * <pre>
 *                 pipeACK &lt; cwnd / 2
 *     VALIDATED --------------------------&gt; NON-VALIDATED
 *               &lt;--------------------------   a loss is answered from what was used (section 4.4.1)
 *                 pipeACK &gt;= cwnd / 2,        bursts are bounded (section 4.4.2)
 *                 or cwnd is filled           after five minutes cwnd is halved (section 4.4.3)
 * </pre>
 * Bursts are bounded by a second window below cwnd, {@link Tcb#validWindowBytes}: one initial window when sending begins
 * with nothing in flight, and from there on a slow start, as far as it is used, until it reaches cwnd. So a connection
 * that comes back from a pause keeps what it has learned, but asks the network before it uses it.
 * <p>
 * With {@code tcp_slow_start_after_idle}, the default, a pause of a time-out cuts cwnd itself to the initial window;
 * what is left to this are flows that never pause for so long, and those for whom that is off. cwnd grows only when it
 * was the limit, as on Linux, in both phases: that is stricter than section 4.3. A congestion control that sets its
 * pacing rate has a model of what the path carries, and is left alone.
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
        if (tcb.recovery != Tcb.RECOVERY_OPEN)
        {
            // What is acknowledged while losses are repaired is no round's worth: the next round is measured anew.
            tcb.pipeAckRoundStart = tcb.pipeAckRoundEnd = tcb.sndUna;
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
        if (tcb.validWindowBytes > 0 && tcb.flightBytes() + ackedBytes >= tcb.validWindowBytes / 2)
        {
            final long grown = (long)tcb.validWindowBytes + ackedBytes;
            tcb.validWindowBytes = grown >= tcb.cwndBytes ? 0 : (int)grown;
        }
    }

    /** A greater sample counts at once, a smaller one when the greater one is too old. */
    private static void sample(final Tcb tcb, final int bytes, final long nowNs)
    {
        if (bytes >= tcb.pipeAckBytes || isOutdated(tcb, nowNs))
        {
            tcb.pipeAckBytes = bytes;
            tcb.pipeAckAtNs = nowNs;
        }
    }

    private static boolean isOutdated(final Tcb tcb, final long nowNs)
    {
        return nowNs - tcb.pipeAckAtNs > Math.max(SECOND_NS, SAMPLING_ROUNDS * tcb.srttNs);
    }

    private static void track(final Tcb tcb, final long nowNs)
    {
        if (tcb.cwndLimited || tcb.pipeAckBytes == 0 || tcb.pipeAckBytes >= tcb.cwndBytes / 2 ||
            tcb.congestionControl.setsPacingRate())
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
        return tcb.nonValidatedSinceNs == Tcb.NONE;
    }

    /**
     * A loss is to be answered.
     *
     * @return FlightSize to answer to: in the non-validated phase cwnd is brought down first to the most that was
     * really used, max(pipeACK, LossFlightSize) (section 4.4.1), unless that is half of it anyway.
     */
    static int beforeLoss(final Tcb tcb)
    {
        if (isValidated(tcb) || tcb.flightBytes() >= tcb.cwndBytes / 2)
        {
            return tcb.flightBytes();
        }
        final int usedBytes = Math.max(Math.max(tcb.pipeAckBytes, tcb.flightBytes()), 2 * tcb.effectiveMss);
        tcb.cwndBytes = Math.min(tcb.cwndBytes, usedBytes);
        return usedBytes;
    }

    /** Data is about to be sent: is this the end of a pause, or of five minutes without validation? */
    static void beforeSending(final Tcb tcb, final StackContext context, final long nowNs)
    {
        if (tcb.pipeAckBytes == 0 || tcb.congestionControl.setsPacingRate())
        {
            return;
        }
        final int initialBytes = context.initialWindowSegments() * tcb.effectiveMss;
        if (!isValidated(tcb) && nowNs - tcb.nonValidatedSinceNs > NON_VALIDATED_PERIOD_NS)
        {
            // Section 4.4.3.
            tcb.ssthreshBytes = Math.max(tcb.ssthreshBytes, (int)(3L * tcb.cwndBytes / 4));
            tcb.cwndBytes = Math.max(tcb.cwndBytes / 2, initialBytes);
            tcb.nonValidatedSinceNs = nowNs;
        }
        final boolean bounded = tcb.validWindowBytes > 0;
        if (tcb.flightBytes() == 0 && (isOutdated(tcb, nowNs) || !isValidated(tcb) && !bounded))
        {
            tcb.validWindowBytes = tcb.cwndBytes > initialBytes ? initialBytes : 0;
        }
    }

    /**
     * How much more may be sent, whatever cwnd says.
     *
     * @return in bytes; not above 0 when nothing may.
     */
    static int roomBytes(final Tcb tcb)
    {
        return tcb.validWindowBytes == 0 ? Integer.MAX_VALUE : tcb.validWindowBytes - tcb.flightBytes();
    }
}
