package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;

/**
 * The acknowledgment field of an acceptable segment (RFC 9293, section 3.10.7.4, fifth step, ESTABLISHED and later):
 * SND.UNA, SACK, RTT, the send window, the timers that depend on them.
 */
final class AckInput
{
    private final StackContext context;
    private final StackCounters counters;
    private final LossRecovery recovery;
    private final TcpTimers timers;
    private final Pmtud pmtud;
    private final AckNews news;
    private final Ecn ecn;

    AckInput(
        final StackContext context,
        final StackCounters counters,
        final LossRecovery recovery,
        final TcpTimers timers,
        final AckNews news,
        final Ecn ecn,
        final Pmtud pmtud)
    {
        this.context = context;
        this.counters = counters;
        this.recovery = recovery;
        this.timers = timers;
        this.pmtud = pmtud;
        this.news = news;
        this.ecn = ecn;
    }

    /** Take an acknowledgment in; it is between SND.UNA less the greatest window, and SND.NXT. */
    void onAck(final Tcb tcb, final Segment segment, final long nowNs)
    {
        final boolean outstanding = tcb.flightBytes() > 0;
        if (tcb.rate != null)
        {
            tcb.rate.checkAppLimited();
            tcb.rate.onAckBegins(nowNs);
        }
        final int acked = Math.max(0, segment.ack - tcb.sndUna);
        news.begin(tcb, segment.options.hasTimestamps(), segment.options.tsEcr(), nowNs);
        if (acked > 0)
        {
            advance(tcb, segment, nowNs);
        }
        final boolean dsack = Dsack.isFirstBlock(tcb, segment.options, segment.ack);
        if (dsack)
        {
            takeDsack(tcb, segment);
        }
        if (tcb.sackOk)
        {
            takeSackBlocks(tcb, segment, dsack ? 1 : 0);
        }
        final boolean shut = tcb.sndWnd == 0;
        final boolean windowMoved = updateWindow(tcb, segment, acked > 0);
        tcb.persistProbes = 0;
        if (shut && tcb.sndWnd > 0 && tcb.retransmits > 0 && tcb.flightBytes() > 0)
        {
            recovery.onWindowOpened(tcb, nowNs);
            timers.update(tcb);
        }
        final boolean again = acked == 0 && segment.ack == tcb.sndUna;
        final boolean bare = again && !windowMoved && segment.payloadLength == 0 && !segment.has(TcpHeader.FIN);
        recovery.onProbeAck(tcb, segment, bare, dsack, nowNs);
        if (outstanding)
        {
            final boolean duplicate = tcb.sackOk ? again && news.sackedBytes() > 0 : bare;
            ecn.onAck(tcb, segment, acked > 0 || duplicate, acked, news.deliveredBytes(), nowNs);
            recovery.onAck(tcb, segment, acked, duplicate, nowNs);
            SendAutoTune.onAck(tcb, context);
            CwndValidation.onAck(tcb, acked, nowNs);
            setRate(tcb, nowNs);
            timers.update(tcb);
        }
        else if (dsack)
        {
            recovery.takeBack(tcb, segment, 0, false, nowNs);
        }
    }

    /** At the end of an ACK: the sample that it gives, and the pacing rate that follows from it or from cwnd. */
    private void setRate(final Tcb tcb, final long nowNs)
    {
        if (tcb.rate != null)
        {
            tcb.congestionControl.onRate(tcb, tcb.rate.onAckEnds(tcb.minRttNs), nowNs);
        }
        if (tcb.pacing != null && !tcb.congestionControl.setsPacingRate())
        {
            WindowPacing.update(tcb, context);
        }
    }

    private void takeDsack(final Tcb tcb, final Segment segment)
    {
        final int end = segment.options.sackEnd(0);
        counters.increment(
            Seq.leq(end, segment.ack) ? StackCounter.TCP_DSACK_RECV : StackCounter.TCP_DSACK_OFO_RECV);
        recovery.onDsack(tcb, segment.options.sackStart(0), end);
    }

    private void advance(final Tcb tcb, final Segment segment, final long nowNs)
    {
        tcb.sentLog.ackTo(segment.ack, news);
        tcb.sndUna = segment.ack;
        tcb.retransmits = 0;
        tcb.icmpError = 0;
        pmtud.acknowledged(tcb);
        sampleRtt(tcb, segment, nowNs);
        if (Seq.gt(segment.ack, tcb.sendRing.firstSeq()))
        {
            tcb.sendRing.ackTo(Seq.min(segment.ack, tcb.sendRing.endSeq()));
        }
        if (Seq.lt(tcb.sndSml, tcb.sndUna))
        {
            tcb.sndSml = tcb.sndUna;
        }
        // RFC 6298, sections 5.2 and 5.3.
        final boolean all = tcb.sndUna == tcb.sndNxt;
        tcb.retransmitAtNs =
            all ? Tcb.NONE : nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
        if (tcb.userTimeoutAtNs != Tcb.NONE)
        {
            tcb.userTimeoutAtNs = all ? Tcb.NONE : nowNs + InForce.userTimeoutNs(tcb, context);
        }
        if (tcb.urgent != null)
        {
            Urgent.onAck(tcb);
        }
        timers.update(tcb);
    }

    /** Karn's rule from the log; where that gives nothing, the timestamps (RFC 7323, section 4.1). */
    private void sampleRtt(final Tcb tcb, final Segment segment, final long nowNs)
    {
        final long sentNs = news.sampleSentNs();
        if (sentNs != Tcb.NONE)
        {
            RttEstimator.sample(tcb, nowNs - sentNs, context);
        }
        else if (tcb.timestampsOk && segment.options.hasTimestamps())
        {
            final long rttNs = Timestamps.rttNs(tcb, segment.options.tsEcr(), nowNs);
            if (rttNs > 0)
            {
                RttEstimator.sample(tcb, rttNs, context);
            }
        }
    }

    private void takeSackBlocks(final Tcb tcb, final Segment segment, final int first)
    {
        for (int i = first; i < segment.options.sackCount(); i++)
        {
            final int start = segment.options.sackStart(i);
            final int end = segment.options.sackEnd(i);
            if (Seq.geq(start, end) || Seq.gt(end, tcb.sndNxt))
            {
                counters.increment(StackCounter.TCP_SACK_DISCARD);
            }
            else if (Seq.gt(end, tcb.sndUna))
            {
                tcb.sentLog.markSacked(Seq.max(start, tcb.sndUna), end, news);
            }
        }
    }

    /**
     * SND.WND, from a segment that is not older than the one that set it last. Whoever acknowledges more than anyone
     * before is newer whatever its number: else the old window would count from the new SND.UNA, and so end beyond any
     * that the peer has offered. Returns whether the window changed.
     */
    private boolean updateWindow(final Tcb tcb, final Segment segment, final boolean acksMore)
    {
        final boolean newer = acksMore || Seq.lt(tcb.sndWl1, segment.seq) ||
            tcb.sndWl1 == segment.seq && Seq.leq(tcb.sndWl2, segment.ack);
        if (!newer || Seq.lt(segment.ack, tcb.sndUna))
        {
            return false;
        }
        final int window = segment.windowUnscaled ? segment.window : segment.window << tcb.sndShift;
        final boolean moved = window != tcb.sndWnd;
        tcb.sndWnd = window;
        tcb.sndMaxWnd = Math.max(tcb.sndMaxWnd, window);
        tcb.sndWl1 = Seq.max(tcb.sndWl1, segment.seq);
        tcb.sndWl2 = segment.ack;
        return moved;
    }
}
