package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RateSample;
import dev.baton.stack.tcp.Tcb;

import static dev.baton.stack.tcp.congestion.BbrWords.AFTER_PROBE_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.BW_LAST_CYCLE;
import static dev.baton.stack.tcp.congestion.BbrWords.BW_LATEST;
import static dev.baton.stack.tcp.congestion.BbrWords.BW_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.BW_THIS_CYCLE;
import static dev.baton.stack.tcp.congestion.BbrWords.EXTRA_ACKED_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.EXTRA_ACKED_BEFORE;
import static dev.baton.stack.tcp.congestion.BbrWords.EXTRA_ACKED_DELIVERED;
import static dev.baton.stack.tcp.congestion.BbrWords.EXTRA_ACKED_NOW;
import static dev.baton.stack.tcp.congestion.BbrWords.EXTRA_ACKED_ROUND;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_REACHED;
import static dev.baton.stack.tcp.congestion.BbrWords.INFINITE;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_LATEST;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_LONG_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.INITIAL_CWND;
import static dev.baton.stack.tcp.congestion.BbrWords.LOSS_IN_ROUND;
import static dev.baton.stack.tcp.congestion.BbrWords.LOSS_ROUND_DELIVERED;
import static dev.baton.stack.tcp.congestion.BbrWords.LOSS_ROUND_START;
import static dev.baton.stack.tcp.congestion.BbrWords.MIN_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.NEXT_ROUND_DELIVERED;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_REFILL;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_UP;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUNDS_SINCE_PROBE_UP;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUND_COUNT;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUND_START;
import static dev.baton.stack.tcp.congestion.BbrWords.STARTUP;
import static dev.baton.stack.tcp.congestion.BbrWords.STATE;

/**
 * BBR's model of the path (draft-ietf-ccwg-bbr, section "Updating Network Path Model Parameters"): round trips by
 * packets, the greatest delivery rate of this and the last probing cycle, how much ACKs come in bunches, and the
 * short-term bounds that losses outside of probing leave behind.
 */
final class BbrModel
{
    /** BBR.Beta is 7/10. */
    static final int BETA_NUMERATOR = 7;
    /** BBR.Beta is 7/10. */
    static final int BETA_DENOMINATOR = 10;
    private static final int EXTRA_ACKED_FILTER_ROUNDS = 10;
    private static final int FILTER_SLOTS = 2;
    private static final int PERCENT = 100;
    /** BBR.LossThresh and BBR.PacingMarginPercent. */
    private static final int TOLERATED_PERCENT = 2 + 1;
    private static final long NS_PER_MICRO = 1000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MAX_MICROS = 1L << 21;

    private BbrModel()
    {
    }

    /** BBR.max_bw. */
    static long maxBw(final long[] w)
    {
        return Math.max(w[BW_THIS_CYCLE], w[BW_LAST_CYCLE]);
    }

    /** BBR.bw: BoundBWForModel(). */
    static long bw(final long[] w)
    {
        return Math.min(maxBw(w), w[BW_SHORT_TERM]);
    }

    /** BDPMultiple(): what a rate puts into a path of min_rtt, times a gain in percent. */
    static long bdpBytes(final long[] w, final long bw, final int gain)
    {
        if (w[MIN_RTT] == INFINITE)
        {
            return w[INITIAL_CWND];
        }
        return volume(bw, w[MIN_RTT]) * gain / PERCENT;
    }

    /** What a rate delivers in a time, in bytes. */
    static long volume(final long bytesPerSecond, final long ns)
    {
        final long micros = Math.min((ns + NS_PER_MICRO - 1) / NS_PER_MICRO, MAX_MICROS * MICROS_PER_SECOND);
        final long wholeSeconds = micros / MICROS_PER_SECOND;
        return Math.min(bytesPerSecond * (micros % MICROS_PER_SECOND) / MICROS_PER_SECOND +
            Math.min(bytesPerSecond * wholeSeconds, Long.MAX_VALUE >> 1), Long.MAX_VALUE >> 8);
    }

