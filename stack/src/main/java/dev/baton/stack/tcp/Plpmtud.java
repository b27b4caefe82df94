package dev.baton.stack.tcp;

import dev.baton.stack.IpSettings;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.wire.Seq;

/**
 * Packetisation-layer path MTU discovery for TCP (RFC 4821; RFC 8899): finds out what the path carries by trying, so
 * that it works where no router says "too big".
 * <pre>
 *     searchLow                  searchHigh
 *        |-------------------------|          segments are of searchLow; a probe is one larger segment of real data
 *        |        probe            |
 *   acknowledged: searchLow = probe           lost alone: searchHigh = probe - 1, sent again, no sign of congestion
 * </pre>
 * A search begins with the greatest size, since most paths carry it, and goes on by halves until the ends are close
 * (RFC 4821, section 7.3); after {@code tcp_probe_interval} the upper end is tried again. A black hole shows by
 * time-outs in a row: then segments fall back to the base size, and by halves below it (section 7.7), but not below
 * what every link of the family carries.
 * <p>
 * A probe needs data behind it to bring the ACKs that tell of its loss, a window that is not short, and a connection
 * that repairs nothing (section 7.4). {@link Tcb#mtuSearchLow} is 0 while the connection does not search.
 */
final class Plpmtud
{
    private static final int MIN_CWND_SEGMENTS = 11;
    /** Segments behind a probe: enough for three duplicate ACKs, and one that may be lost. */
    private static final int SEGMENTS_BEHIND = 4;

    private final Paths paths;
    private final IpSettings settings;
    private final StackCounters counters;

    Plpmtud(final Paths paths, final IpSettings settings, final StackCounters counters)
    {
        this.paths = paths;
        this.settings = settings;
        this.counters = counters;
    }

    /** The connection is established: segment sizes are agreed. */
    void begin(final Tcb tcb, final long nowNs)
    {
        if (settings.mtuProbing() == 2)
        {
            enable(tcb, nowNs);
        }
    }

    private void enable(final Tcb tcb, final long nowNs)
    {
        tcb.mtuSearchHigh = ceiling(tcb);
        tcb.mtuSearchLow = Math.min(base(tcb, settings.baseMssBytes()), tcb.mtuSearchHigh);
        tcb.mtuProbedAtNs = nowNs;
        use(tcb, paths.mtu(tcb.remoteHi, tcb.remoteLo));
    }

    /** What can be in use at most: what both ends take, and what is known of the path. */
    private int ceiling(final Tcb tcb)
    {
        final int agreed = Math.min(tcb.localMss, tcb.remoteMss) + EffectiveMss.headers(tcb.isV4());
        return Math.min(agreed, paths.mtu(tcb.remoteHi, tcb.remoteLo));
    }

    /** An MTU for segments of so much payload, in the limits. */
    private int base(final Tcb tcb, final int mss)
    {
        final int mtu = Math.max(mss, settings.mtuProbeFloorBytes()) + EffectiveMss.headers(tcb.isV4());
        return tcb.isV4() ? mtu : Math.max(mtu, Paths.MIN_MTU_BYTES_V6);
    }

    /** Set the MTU in use from what the path is known to carry, and what the search has found. */
    void use(final Tcb tcb, final int known)
    {
        final int mtu = tcb.mtuSearchLow == 0 ? known : Math.min(known, tcb.mtuSearchLow);
        if (mtu != tcb.pathMtu)
        {
            tcb.pathMtu = mtu;
            if (tcb.remoteMss > 0)
            {
                EffectiveMss.update(tcb);
            }
        }
    }

    /**
     * Payload of the probe that is to be sent now.
     *
     * @param tcb    of the connection; everything before SND.NXT has been sent.
     * @param queued bytes behind SND.NXT.
     * @param window bytes that the peer takes.
     * @param nowNs  now.
     * @return 0 when none is.
     */
    int due(final Tcb tcb, final int queued, final int window, final long nowNs)
    {
        if (tcb.mtuSearchLow == 0 || isSearching(tcb) || !isCalm(tcb))
        {
            return 0;
        }
        final int size = nextSize(tcb, nowNs);
        if (size <= tcb.pathMtu)
        {
            return 0;
        }
        final int payload = size - Pmtud.wireSize(tcb, 0);
        final int needed = payload + SEGMENTS_BEHIND * tcb.effectiveMss;
        final boolean room = tcb.cwndBytes - tcb.pipeBytes() >= payload;
        return queued >= needed && window >= needed && room ? payload : 0;
    }

    private int nextSize(final Tcb tcb, final long nowNs)
    {
        final int ceiling = ceiling(tcb);
        if (tcb.mtuSearchHigh > ceiling)
        {
            tcb.mtuSearchHigh = ceiling;
        }
        if (tcb.mtuSearchHigh - tcb.pathMtu < settings.mtuProbeThresholdBytes() && tcb.mtuSearchHigh < ceiling)
        {
            if (nowNs - tcb.mtuProbedAtNs < settings.mtuProbeIntervalNs())
            {
                return 0;
            }
            tcb.mtuSearchHigh = ceiling;
        }
        return tcb.mtuSearchHigh == ceiling ? ceiling : tcb.pathMtu + (tcb.mtuSearchHigh - tcb.pathMtu + 1) / 2;
    }

