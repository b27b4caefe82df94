package dev.baton.stack.state;

import dev.baton.stack.state.codec.AckOwedCode;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionFlagsDecoder;
import dev.baton.stack.state.codec.RecoveryCode;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.TcpState;
import dev.baton.stack.wire.IpAddress;

/**
 * The range of every number of a connection by itself. The limits are those of the RFCs where they give one, and
 * otherwise those within which TCP's arithmetic cannot overflow. Words of the congestion control and counters of the
 * account have none: nothing is indexed or scheduled by them.
 */
final class FieldRules
{
    /** All bits of ConnectionFlags. */
    private static final long KNOWN_FLAGS = (1L << 29) - 1;

    private static final int MAX_WINDOW = 65_535 << 14;
    private static final int MAX_SHIFT = 14;
    private static final int MAX_MSS = 65_535;
    /** Below this, options leave no room for data in a segment. */
    private static final int MIN_MSS = 48;
    private static final int MAX_CWND = 1 << 30;
    private static final int MAX_COUNT = 1 << 30;
    /** Least MTU of IPv4 (RFC 791, section 3.2). */
    private static final int MIN_MTU = 68;
    /** More than two years; a smoothed value may be multiplied by eight. */
    private static final long MAX_DURATION_NS = 1L << 56;
    private static final int MAX_FLOW_LABEL = (1 << 20) - 1;

    private FieldRules()
    {
    }

    static void check(final ConnectionDecoder fields)
    {
        identity(fields);
        windows(fields);
        agreed(fields);
        durations(fields);
        deadlines(fields);
        congestion(fields);
        account(fields);
    }

    private static void identity(final ConnectionDecoder fields)
    {
        Rules.range("id", fields.id(), 1, Long.MAX_VALUE);
        Rules.range("state", fields.stateRaw(), TcpState.CLOSED, TcpState.TIME_WAIT);
        Rules.require(fields.stateRaw() != TcpState.LISTEN, "state", TcpState.LISTEN, "a listener is no connection");
        Rules.flags(fields.flags().getRaw(), KNOWN_FLAGS);
        Rules.ends(fields.localHi(), fields.localLo(), fields.localPort(), fields.remoteHi(), fields.remoteLo(),
            fields.remotePort());
        Rules.range("flowLabel", fields.flowLabel(), 0, MAX_FLOW_LABEL);
    }

    private static void windows(final ConnectionDecoder fields)
    {
        Rules.range("sndMaxWnd", fields.sndMaxWnd(), 0, MAX_WINDOW);
        Rules.range("sndWnd", fields.sndWnd(), 0, fields.sndMaxWnd());
        Rules.range("rcvMss", fields.rcvMss(), 0, MAX_MSS);
    }

    private static void agreed(final ConnectionDecoder fields)
    {
        final ConnectionFlagsDecoder flags = fields.flags();
        final int maxShift = flags.windowScaleOk() ? MAX_SHIFT : 0;
        Rules.range("sndShift", fields.sndShift(), 0, maxShift);
        Rules.range("rcvShift", fields.rcvShift(), 0, maxShift);
        final int leastMss = fields.stateRaw() == TcpState.SYN_SENT ? 0 : MIN_MSS;
        Rules.range("localMss", fields.localMss(), MIN_MSS, MAX_MSS);
        Rules.range("remoteMss", fields.remoteMss(), leastMss, MAX_MSS);
        Rules.range("pathMtu", fields.pathMtu(), MIN_MTU, MAX_MSS);
        effectiveMss(fields);
        Rules.span("tsRecentAgeNs", fields.tsRecentAgeNs());
    }

