package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

/**
 * SYN-RECEIVED with a Tcb, ESTABLISHED and the states after it (RFC 9293, section 3.10.7.4), step by step: sequence
 * number with PAWS (RFC 7323, section 5.3), RST, SYN, ACK, text and FIN. Blind attacks draw challenge ACKs (RFC 5961,
 * sections 3 to 5).
 */
final class SynchronisedInput
{
    private static final long OUT_OF_WINDOW_ACK_INTERVAL_NS = 500_000_000L;

    private final StackContext context;
    private final StackCounters counters;
    private final ConnectionLife life;
    private final Resets resets;
    private final SegmentSender sender;
    private final ChallengeAcks challenges;
    private final AckInput acks;
    private final TextInput text;
    private final Ecn ecn;
    private final SideObjects sides;
    private final Dsack dsack;
    private final FastOpenClient fastOpen;

    SynchronisedInput(
        final StackContext context,
        final StackCounters counters,
        final ConnectionLife life,
        final Resets resets,
        final SegmentSender sender,
        final ChallengeAcks challenges,
        final AckInput acks,
        final TextInput text,
        final Ecn ecn,
        final SideObjects sides,
        final Dsack dsack,
        final FastOpenClient fastOpen)
    {
        this.sides = sides;
        this.context = context;
        this.counters = counters;
        this.life = life;
        this.resets = resets;
        this.sender = sender;
        this.challenges = challenges;
        this.acks = acks;
        this.text = text;
        this.ecn = ecn;
        this.dsack = dsack;
        this.fastOpen = fastOpen;
    }

    void onSegment(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (tcb.state == TcpState.SYN_RECEIVED)
        {
            prepareHandshake(tcb, segment);
        }
        if (timestampsHold(tcb, segment, nowNs) && sequenceHolds(tcb, segment, nowNs) &&
            !reset(tcb, segment, nowNs) && !syn(tcb, segment, nowNs))
        {
            Timestamps.remember(tcb, segment, nowNs);
            ecn.onSegment(tcb, segment, nowNs);
            trim(tcb, segment);
            if (acknowledgment(tcb, segment, nowNs))
            {
                notices(tcb, segment);
                text.onText(tcb, segment, nowNs);
            }
        }
    }

    /**
     * The SYN of a SYN/ACK that answers our own SYN/ACK lies before the window and is cut off; a repeated SYN wants our
     * answer again.
     */
    private static void prepareHandshake(final Tcb tcb, final Segment segment)
    {
        if (segment.has(TcpHeader.SYN) && segment.seq == tcb.irs && !segment.has(TcpHeader.RST))
        {
            if (segment.has(TcpHeader.ACK))
            {
                segment.clear(TcpHeader.SYN);
                segment.seq++;
            }
            else
            {
                tcb.synOwed = true;
                EcnHandshake.take(tcb, EcnHandshake.again(EcnHandshake.agreed(tcb), segment));
            }
        }
    }

    /** First step, RFC 7323, section 5.3, R1; and section 3.2: what was agreed must be there. */
    private boolean timestampsHold(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (!tcb.timestampsOk || segment.has(TcpHeader.RST))
        {
            return true;
        }
        if (!segment.options.hasTimestamps())
        {
            counters.increment(StackCounter.TCP_MISSING_TIMESTAMPS);
            return false;
        }
        if (Timestamps.isOld(segment.options.tsVal(), tcb.tsRecent, tcb.tsRecentAtNs, nowNs))
        {
            counters.increment(StackCounter.PAWS_ESTAB);
            acknowledgeOutOfWindow(tcb, segment, nowNs);
            return false;
        }
        return true;
    }

