package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;

import static dev.baton.stack.tcp.congestion.BbrWords.BW_PROBE_SAMPLE;
import static dev.baton.stack.tcp.congestion.BbrWords.BW_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_REACHED;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_LONG_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.LOSS_IN_ROUND;
import static dev.baton.stack.tcp.congestion.BbrWords.LOSS_ROUND_DELIVERED;
import static dev.baton.stack.tcp.congestion.BbrWords.LOST_RUNS_IN_ROUND;
import static dev.baton.stack.tcp.congestion.BbrWords.PREV_PROBE_TOO_HIGH;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_UP;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.STARTUP;
import static dev.baton.stack.tcp.congestion.BbrWords.STATE;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_BW_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_INFLIGHT_LONG_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_INFLIGHT_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_NONE;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_STATE;

/**
 * What a loss does to the model, and what is taken back when it was none (draft-ietf-ccwg-bbr, sections "Updating the
 * Model Upon Packet Loss" and "Updating the Model Upon Detecting a Spurious Loss Recovery"). A loss while bandwidth is
 * probed says how much is too much, when more than 2 % of what was in flight is lost; any other loss is answered at the
 * end of its round trip ({@link BbrModel#updateCongestionSignals}).
 */
final class BbrLoss
{
    /** BBR.LossThresh is 1/50. */
    private static final int LOSS_THRESH_INVERSE = 50;

    private BbrLoss()
    {
    }

    /** IsInflightTooHigh(). */
    static boolean isTooHigh(final Tcb tcb, final long lostBytes, final int txInFlightBytes)
    {
        return lostBytes * LOSS_THRESH_INVERSE > txInFlightBytes || lostBytes > 0 && !tcb.sackOk;
    }

    /** NoteLoss(). */
    static void note(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        if (!BbrWords.has(w, LOSS_IN_ROUND))
        {
            w[LOSS_ROUND_DELIVERED] = tcb.rate.deliveredBytes;
            saveState(tcb);
        }
        BbrWords.set(w, LOSS_IN_ROUND, true);
    }

    /** SaveStateUponLoss(). */
    private static void saveState(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        BbrControl.saveCwnd(tcb);
        w[UNDO_STATE] = UNDO_NONE;
        w[UNDO_BW_SHORT_TERM] = w[BW_SHORT_TERM];
        w[UNDO_INFLIGHT_SHORT_TERM] = w[INFLIGHT_SHORT_TERM];
        w[UNDO_INFLIGHT_LONG_TERM] = w[INFLIGHT_LONG_TERM];
    }

    /** HandleLostPacket(). */
    static void onPacketLost(
        final Tcb tcb,
        final int bytes,
        final long lostSinceBytes,
        final int txInFlightBytes,
        final boolean appLimited)
    {
        final long[] w = tcb.ccWords;
        note(tcb);
        w[LOST_RUNS_IN_ROUND]++;
        if (BbrWords.has(w, BW_PROBE_SAMPLE) && isTooHigh(tcb, lostSinceBytes, txInFlightBytes))
        {
            onTooHigh(tcb, inflightAtLoss(bytes, lostSinceBytes, txInFlightBytes), appLimited);
        }
    }

    /** InflightAtLoss(): with how much in flight the losses crossed the threshold, perhaps within a super-segment. */
    private static long inflightAtLoss(final int bytes, final long lostSinceBytes, final int txInFlightBytes)
    {
        final long inflightBefore = txInFlightBytes - bytes;
        final long lostBefore = lostSinceBytes - bytes;
        final long prefix = (inflightBefore - LOSS_THRESH_INVERSE * lostBefore) / (LOSS_THRESH_INVERSE - 1);
        return Math.max(0, inflightBefore + Math.max(0, prefix));
    }

    /** HandleInflightTooHigh(): once for each probe. */
    static void onTooHigh(final Tcb tcb, final long inflightBytes, final boolean appLimited)
    {
        final long[] w = tcb.ccWords;
        BbrWords.set(w, PREV_PROBE_TOO_HIGH, true);
        BbrWords.set(w, BW_PROBE_SAMPLE, false);
        if (!appLimited)
        {
            w[INFLIGHT_LONG_TERM] = Math.max(inflightBytes,
                BbrModel.targetInflight(tcb) * BbrModel.BETA_NUMERATOR / BbrModel.BETA_DENOMINATOR);
        }
        if (w[STATE] == PROBE_BW_UP)
        {
            w[UNDO_STATE] = PROBE_BW_UP;
            BbrProbeBw.startDown(tcb, tcb.rate.deliveredAtNs);
        }
    }

    /** Marks without loss: congestion in this round, a queue that is too long for a probe, the end of Startup. */
    static void onEcn(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        note(tcb);
        if (w[STATE] == STARTUP)
        {
            BbrStartup.leave(tcb);
        }
        else if (BbrWords.has(w, BW_PROBE_SAMPLE))
        {
            onTooHigh(tcb, BbrModel.targetInflight(tcb), false);
        }
    }

    /** HandleSpuriousLossDetection(). */
    static void undo(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        BbrControl.restoreCwnd(tcb);
        BbrWords.set(w, LOSS_IN_ROUND, false);
        BbrStartup.resetFullBw(w);
        w[BW_SHORT_TERM] = Math.max(w[BW_SHORT_TERM], w[UNDO_BW_SHORT_TERM]);
        w[INFLIGHT_SHORT_TERM] = Math.max(w[INFLIGHT_SHORT_TERM], w[UNDO_INFLIGHT_SHORT_TERM]);
        w[INFLIGHT_LONG_TERM] = Math.max(w[INFLIGHT_LONG_TERM], w[UNDO_INFLIGHT_LONG_TERM]);
        if (w[UNDO_STATE] == STARTUP && w[STATE] != STARTUP)
        {
            BbrWords.set(w, FULL_BW_REACHED, false);
            if (w[STATE] != PROBE_RTT)
            {
                BbrStartup.enter(w);
            }
        }
        else if (w[UNDO_STATE] == PROBE_BW_UP && w[STATE] != PROBE_BW_UP && w[STATE] != PROBE_RTT)
        {
            BbrProbeBw.startRefill(tcb);
        }
        w[UNDO_STATE] = UNDO_NONE;
    }
}
