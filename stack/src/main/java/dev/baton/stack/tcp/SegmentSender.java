package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

/**
 * Sends one segment for a connection: fills in what every segment carries (RFC 9293, section 3.10.2: acknowledgment and
 * window; RFC 7323: timestamps; RFC 2018: SACK blocks) and books what its leaving changes. Whether it is to be sent is
 * decided elsewhere.
 */
final class SegmentSender
{
    private static final int TIMESTAMPS_LENGTH = 12;
    private static final int SACK_HEADER_LENGTH = 4;
    private static final int SACK_BLOCK_LENGTH = 8;
    private static final int MAX_BLOCKS_WITH_TIMESTAMPS = 3;

    private final FastOpenOption noFastOpen = new FastOpenOption();
    private final TcpSegmentWriter writer;
    private final StackContext context;
    private final StackCounters counters;
    private final TcpTimers timers;
    private final LossProbe probe;

    SegmentSender(
        final TcpSegmentWriter writer,
        final StackContext context,
        final StackCounters counters,
        final TcpTimers timers,
        final LossProbe probe)
    {
        this.writer = writer;
        this.context = context;
        this.counters = counters;
        this.timers = timers;
        this.probe = probe;
    }

    /** Our SYN, or SYN/ACK when the peer's has come. */
    void syn(final Tcb tcb, final long nowNs)
    {
        syn(tcb, noFastOpen, 0, nowNs);
    }

    /** The same with a Fast Open option, and the first bytes of data when it has not been sent before. */
    void syn(final Tcb tcb, final FastOpenOption fastOpen, final int length, final long nowNs)
    {
        final boolean answered = tcb.state == TcpState.SYN_RECEIVED;
        begin(tcb);
        writer.synOptions(tcb.localMss, tcb.sackOk, tcb.timestampsOk, Timestamps.value(tcb, nowNs),
            answered ? tcb.tsRecent : 0, tcb.windowScaleOk ? tcb.rcvShift : -1);
        if (context.userTimeoutOption())
        {
            UserTimeout.advertise(tcb, context, writer);
        }
        if (fastOpen.isPresent())
        {
            writer.fastOpen(fastOpen);
        }
        if (length > 0)
        {
            tcb.sendRing.copy(tcb.iss + 1, writer.buffer(), writer.payloadOffset(), length);
        }
        final int capacity = tcb.receiveRing.capacityBytes();
        final int window = Math.min(ReceiveWindow.initial(capacity), capacity - tcb.receiveRing.readable());
        if (answered)
        {
            tcb.rcvAdv = Seq.max(tcb.rcvAdv, tcb.rcvNxt + window);
        }
        final int flags = answered ? TcpHeader.SYN | TcpHeader.ACK | answerEcn(tcb) :
            TcpHeader.SYN | EcnHandshake.synFlags(tcb, context);
        if (tcb.sndNxt == tcb.iss)
        {
            tcb.sndNxt = tcb.iss + 1 + length;
            tcb.sentLog.append(tcb.sndNxt, nowNs);
            count(tcb, 1, length, false);
        }
        else
        {
            tcb.sentLog.markRetransmitted(tcb.iss, tcb.iss + 1, nowNs);
            count(tcb, 1, 0, true);
        }
        tcb.synOwed = false;
        tcb.lastAckSent = tcb.rcvNxt;
        clearAckOwed(tcb);
        armRetransmit(tcb, nowNs);
        writer.send(tcb.iss, answered ? tcb.rcvNxt : 0, flags, window, length, Math.max(1, length), nowNs);
    }

    /** What a SYN/ACK says about ECN. */
    private int answerEcn(final Tcb tcb)
    {
        EcnHandshake.take(tcb, EcnHandshake.afterTimeout(EcnHandshake.agreed(tcb), tcb.retransmits, context));
        final int agreed = EcnHandshake.agreed(tcb);
        if (EcnHandshake.synAckOption(agreed, tcb.retransmits, context))
        {
            AccurateEcnOption.writeFirst(writer);
        }
        return EcnHandshake.synAckFlags(agreed);
    }

    /** Data that has not been sent before, from SND.NXT on, and FIN when it follows. */
    void fresh(final Tcb tcb, final int length, final boolean fin, final long nowNs)
    {
        final int seq = tcb.sndNxt;
        tcb.sndNxt += length + (fin ? 1 : 0);
        tcb.finSent |= fin;
        tcb.sentLog.append(tcb.sndNxt, nowNs);
        final int unit = unit(tcb);
        if (length % unit != 0)
        {
            tcb.sndSml = tcb.sndNxt;
        }
        if (unit == tcb.effectiveMss && length >= unit)
        {
            Pmtud.sent(tcb, seq + unit);
        }
        count(tcb, segments(length, unit), length, false);
        armRetransmit(tcb, nowNs);
        ProportionalRate.onSent(tcb, length);
        probe.schedule(tcb, nowNs);
        data(tcb, seq, length, unit, fin, length > 0, nowNs);
    }

