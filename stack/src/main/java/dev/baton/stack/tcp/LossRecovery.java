package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;

/**
 * What ACKs and time-outs say about loss, and what follows for cwnd (RFC 5681, section 3.2; RFC 6298, section 5).
 * <pre>
 *            something is lost
 *     OPEN ------------------------------------> FAST
 *      ^ \                                        |  \
 *      |  \ time-out       recoveryPoint acked,   |   \ time-out
 *      |   v               or nothing was lost    |    v
 *      +-- LOSS &lt;---------------------------------+-- LOSS
 * </pre>
 * What is lost is found by {@link Rack}; where that is off, by RFC 6675 with SACK; without SACK by RFC 6582. How much
 * is sent in FAST is the {@link ProportionalRate}'s to say; {@link ForwardRto} and {@link SpuriousRecovery} end what
 * was begun needlessly. Everything is a mark in the {@link SentLog}; {@link TcpOutput} sends what is marked as Pipe and
 * cwnd allow. Without SACK each duplicate ACK counts as one segment that has left the network.
 */
final class LossRecovery
{
    private static final int DUP_THRESH = 3;

    private final StackContext context;
    private final StackCounters counters;
    private final AckNews news;
    private final LossProbe probe;
    private final Rack rack;
    private final SpuriousRecovery spurious;
    private Pmtud pmtud;
    private Plpmtud plpmtud;

    LossRecovery(
        final StackContext context, final StackCounters counters, final AckNews news, final LossProbe probe)
    {
        this.context = context;
        this.counters = counters;
        this.news = news;
        this.probe = probe;
        rack = new Rack(counters);
        spurious = new SpuriousRecovery(counters);
    }

    /** RFC 8985 needs SACK; without it, and where it is switched off, losses are found by counting. */
    private boolean isRack(final Tcb tcb)
    {
        return context.rack() && tcb.sackOk;
    }

    /** A DSACK has come: a range that the peer has got twice. Before {@link #onAck}. */
    void onDsack(final Tcb tcb, final int start, final int end)
    {
        spurious.onDsack(tcb, start, end);
        if (isRack(tcb))
        {
            Rack.onDsack(tcb);
        }
    }

    /** Who is asked before a loss is taken for congestion. */
    void pathMtu(final Pmtud pmtud, final Plpmtud plpmtud)
    {
        this.pmtud = pmtud;
        this.plpmtud = plpmtud;
    }

    /**
     * An ACK for a loss probe may say that it was needless, or that it repaired a loss (RFC 8985, section 7.4).
     *
     * @param bare  an ACK without data, and without any news but its arrival?
     * @param dsack is its first SACK block a DSACK?
     */
    void onProbeAck(
        final Tcb tcb, final Segment segment, final boolean bare, final boolean dsack, final long nowNs)
    {
        if (tcb.lossProbeOut)
        {
            probe.onAck(tcb, segment.ack, bare && segment.options.sackCount() == 0, dsack,
                dsack ? segment.options.sackEnd(0) : 0, nowNs);
        }
    }

