package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionFlagsDecoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.congestion.CongestionControls;

/**
 * Fills an unused {@link Tcb} from an image that has been verified; the inverse of {@link ConnectionExporter}. The id
 * is not set: it is the shard's to give.
 */
final class ConnectionReader
{
    private ConnectionReader()
    {
    }

    /**
     * Fill a Tcb, its rings included.
     *
     * @param image     verified.
     * @param tcb       unused; on failure it is the caller's to reset.
     * @param nowNs     the cut, on the clock of the shard that imports.
     * @param elapsedNs real time since the cut, as far as it is known: the clocks that do not stand go on by it.
     * @throws StateException when the shard's pool has no room for the rings.
     */
    static void fill(final ConnectionImage image, final Tcb tcb, final long nowNs, final long elapsedNs)
    {
        final ConnectionDecoder fields = image.fields();
        RingReader.fill(image, tcb, nowNs);
        identity(fields, tcb);
        agreedFlags(fields.flags(), tcb);
        lifeFlags(fields.flags(), tcb);
        sequences(fields, tcb);
        agreed(fields, tcb);
        timestamps(fields, tcb, nowNs, elapsedNs);
        roundTrip(fields, tcb);
        deadlines(fields, tcb, nowNs);
        probes(fields, tcb, nowNs);
        congestion(fields, tcb);
        recovery(fields, tcb);
        account(fields, tcb);
        tcb.congestionControl = CongestionControls.byName(image.congestionControl());
        image.readParts(tcb, nowNs, elapsedNs);
        TcbAccess.completeCongestion(tcb, nowNs);
    }

    private static void identity(final ConnectionDecoder fields, final Tcb tcb)
    {
        tcb.state = fields.stateRaw();
        tcb.localHi = fields.localHi();
        tcb.localLo = fields.localLo();
        tcb.localPort = fields.localPort();
        tcb.remoteHi = fields.remoteHi();
        tcb.remoteLo = fields.remoteLo();
        tcb.remotePort = fields.remotePort();
        tcb.flowLabel = fields.flowLabel();
    }

    private static void agreedFlags(final ConnectionFlagsDecoder flags, final Tcb tcb)
    {
        tcb.windowScaleOk = flags.windowScaleOk();
        tcb.sackOk = flags.sackOk();
        tcb.timestampsOk = flags.timestampsOk();
        tcb.cwndLimited = flags.cwndLimited();
        tcb.rescued = flags.rescued();
        tcb.forceRetransmit = flags.forceRetransmit();
        tcb.synOwed = flags.synOwed();
        tcb.probeOwed = flags.probeOwed();
        tcb.keepAliveOwed = flags.keepAliveOwed();
    }

    private static void lifeFlags(final ConnectionFlagsDecoder flags, final Tcb tcb)
    {
        tcb.passive = flags.passive();
        tcb.wasEstablished = flags.wasEstablished();
        tcb.finQueued = flags.finQueued();
        tcb.finSent = flags.finSent();
        tcb.finKnown = flags.finKnown();
        tcb.finReceived = flags.finReceived();
        tcb.userClosed = flags.userClosed();
        tcb.abortRequested = flags.abortRequested();
        tcb.detached = flags.detached();
        tcb.indicated = flags.indicated();
        tcb.accepted = flags.accepted();
        tcb.writeBlocked = flags.writeBlocked();
        tcb.noDelay = flags.noDelay();
        tcb.keepAlive = flags.keepAlive();
        tcb.userHasRead = flags.userHasRead();
    }

    private static void sequences(final ConnectionDecoder fields, final Tcb tcb)
    {
        tcb.sndUna = fields.sndUna();
        tcb.sndNxt = fields.sndNxt();
        tcb.sndWnd = fields.sndWnd();
        tcb.sndWl1 = fields.sndWl1();
        tcb.sndWl2 = fields.sndWl2();
        tcb.iss = fields.iss();
        tcb.sndMaxWnd = fields.sndMaxWnd();
        tcb.sndSml = fields.sndSml();
        tcb.rcvNxt = fields.rcvNxt();
        tcb.rcvAdv = fields.rcvAdv();
        tcb.irs = fields.irs();
        tcb.lastAckSent = fields.lastAckSent();
        tcb.finSeq = fields.finSeq();
        tcb.rcvMss = fields.rcvMss();
    }