    /** Data that has not been sent before as one segment that is larger than others (RFC 4821, section 7.4). */
    void mtuProbe(final Tcb tcb, final int length, final long nowNs)
    {
        final int seq = tcb.sndNxt;
        tcb.sndNxt += length;
        tcb.sentLog.append(tcb.sndNxt, nowNs);
        count(tcb, 1, length, false);
        armRetransmit(tcb, nowNs);
        ProportionalRate.onSent(tcb, length);
        probe.schedule(tcb, nowNs);
        data(tcb, seq, length, length, false, true, nowNs);
    }

    /** A range that was sent before; FIN when the range reaches behind the data. */
    void again(final Tcb tcb, final int start, final int end, final long nowNs)
    {
        final boolean fin = tcb.finSent && Seq.gt(end, tcb.sendRing.endSeq());
        final int length = end - start - (fin ? 1 : 0);
        tcb.sentLog.markRetransmitted(start, end, nowNs);
        count(tcb, segments(length, unit(tcb)), length, true);
        countRecovery(tcb, segments(length, unit(tcb)));
        armRetransmit(tcb, nowNs);
        ProportionalRate.onSent(tcb, length);
        SpuriousRecovery.onResent(tcb, end - start, nowNs);
        data(tcb, start, length, unit(tcb), fin, false, nowNs);
    }

    private void data(
        final Tcb tcb,
        final int seq,
        final int length,
        final int unit,
        final boolean fin,
        final boolean fresh,
        final long nowNs)
    {
        tcb.lastSentAtNs = nowNs;
        AckPolicy.onDataSent(tcb, nowNs);
        if (tcb.pacing != null)
        {
            tcb.pacing.onSent(length, nowNs);
        }
        begin(tcb).ecn(Ecn.field(tcb, fresh));
        options(tcb, nowNs);
        if (length > 0)
        {
            tcb.sendRing.copy(seq, writer.buffer(), writer.payloadOffset(), length);
        }
        // Without a PUSH of the user's own, the last buffered segment carries it (RFC 9293, section 3.9.1.2, MUST-61).
        final boolean push = length > 0 && seq + length == tcb.sendRing.endSeq();
        final int flags = TcpHeader.ACK | (push ? TcpHeader.PSH : 0) | (fin ? TcpHeader.FIN : 0) |
            Ecn.flags(tcb, fresh, false);
        acknowledge(tcb, seq, flags, ReceiveWindow.select(tcb), length, unit, nowNs);
    }

    /** An ACK that tells all we have and the room that there is. */
    void ack(final Tcb tcb, final long nowNs)
    {
        final int flags = beginAck(tcb, nowNs);
        acknowledge(tcb, tcb.sndNxt, flags, ReceiveWindow.select(tcb), 0, 1, nowNs);
    }

    /**
     * An ACK for a segment out of order: it repeats the window, or the peer would not count it (RFC 5681, section 2).
     */
    void duplicateAck(final Tcb tcb, final long nowNs)
    {
        final int flags = beginAck(tcb, nowNs);
        acknowledge(tcb, tcb.sndNxt, flags, ReceiveWindow.unchanged(tcb), 0, 1, nowNs);
    }

    /** An ACK that reports a range that came twice (RFC 2883, section 4), with a window field. */
    void dsack(final Tcb tcb, final int start, final int end, final int window, final long nowNs)
    {
        begin(tcb);
        if (tcb.timestampsOk)
        {
            writer.timestamps(Timestamps.value(tcb, nowNs), tcb.tsRecent);
        }
        final int most = (tcb.timestampsOk ? MAX_BLOCKS_WITH_TIMESTAMPS : TcpOptions.MAX_SACK_BLOCKS) - 1;
        writer.dsackBlocks(start, end, tcb, Math.min(tcb.receiveRing.runCount(), most));
        count(tcb, 1, 0, false);
        acknowledge(tcb, tcb.sndNxt, TcpHeader.ACK | Ecn.flags(tcb, false, false), window, 0, 1, nowNs);
    }

    /** A segment just before the peer's window, which it must answer (RFC 9293, sections 3.8.4 and 3.8.6.1). */
    void probe(final Tcb tcb, final long nowNs)
    {
        final int flags = beginAck(tcb, nowNs);
        acknowledge(tcb, tcb.sndUna - 1, flags, ReceiveWindow.unchanged(tcb), 0, 1, nowNs);
    }

    /** Begin a segment without data, its options included. Returns its flags. */
    private int beginAck(final Tcb tcb, final long nowNs)
    {
        begin(tcb);
        AccurateEcnOption.beacon(tcb, context, nowNs);
        final int blocks = options(tcb, nowNs);
        if (context.userTimeoutOption() && blocks == 0)
        {
            UserTimeout.advertise(tcb, context, writer);
        }
        count(tcb, 1, 0, false);
        return TcpHeader.ACK | Ecn.flags(tcb, false, blocks == 0);
    }

