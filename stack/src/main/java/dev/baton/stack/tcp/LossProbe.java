package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;

/**
 * TLP, the tail loss probe (RFC 8985, section 7): when nothing answers the last of what was sent, one segment goes out
 * long before the retransmission time-out. Its ACK tells RACK what was lost. The probe is new data when there is some
 * and the peer's window takes it, else the last segment again; when such a probe has repaired the only loss, the
 * congestion control is told all the same.
 */
final class LossProbe
{
    private static final long NO_SRTT_NS = 1_000_000_000L;

    private final StackContext context;
    private final StackCounters counters;
    private final TcpTimers timers;

    LossProbe(final StackContext context, final StackCounters counters, final TcpTimers timers)
    {
        this.context = context;
        this.counters = counters;
        this.timers = timers;
    }

    /** Section 7.2: new data was sent, or acknowledged. */
    void schedule(final Tcb tcb, final long nowNs)
    {
        if (isWanted(tcb))
        {
            tcb.rackAtNs = Math.min(nowNs + timeoutNs(tcb), tcb.retransmitAtNs);
            tcb.lossProbeArmed = true;
            timers.update(tcb);
        }
        else if (tcb.lossProbeArmed)
        {
            cancel(tcb);
        }
    }

    private boolean isWanted(final Tcb tcb)
    {
        return context.lossProbe() && context.rack() && tcb.sackOk && tcb.state >= TcpState.ESTABLISHED &&
            tcb.recovery == Tcb.RECOVERY_OPEN && tcb.flightBytes() > 0 && tcb.sentLog.sackedBytes() == 0 &&
            (tcb.rackAtNs == Tcb.NONE || tcb.lossProbeArmed) && mayProbe(tcb);
    }

    /** Section 7.3: one probe at a time, and an RTT sample between two. */
    private static boolean mayProbe(final Tcb tcb)
    {
        return !tcb.lossProbeOut && !tcb.probedSinceSample;
    }

    /** TLP_calc_PTO. One segment alone may meet a delayed ACK: its share is the least time-out, as on Linux. */
    private long timeoutNs(final Tcb tcb)
    {
        if (tcb.srttNs == 0)
        {
            return NO_SRTT_NS;
        }
        final boolean one = tcb.flightBytes() <= tcb.effectiveMss;
        return 2 * tcb.srttNs + (one ? context.minRtoNs() : 0);
    }

    static void cancel(final Tcb tcb)
    {
        tcb.rackAtNs = Tcb.NONE;
        tcb.lossProbeArmed = false;
    }

    /** Section 7.3: the timer ran out. The retransmission timer starts anew, whether a probe goes out or not. */
    void onTimer(final Tcb tcb, final long nowNs)
    {
        cancel(tcb);
        if (tcb.flightBytes() > 0)
        {
            tcb.lossProbeOwed = tcb.recovery == Tcb.RECOVERY_OPEN && mayProbe(tcb);
            tcb.retransmitAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
        }
    }

    /** A probe goes out now, and will end at a number. */
    void onSending(final Tcb tcb, final int end, final boolean again)
    {
        counters.increment(StackCounter.TCP_LOSS_PROBES);
        tcb.lossProbeOwed = false;
        tcb.lossProbeOut = true;
        tcb.lossProbeResent = again;
        tcb.lossProbeEndSeq = end;
        tcb.probedSinceSample = true;
    }

    /** TLP_init: a recovery begins. */
    static void forget(final Tcb tcb)
    {
        tcb.lossProbeOut = tcb.lossProbeResent = tcb.lossProbeOwed = false;
        tcb.lossProbeEndSeq = 0;
    }

    /**
     * TLP_process_ack (section 7.4.2).
     *
     * @param duplicate a duplicate ACK without a SACK option?
     * @param dsackEnd  end of the block when the ACK has a DSACK; only with {@code dsack}.
     */
    void onAck(
        final Tcb tcb,
        final int ack,
        final boolean duplicate,
        final boolean dsack,
        final int dsackEnd,
        final long nowNs)
    {
        if (!tcb.lossProbeOut || Seq.lt(ack, tcb.lossProbeEndSeq))
        {
            return;
        }
        if (!tcb.lossProbeResent || dsack && dsackEnd == tcb.lossProbeEndSeq)
        {
            forget(tcb);
        }
        else if (Seq.gt(ack, tcb.lossProbeEndSeq))
        {
            forget(tcb);
            counters.increment(StackCounter.TCP_LOSS_PROBE_RECOVERY);
            if (tcb.recovery == Tcb.RECOVERY_OPEN)
            {
                tcb.congestionControl.onLoss(tcb, tcb.cwndBytes, nowNs);
                tcb.congestionControl.onRecovered(tcb, nowNs);
            }
        }
        else if (duplicate)
        {
            forget(tcb);
        }
    }
}