    private static void agreed(final ConnectionDecoder fields, final Tcb tcb)
    {
        tcb.localMss = fields.localMss();
        tcb.remoteMss = fields.remoteMss();
        tcb.sndShift = fields.sndShift();
        tcb.rcvShift = fields.rcvShift();
        tcb.pathMtu = fields.pathMtu();
        tcb.effectiveMss = fields.effectiveMss();
    }

    /** The peer's clock and our TSval clock have gone on since the cut, whatever the connection's timers did. */
    private static void timestamps(
        final ConnectionDecoder fields, final Tcb tcb, final long nowNs, final long elapsedNs)
    {
        tcb.tsRecent = fields.tsRecent();
        tcb.tsRecentAtNs = nowNs - elapsedNs - fields.tsRecentAgeNs();
        tcb.tsOffset = TcbAccess.tsOffset(fields.tsVal() + Spans.toMillis(elapsedNs), nowNs);
    }

    private static void roundTrip(final ConnectionDecoder fields, final Tcb tcb)
    {
        tcb.srttNs = fields.srttNs();
        tcb.rttvarNs = fields.rttvarNs();
        tcb.minRttNs = fields.minRttNs() == Spans.UNSET ? Tcb.NONE : fields.minRttNs();
        tcb.lastRttNs = fields.lastRttNs();
        tcb.rtoNs = fields.rtoNs();
        tcb.backoff = fields.backoff();
        tcb.retransmits = fields.retransmits();
    }

    private static void deadlines(final ConnectionDecoder fields, final Tcb tcb, final long nowNs)
    {
        tcb.retransmitAtNs = Spans.deadline(fields.retransmitInNs(), nowNs);
        tcb.persistAtNs = Spans.deadline(fields.persistInNs(), nowNs);
        tcb.delayedAckAtNs = Spans.deadline(fields.delayedAckInNs(), nowNs);
        tcb.keepAliveAtNs = Spans.deadline(fields.keepAliveInNs(), nowNs);
        tcb.finWait2AtNs = Spans.deadline(fields.finWait2InNs(), nowNs);
        tcb.userTimeoutAtNs = Spans.deadline(fields.userTimeoutInNs(), nowNs);
    }

    private static void probes(final ConnectionDecoder fields, final Tcb tcb, final long nowNs)
    {
        final long outOfWindowAckAgeNs = fields.lastOutOfWindowAckAgeNs();
        tcb.persistProbes = fields.persistProbes();
        tcb.persistBackoff = fields.persistBackoff();
        tcb.keepAliveProbes = fields.keepAliveProbes();
        tcb.lastReceivedAtNs = nowNs - fields.lastReceivedAgeNs();
        tcb.lastSentAtNs = nowNs - fields.lastSentAgeNs();
        tcb.lastOutOfWindowAckNs = outOfWindowAckAgeNs == Spans.UNSET ? Long.MIN_VALUE : nowNs - outOfWindowAckAgeNs;
    }

    private static void congestion(final ConnectionDecoder fields, final Tcb tcb)
    {
        tcb.cwndBytes = fields.cwndBytes();
        tcb.ssthreshBytes = fields.ssthreshBytes();
        tcb.ccWord0 = fields.ccWord0();
        tcb.ccWord1 = fields.ccWord1();
        tcb.ccWord2 = fields.ccWord2();
        tcb.ccWord3 = fields.ccWord3();
    }

    private static void recovery(final ConnectionDecoder fields, final Tcb tcb)
    {
        tcb.recovery = fields.recoveryRaw();
        tcb.recoveryPoint = fields.recoveryPoint();
        tcb.dupAcks = fields.dupAcks();
        tcb.renoSackedBytes = fields.renoSackedBytes();
        tcb.ackOwed = fields.ackOwedRaw();
        tcb.quickAcks = fields.quickAcks();
    }

    private static void account(final ConnectionDecoder fields, final Tcb tcb)
    {
        tcb.bytesIn = fields.bytesIn();
        tcb.bytesOut = fields.bytesOut();
        tcb.bytesRetransmitted = fields.bytesRetransmitted();
        tcb.segmentsIn = fields.segmentsIn();
        tcb.segmentsOut = fields.segmentsOut();
        tcb.segmentsRetransmitted = fields.segmentsRetransmitted();
    }
}
