package dev.baton.stack.state;

import dev.baton.stack.state.codec.AckOwedCode;
import dev.baton.stack.state.codec.ConnectionEncoder;
import dev.baton.stack.state.codec.ConnectionFlagsEncoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.RecoveryCode;
import dev.baton.stack.state.codec.StateCode;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.TcpState;
import org.agrona.MutableDirectBuffer;

/**
 * Writes a connection as one {@code Connection} message: everything that its {@link Tcb} and rings hold, in a canonical
 * form. The same state at the same distance from {@code nowNs} gives the same bytes on every machine.
 * <p>
 * Times become spans from the cut ({@link Spans}). Of the timestamp clock the image holds the TSval that a segment sent
 * at the cut would carry, not the offset, which means nothing under another shard's clock: the importer makes an offset
 * of its own, so that its clock goes on from that value at the same rate (RFC 7323, section 5.4).
 * <p>
 * Exporting changes nothing; the connection may go on afterwards. Call it between two polls. An exporter is reused; not
 * thread safe.
 */
public final class ConnectionExporter
{
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ConnectionEncoder encoder = new ConnectionEncoder();
    private final ConnectionParts parts = new ConnectionParts();
    private final RingWriter rings = new RingWriter();

    /**
     * Write a connection.
     *
     * @param tcb    in a state from SYN-SENT to LAST-ACK, or detached: over, but with data that has not been read.
     * @param nowNs  the cut, on the clock of the shard that the connection is in.
     * @param buffer to be written to; it grows if it is expandable.
     * @param offset of the message header in it.
     * @return length of header, message and parts in bytes.
     * @throws StateException            when the connection has ended.
     * @throws IndexOutOfBoundsException when the buffer is too small and cannot grow.
     */
    public int export(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        Spans.checkClock("nowNs", nowNs);
        if (tcb.id == 0 || tcb.closeReason >= 0)
        {
            throw new StateException("state", TcpState.name(tcb.state),
                "the connection has ended, and only its service has to be told; there is nothing to be exported");
        }
        encoder.wrapAndApplyHeader(buffer, offset, header);
        identity(tcb);
        flags(tcb, encoder.flags().clear());
        sendSequence(tcb);
        receiveSequence(tcb);
        agreed(tcb, nowNs);
        roundTrip(tcb);
        timers(tcb, nowNs);
        congestion(tcb);
        recovery(tcb);
        account(tcb);
        rings.write(tcb, nowNs, encoder);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        return length + parts.write(tcb, nowNs, buffer, offset + length);
    }

    private void identity(final Tcb tcb)
    {
        encoder
            .id(tcb.id)
            .state(StateCode.get((short)tcb.state))
            .localHi(tcb.localHi)
            .localLo(tcb.localLo)
            .localPort(tcb.localPort)
            .remoteHi(tcb.remoteHi)
            .remoteLo(tcb.remoteLo)
            .remotePort(tcb.remotePort)
            .flowLabel(tcb.flowLabel);
    }

    private static void flags(final Tcb tcb, final ConnectionFlagsEncoder flags)
    {
        final int owed = TcbAccess.owed(tcb);
        flags
            .windowScaleOk(tcb.windowScaleOk)
            .sackOk(tcb.sackOk)
            .timestampsOk(tcb.timestampsOk)
            .cwndLimited(tcb.cwndLimited)
            .rescued(tcb.rescued)
            .forceRetransmit(tcb.forceRetransmit)
            .synOwed(tcb.synOwed)
            .probeOwed(tcb.probeOwed)
            .keepAliveOwed(tcb.keepAliveOwed)
            .passive(tcb.passive)
            .wasEstablished(tcb.wasEstablished)
            .finQueued(tcb.finQueued)
            .finSent(tcb.finSent)
            .finKnown(tcb.finKnown)
            .finReceived(tcb.finReceived)
            .userClosed(tcb.userClosed)
            .abortRequested(tcb.abortRequested)
            .detached(tcb.detached)
            .indicated(tcb.indicated)
            .accepted(tcb.accepted)
            .writeBlocked(tcb.writeBlocked)
            .noDelay(tcb.noDelay)
            .keepAlive(tcb.keepAlive)
            .userHasRead(tcb.userHasRead)
            .dirty((owed & TcbAccess.OUTPUT) != 0)
            .acceptedDue((owed & TcbAccess.ACCEPTED) != 0)
            .readableDue((owed & TcbAccess.READABLE) != 0)
            .writableDue((owed & TcbAccess.WRITABLE) != 0)
            .starved((owed & TcbAccess.MEMORY) != 0);
    }