    /**
     * First step: is the segment in the window? An ACK without data may also stand at the right edge: a peer that has
     * filled the window sends its ACKs from there.
     */
    private boolean sequenceHolds(final Tcb tcb, final Segment segment, final long nowNs)
    {
        final int window = Math.max(0, tcb.rcvAdv - tcb.rcvNxt);
        final int length = segment.length();
        final int offset = segment.seq - tcb.rcvNxt;
        final boolean holds;
        if (length == 0)
        {
            holds = offset >= 0 && offset <= window;
        }
        else
        {
            holds = Seq.inWindow(segment.seq, tcb.rcvNxt, window) ||
                Seq.inWindow(segment.seq + length - 1, tcb.rcvNxt, window) || offset < 0 && offset + length > window;
        }
        // With a closed window, ACK and RST of a segment that stands right there still count (MUST-66).
        final boolean closed = window == 0 && offset == 0;
        if (!holds && !closed && !segment.has(TcpHeader.RST))
        {
            acknowledgeOutOfWindow(tcb, segment, nowNs);
        }
        if (closed && length > 0)
        {
            tcb.ackOwed = Tcb.ACK_NOW;
        }
        return holds || closed;
    }

    /** Pure ACKs out of window are answered twice a second at most, or two peers could answer each other for ever. */
    private void acknowledgeOutOfWindow(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (tcb.state == TcpState.SYN_RECEIVED && tcb.synOwed)
        {
            return;
        }
        if (segment.payloadLength == 0 && !segment.has(TcpHeader.SYN | TcpHeader.FIN) &&
            tcb.lastOutOfWindowAckNs != Long.MIN_VALUE && segment.seq != tcb.rcvNxt - 1 &&
            nowNs - tcb.lastOutOfWindowAckNs < OUT_OF_WINDOW_ACK_INTERVAL_NS)
        {
            counters.increment(StackCounter.TCP_ACK_SKIPPED);
            return;
        }
        counters.increment(StackCounter.TCP_DUPLICATE_IN);
        tcb.lastOutOfWindowAckNs = nowNs;
        EcnHandshake.onRepeatedSynAck(tcb, segment);
        if (Seq.lt(segment.seq, tcb.rcvNxt) && !segment.has(TcpHeader.SYN))
        {
            dsack.acknowledgeOld(
                tcb, segment.seq, Seq.min(segment.seq + segment.payloadLength, tcb.rcvNxt), nowNs);
        }
        else
        {
            sender.ack(tcb, nowNs);
        }
    }

    private void challenge(final Tcb tcb, final long nowNs)
    {
        if (challenges.allow(nowNs))
        {
            counters.increment(StackCounter.TCP_CHALLENGE_ACK);
            sender.duplicateAck(tcb, nowNs);
        }
        else
        {
            counters.increment(StackCounter.TCP_ACK_SKIPPED);
        }
    }

    /** Second step; RFC 5961, section 3.2: only the exact number resets, what is merely in the window is challenged. */
    private boolean reset(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (!segment.has(TcpHeader.RST))
        {
            return false;
        }
        if (segment.seq != tcb.rcvNxt)
        {
            challenge(tcb, nowNs);
        }
        else if (tcb.state == TcpState.SYN_RECEIVED && !tcb.passive)
        {
            life.terminate(tcb, CloseReason.REFUSED, nowNs);
        }
        else
        {
            life.terminate(tcb, CloseReason.RESET, nowNs);
        }
        return true;
    }

    /**
     * Fourth step; RFC 5961, section 4.2. A passive open that is not complete goes back to LISTEN, unless it is in use
     * already.
     */
    private boolean syn(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (!segment.has(TcpHeader.SYN))
        {
            return false;
        }
        if (tcb.state == TcpState.SYN_RECEIVED && tcb.passive && tcb.fastOpen != Tcb.FAST_OPEN_EARLY)
        {
            life.terminate(tcb, CloseReason.RESET, nowNs);
        }
        else
        {
            challenge(tcb, nowNs);
        }
        return true;
    }