    private static void effectiveMss(final ConnectionDecoder fields)
    {
        Rules.range("effectiveMss", fields.effectiveMss(), 0, MAX_MSS);
        if (StateRules.isSynchronised(fields.stateRaw()))
        {
            final int expected = TcbAccess.effectiveMss(fields.localMss(), fields.remoteMss(), fields.pathMtu(),
                IpAddress.isV4(fields.remoteHi(), fields.remoteLo()), fields.flags().timestampsOk());
            Rules.require(fields.effectiveMss() == expected, "effectiveMss", fields.effectiveMss(),
                "localMss, remoteMss, pathMtu and the timestamps option leave " + expected);
        }
    }

    private static void durations(final ConnectionDecoder fields)
    {
        Rules.range("srttNs", fields.srttNs(), 0, MAX_DURATION_NS);
        Rules.range("rttvarNs", fields.rttvarNs(), 0, MAX_DURATION_NS);
        Rules.range("lastRttNs", fields.lastRttNs(), 0, MAX_DURATION_NS);
        Rules.range("rtoNs", fields.rtoNs(), 1, MAX_DURATION_NS);
        if (fields.minRttNs() != Spans.UNSET)
        {
            Rules.range("minRttNs", fields.minRttNs(), 0, MAX_DURATION_NS);
        }
        Rules.range("backoff", fields.backoff(), 0, MAX_COUNT);
        Rules.range("retransmits", fields.retransmits(), 0, MAX_COUNT);
    }

    private static void deadlines(final ConnectionDecoder fields)
    {
        Rules.spanOrUnset("retransmitInNs", fields.retransmitInNs());
        Rules.spanOrUnset("persistInNs", fields.persistInNs());
        Rules.spanOrUnset("delayedAckInNs", fields.delayedAckInNs());
        Rules.spanOrUnset("keepAliveInNs", fields.keepAliveInNs());
        Rules.spanOrUnset("finWait2InNs", fields.finWait2InNs());
        Rules.spanOrUnset("userTimeoutInNs", fields.userTimeoutInNs());
        Rules.range("persistProbes", fields.persistProbes(), 0, MAX_COUNT);
        Rules.range("persistBackoff", fields.persistBackoff(), 0, MAX_COUNT);
        Rules.range("keepAliveProbes", fields.keepAliveProbes(), 0, MAX_COUNT);
        Rules.span("lastReceivedAgeNs", fields.lastReceivedAgeNs());
        Rules.span("lastSentAgeNs", fields.lastSentAgeNs());
        Rules.spanOrUnset("lastOutOfWindowAckAgeNs", fields.lastOutOfWindowAckAgeNs());
    }

    private static void congestion(final ConnectionDecoder fields)
    {
        Rules.range("cwndBytes", fields.cwndBytes(), StateRules.isSynchronised(fields.stateRaw()) ? 1 : 0, MAX_CWND);
        Rules.range("ssthreshBytes", fields.ssthreshBytes(), 0, MAX_CWND);
        Rules.range("recovery", fields.recoveryRaw(), RecoveryCode.OPEN.value(), RecoveryCode.LOSS.value());
        Rules.range("dupAcks", fields.dupAcks(), 0, MAX_COUNT);
        Rules.range("renoSackedBytes", fields.renoSackedBytes(), 0, MAX_COUNT);
        Rules.range("ackOwed", fields.ackOwedRaw(), AckOwedCode.NONE.value(), AckOwedCode.NOW.value());
        Rules.range("quickAcks", fields.quickAcks(), 0, MAX_COUNT);
    }

    private static void account(final ConnectionDecoder fields)
    {
        Rules.range("bytesIn", fields.bytesIn(), 0, Long.MAX_VALUE);
        Rules.range("bytesOut", fields.bytesOut(), 0, Long.MAX_VALUE);
        Rules.range("bytesRetransmitted", fields.bytesRetransmitted(), 0, Long.MAX_VALUE);
        Rules.range("segmentsIn", fields.segmentsIn(), 0, Long.MAX_VALUE);
        Rules.range("segmentsOut", fields.segmentsOut(), 0, Long.MAX_VALUE);
        Rules.range("segmentsRetransmitted", fields.segmentsRetransmitted(), 0, Long.MAX_VALUE);
    }
}
