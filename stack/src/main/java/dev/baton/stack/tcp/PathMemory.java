package dev.baton.stack.tcp;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.StackContext;
import dev.baton.stack.tcp.congestion.CongestionWindow;

/**
 * What a connection takes from the {@link PeerCache} when it is established, and what it leaves there when it has come
 * to a good end (RFC 9040; Linux's rules). A remembered round-trip time makes the first RTO longer, never shorter, and
 * is no sample: segments with data are larger than SYNs.
 */
final class PathMemory
{
    private final StackContext context;
    private final HandshakeOptions options;
    private final PeerCache peers;

    PathMemory(final StackContext context, final PeerCache peers)
    {
        this.context = context;
        this.options = context.handshake();
        this.peers = peers;
    }

    void use(final Tcb tcb, final long nowNs)
    {
        final PeerMetrics known = peers.use(tcb.remoteHi, tcb.remoteLo, nowNs);
        if (known == null)
        {
            return;
        }
        if (known.rttNs > tcb.srttNs)
        {
            final long rto = known.rttNs + Math.max(2 * known.rttNs, context.minRtoNs());
            tcb.rtoNs = Math.min(rto, context.maxRtoNs());
        }
        if (!options.noSsthreshMetricsSave() && known.ssthreshBytes > 0)
        {
            tcb.congestionControl.onRememberedThreshold(
                tcb, Math.max(known.ssthreshBytes, 2 * tcb.effectiveMss));
        }
    }

    void learn(final Tcb tcb, final long nowNs)
    {
        if (options.noMetricsSave())
        {
            return;
        }
        if (tcb.backoff > 0 || tcb.srttNs == 0)
        {
            // It could not measure: what was known is doubtful now.
            final PeerMetrics known = peers.peek(tcb.remoteHi, tcb.remoteLo);
            if (known != null)
            {
                known.rttNs = 0;
            }
            return;
        }
        final PeerMetrics known = peers.learn(tcb.remoteHi, tcb.remoteLo, nowNs);
        known.learnedAtNs = nowNs;
        roundTrip(known, tcb);
        if (!options.noSsthreshMetricsSave())
        {
            threshold(known, tcb);
        }
    }

    /** A longer time is believed at once, a shorter one by and by: too long an RTO does less harm than too short a one. */
    private static void roundTrip(final PeerMetrics known, final Tcb tcb)
    {
        final long shorter = known.rttNs - tcb.srttNs;
        known.rttNs = known.rttNs == 0 || shorter <= 0 ? tcb.srttNs : known.rttNs - (shorter >> 3);
        final long deviation = Math.max(Math.abs(shorter) >> 1, tcb.rttvarNs);
        known.rttvarNs = known.rttvarNs == 0 || deviation >= known.rttvarNs ?
            tcb.rttvarNs : known.rttvarNs - (known.rttvarNs - deviation >> 2);
    }

    private static void threshold(final PeerMetrics known, final Tcb tcb)
    {
        final boolean lossSeen = tcb.ssthreshBytes < CongestionWindow.MAX_BYTES;
        final boolean avoiding = tcb.cwndBytes >= tcb.ssthreshBytes;
        if (lossSeen && avoiding && tcb.recovery == Tcb.RECOVERY_OPEN)
        {
            known.ssthreshBytes = Math.max(tcb.cwndBytes >> 1, tcb.ssthreshBytes);
        }
        else if (known.ssthreshBytes > 0)
        {
            final int seen = lossSeen ? tcb.ssthreshBytes : tcb.cwndBytes >> 1;
            known.ssthreshBytes = Math.max(known.ssthreshBytes, seen);
        }
    }
}
