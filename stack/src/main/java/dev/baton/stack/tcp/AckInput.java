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
    private final Ecn ecn;

    AckInput(
        final StackContext context,
        final StackCounters counters,
        final LossRecovery recovery,
        final TcpTimers timers,
        final Ecn ecn)
    {
        this.context = context;
        this.counters = counters;
        this.recovery = recovery;
        this.timers = timers;
        this.ecn = ecn;
    }

    /** Take an acknowledgment in; it is between SND.UNA less the greatest window, and SND.NXT. */
    void onAck(final Tcb tcb, final Segment segment, final long nowNs)
    {
        final boolean outstanding = tcb.flightBytes() > 0;
        final int acked = Math.max(0, segment.ack - tcb.sndUna);
        final int sackedBefore = tcb.sentLog.sackedBytes();
        if (acked > 0)
        {
            advance(tcb, segment, nowNs);
        }
        final boolean sackNews = tcb.sackOk && segment.options.sackCount() > 0 && takeSackBlocks(tcb, segment) > 0;
        final boolean shut = tcb.sndWnd == 0;
        final boolean windowMoved = updateWindow(tcb, segment);
        tcb.persistProbes = 0;
        if (shut && tcb.sndWnd > 0 && tcb.retransmits > 0 && tcb.flightBytes() > 0)
        {
            recovery.onWindowOpened(tcb, nowNs);
            timers.update(tcb);
        }
        final boolean duplicate = acked == 0 && outstanding && segment.ack == tcb.sndUna &&
            (tcb.sackOk ? sackNews : !windowMoved && segment.payloadLength == 0 && !segment.has(TcpHeader.FIN));
        if (outstanding)
        {
            final int delivered = acked + tcb.sentLog.sackedBytes() - sackedBefore;
            ecn.onAck(tcb, segment, acked > 0 || duplicate, acked, delivered, nowNs);
            recovery.onAck(tcb, acked, duplicate, sackNews, nowNs);
        }
    }

    private void advance(final Tcb tcb, final Segment segment, final long nowNs)
    {
        tcb.sentLog.ackTo(segment.ack);
        tcb.sndUna = segment.ack;
        tcb.retransmits = 0;
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
            tcb.userTimeoutAtNs = all ? Tcb.NONE : nowNs + context.userTimeoutNs();
        }
        timers.update(tcb);
    }

    /** Karn's rule from the log; where that gives nothing, the timestamps (RFC 7323, section 4.1). */
    private void sampleRtt(final Tcb tcb, final Segment segment, final long nowNs)
    {
        final long sentNs = tcb.sentLog.sampleSentNs();
        if (sentNs != Tcb.NONE)
        {
            RttEstimator.sample(tcb, nowNs - sentNs, context);
        }
        else if (tcb.timestampsOk && segment.options.hasTimestamps())
        {
            final long rttNs = Timestamps.rttNs(tcb.tsOffset, segment.options.tsEcr(), nowNs);
            if (rttNs > 0)
            {
                RttEstimator.sample(tcb, rttNs, context);
            }
        }
    }

    private int takeSackBlocks(final Tcb tcb, final Segment segment)
    {
        int news = 0;
        for (int i = 0; i < segment.options.sackCount(); i++)
        {
            final int start = segment.options.sackStart(i);
            final int end = segment.options.sackEnd(i);
            if (Seq.geq(start, end) || Seq.gt(end, tcb.sndNxt))
            {
                counters.increment(StackCounter.TCP_SACK_DISCARD);
            }
            else if (Seq.gt(end, tcb.sndUna))
            {
                news += tcb.sentLog.markSacked(Seq.max(start, tcb.sndUna), end);
            }
        }
        return news;
    }

    /** SND.WND, from a segment that is not older than the one that set it last. Returns whether the window changed. */
    private boolean updateWindow(final Tcb tcb, final Segment segment)
    {
        final boolean newer = Seq.lt(tcb.sndWl1, segment.seq) ||
            tcb.sndWl1 == segment.seq && Seq.leq(tcb.sndWl2, segment.ack);
        if (!newer || Seq.lt(segment.ack, tcb.sndUna))
        {
            return false;
        }
        final int window = segment.windowUnscaled ? segment.window : segment.window << tcb.sndShift;
        final boolean moved = window != tcb.sndWnd;
        tcb.sndWnd = window;
        tcb.sndMaxWnd = Math.max(tcb.sndMaxWnd, window);
        tcb.sndWl1 = segment.seq;
        tcb.sndWl2 = segment.ack;
        return moved;
    }
}
