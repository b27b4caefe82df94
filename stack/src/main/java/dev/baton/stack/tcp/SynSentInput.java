package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounters;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;

/** SYN-SENT (RFC 9293, section 3.10.7.3), step by step. */
final class SynSentInput
{
    private final ConnectionLife life;
    private final Resets resets;
    private final SegmentSender sender;
    private final AckInput acks;
    private final TextInput text;
    private final StackContext context;
    private final StackCounters counters;
    private final FastOpenClient fastOpen;

    SynSentInput(
        final StackContext context,
        final StackCounters counters,
        final ConnectionLife life,
        final Resets resets,
        final SegmentSender sender,
        final AckInput acks,
        final TextInput text,
        final FastOpenClient fastOpen)
    {
        this.context = context;
        this.counters = counters;
        this.life = life;
        this.resets = resets;
        this.sender = sender;
        this.acks = acks;
        this.text = text;
        this.fastOpen = fastOpen;
    }

    void onSegment(final Tcb tcb, final Segment segment, final long nowNs)
    {
        // First: the acknowledgment. Nothing but our SYN can have been acknowledged.
        final boolean ack = segment.has(TcpHeader.ACK);
        if (ack && (Seq.leq(segment.ack, tcb.iss) || Seq.gt(segment.ack, tcb.sndNxt)))
        {
            resets.answer(segment, nowNs);
            return;
        }
        // Second: RST counts only with an acceptable acknowledgment.
        if (segment.has(TcpHeader.RST))
        {
            if (ack)
            {
                life.terminate(tcb, CloseReason.REFUSED, nowNs);
            }
            return;
        }
        // Fourth: SYN.
        if (!segment.has(TcpHeader.SYN))
        {
            return;
        }
        Handshake.takeSyn(tcb, segment, nowNs);
        if (ack)
        {
            EcnHandshake.onSynAck(tcb, segment, context, counters);
        }
        else
        {
            EcnHandshake.take(tcb, EcnHandshake.answer(tcb.ecnMode, segment));
        }
        segment.clear(TcpHeader.SYN);
        segment.seq++;
        if (ack)
        {
            fastOpen.onSynAck(tcb, segment, nowNs);
            acks.onAck(tcb, segment, nowNs);
            life.establish(tcb, nowNs);
            EcnHandshake.onEstablished(tcb, false, context, counters);
            fastOpen.onEstablished(tcb, nowNs);
            tcb.rcvAdv = tcb.rcvNxt + ReceiveWindow.initial(tcb.receiveRing.capacityBytes());
            tcb.ackOwed = Tcb.ACK_NOW;
            text.onText(tcb, segment, nowNs);
            if (tcb.ecnMode == Tcb.ECN_ACCURATE && tcb.closeReason < 0)
            {
                // The handshake's feedback needs an ACK without data (RFC 9768, section 3.2.2.1).
                sender.ack(tcb, nowNs);
            }
        }
        else
        {
            simultaneous(tcb, segment, nowNs);
        }
    }

    /** Both sides have sent SYNs (RFC 9293, section 3.5, figure 8). Data that came along waits in the ring. */
    private void simultaneous(final Tcb tcb, final Segment segment, final long nowNs)
    {
        tcb.state = TcpState.SYN_RECEIVED;
        if (segment.payloadLength > 0)
        {
            tcb.receiveRing.insert(tcb.rcvNxt, segment.buffer, segment.payloadOffset, segment.payloadLength);
            tcb.rcvNxt = tcb.receiveRing.nextSeq();
        }
        sender.syn(tcb, nowNs);
    }
}