    /**
     * What lies outside of the window is cut off, so that the segment begins at RCV.NXT or later and ends in the
     * window.
     */
    private static void trim(final Tcb tcb, final Segment segment)
    {
        final int before = tcb.rcvNxt - segment.seq;
        if (before > 0)
        {
            segment.trimFront(before);
        }
        final int room = tcb.rcvAdv - segment.seq;
        if (segment.payloadLength > Math.max(0, room))
        {
            segment.trimTo(Math.max(0, room));
        }
        else if (segment.has(TcpHeader.FIN) && segment.payloadLength >= room)
        {
            segment.clear(TcpHeader.FIN);
        }
    }

    /** Fifth step. Returns false when the segment ends here. */
    private boolean acknowledgment(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (!segment.has(TcpHeader.ACK))
        {
            return false;
        }
        if (tcb.state == TcpState.SYN_RECEIVED)
        {
            if (!Seq.gt(segment.ack, tcb.sndUna) || Seq.gt(segment.ack, tcb.sndNxt))
            {
                resets.answer(segment, nowNs);
                return false;
            }
            final boolean synAckResent = tcb.segmentsRetransmitted > 0;
            acks.onAck(tcb, segment, nowNs);
            ecn.onHandshakeAck(tcb, segment);
            life.establish(tcb, nowNs);
            EcnHandshake.onEstablished(tcb, synAckResent, context, counters);
            fastOpen.onEstablished(tcb, nowNs);
            return true;
        }
        // RFC 5961, section 5.2: an ACK for what was never sent, or from before the greatest window, is challenged.
        if (Seq.gt(segment.ack, tcb.sndNxt) || Seq.lt(segment.ack, tcb.sndUna - tcb.sndMaxWnd))
        {
            challenge(tcb, nowNs);
            return false;
        }
        acks.onAck(tcb, segment, nowNs);
        wakeWriter(tcb);
        return !finAcknowledged(tcb, segment, nowNs);
    }

    /** Sixth step, urgent data; and what the peer advises about time-outs (RFC 5482). */
    private void notices(final Tcb tcb, final Segment segment)
    {
        if (context.userTimeoutOption() && segment.options.userTimeout() != TcpOptions.ABSENT)
        {
            UserTimeout.onAdvice(tcb, segment.options.userTimeout(), sides);
        }
        if (Urgent.isAnnouncedBy(segment) && Urgent.onSegment(tcb, segment, sides, context))
        {
            counters.increment(StackCounter.TCP_URGENT_IN);
            life.raise(tcb, ConnectionLife.URGENT);
        }
    }

    /** A user that could not write all is called when a quarter of the buffer is free: not for every segment. */
    private void wakeWriter(final Tcb tcb)
    {
        if (tcb.writeBlocked && (tcb.sendRing.length() == 0 ||
            tcb.sendRing.writable() >= tcb.sendRing.capacityBytes() / 4))
        {
            life.raise(tcb, ConnectionLife.WRITABLE);
        }
    }

    /**
     * Our FIN may have been acknowledged: FIN-WAIT-1, CLOSING and LAST-ACK go on. Returns true when the connection has
     * left us.
     */
    private boolean finAcknowledged(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (!tcb.finSent || tcb.sndUna != tcb.sndNxt)
        {
            return false;
        }
        switch (tcb.state)
        {
            case TcpState.FIN_WAIT_1:
                tcb.state = TcpState.FIN_WAIT_2;
                if (tcb.userClosed)
                {
                    tcb.finWait2AtNs = nowNs + Math.max(0, InForce.finWait2Ns(tcb, context));
                    life.lingered(tcb);
                }
                return false;
            case TcpState.CLOSING:
                if (tcb.ackOwed != Tcb.ACK_NONE)
                {
                    sender.ack(tcb, nowNs);
                }
                life.enterTimeWait(tcb, segment.hash, nowNs);
                return true;
            case TcpState.LAST_ACK:
                life.terminate(tcb, CloseReason.NORMAL, nowNs);
                return true;
            default:
                return false;
        }
    }
}
