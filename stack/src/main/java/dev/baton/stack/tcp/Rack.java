package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;

/**
 * RACK, loss detection by time (RFC 8985, section 6): what was sent before something that has been delivered is lost
 * when it does not come within the reordering window. It holds for retransmissions too, so that one that is lost is
 * found without a time-out.
 * <pre>
 *     sent:      1   2   3   4   5
 *     delivered:         3                    now
 *                |&lt;-- RTT of 3 --&gt;|&lt;- reo_wnd -&gt;|   1 is lost, 2 will be soon
 * </pre>
 * The window is nothing until reordering has been seen, then a quarter of the least RTT; it grows with every round trip
 * in which the peer reports duplicates, up to the smoothed RTT, and falls back after 16 recoveries.
 * <p>
 * An ACK costs one look at the runs that are in flight again, and at those that it decides; runs that are known to be
 * lost or SACKed are passed over. The reordering timer and the loss probe timer share one deadline of the connection
 * (section 8).
 */
final class Rack
{
    private static final int DUP_THRESH = 3;
    private static final int PERSIST_RECOVERIES = 16;

    private final StackCounters counters;

    Rack(final StackCounters counters)
    {
        this.counters = counters;
    }

    /** All has been acknowledged: what is sent next was sent after all of it, so there is nothing to be remembered. */
    static void forget(final Tcb tcb)
    {
        tcb.rackSentNs = Long.MIN_VALUE;
        tcb.rackRttNs = 0;
        tcb.rackEndSeq = 0;
    }

    /** Steps 2 and 3: the segment sent last of those that were delivered, and reordering. */
    void update(final Tcb tcb, final AckNews news, final long nowNs)
    {
        if (news.newestSentNs() != Long.MIN_VALUE)
        {
            tcb.rackRttNs = Math.max(0, nowNs - news.newestSentNs());
            if (AckNews.isSentAfter(news.newestSentNs(), news.newestEnd(), tcb.rackSentNs, tcb.rackEndSeq))
            {
                tcb.rackSentNs = news.newestSentNs();
                tcb.rackEndSeq = news.newestEnd();
            }
        }
        if (news.isReordered())
        {
            counters.increment(StackCounter.TCP_SACK_REORDER);
            tcb.recoveryState().reorderingSeen = true;
        }
    }

    /** Step 4: a round trip with a DSACK widens the window. */
    static void onDsack(final Tcb tcb)
    {
        final RecoveryState state = tcb.recoveryState();
        if (state.dsackRoundOpen && Seq.lt(tcb.sndUna, state.dsackRound))
        {
            return;
        }
        state.dsackRoundOpen = true;
        state.dsackRound = tcb.sndNxt;
        state.reoWndMult = Math.min(state.reoWndMult + 1, RecoveryState.MAX_REO_WND_MULT);
        state.reoWndPersist = PERSIST_RECOVERIES;
    }

    /** Step 4: a recovery ends, and one in so many lets the window fall back. */
    static void onRecoveryEnd(final Tcb tcb)
    {
        final RecoveryState state = tcb.recoveryState();
        if (state.reoWndPersist > 0)
        {
            state.reoWndPersist--;
        }
        if (state.reoWndPersist == 0)
        {
            state.reoWndMult = 1;
        }
    }

    /** RACK_update_reo_wnd, in nanoseconds. */
    static long reorderingWindowNs(final Tcb tcb)
    {
        final RecoveryState state = tcb.recoveryStateOrNull();
        final boolean seen = state != null && state.reorderingSeen;
        if (!seen && (tcb.recovery != Tcb.RECOVERY_OPEN || isDupThreshReached(tcb)) || tcb.minRttNs == Tcb.NONE)
        {
            return 0;
        }
        final int mult = state == null ? 1 : state.reoWndMult;
        return Math.min(mult * (tcb.minRttNs / 4), tcb.srttNs);
    }

    private static boolean isDupThreshReached(final Tcb tcb)
    {
        return tcb.dupAcks >= DUP_THRESH || tcb.sentLog.sackedBytes() > (DUP_THRESH - 1) * tcb.effectiveMss;
    }

    /** Step 5, RACK_detect_loss_and_arm_timer. */
    void detectLoss(final Tcb tcb, final AckNews news, final long nowNs)
    {
        final long settleNs = tcb.rackRttNs + reorderingWindowNs(tcb);
        final long waitsNs =
            tcb.sentLog.markLostSentBefore(tcb.rackSentNs, tcb.rackEndSeq, nowNs - settleNs, news);
        if (waitsNs != Long.MIN_VALUE)
        {
            tcb.rackAtNs = waitsNs + settleNs;
            tcb.lossProbeArmed = false;
        }
        else if (!tcb.lossProbeArmed)
        {
            tcb.rackAtNs = Tcb.NONE;
        }
        if (news.lostAgainBytes() > 0)
        {
            counters.add(StackCounter.TCP_LOST_RETRANSMIT, segments(news.lostAgainBytes(), tcb.effectiveMss));
        }
    }

    /** Section 6.3: on a time-out the first segment is lost, and what was sent longer than the window ago. */
    static void onTimeout(final Tcb tcb, final AckNews news, final long nowNs)
    {
        final long rttNs = tcb.rackSentNs == Long.MIN_VALUE ? tcb.srttNs : tcb.rackRttNs;
        final long settleNs = rttNs + reorderingWindowNs(tcb);
        tcb.sentLog.markLostOnTimeout(tcb.effectiveMss, nowNs - settleNs, news);
    }

    private static int segments(final int bytes, final int mss)
    {
        return (bytes + mss - 1) / mss;
    }
}
