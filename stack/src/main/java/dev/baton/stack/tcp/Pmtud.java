package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.ip.MtuPlateaus;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.wire.Seq;

/**
 * Path MTU discovery of a connection (RFC 1191; RFC 8201; RFC 9293, section 3.9.2.2): which segments the path carries
 * as far as anybody has told.
 * <p>
 * What is known of a path is shared by all connections to its destination ({@link Paths}). A connection notices a change
 * by the version that it saw last, when it sends next: nothing ever walks over all connections.
 * <p>
 * A "too big" can be forged, so a connection believes it by the rules of RFC 5927, section 7.2:
 * <pre>
 *     quotes what is not in flight, or does not claim less than is in use      -> ignored
 *     nothing as large as it claims too big has been acknowledged              -> believed at once
 *     else                                                                     -> pending, until
 *          the quoted segment is acknowledged, so it was a lie                 -> forgotten
 *          the quoted segment is lost                                          -> believed
 * </pre>
 * To know the second, the end of one full segment in flight is remembered ({@link Tcb#mtuProbeEnd}); when it is
 * acknowledged the path is proven to carry its size ({@link Tcb#mtuProven}). The probes of {@link Plpmtud} use the same
 * place.
 */
final class Pmtud
{
    private final Paths paths;
    private final StackCounters counters;
    private final LossRecovery recovery;
    private final Plpmtud plpmtud;

    Pmtud(final Paths paths, final StackCounters counters, final LossRecovery recovery, final Plpmtud plpmtud)
    {
        this.paths = paths;
        this.counters = counters;
        this.recovery = recovery;
        this.plpmtud = plpmtud;
    }

    /** Have the connection know what is known of its path; costs one comparison when nothing is new. */
    void sync(final Tcb tcb)
    {
        if (tcb.pathsVersion != paths.version())
        {
            refresh(tcb);
        }
    }

    private void refresh(final Tcb tcb)
    {
        tcb.pathsVersion = paths.version();
        plpmtud.use(tcb, paths.mtu(tcb.remoteHi, tcb.remoteLo));
    }

    /** A full segment leaves for the first time: when it is acknowledged, the path is known to carry its size. */
    static void sent(final Tcb tcb, final int end)
    {
        final int size = wireSize(tcb, tcb.effectiveMss);
        if (tcb.mtuProbeSize == 0 && size > tcb.mtuProven)
        {
            tcb.mtuProbeSize = size;
            tcb.mtuProbeEnd = end;
        }
    }

    /** SND.UNA has moved. */
    void acknowledged(final Tcb tcb)
    {
        if (tcb.mtuClaim != 0 && Seq.gt(tcb.sndUna, tcb.mtuClaimSeq))
        {
            tcb.mtuClaim = 0;
            counters.increment(StackCounter.ICMP_IGNORED);
        }
        if ((tcb.mtuProbeSize != 0 || tcb.mtuProbeFailed) && Seq.geq(tcb.sndUna, tcb.mtuProbeEnd))
        {
            tcb.mtuProven = Math.max(tcb.mtuProven, tcb.mtuProbeSize);
            plpmtud.acknowledged(tcb);
            tcb.mtuProbeSize = 0;
            tcb.mtuProbeFailed = false;
        }
    }

    /**
     * A "too big" that quotes a number in flight.
     *
     * @param tcb     of the connection.
     * @param claimed MTU in bytes; 0 when the router did not say.
     * @param seq     quoted.
     * @param nowNs   now.
     * @return true when something is to be sent again.
     */
    boolean onTooBig(final Tcb tcb, final int claimed, final int seq, final long nowNs)
    {
        final int used = Plpmtud.isProbe(tcb, seq) ? tcb.mtuProbeSize : tcb.pathMtu;
        final int claim = claimed == 0 ? MtuPlateaus.below(used) : claimed;
        if (claim >= used)
        {
            counters.increment(StackCounter.ICMP_IGNORED);
            return false;
        }
        if (Plpmtud.isProbe(tcb, seq) && claim >= tcb.pathMtu)
        {
            paths.tooBig(tcb.remoteHi, tcb.remoteLo, claim, used, nowNs);
            plpmtud.failed(tcb, claim);
            return true;
        }
        final boolean lost = tcb.retransmits > 0 && isInFront(tcb, seq);
        if (claim > tcb.mtuProven || lost || tcb.state < TcpState.ESTABLISHED)
        {
            return believe(tcb, claim, nowNs);
        }
        if (tcb.mtuClaim == 0 || Seq.lt(seq, tcb.mtuClaimSeq))
        {
            counters.increment(StackCounter.PMTU_CLAIMS_PENDING);
            tcb.mtuClaim = claim;
            tcb.mtuClaimSeq = seq;
        }
        return false;
    }

    /**
     * The first segment in flight is lost: this is what a pending claim waits for.
     *
     * @return true when everything is to be sent again in smaller segments, which is no sign of congestion.
     */
    boolean onLoss(final Tcb tcb, final long nowNs)
    {
        return tcb.mtuClaim != 0 && isInFront(tcb, tcb.mtuClaimSeq) && believe(tcb, tcb.mtuClaim, nowNs);
    }

    private static boolean isInFront(final Tcb tcb, final int seq)
    {
        final int offset = seq - tcb.sndUna;
        return offset >= 0 && offset < Math.max(1, tcb.effectiveMss);
    }

    private boolean believe(final Tcb tcb, final int claim, final long nowNs)
    {
        tcb.mtuClaim = 0;
        paths.tooBig(tcb.remoteHi, tcb.remoteLo, claim, tcb.pathMtu, nowNs);
        // Another connection may have been told first: then the path is known, but not what it means for this one.
        if (paths.mtu(tcb.remoteHi, tcb.remoteLo) >= tcb.pathMtu)
        {
            counters.increment(StackCounter.ICMP_IGNORED);
            return false;
        }
        counters.increment(StackCounter.TCP_PMTU_CHANGES);
        refresh(tcb);
        tcb.mtuProbeSize = 0;
        tcb.mtuProbeFailed = false;
        tcb.mtuProven = Math.min(tcb.mtuProven, tcb.pathMtu);
        if (tcb.state >= TcpState.ESTABLISHED)
        {
            recovery.repairAll(tcb);
        }
        return true;
    }

    /** Length of the packet that carries a full segment with so much payload. */
    static int wireSize(final Tcb tcb, final int payload)
    {
        return EffectiveMss.headers(tcb.isV4()) + EffectiveMss.timestampsLength(tcb) + payload;
    }
}