    private void sendSequence(final Tcb tcb)
    {
        encoder
            .sndUna(tcb.sndUna)
            .sndNxt(tcb.sndNxt)
            .sndWnd(tcb.sndWnd)
            .sndWl1(tcb.sndWl1)
            .sndWl2(tcb.sndWl2)
            .iss(tcb.iss)
            .sndMaxWnd(tcb.sndMaxWnd)
            .sndSml(tcb.sndSml);
    }

    private void receiveSequence(final Tcb tcb)
    {
        encoder
            .rcvNxt(tcb.rcvNxt)
            .rcvAdv(tcb.rcvAdv)
            .irs(tcb.irs)
            .lastAckSent(tcb.lastAckSent)
            .finSeq(tcb.finSeq)
            .rcvMss(tcb.rcvMss);
    }

    private void agreed(final Tcb tcb, final long nowNs)
    {
        encoder
            .localMss(tcb.localMss)
            .remoteMss(tcb.remoteMss)
            .sndShift((short)tcb.sndShift)
            .rcvShift((short)tcb.rcvShift)
            .pathMtu(tcb.pathMtu)
            .effectiveMss(tcb.effectiveMss)
            .tsRecent(tcb.tsRecent)
            .tsRecentAgeNs(nowNs - tcb.tsRecentAtNs)
            .tsVal(TcbAccess.tsVal(tcb, nowNs));
    }

    private void roundTrip(final Tcb tcb)
    {
        encoder
            .srttNs(tcb.srttNs)
            .rttvarNs(tcb.rttvarNs)
            .minRttNs(tcb.minRttNs == Tcb.NONE ? Spans.UNSET : tcb.minRttNs)
            .lastRttNs(tcb.lastRttNs)
            .rtoNs(tcb.rtoNs)
            .backoff(tcb.backoff)
            .retransmits(tcb.retransmits);
    }

    private void timers(final Tcb tcb, final long nowNs)
    {
        final long outOfWindowAckNs = tcb.lastOutOfWindowAckNs;
        encoder
            .retransmitInNs(Spans.left(tcb.retransmitAtNs, nowNs))
            .persistInNs(Spans.left(tcb.persistAtNs, nowNs))
            .delayedAckInNs(Spans.left(tcb.delayedAckAtNs, nowNs))
            .keepAliveInNs(Spans.left(tcb.keepAliveAtNs, nowNs))
            .finWait2InNs(Spans.left(tcb.finWait2AtNs, nowNs))
            .userTimeoutInNs(Spans.left(tcb.userTimeoutAtNs, nowNs))
            .persistProbes(tcb.persistProbes)
            .persistBackoff(tcb.persistBackoff)
            .keepAliveProbes(tcb.keepAliveProbes)
            .lastReceivedAgeNs(nowNs - tcb.lastReceivedAtNs)
            .lastSentAgeNs(nowNs - tcb.lastSentAtNs)
            .lastOutOfWindowAckAgeNs(outOfWindowAckNs == Long.MIN_VALUE ? Spans.UNSET : nowNs - outOfWindowAckNs);
    }

    private void congestion(final Tcb tcb)
    {
        encoder
            .cwndBytes(tcb.cwndBytes)
            .ssthreshBytes(tcb.ssthreshBytes)
            .ccWord0(tcb.ccWord0)
            .ccWord1(tcb.ccWord1)
            .ccWord2(tcb.ccWord2)
            .ccWord3(tcb.ccWord3);
    }

    private void recovery(final Tcb tcb)
    {
        encoder
            .recovery(RecoveryCode.get((short)tcb.recovery))
            .recoveryPoint(tcb.recoveryPoint)
            .dupAcks(tcb.dupAcks)
            .renoSackedBytes(tcb.renoSackedBytes)
            .ackOwed(AckOwedCode.get((short)tcb.ackOwed))
            .quickAcks(tcb.quickAcks);
    }

    private void account(final Tcb tcb)
    {
        encoder
            .bytesIn(tcb.bytesIn)
            .bytesOut(tcb.bytesOut)
            .bytesRetransmitted(tcb.bytesRetransmitted)
            .segmentsIn(tcb.segmentsIn)
            .segmentsOut(tcb.segmentsOut)
            .segmentsRetransmitted(tcb.segmentsRetransmitted);
    }
}
