package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Pacing;
import dev.baton.stack.tcp.RateSample;
import dev.baton.stack.tcp.Tcb;

import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_REACHED;
import static dev.baton.stack.tcp.congestion.BbrWords.INFINITE;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_LONG_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.INITIAL_CWND;
import static dev.baton.stack.tcp.congestion.BbrWords.PRIOR_CWND;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_CRUISE;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_UP;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.SEEN_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.STARTUP;
import static dev.baton.stack.tcp.congestion.BbrWords.STATE;

/**
 * What BBR sets: pacing rate and cwnd, from its model and its state (draft-ietf-ccwg-bbr, section "Updating Control
 * Parameters"). The send quantum is {@link Pacing}'s: about a millisecond of the rate, at least two segments.
 */
final class BbrControl
{
    private static final int PERCENT = 100;
    private static final int MARGIN_PERCENT = 1;
    private static final int MIN_PIPE_SEGMENTS = 4;
    private static final int MIN_QUANTUM_SEGMENTS = 2;
    private static final int QUANTA_IN_FLIGHT = 3;
    private static final long NS_PER_MICRO = 1000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long FIRST_RTT_NS = 1_000_000L;

    private BbrControl()
    {
    }

    /** BBR.MinPipeCwnd. */
    static int minPipeCwnd(final Tcb tcb)
    {
        return MIN_PIPE_SEGMENTS * tcb.effectiveMss;
    }

    /** InitPacingRate(), again when the first RTT is known. */
    static void initPacingRate(final Tcb tcb)
    {
        final long rttNs = tcb.srttNs > 0 ? tcb.srttNs : FIRST_RTT_NS;
        BbrWords.set(tcb.ccWords, SEEN_RTT, tcb.srttNs > 0);
        final long nominal = tcb.ccWords[INITIAL_CWND] * MICROS_PER_SECOND / Math.max(1, rttNs / NS_PER_MICRO);
        tcb.pacing.rate = nominal * BbrWords.pacingGain(STARTUP) / PERCENT;
    }

    /** SetPacingRate(). */
    static void setPacingRate(final Tcb tcb)
    {
        if (!BbrWords.has(tcb.ccWords, SEEN_RTT) && tcb.srttNs > 0)
        {
            initPacingRate(tcb);
        }
        setPacingRate(tcb, BbrWords.pacingGain(tcb.ccWords[STATE]));
    }

    /** SetPacingRateWithGain(). */
    static void setPacingRate(final Tcb tcb, final int gain)
    {
        final long rate = BbrModel.bw(tcb.ccWords) * gain / PERCENT * (PERCENT - MARGIN_PERCENT) / PERCENT;
        if (rate > 0 && (BbrWords.has(tcb.ccWords, FULL_BW_REACHED) || rate > tcb.pacing.rate))
        {
            tcb.pacing.rate = rate;
        }
    }

    /** Inflight(): what a rate needs in flight, with a gain in percent. */
    static long inflight(final Tcb tcb, final long bw, final int gain)
    {
        return withBudget(tcb, BbrModel.bdpBytes(tcb.ccWords, bw, gain));
    }

    /** QuantizationBudget(): three quanta are on their way through the hosts. */
    private static long withBudget(final Tcb tcb, final long bytes)
    {
        final int quantum = tcb.pacing.quantumBytes(tcb.effectiveMss, MIN_QUANTUM_SEGMENTS);
        final long least = Math.max(QUANTA_IN_FLIGHT * quantum, minPipeCwnd(tcb));
        final int up = tcb.ccWords[STATE] == PROBE_BW_UP ? 2 * tcb.effectiveMss : 0;
        return Math.max(bytes, least) + up;
    }

    /** SetCwnd(). */
    static void setCwnd(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        final long bdp = BbrModel.bdpBytes(w, BbrModel.bw(w), BbrWords.cwndGain(w[STATE]));
        final long maxInflight = withBudget(tcb, bdp + BbrModel.extraAcked(w));
        final long grown = tcb.cwndBytes + rs.newlyAckedBytes;
        long cwnd = tcb.cwndBytes;
        if (BbrWords.has(w, FULL_BW_REACHED))
        {
            cwnd = Math.min(grown, maxInflight);
        }
        else if (cwnd < maxInflight || tcb.rate.deliveredBytes < w[INITIAL_CWND])
        {
            cwnd = grown;
        }
        cwnd = Math.max(cwnd, minPipeCwnd(tcb));
        if (w[STATE] == PROBE_RTT)
        {
            cwnd = Math.min(cwnd, probeRttCwnd(tcb));
        }
        tcb.cwndBytes = CongestionWindow.limit(Math.min(cwnd, volumeCap(tcb)));
    }

    /** BoundCwndForModel(). */
    private static long volumeCap(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        long cap = INFINITE;
        if (w[STATE] == PROBE_RTT || w[STATE] == PROBE_BW_CRUISE)
        {
            cap = BbrModel.inflightWithHeadroom(tcb);
        }
        else if (BbrWords.isProbingBw(w))
        {
            cap = w[INFLIGHT_LONG_TERM];
        }
        return Math.max(Math.min(cap, w[INFLIGHT_SHORT_TERM]), minPipeCwnd(tcb));
    }

    /** ProbeRTTCwnd(). */
    static long probeRttCwnd(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        return Math.max(BbrModel.bdpBytes(w, BbrModel.bw(w), BbrWords.cwndGain(PROBE_RTT)), minPipeCwnd(tcb));
    }

    /** SaveCwnd(). */
    static void saveCwnd(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        final boolean lastKnownGood = tcb.recovery == Tcb.RECOVERY_OPEN && w[STATE] != PROBE_RTT;
        w[PRIOR_CWND] = lastKnownGood ? tcb.cwndBytes : Math.max(w[PRIOR_CWND], tcb.cwndBytes);
    }

    /** RestoreCwnd(). */
    static void restoreCwnd(final Tcb tcb)
    {
        tcb.cwndBytes = (int)Math.min(CongestionWindow.MAX_BYTES, Math.max(tcb.cwndBytes, tcb.ccWords[PRIOR_CWND]));
    }
}