    /**
     * An ACK was taken in; SND.UNA, the SACK marks and the news are up to date.
     *
     * @param tcb        of the connection.
     * @param segment    that brought it.
     * @param ackedBytes newly acknowledged.
     * @param duplicate  is it a duplicate ACK (RFC 5681, section 2; with SACK: does it tell of new data, RFC 6675,
     *                   section 2)?
     * @param nowNs      now.
     */
    void onAck(
        final Tcb tcb, final Segment segment, final int ackedBytes, final boolean duplicate, final long nowNs)
    {
        final int renoSackedBefore = tcb.renoSackedBytes;
        if (isRack(tcb))
        {
            rack.update(tcb, news, nowNs);
        }
        if (duplicate)
        {
            onDuplicate(tcb);
        }
        takeBack(tcb, segment, ackedBytes, duplicate, nowNs);
        if (ackedBytes > 0)
        {
            onProgress(tcb, ackedBytes, nowNs);
        }
        final int lostBefore = tcb.sentLog.lostWaitingBytes();
        detect(tcb, nowNs);
        if (tcb.recovery == Tcb.RECOVERY_FAST)
        {
            final int delivered = tcb.sackOk ?
                news.deliveredBytes() : Math.max(0, ackedBytes + tcb.renoSackedBytes - renoSackedBefore);
            rate(tcb, delivered, ackedBytes > 0 && tcb.sentLog.lostWaitingBytes() <= lostBefore, false);
        }
        else if (tcb.recovery == Tcb.RECOVERY_OPEN && tcb.flightBytes() > 0 && isLossSeen(tcb) &&
            !isOfPath(tcb, nowNs))
        {
            enter(tcb, ackedBytes, nowNs);
        }
        if (tcb.flightBytes() == 0)
        {
            Rack.forget(tcb);
        }
        if (ackedBytes > 0 || tcb.lossProbeArmed && tcb.sentLog.sackedBytes() > 0)
        {
            probe.schedule(tcb, nowNs);
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

    /** Was the recovery needless? */
    void takeBack(
        final Tcb tcb, final Segment segment, final int ackedBytes, final boolean duplicate, final long nowNs)
    {
        final boolean whole = Seq.geq(tcb.sndUna, tcb.recoveryPoint);
        if (tcb.recovery == Tcb.RECOVERY_LOSS && ForwardRto.onAck(tcb, ackedBytes > 0, whole, duplicate, news))
        {
            spurious.undoTimeout(tcb, nowNs);
        }
        else
        {
            spurious.onAck(tcb, ackedBytes, segment.options.hasTimestamps(), segment.options.tsEcr(), nowNs);
        }
    }

    private void onProgress(final Tcb tcb, final int ackedBytes, final long nowNs)
    {
        if (tcb.recovery != Tcb.RECOVERY_OPEN && Seq.geq(tcb.sndUna, tcb.recoveryPoint))
        {
            leave(tcb, nowNs);
        }
        else if (tcb.recovery == Tcb.RECOVERY_FAST)
        {
            onPartialAck(tcb, ackedBytes);
            return;
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

    private static void leave(final Tcb tcb, final long nowNs)
    {
        if (tcb.recovery == Tcb.RECOVERY_FAST)
        {
            tcb.congestionControl.onRecovered(tcb, nowNs);
        }
        tcb.recovery = Tcb.RECOVERY_OPEN;
        tcb.recoveryState().forgetRate();
        ForwardRto.end(tcb);
        Rack.onRecoveryEnd(tcb);
        SpuriousRecovery.onRecoveryEnd(tcb);
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

    private void detect(final Tcb tcb, final long nowNs)
    {
        if (isRack(tcb))
        {
            rack.detectLoss(tcb, news, nowNs);
        }
        else if (news.sackedBytes() > 0)
        {
            tcb.sentLog.markLostBySack(tcb.effectiveMss);
        }
    }

    /**
     * With RACK, what it has marked. Else RFC 6675, section 5, steps (1) and (2); RFC 6582, section 3.2, step 1: after a
     * recovery, ACKs for what was sent before it do not begin another.
     */
    private boolean isLossSeen(final Tcb tcb)
    {
        if (isRack(tcb))
        {
            return tcb.sentLog.lostWaitingBytes() > 0;
        }
        if (tcb.sackOk)
        {
            return Seq.geq(tcb.sndUna, tcb.recoveryPoint) &&
                (tcb.sentLog.frontIsLost() || tcb.dupAcks >= DUP_THRESH && tcb.sentLog.sackedBytes() > 0);
        }
        return Seq.gt(tcb.sndUna, tcb.recoveryPoint) && tcb.dupAcks >= DUP_THRESH;
    }

    /** Is the loss no congestion, but that of a packet larger than the path carries? */
    private boolean isOfPath(final Tcb tcb, final long nowNs)
    {
        return plpmtud.isProbeLost(tcb) || pmtud.onLoss(tcb, nowNs);
    }

    private void enter(final Tcb tcb, final int ackedBytes, final long nowNs)
    {
        counters.increment(tcb.sackOk ? StackCounter.TCP_SACK_RECOVERY : StackCounter.TCP_RENO_RECOVERY);
        SpuriousRecovery.begin(tcb);
        LossProbe.forget(tcb);
        tcb.recovery = Tcb.RECOVERY_FAST;
        tcb.recoveryPoint = tcb.sndNxt;
        tcb.rescued = false;
        tcb.forceRetransmit = true;
        if (!tcb.ecnReducing)
        {
            tcb.congestionControl.onLoss(tcb, CwndValidation.beforeLoss(tcb), nowNs);
        }
        Ecn.onLoss(tcb);
        if (!isRack(tcb))
        {
            tcb.sentLog.markFrontLost(tcb.effectiveMss);
        }
        ProportionalRate.begin(tcb, ackedBytes, news);
        rate(tcb, tcb.sackOk ? news.deliveredBytes() : tcb.effectiveMss, false, true);
        tcb.retransmitAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
    }

    private static void rate(final Tcb tcb, final int deliveredBytes, final boolean safe, final boolean begins)
    {
        if (tcb.congestionControl.usesProportionalRate())
        {
            ProportionalRate.onAck(tcb, deliveredBytes, safe, begins);
        }
    }

    /** The reordering timer or the loss probe timer of RFC 8985 ran out. */
    void onRackTimer(final Tcb tcb, final long nowNs)
    {
        if (tcb.lossProbeArmed)
        {
            probe.onTimer(tcb, nowNs);
            return;
        }
        final int room = Math.max(0, tcb.cwndBytes - tcb.pipeBytes());
        tcb.rackAtNs = Tcb.NONE;
        news.begin(tcb, false, 0, nowNs);
        rack.detectLoss(tcb, news, nowNs);
        if (news.lostBytes() == 0)
        {
            return;
        }
        if (tcb.recovery == Tcb.RECOVERY_OPEN)
        {
            if (!isOfPath(tcb, nowNs))
            {
                enter(tcb, 0, nowNs);
            }
        }
        else if (tcb.recovery == Tcb.RECOVERY_FAST && tcb.congestionControl.usesProportionalRate())
        {
            // What a timer takes for lost is no delivery: it lets one segment go, as the beginning of a recovery does.
            tcb.cwndBytes = Math.max(tcb.effectiveMss, tcb.pipeBytes() + room);
            tcb.forceRetransmit = true;
        }
    }

    /** RFC 6298, sections 5.4 to 5.6; RFC 5681, section 3.1: cwnd is one segment. */
    void onTimeout(final Tcb tcb, final long nowNs)
    {
        counters.increment(StackCounter.TCP_TIMEOUTS);
        countFailure(tcb);
        final boolean reneged = tcb.sentLog.frontIsSacked();
        if (reneged)
        {
            counters.increment(StackCounter.TCP_SACK_RENEGING);
            tcb.sentLog.forgetSacked();
        }
        final boolean first = tcb.recovery == Tcb.RECOVERY_OPEN && tcb.retransmits == 0;
        SpuriousRecovery.begin(tcb);
        tcb.congestionControl.onTimeout(tcb, tcb.flightBytes(), tcb.retransmits == 0, nowNs);
        Ecn.onLoss(tcb);
        if (isRack(tcb) && !reneged)
        {
            news.begin(tcb, false, 0, nowNs);
            Rack.onTimeout(tcb, news, nowNs);
        }
        else
        {
            tcb.sentLog.markAllLost();
        }
        beginRepair(tcb);
        if (first && context.forwardRto())
        {
            ForwardRto.begin(tcb);
        }
        tcb.forceRetransmit = true;
        tcb.retransmits++;
        tcb.backoff++;
        pmtud.onLoss(tcb, nowNs);
        plpmtud.onTimeout(tcb, nowNs);
        tcb.retransmitAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
    }

    /** What had been tried before the time-out, under Linux's names. */
    private void countFailure(final Tcb tcb)
    {
        if (tcb.retransmits > 0)
        {
            return;
        }
        if (tcb.recovery == Tcb.RECOVERY_FAST)
        {
            counters.increment(
                tcb.sackOk ? StackCounter.TCP_SACK_RECOVERY_FAIL : StackCounter.TCP_RENO_RECOVERY_FAIL);
        }
        else if (tcb.recovery == Tcb.RECOVERY_LOSS)
        {
            counters.increment(StackCounter.TCP_LOSS_FAILURES);
        }
        else if (tcb.sentLog.sackedBytes() + tcb.renoSackedBytes > 0)
        {
            counters.increment(tcb.sackOk ? StackCounter.TCP_SACK_FAILURES : StackCounter.TCP_RENO_FAILURES);
        }
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

    /** Send everything again that is not SACKed, as cwnd allows: it is known that it did not arrive. */
    void repairAll(final Tcb tcb)
    {
        tcb.sentLog.markAllLost();
        beginRepair(tcb);
        if (tcb.recoveryStateOrNull() != null)
        {
            tcb.recoveryState().forgetUndo();
        }
    }

    private static void beginRepair(final Tcb tcb)
    {
        LossProbe.forget(tcb);
        LossProbe.cancel(tcb);
        ForwardRto.end(tcb);
        tcb.recovery = Tcb.RECOVERY_LOSS;
        tcb.recoveryPoint = tcb.sndNxt;
        tcb.dupAcks = 0;
        tcb.renoSackedBytes = 0;
    }
}