    private TcpSegmentWriter begin(final Tcb tcb)
    {
        writer.begin(tcb.localHi, tcb.localLo, tcb.localPort, tcb.remoteHi, tcb.remoteLo, tcb.remotePort, tcb.flowLabel);
        return tcb.settings == null ? writer : writer.marks(tcb.settings);
    }

    private int options(final Tcb tcb, final long nowNs)
    {
        if (tcb.timestampsOk)
        {
            writer.timestamps(Timestamps.value(tcb, nowNs), tcb.tsRecent);
        }
        final int blocks = sackBlocks(tcb);
        if (blocks > 0)
        {
            writer.sackBlocks(tcb, blocks);
        }
        final int ecn = AccurateEcnOption.length(tcb, otherOptions(tcb, blocks));
        if (ecn > 0)
        {
            AccurateEcnOption.write(tcb, writer, ecn, nowNs);
        }
        return blocks;
    }

    private static int sackBlocks(final Tcb tcb)
    {
        return tcb.sackOk ?
            Math.min(tcb.receiveRing.runCount(), tcb.timestampsOk ?
                MAX_BLOCKS_WITH_TIMESTAMPS : TcpOptions.MAX_SACK_BLOCKS) : 0;
    }

    private static int sackLength(final int blocks)
    {
        return blocks == 0 ? 0 : SACK_HEADER_LENGTH + SACK_BLOCK_LENGTH * blocks;
    }

    private static int otherOptions(final Tcb tcb, final int sackBlocks)
    {
        return (tcb.timestampsOk ? TIMESTAMPS_LENGTH : 0) + sackLength(sackBlocks);
    }

    /** Payload of a full segment that leaves now. */
    static int unit(final Tcb tcb)
    {
        return tcb.effectiveMss + (tcb.timestampsOk ? TIMESTAMPS_LENGTH : 0) + TcpHeader.LENGTH - headerLength(tcb);
    }

    /** Length of the TCP header of a segment that leaves now. */
    static int headerLength(final Tcb tcb)
    {
        final int others = otherOptions(tcb, sackBlocks(tcb));
        return TcpHeader.LENGTH + others + AccurateEcnOption.length(tcb, others);
    }

    private void acknowledge(
        final Tcb tcb,
        final int seq,
        final int flags,
        final int window,
        final int length,
        final int unit,
        final long nowNs)
    {
        tcb.lastAckSent = tcb.rcvNxt;
        if (tcb.ackOwed != Tcb.ACK_NONE && tcb.quickAcks > 0)
        {
            tcb.quickAcks--;
        }
        clearAckOwed(tcb);
        if (Urgent.covers(tcb, seq))
        {
            writer.urgent(Urgent.pointer(tcb, seq));
        }
        writer.send(seq, tcb.rcvNxt, flags, window, length, unit, nowNs);
    }

    private static void clearAckOwed(final Tcb tcb)
    {
        tcb.ackOwed = Tcb.ACK_NONE;
        tcb.userHasRead = false;
        tcb.delayedAckAtNs = Tcb.NONE;
    }

    /** RFC 6298, section 5.1: sending starts the timer when it does not run. */
    private void armRetransmit(final Tcb tcb, final long nowNs)
    {
        if (tcb.retransmitAtNs == Tcb.NONE)
        {
            tcb.retransmitAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
            timers.update(tcb);
        }
        final long userTimeoutNs = InForce.userTimeoutNs(tcb, context);
        if (userTimeoutNs > 0 && tcb.userTimeoutAtNs == Tcb.NONE)
        {
            tcb.userTimeoutAtNs = nowNs + userTimeoutNs;
            timers.update(tcb);
        }
    }

    private static int segments(final int length, final int unit)
    {
        return length <= unit ? 1 : (length + unit - 1) / unit;
    }

    private void countRecovery(final Tcb tcb, final int segments)
    {
        if (tcb.recovery != Tcb.RECOVERY_OPEN)
        {
            counters.add(tcb.recovery == Tcb.RECOVERY_FAST ?
                StackCounter.TCP_FAST_RETRANS : StackCounter.TCP_SLOW_START_RETRANS, segments);
        }
    }

    private void count(final Tcb tcb, final int segments, final int bytes, final boolean again)
    {
        tcb.segmentsOut += segments;
        if (again)
        {
            tcb.segmentsRetransmitted += segments;
            tcb.bytesRetransmitted += bytes;
            counters.add(StackCounter.TCP_RETRANS_SEGS, segments);
        }
        else
        {
            tcb.bytesOut += bytes;
            counters.add(StackCounter.TCP_OUT_SEGS, segments);
        }
    }
}
