package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RateSample;
import dev.baton.stack.tcp.Tcb;

import static dev.baton.stack.tcp.congestion.BbrWords.DRAIN;
import static dev.baton.stack.tcp.congestion.BbrWords.DRAIN_START_ROUND;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_COUNT;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_NOW;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_REACHED;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_LATEST;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_LONG_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.LOSS_ROUND_START;
import static dev.baton.stack.tcp.congestion.BbrWords.LOST_RUNS_IN_ROUND;
import static dev.baton.stack.tcp.congestion.BbrWords.RECOVERY_ROUND;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUND_COUNT;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUND_START;
import static dev.baton.stack.tcp.congestion.BbrWords.STARTUP;
import static dev.baton.stack.tcp.congestion.BbrWords.STATE;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_STATE;

/**
 * Startup and Drain (draft-ietf-ccwg-bbr, sections "Startup" and "Drain"): the rate doubles every round trip until it
 * no longer grows by a quarter in three of them, or until losses say that the queue is full; then the queue that this
 * has built is let out.
 */
final class BbrStartup
{
    private static final int FULL_BW_ROUNDS = 3;
    private static final int FULL_LOSS_RUNS = 6;
    private static final int DRAIN_ROUNDS = 3;
    private static final int UNITY = 100;

    private BbrStartup()
    {
    }

    static void enter(final long[] w)
    {
        w[STATE] = STARTUP;
    }

    /** ResetFullBW(). */
    static void resetFullBw(final long[] w)
    {
        w[FULL_BW] = 0;
        w[FULL_BW_COUNT] = 0;
        BbrWords.set(w, FULL_BW_NOW, false);
    }

    /** CheckFullBWReached(). */
    static void checkFullBw(final long[] w, final RateSample rs)
    {
        if (BbrWords.has(w, FULL_BW_NOW) || !BbrWords.has(w, ROUND_START) || rs.appLimited)
        {
            return;
        }
        if (rs.deliveryRate >= w[FULL_BW] + w[FULL_BW] / 4)
        {
            resetFullBw(w);
            w[FULL_BW] = rs.deliveryRate;
            return;
        }
        w[FULL_BW_COUNT]++;
        if (w[FULL_BW_COUNT] >= FULL_BW_ROUNDS)
        {
            BbrWords.set(w, FULL_BW_NOW | FULL_BW_REACHED, true);
        }
    }

    /** CheckStartupDone(). */
    static void checkDone(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        checkHighLoss(tcb, rs);
        if (w[STATE] == STARTUP && BbrWords.has(w, FULL_BW_REACHED))
        {
            w[STATE] = DRAIN;
            w[DRAIN_START_ROUND] = w[ROUND_COUNT];
        }
    }

    /** CheckStartupHighLoss(). */
    private static void checkHighLoss(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        if (w[STATE] == STARTUP && !BbrWords.has(w, FULL_BW_REACHED) && tcb.recovery == Tcb.RECOVERY_FAST)
        {
            final boolean manyRuns = w[LOST_RUNS_IN_ROUND] >= FULL_LOSS_RUNS && w[ROUND_COUNT] > w[RECOVERY_ROUND];
            final boolean tooHigh = BbrLoss.isTooHigh(tcb, rs.lostBytes, rs.txInFlightBytes);
            if (tooHigh && (manyRuns || !tcb.sackOk))
            {
                leave(tcb);
            }
        }
        if (BbrWords.has(w, LOSS_ROUND_START))
        {
            w[LOST_RUNS_IN_ROUND] = 0;
        }
    }

    /** The queue is full: what was delivered over the last round trip is a safe volume. */
    static void leave(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        w[UNDO_STATE] = STARTUP;
        BbrWords.set(w, FULL_BW_REACHED, true);
        w[INFLIGHT_LONG_TERM] =
            Math.max(BbrModel.bdpBytes(w, BbrModel.maxBw(w), UNITY), w[INFLIGHT_LATEST]);
    }

    /** CheckDrainDone(). */
    static void checkDrained(final Tcb tcb, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        if (w[STATE] == DRAIN && (tcb.pipeBytes() <= BbrControl.inflight(tcb, BbrModel.bw(w), UNITY) ||
            w[ROUND_COUNT] > w[DRAIN_START_ROUND] + DRAIN_ROUNDS))
        {
            BbrProbeBw.startDown(tcb, nowNs);
        }
    }
}
