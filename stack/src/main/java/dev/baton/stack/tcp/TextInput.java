package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;

/**
 * Text and FIN (RFC 9293, section 3.10.7.4, seventh and eighth step), and the ACK that they draw (section 3.8.6.3; RFC
 * 5681, section 4.2): at once for what is out of order, closes a hole, or ends the stream, and for every second full
 * segment; else delayed.
 */
final class TextInput
{
    private final StackContext context;
    private final StackCounters counters;
    private final ConnectionLife life;
    private final SegmentSender sender;
    private final ReceiveAutoTune autoTune;
    private final Dsack dsack;

    TextInput(
        final StackContext context,
        final StackCounters counters,
        final ConnectionLife life,
        final SegmentSender sender,
        final Dsack dsack)
    {
        this.context = context;
        this.counters = counters;
        this.life = life;
        this.sender = sender;
        autoTune = new ReceiveAutoTune(context, counters);
        this.dsack = dsack;
    }

    void onText(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (!TcpState.receives(tcb.state))
        {
            return;
        }
        if (segment.has(TcpHeader.FIN) && !tcb.finKnown)
        {
            tcb.finKnown = true;
            tcb.finSeq = segment.seq + segment.payloadLength;
        }
        if (segment.payloadLength > 0)
        {
            if (tcb.userClosed)
            {
                // Nobody will read it, and the peer must learn that (RFC 9293, section 3.6.1).
                counters.increment(StackCounter.TCP_ABORT_ON_DATA);
                life.refuse(tcb, segment, nowNs);
                return;
            }
            store(tcb, segment, nowNs);
        }
        if (tcb.finKnown && !tcb.finReceived && tcb.rcvNxt == tcb.finSeq)
        {
            fin(tcb, segment, nowNs);
        }
        else if (segment.has(TcpHeader.FIN) && segment.payloadLength == 0)
        {
            sender.duplicateAck(tcb, nowNs);
        }
    }

    private void store(final Tcb tcb, final Segment segment, final long nowNs)
    {
        int length = segment.payloadLength;
        if (tcb.finKnown && Seq.gt(segment.seq + length, tcb.finSeq))
        {
            length = Math.max(0, tcb.finSeq - segment.seq);
        }
        AckPolicy.onDataReceived(tcb, context, nowNs);
        final boolean hole = tcb.receiveRing.runCount() > 0;
        final int twice = tcb.receiveRing.runOverlapping(segment.seq, segment.seq + length);
        final int twiceFrom = twice < 0 ? 0 : Seq.max(segment.seq, tcb.receiveRing.runStart(twice));
        final int twiceTo = twice < 0 ? 0 : Seq.min(segment.seq + length, tcb.receiveRing.runEnd(twice));
        final int stored = tcb.receiveRing.insert(segment.seq, segment.buffer, segment.payloadOffset, length);
        final int advanced = tcb.receiveRing.nextSeq() - tcb.rcvNxt;
        if (advanced > 0)
        {
            tcb.rcvNxt += advanced;
            tcb.bytesIn += advanced;
            autoTune.onData(tcb, segment, nowNs);
            owe(tcb, segment, hole, nowNs);
            reportDuplicate(tcb, segment, twiceFrom, twiceTo, nowNs);
            life.raise(tcb, ConnectionLife.READABLE);
            return;
        }
        if (stored < 0)
        {
            counters.increment(StackCounter.TCP_RCV_Q_DROP);
            sender.duplicateAck(tcb, nowNs);
            return;
        }
        tcb.rcvHole |= stored > 0;
        tcb.outOfOrderSegments += stored > 0 ? segment.wireSegments : 0;
        counters.increment(stored > 0 ? StackCounter.TCP_OFO_QUEUE : StackCounter.TCP_DUPLICATE_IN);
        dsack.acknowledgeOutOfOrder(tcb, twiceFrom, twiceTo, nowNs);
    }

    /**
     * What came in order brought something that was here: the part before RCV.NXT goes first (RFC 2883, section 4.3).
     */
    private void reportDuplicate(
        final Tcb tcb, final Segment segment, final int from, final int to, final long nowNs)
    {
        if (segment.knownBytes > 0)
        {
            dsack.acknowledgeOld(tcb, segment.seq - segment.knownBytes, segment.seq, nowNs);
        }
        else if (from != to)
        {
            dsack.acknowledgeOld(tcb, from, to, nowNs);
        }
    }

    private void owe(final Tcb tcb, final Segment segment, final boolean hole, final long nowNs)
    {
        tcb.rcvMss = Math.max(tcb.rcvMss, Math.min(segment.unitLength, tcb.localMss));
        if (hole || AckPolicy.isQuick(tcb) || tcb.rcvNxt - tcb.lastAckSent >= 2 * tcb.rcvMss)
        {
            tcb.ackOwed = Tcb.ACK_NOW;
        }
        else if (tcb.ackOwed == Tcb.ACK_NONE)
        {
            tcb.ackOwed = Tcb.ACK_DELAYED;
            tcb.delayedAckAtNs = nowNs + AckPolicy.delayNs(tcb, context);
        }
    }

    private void fin(final Tcb tcb, final Segment segment, final long nowNs)
    {
        tcb.rcvNxt++;
        tcb.finReceived = true;
        tcb.ackOwed = Tcb.ACK_NOW;
        life.raise(tcb, ConnectionLife.READABLE);
        switch (tcb.state)
        {
            case TcpState.ESTABLISHED:
                tcb.state = TcpState.CLOSE_WAIT;
                break;
            case TcpState.FIN_WAIT_1:
                tcb.state = TcpState.CLOSING;
                break;
            default:
                sender.ack(tcb, nowNs);
                life.enterTimeWait(tcb, segment.hash, nowNs);
                break;
        }
    }
}
