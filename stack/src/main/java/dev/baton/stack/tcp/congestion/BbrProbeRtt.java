package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RateSample;
import dev.baton.stack.tcp.Tcb;

import static dev.baton.stack.tcp.congestion.BbrWords.ACKS_PROBE_STOPPING;
import static dev.baton.stack.tcp.congestion.BbrWords.ACK_PHASE;
import static dev.baton.stack.tcp.congestion.BbrWords.AFTER_PROBE_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_REACHED;
import static dev.baton.stack.tcp.congestion.BbrWords.IDLE_RESTART;
import static dev.baton.stack.tcp.congestion.BbrWords.MIN_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.MIN_RTT_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT_DONE_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT_EXPIRED;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT_MIN_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT_MIN_DELAY;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT_ROUND_DONE;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUND_START;
import static dev.baton.stack.tcp.congestion.BbrWords.STATE;

/**
 * The least round-trip time, and the state that measures it (draft-ietf-ccwg-bbr, section "ProbeRTT Logic"): when no
 * sample has been as low for five seconds, half a BDP is kept in flight for 200 ms and a round trip, so that all flows
 * that do so see the path without their queue.
 */
final class BbrProbeRtt
{
    private static final long MS = 1_000_000L;
    private static final long MIN_RTT_FILTER_NS = 10_000 * MS;
    private static final long PROBE_RTT_INTERVAL_NS = 5_000 * MS;
    private static final long PROBE_RTT_DURATION_NS = 200 * MS;

    private BbrProbeRtt()
    {
    }

    /** UpdateMinRTT(). */
    static void updateMinRtt(final long[] w, final RateSample rs, final long nowNs)
    {
        final boolean expired = nowNs - w[PROBE_RTT_MIN_AT] > PROBE_RTT_INTERVAL_NS;
        BbrWords.set(w, PROBE_RTT_EXPIRED, expired);
        if (rs.rttNs >= 0 && (rs.rttNs < w[PROBE_RTT_MIN_DELAY] || expired))
        {
            w[PROBE_RTT_MIN_DELAY] = rs.rttNs;
            w[PROBE_RTT_MIN_AT] = nowNs;
        }
        if (w[PROBE_RTT_MIN_DELAY] < w[MIN_RTT] || nowNs - w[MIN_RTT_AT] > MIN_RTT_FILTER_NS)
        {
            w[MIN_RTT] = w[PROBE_RTT_MIN_DELAY];
            w[MIN_RTT_AT] = w[PROBE_RTT_MIN_AT];
        }
    }

    /** CheckProbeRTT(). */
    static void check(final Tcb tcb, final RateSample rs, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        if (w[STATE] != PROBE_RTT && BbrWords.has(w, PROBE_RTT_EXPIRED) && !BbrWords.has(w, IDLE_RESTART))
        {
            BbrControl.saveCwnd(tcb);
            w[STATE] = PROBE_RTT;
            w[PROBE_RTT_DONE_AT] = Tcb.NONE;
            w[ACK_PHASE] = ACKS_PROBE_STOPPING;
            BbrModel.startRound(tcb);
        }
        if (w[STATE] == PROBE_RTT)
        {
            handle(tcb, nowNs);
        }
        if (rs.newlyAckedBytes > 0)
        {
            BbrWords.set(w, IDLE_RESTART, false);
        }
    }

    private static void handle(final Tcb tcb, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        tcb.rate.markAppLimited();
        if (w[PROBE_RTT_DONE_AT] == Tcb.NONE)
        {
            if (tcb.pipeBytes() <= BbrControl.probeRttCwnd(tcb))
            {
                w[PROBE_RTT_DONE_AT] = nowNs + PROBE_RTT_DURATION_NS;
                BbrWords.set(w, PROBE_RTT_ROUND_DONE, false);
                BbrModel.startRound(tcb);
            }
            return;
        }
        if (BbrWords.has(w, ROUND_START))
        {
            BbrWords.set(w, PROBE_RTT_ROUND_DONE, true);
        }
        if (BbrWords.has(w, PROBE_RTT_ROUND_DONE))
        {
            checkDone(tcb, nowNs);
        }
    }

    /** CheckProbeRTTDone(). */
    static void checkDone(final Tcb tcb, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        if (w[PROBE_RTT_DONE_AT] != Tcb.NONE && nowNs > w[PROBE_RTT_DONE_AT])
        {
            w[PROBE_RTT_MIN_AT] = nowNs;
            BbrControl.restoreCwnd(tcb);
            exit(tcb, nowNs);
        }
    }

    private static void exit(final Tcb tcb, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        BbrModel.resetShortTerm(w);
        BbrWords.set(w, AFTER_PROBE_RTT, true);
        if (BbrWords.has(w, FULL_BW_REACHED))
        {
            BbrProbeBw.startDown(tcb, nowNs);
            BbrProbeBw.startCruise(w);
        }
        else
        {
            BbrModel.startRound(tcb);
            BbrStartup.enter(w);
        }
    }
}