    /** StartRound(). */
    static void startRound(final Tcb tcb)
    {
        tcb.ccWords[NEXT_ROUND_DELIVERED] = tcb.rate.deliveredBytes;
    }

    /** UpdateLatestDeliverySignals(). */
    static void updateLatest(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        w[BW_LATEST] = Math.max(w[BW_LATEST], rs.deliveryRate);
        w[INFLIGHT_LATEST] = Math.max(w[INFLIGHT_LATEST], rs.deliveredBytes);
        final boolean over = rs.hasData && rs.priorDeliveredBytes >= w[LOSS_ROUND_DELIVERED];
        BbrWords.set(w, LOSS_ROUND_START, over);
        if (over)
        {
            w[LOSS_ROUND_DELIVERED] = tcb.rate.deliveredBytes;
        }
    }

    /** AdvanceLatestDeliverySignals(). */
    static void advanceLatest(final long[] w, final RateSample rs)
    {
        if (BbrWords.has(w, LOSS_ROUND_START))
        {
            w[BW_LATEST] = rs.deliveryRate;
            w[INFLIGHT_LATEST] = rs.deliveredBytes;
        }
    }

    /** ResetCongestionSignals(). */
    static void resetCongestionSignals(final long[] w)
    {
        BbrWords.set(w, LOSS_IN_ROUND, false);
        w[BW_LATEST] = 0;
        w[INFLIGHT_LATEST] = 0;
    }

    /** UpdateCongestionSignals(). */
    static void updateCongestionSignals(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        updateRound(tcb, rs);
        if (rs.deliveryRate > 0 && (rs.deliveryRate >= maxBw(w) || !rs.appLimited))
        {
            w[BW_THIS_CYCLE] = Math.max(w[BW_THIS_CYCLE], rs.deliveryRate);
        }
        if (w[STATE] == PROBE_RTT || BbrWords.has(w, AFTER_PROBE_RTT))
        {
            passOverProbeRtt(tcb);
        }
        else if (BbrWords.has(w, LOSS_ROUND_START))
        {
            adaptLowerBounds(tcb);
            BbrWords.set(w, LOSS_IN_ROUND, false);
        }
    }

    /**
     * What was sent in ProbeRTT was little by our own will, so its losses lower no bound: they would bring the flow down
     * to what it took for measuring, until the next probe. The draft says nothing of it. Losses count again from the
     * first round trip on that began after ProbeRTT.
     */
    private static void passOverProbeRtt(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        resetCongestionSignals(w);
        w[LOSS_ROUND_DELIVERED] = tcb.rate.deliveredBytes;
        BbrWords.set(w, LOSS_ROUND_START, false);
        if (BbrWords.has(w, ROUND_START))
        {
            BbrWords.set(w, AFTER_PROBE_RTT, false);
        }
    }

    private static void updateRound(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        final boolean start = rs.hasData && rs.priorDeliveredBytes >= w[NEXT_ROUND_DELIVERED];
        BbrWords.set(w, ROUND_START, start);
        if (start)
        {
            startRound(tcb);
            w[ROUND_COUNT]++;
            w[ROUNDS_SINCE_PROBE_UP]++;
        }
    }

    /** AdaptLowerBoundsFromCongestion(): once a round trip, unless the losses are the price of probing. */
    private static void adaptLowerBounds(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        final boolean probing = w[STATE] == STARTUP || w[STATE] == PROBE_BW_REFILL || w[STATE] == PROBE_BW_UP;
        if (probing || !BbrWords.has(w, LOSS_IN_ROUND))
        {
            return;
        }
        if (w[BW_SHORT_TERM] == INFINITE)
        {
            w[BW_SHORT_TERM] = maxBw(w);
        }
        if (w[INFLIGHT_SHORT_TERM] == INFINITE)
        {
            w[INFLIGHT_SHORT_TERM] = tcb.cwndBytes;
        }
        w[BW_SHORT_TERM] = lowered(w[BW_SHORT_TERM], w[BW_LATEST]);
        w[INFLIGHT_SHORT_TERM] = lowered(w[INFLIGHT_SHORT_TERM], w[INFLIGHT_LATEST]);
    }