    /** Is a probe in flight, or being sent again? */
    private static boolean isSearching(final Tcb tcb)
    {
        return tcb.mtuProbeFailed || tcb.mtuProbeSize > tcb.pathMtu;
    }

    private static boolean isCalm(final Tcb tcb)
    {
        return tcb.recovery == Tcb.RECOVERY_OPEN && tcb.dupAcks == 0 && tcb.sentLog.sackedBytes() == 0 &&
            !(tcb.sackOk && tcb.receiveRing.runCount() > 0) &&
            tcb.cwndBytes >= MIN_CWND_SEGMENTS * tcb.effectiveMss;
    }

    /** A probe has been sent. */
    void sent(final Tcb tcb, final int payload, final long nowNs)
    {
        tcb.mtuProbeSize = Pmtud.wireSize(tcb, payload);
        tcb.mtuProbeEnd = tcb.sndNxt;
        tcb.mtuProbedAtNs = nowNs;
    }

    /** Does a number lie in the probe that is in flight? */
    static boolean isProbe(final Tcb tcb, final int seq)
    {
        return tcb.mtuProbeSize > tcb.pathMtu && Seq.lt(seq, tcb.mtuProbeEnd) && Seq.geq(seq, start(tcb));
    }

    private static int start(final Tcb tcb)
    {
        return tcb.mtuProbeEnd - (tcb.mtuProbeSize - Pmtud.wireSize(tcb, 0));
    }

    /** What {@link Pmtud} remembered is acknowledged: a probe, a repaired probe, or a segment like others. */
    void acknowledged(final Tcb tcb)
    {
        if (tcb.mtuProbeSize > tcb.pathMtu)
        {
            counters.increment(StackCounter.TCP_MTUP_SUCCESS);
            tcb.mtuSearchLow = tcb.mtuProbeSize;
            use(tcb, paths.mtu(tcb.remoteHi, tcb.remoteLo));
        }
    }

    /**
     * A loss is seen that would begin a recovery. When it is that of the probe alone, it is repaired without one.
     *
     * @return true when it is nothing but the probe.
     */
    boolean isProbeLost(final Tcb tcb)
    {
        if (isProbe(tcb, tcb.sndUna) && tcb.sndUna == start(tcb) && !lostBehind(tcb))
        {
            failed(tcb, tcb.mtuProbeSize - 1);
            return true;
        }
        return tcb.mtuProbeFailed && Seq.lt(tcb.sndUna, tcb.mtuProbeEnd) && !lostBehind(tcb);
    }

    private static boolean lostBehind(final Tcb tcb)
    {
        final int end = tcb.sentLog.firstRun() + tcb.sentLog.runCount();
        for (int run = tcb.sentLog.firstRun(); run < end; run++)
        {
            if ((tcb.sentLog.marksOf(run) & SentLog.LOST) != 0 && Seq.gt(tcb.sentLog.endOf(run), tcb.mtuProbeEnd))
            {
                return true;
            }
        }
        return false;
    }

    /** The probe did not get through: what it carried is sent again in segments of the size that does. */
    void failed(final Tcb tcb, final int carried)
    {
        counters.increment(StackCounter.TCP_MTUP_FAIL);
        tcb.mtuSearchHigh = carried;
        final int payload = tcb.mtuProbeSize - Pmtud.wireSize(tcb, 0);
        tcb.mtuProbeSize = 0;
        tcb.mtuProbeFailed = true;
        if (tcb.sndUna == tcb.mtuProbeEnd - payload)
        {
            tcb.sentLog.markFrontLost(payload);
            tcb.forceRetransmit = true;
        }
    }

    /** The retransmission timer ran out: a probe has shown nothing, and often in a row it is a black hole. */
    void onTimeout(final Tcb tcb, final long nowNs)
    {
        tcb.mtuProbeSize = 0;
        tcb.mtuProbeFailed = false;
        if (settings.mtuProbing() == 0 || tcb.retransmits < settings.retries1())
        {
            return;
        }
        if (tcb.mtuSearchLow == 0)
        {
            enable(tcb, nowNs);
            return;
        }
        final int mss = tcb.mtuSearchLow - EffectiveMss.headers(tcb.isV4());
        final int low = Math.min(base(tcb, Math.min(settings.baseMssBytes(), mss / 2)), tcb.mtuSearchLow);
        tcb.mtuSearchLow = low;
        tcb.mtuProven = Math.min(tcb.mtuProven, low);
        use(tcb, paths.mtu(tcb.remoteHi, tcb.remoteLo));
    }
}
