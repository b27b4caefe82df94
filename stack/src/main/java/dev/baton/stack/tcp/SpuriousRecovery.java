package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;

/**
 * Finds out that a recovery was needless, because nothing was lost, and takes its reduction of the window back. Two
 * witnesses:
 * <ul>
 * <li>the timestamp that an ACK of new data echoes is older than the first retransmission, so what was sent first has
 * arrived (Eifel, RFC 3522);</li>
 * <li>DSACK has reported as many bytes as were sent again (RFC 2883, section 4; RFC 3708).</li>
 * </ul>
 * What was noted at the beginning then comes back (RFC 4015; RFC 9438, section 4.9), and nothing is lost any more. DSACK
 * comes a round trip after the last retransmission, so it may undo until what was outstanding when the recovery ended is
 * acknowledged.
 */
final class SpuriousRecovery
{
    private final StackCounters counters;

    SpuriousRecovery(final StackCounters counters)
    {
        this.counters = counters;
    }

    /** A recovery begins: note what is about to be reduced, unless it goes on from one that has been reduced already. */
    static void begin(final Tcb tcb)
    {
        final RecoveryState state = tcb.recoveryState();
        if (tcb.recovery != Tcb.RECOVERY_OPEN && state.undoable)
        {
            return;
        }
        state.undoable = true;
        state.undoFrom = tcb.sndUna;
        state.undoTo = tcb.sndNxt;
        state.resentBytes = 0;
        state.dsackedBytes = 0;
        state.priorCwndBytes = tcb.cwndBytes;
        state.priorSsthreshBytes = tcb.ssthreshBytes;
        state.priorWord0 = tcb.ccWord0;
        state.priorWord1 = tcb.ccWord1;
        state.priorWord2 = tcb.ccWord2;
        state.priorWord3 = tcb.ccWord3;
    }

    /** A recovery ends as it should. */
    static void onRecoveryEnd(final Tcb tcb)
    {
        final RecoveryState state = tcb.recoveryState();
        state.undoTo = state.undoable ? tcb.sndNxt : 0;
    }

    /** Something is sent again. */
    static void onResent(final Tcb tcb, final int bytes, final long nowNs)
    {
        final RecoveryState state = tcb.recoveryStateOrNull();
        if (state != null && state.undoable && tcb.recovery != Tcb.RECOVERY_OPEN)
        {
            if (state.resentBytes == 0)
            {
                state.resentTsVal = Timestamps.value(tcb, nowNs);
            }
            state.resentBytes += bytes;
        }
    }

    /** The peer has got a range twice. */
    void onDsack(final Tcb tcb, final int start, final int end)
    {
        final RecoveryState state = tcb.recoveryStateOrNull();
        if (state == null || !state.undoable || Seq.lt(start, state.undoFrom))
        {
            counters.increment(StackCounter.TCP_DSACK_IGNORED_NO_UNDO);
            return;
        }
        state.dsackedBytes = Math.min(state.resentBytes, state.dsackedBytes + (end - start));
    }

    /**
     * An ACK has been taken in: was the recovery needless?
     *
     * @param ackedBytes newly acknowledged.
     * @param echoes     does the ACK echo a timestamp?
     * @param tsEcr      the echo.
     * @return true when it was; the connection is as before it.
     */
    boolean onAck(
        final Tcb tcb, final int ackedBytes, final boolean echoes, final int tsEcr, final long nowNs)
    {
        final RecoveryState state = tcb.recoveryStateOrNull();
        if (state == null || !state.undoable)
        {
            return false;
        }
        if (tcb.recovery == Tcb.RECOVERY_OPEN && Seq.gt(tcb.sndUna, state.undoTo))
        {
            state.forgetUndo();
            return false;
        }
        final boolean reported = state.resentBytes > 0 && state.dsackedBytes == state.resentBytes;
        final boolean delayed = ackedBytes > 0 && tcb.recovery != Tcb.RECOVERY_OPEN &&
            (state.resentBytes == 0 || echoes && tcb.timestampsOk && Seq.lt(tsEcr, state.resentTsVal));
        if (reported || delayed && mayUndoByTime(tcb))
        {
            counters.increment(reason(tcb, reported));
            undo(tcb, reported, nowNs);
            return true;
        }
        return false;
    }

    /** What was sent again and may still be under way would be counted wrongly after a partial ACK: wait for it. */
    private static boolean mayUndoByTime(final Tcb tcb)
    {
        return tcb.recovery == Tcb.RECOVERY_LOSS || Seq.geq(tcb.sndUna, tcb.recoveryPoint) ||
            tcb.sentLog.retransmittedBytes() == 0;
    }

    private static StackCounter reason(final Tcb tcb, final boolean reported)
    {
        if (tcb.recovery == Tcb.RECOVERY_LOSS)
        {
            return StackCounter.TCP_LOSS_UNDO;
        }
        if (tcb.recovery == Tcb.RECOVERY_FAST && Seq.geq(tcb.sndUna, tcb.recoveryPoint))
        {
            return StackCounter.TCP_FULL_UNDO;
        }
        return reported ? StackCounter.TCP_DSACK_UNDO : StackCounter.TCP_PARTIAL_UNDO;
    }

    /** F-RTO says that a time-out was spurious (RFC 5682, section 2.1, step 3b). */
    void undoTimeout(final Tcb tcb, final long nowNs)
    {
        counters.increment(StackCounter.TCP_SPURIOUS_RTOS);
        counters.increment(StackCounter.TCP_LOSS_UNDO);
        undo(tcb, false, nowNs);
    }

    private void undo(final Tcb tcb, final boolean reported, final long nowNs)
    {
        final RecoveryState state = tcb.recoveryState();
        if (tcb.recovery != Tcb.RECOVERY_LOSS && !state.reorderingSeen)
        {
            // What came late enough to be resent was reordered, though RFC 8985's step 3 cannot see it.
            state.reorderingSeen = true;
            counters.increment(reported ? StackCounter.TCP_SACK_REORDER : StackCounter.TCP_TS_REORDER);
        }
        tcb.congestionControl.onUndo(tcb, state, nowNs);
        tcb.sentLog.forgetLost();
        tcb.recovery = Tcb.RECOVERY_OPEN;
        tcb.recoveryPoint = tcb.sndUna - 1;
        tcb.forceRetransmit = false;
        tcb.dupAcks = 0;
        tcb.renoSackedBytes = 0;
        state.forgetRate();
        state.forgetUndo();
        state.frto = RecoveryState.FRTO_OFF;
    }
}