    /**
     * LossLowerBounds(): down to what was delivered in the round, by 30 % at most, and with the loss that BBR tolerates
     * and its own pacing margin added. Without those a flow that sends at 99 % of its bound, and loses one packet in a
     * hundred of it to noise, would measure 98 % and lower the bound by that, round after round, though the path carries
     * all of it: in 63 round trips to a half.
     */
    private static long lowered(final long bound, final long latest)
    {
        final long carried = Math.min(bound, latest * (PERCENT + TOLERATED_PERCENT) / PERCENT);
        return Math.max(carried, bound * BETA_NUMERATOR / BETA_DENOMINATOR);
    }

    /** ResetShortTermModel(). */
    static void resetShortTerm(final long[] w)
    {
        w[BW_SHORT_TERM] = INFINITE;
        w[INFLIGHT_SHORT_TERM] = INFINITE;
    }

    /** AdvanceMaxBwFilter(); a cycle without a sample does not push the last one out. */
    static void advanceMaxBw(final long[] w)
    {
        if (w[BW_THIS_CYCLE] > 0)
        {
            w[BW_LAST_CYCLE] = w[BW_THIS_CYCLE];
            w[BW_THIS_CYCLE] = 0;
        }
    }

    /**
     * UpdateACKAggregation(). The filter is a maximum over two slots of half its rounds each, so it looks back five to
     * ten rounds; in Startup over one.
     */
    static void updateAggregation(final Tcb tcb, final RateSample rs, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        long expected = volume(bw(w), Math.max(0, nowNs - w[EXTRA_ACKED_AT]));
        if (w[EXTRA_ACKED_DELIVERED] <= expected)
        {
            w[EXTRA_ACKED_DELIVERED] = 0;
            w[EXTRA_ACKED_AT] = nowNs;
            expected = 0;
        }
        w[EXTRA_ACKED_DELIVERED] += rs.newlyAckedBytes;
        final long extra = Math.min(w[EXTRA_ACKED_DELIVERED] - expected, tcb.cwndBytes);
        final int rounds = BbrWords.has(w, FULL_BW_REACHED) ? EXTRA_ACKED_FILTER_ROUNDS / FILTER_SLOTS : 1;
        if (w[ROUND_COUNT] - w[EXTRA_ACKED_ROUND] >= rounds)
        {
            w[EXTRA_ACKED_BEFORE] = w[EXTRA_ACKED_NOW];
            w[EXTRA_ACKED_NOW] = 0;
            w[EXTRA_ACKED_ROUND] = w[ROUND_COUNT];
        }
        w[EXTRA_ACKED_NOW] = Math.max(w[EXTRA_ACKED_NOW], extra);
    }

    /** BBR.extra_acked. */
    static long extraAcked(final long[] w)
    {
        return Math.max(w[EXTRA_ACKED_NOW], w[EXTRA_ACKED_BEFORE]);
    }

    /** TargetInflight(): the estimated BDP, unless congestion cut cwnd. */
    static long targetInflight(final Tcb tcb)
    {
        return Math.min(bdpBytes(tcb.ccWords, bw(tcb.ccWords), PERCENT), tcb.cwndBytes);
    }

    /** InflightWithHeadroom(): 15 % are left to others. */
    static long inflightWithHeadroom(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        final long longTerm = w[INFLIGHT_LONG_TERM];
        if (longTerm == INFINITE)
        {
            return INFINITE;
        }
        final long headroom = Math.max(tcb.effectiveMss, longTerm * 15 / PERCENT);
        return Math.max(longTerm - headroom, BbrControl.minPipeCwnd(tcb));
    }
}
