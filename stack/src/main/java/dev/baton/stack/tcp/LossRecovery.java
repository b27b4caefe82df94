package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;

/**
 * What ACKs and time-outs say about loss, and what follows for cwnd (RFC 5681, section 3.2; RFC 6582; RFC 6675; RFC
 * 6298, section 5).
 * <pre>
 *            3 duplicate ACKs, or SACK says lost
 *     OPEN ------------------------------------> FAST
 *      ^ \                                        |  \
 *      |  \ time-out       recoveryPoint acked    |   \ time-out
 *      |   v                                      |    v
 *      +-- LOSS &lt;---------------------------------+-- LOSS
 * </pre>
 * Everything is a mark in the {@link SentLog}; {@link TcpOutput} sends what is marked as Pipe and cwnd allow. Without
 * SACK each duplicate ACK counts as one segment that has left the network, which inflates and deflates the window just
 * as RFC 6582 does.
 */
final class LossRecovery
{
    private static final int DUP_THRESH = 3;

    private final StackContext context;
    private final StackCounters counters;

    LossRecovery(final StackContext context, final StackCounters counters)
    {
        this.context = context;
        this.counters = counters;
    }

    /**
     * An ACK was taken in, and SND.UNA and the SACK marks are up to date.
     *
     * @param tcb         of the connection.
     * @param ackedBytes  newly acknowledged.
     * @param duplicate   is it a duplicate ACK (RFC 5681, section 2; with SACK: does it tell of new data, RFC 6675,
     *                    section 2)?
     * @param sackNews    did SACK blocks tell of new data?
     * @param nowNs       now.
     */
    void onAck(
        final Tcb tcb, final int ackedBytes, final boolean duplicate, final boolean sackNews, final long nowNs)
    {
        if (sackNews)
        {
            tcb.sentLog.markLostBySack(tcb.effectiveMss);
        }
        if (duplicate)
        {
            onDuplicate(tcb);
        }
        if (ackedBytes > 0)
        {
            onProgress(tcb, ackedBytes, nowNs);
        }
        if (tcb.recovery == Tcb.RECOVERY_OPEN && tcb.flightBytes() > 0 && isLossSeen(tcb))
        {
            enter(tcb, nowNs);
        }
    }

    private void onDuplicate(final Tcb tcb)
    {
        counters.increment(StackCounter.TCP_DUP_ACKS_IN);
        tcb.dupAcks++;
        if (!tcb.sackOk && tcb.recovery != Tcb.RECOVERY_LOSS)
        {
            final int most = Math.max(0, tcb.flightBytes() - tcb.effectiveMss);
            tcb.renoSackedBytes = Math.min(tcb.renoSackedBytes + tcb.effectiveMss, most);
        }
    }

    private void onProgress(final Tcb tcb, final int ackedBytes, final long nowNs)
    {
        final boolean whole = Seq.geq(tcb.sndUna, tcb.recoveryPoint);
        if (tcb.recovery == Tcb.RECOVERY_FAST)
        {
            if (whole)
            {
                tcb.recovery = Tcb.RECOVERY_OPEN;
                tcb.congestionControl.onRecovered(tcb, nowNs);
            }
            else
            {
                onPartialAck(tcb, ackedBytes);
                return;
            }
        }
        else if (tcb.recovery == Tcb.RECOVERY_LOSS && whole)
        {
            tcb.recovery = Tcb.RECOVERY_OPEN;
        }
        if (tcb.recovery == Tcb.RECOVERY_OPEN && Seq.gt(tcb.sndUna, tcb.recoveryPoint))
        {
            // It goes along, or after 2^31 bytes without a loss it would seem to lie ahead.
            tcb.recoveryPoint = tcb.sndUna - 1;
        }
        tcb.dupAcks = 0;
        tcb.renoSackedBytes = 0;
        if (tcb.cwndLimited && !tcb.ecnReducing)
        {
            tcb.congestionControl.onAck(tcb, ackedBytes, nowNs);
        }
    }

    /**
     * RFC 6582, section 3.2, step 3: the next hole is at the front now, and is filled at once; what lay between was
     * counted as duplicates before.
     */
    private void onPartialAck(final Tcb tcb, final int ackedBytes)
    {
        if (!tcb.sackOk)
        {
            tcb.renoSackedBytes = Math.max(0, tcb.renoSackedBytes - Math.max(0, ackedBytes - tcb.effectiveMss));
            tcb.sentLog.markFrontLost(tcb.effectiveMss);
            tcb.forceRetransmit = true;
        }
    }

    /**
     * RFC 6675, section 5, steps (1) and (2); RFC 6582, section 3.2, step 1: after a recovery, ACKs for what was sent
     * before it do not begin another.
     */
    private static boolean isLossSeen(final Tcb tcb)
    {
        if (tcb.sackOk)
        {
            return Seq.geq(tcb.sndUna, tcb.recoveryPoint) &&
                (tcb.sentLog.frontIsLost() || tcb.dupAcks >= DUP_THRESH && tcb.sentLog.sackedBytes() > 0);
        }
        return Seq.gt(tcb.sndUna, tcb.recoveryPoint) && tcb.dupAcks >= DUP_THRESH;
    }

    private void enter(final Tcb tcb, final long nowNs)
    {
        counters.increment(tcb.sackOk ? StackCounter.TCP_SACK_RECOVERY : StackCounter.TCP_RENO_RECOVERY);
        tcb.recovery = Tcb.RECOVERY_FAST;
        tcb.recoveryPoint = tcb.sndNxt;
        tcb.rescued = false;
        tcb.forceRetransmit = true;
        if (!tcb.ecnReducing)
        {
            tcb.congestionControl.onLoss(tcb, tcb.flightBytes(), nowNs);
        }
        Ecn.onLoss(tcb);
        tcb.sentLog.markFrontLost(tcb.effectiveMss);
        tcb.retransmitAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
    }

    /** RFC 6298, sections 5.4 to 5.6; RFC 5681, section 3.1: all is lost, and cwnd is one segment. */
    void onTimeout(final Tcb tcb, final long nowNs)
    {
        counters.increment(StackCounter.TCP_TIMEOUTS);
        if (tcb.sentLog.frontIsSacked())
        {
            counters.increment(StackCounter.TCP_SACK_RENEGING);
            tcb.sentLog.forgetSacked();
        }
        tcb.congestionControl.onTimeout(tcb, tcb.flightBytes(), tcb.retransmits == 0, nowNs);
        Ecn.onLoss(tcb);
        repairAll(tcb);
        tcb.forceRetransmit = true;
        tcb.retransmits++;
        tcb.backoff++;
        tcb.retransmitAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
    }

    /**
     * A window that was shut has opened while the timer was backing off: what was sent again meanwhile ran into it and
     * was thrown away. It is sent at once, instead of when a time-out of up to two minutes runs out.
     */
    void onWindowOpened(final Tcb tcb, final long nowNs)
    {
        repairAll(tcb);
        tcb.forceRetransmit = true;
        tcb.backoff = 0;
        tcb.retransmitAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
    }

    /** Send everything again that is not SACKed, as cwnd allows. */
    void repairAll(final Tcb tcb)
    {
        tcb.sentLog.markAllLost();
        tcb.recovery = Tcb.RECOVERY_LOSS;
        tcb.recoveryPoint = tcb.sndNxt;
        tcb.dupAcks = 0;
        tcb.renoSackedBytes = 0;
    }
}
