package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RateSample;
import dev.baton.stack.tcp.Tcb;

import static dev.baton.stack.tcp.congestion.BbrWords.ACKS_INIT;
import static dev.baton.stack.tcp.congestion.BbrWords.ACKS_PROBE_FEEDBACK;
import static dev.baton.stack.tcp.congestion.BbrWords.ACKS_PROBE_STARTING;
import static dev.baton.stack.tcp.congestion.BbrWords.ACKS_PROBE_STOPPING;
import static dev.baton.stack.tcp.congestion.BbrWords.ACKS_REFILLING;
import static dev.baton.stack.tcp.congestion.BbrWords.ACK_PHASE;
import static dev.baton.stack.tcp.congestion.BbrWords.BW_PROBE_SAMPLE;
import static dev.baton.stack.tcp.congestion.BbrWords.BW_PROBE_WAIT;
import static dev.baton.stack.tcp.congestion.BbrWords.CYCLE_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_NOW;
import static dev.baton.stack.tcp.congestion.BbrWords.FULL_BW_REACHED;
import static dev.baton.stack.tcp.congestion.BbrWords.INFINITE;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_LONG_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.PREV_PROBE_PRECAUTIONARY;
import static dev.baton.stack.tcp.congestion.BbrWords.PREV_PROBE_TOO_HIGH;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_CRUISE;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_DOWN;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_REFILL;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_BW_UP;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_UP_ACKED;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_UP_ACKED_PER_INC;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_UP_ROUNDS;
import static dev.baton.stack.tcp.congestion.BbrWords.RANDOM;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUNDS_SINCE_PROBE_UP;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUND_START;
import static dev.baton.stack.tcp.congestion.BbrWords.STATE;

/**
 * ProbeBW (draft-ietf-ccwg-bbr, section "ProbeBW Algorithm Details"): where a flow spends its life.
 * <pre>
 *             inflight at the BDP,        2 to 3 s, or as many round          one round
 *             with headroom               trips as Reno would need
 *     DOWN ---------------------> CRUISE --------------------------> REFILL ------------> UP
 *       ^                                                                                 |
 *       +---------------------------------------------------------------------------------+
 *             the rate no longer grows, or losses are above 2 %
 * </pre>
 * The random part of the wait comes from a source in the connection's own words, seeded by its initial sequence
 * numbers, so that a connection that goes to another shard goes on with the same numbers.
 */
final class BbrProbeBw
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int MAX_PROBE_ROUNDS = 63;
    private static final int MAX_UP_ROUNDS = 30;
    private static final int UNITY = 100;

    private BbrProbeBw()
    {
    }

    static void startDown(final Tcb tcb, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        BbrModel.resetCongestionSignals(w);
        w[PROBE_UP_ACKED_PER_INC] = INFINITE;
        w[ROUNDS_SINCE_PROBE_UP] = random(w, 2);
        w[BW_PROBE_WAIT] = 2 * SECOND_NS + random(w, (int)SECOND_NS);
        w[CYCLE_AT] = nowNs;
        w[ACK_PHASE] = ACKS_PROBE_STOPPING;
        BbrModel.startRound(tcb);
        w[STATE] = PROBE_BW_DOWN;
    }

    /** SplitMix64, as {@link dev.baton.stack.ShardRandom}. */
    private static int random(final long[] w, final int bound)
    {
        w[RANDOM] += 0x9E37_79B9_7F4A_7C15L;
        long z = w[RANDOM];
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return (int)Long.remainderUnsigned(z ^ z >>> 31, bound);
    }

    static void startCruise(final long[] w)
    {
        w[STATE] = PROBE_BW_CRUISE;
    }

    static void startRefill(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        BbrModel.resetShortTerm(w);
        w[PROBE_UP_ROUNDS] = 0;
        w[PROBE_UP_ACKED] = 0;
        BbrWords.set(w, PREV_PROBE_PRECAUTIONARY, false);
        w[ACK_PHASE] = ACKS_REFILLING;
        BbrModel.startRound(tcb);
        w[STATE] = PROBE_BW_REFILL;
    }

    private static void startUp(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        w[ACK_PHASE] = ACKS_PROBE_STARTING;
        BbrModel.startRound(tcb);
        BbrStartup.resetFullBw(w);
        w[FULL_BW] = rs.deliveryRate;
        w[STATE] = PROBE_BW_UP;
        raiseSlope(tcb);
    }

    /** UpdateProbeBWCyclePhase(). */
    static void update(final Tcb tcb, final RateSample rs, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        if (!BbrWords.has(w, FULL_BW_REACHED) || adaptLongTerm(tcb, rs) || !BbrWords.isProbingBw(w))
        {
            return;
        }
        switch ((int)w[STATE])
        {
            case PROBE_BW_DOWN:
                if (!startedRefill(tcb, nowNs) && isTimeToCruise(tcb))
                {
                    startCruise(w);
                }
                break;
            case PROBE_BW_CRUISE:
                startedRefill(tcb, nowNs);
                break;
            case PROBE_BW_REFILL:
                if (BbrWords.has(w, ROUND_START))
                {
                    BbrWords.set(w, BW_PROBE_SAMPLE, true);
                    startUp(tcb, rs);
                }
                break;
            default:
                if (isTimeToGoDown(tcb, rs))
                {
                    BbrWords.set(w, PREV_PROBE_TOO_HIGH, false);
                    startDown(tcb, nowNs);
                }
                break;
        }
    }

    /** IsTimeToProbeBW(), the Reno-conscious bound included: a Reno flow needs as many rounds as packets in flight. */
    private static boolean startedRefill(final Tcb tcb, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        final long renoRounds = BbrModel.targetInflight(tcb) / tcb.effectiveMss;
        if (nowNs - w[CYCLE_AT] > w[BW_PROBE_WAIT] ||
            w[ROUNDS_SINCE_PROBE_UP] >= Math.min(renoRounds, MAX_PROBE_ROUNDS))
        {
            startRefill(tcb);
            return true;
        }
        return false;
    }

    private static boolean isTimeToCruise(final Tcb tcb)
    {
        final long inflight = tcb.pipeBytes();
        return inflight <= BbrModel.inflightWithHeadroom(tcb) &&
            inflight <= BbrControl.inflight(tcb, BbrModel.maxBw(tcb.ccWords), UNITY);
    }

    private static boolean isTimeToGoDown(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        if (BbrWords.has(w, PREV_PROBE_TOO_HIGH) && tcb.pipeBytes() >= w[INFLIGHT_LONG_TERM])
        {
            BbrWords.set(w, PREV_PROBE_PRECAUTIONARY, true);
            return true;
        }
        if (tcb.cwndLimited && tcb.cwndBytes >= w[INFLIGHT_LONG_TERM])
        {
            BbrStartup.resetFullBw(w);
            w[FULL_BW] = rs.deliveryRate;
            return false;
        }
        return BbrWords.has(w, FULL_BW_NOW);
    }

    /** AdaptLongTermModel(). Returns whether it has changed the state. */
    private static boolean adaptLongTerm(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        final boolean roundStart = BbrWords.has(w, ROUND_START);
        if (w[ACK_PHASE] == ACKS_PROBE_STARTING && roundStart)
        {
            w[ACK_PHASE] = ACKS_PROBE_FEEDBACK;
        }
        if (w[ACK_PHASE] == ACKS_PROBE_STOPPING && roundStart && endedFeedback(tcb, rs))
        {
            return true;
        }
        if (w[INFLIGHT_LONG_TERM] != INFINITE && rs.hasData &&
            !BbrLoss.isTooHigh(tcb, rs.lostBytes, rs.txInFlightBytes))
        {
            w[INFLIGHT_LONG_TERM] = Math.max(w[INFLIGHT_LONG_TERM], rs.txInFlightBytes);
            if (w[STATE] == PROBE_BW_UP)
            {
                probeUpward(tcb, rs);
            }
        }
        return false;
    }

    /** All that was sent while probing has been heard of. A careful probe that went well is followed by a whole one. */
    private static boolean endedFeedback(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        BbrWords.set(w, BW_PROBE_SAMPLE, false);
        w[ACK_PHASE] = ACKS_INIT;
        if (BbrWords.isProbingBw(w) && !rs.appLimited)
        {
            BbrModel.advanceMaxBw(w);
        }
        if (BbrWords.isProbingBw(w) && BbrWords.has(w, PREV_PROBE_PRECAUTIONARY) &&
            !BbrWords.has(w, PREV_PROBE_TOO_HIGH))
        {
            startRefill(tcb);
            return true;
        }
        return false;
    }

    /** ProbeInflightLongtermUpward(). */
    private static void probeUpward(final Tcb tcb, final RateSample rs)
    {
        final long[] w = tcb.ccWords;
        if (!tcb.cwndLimited || tcb.cwndBytes < w[INFLIGHT_LONG_TERM])
        {
            return;
        }
        w[PROBE_UP_ACKED] += rs.newlyAckedBytes;
        if (w[PROBE_UP_ACKED] >= w[PROBE_UP_ACKED_PER_INC])
        {
            final long delta = w[PROBE_UP_ACKED] / w[PROBE_UP_ACKED_PER_INC];
            w[PROBE_UP_ACKED] -= delta * w[PROBE_UP_ACKED_PER_INC];
            w[INFLIGHT_LONG_TERM] =
                Math.min(w[INFLIGHT_LONG_TERM] + delta * tcb.effectiveMss, CongestionWindow.MAX_BYTES);
        }
        if (BbrWords.has(w, ROUND_START))
        {
            raiseSlope(tcb);
        }
    }

    /** RaiseInflightLongtermSlope(). */
    private static void raiseSlope(final Tcb tcb)
    {
        final long[] w = tcb.ccWords;
        final long growth = 1L << w[PROBE_UP_ROUNDS];
        w[PROBE_UP_ROUNDS] = Math.min(w[PROBE_UP_ROUNDS] + 1, MAX_UP_ROUNDS);
        w[PROBE_UP_ACKED_PER_INC] = Math.max(tcb.cwndBytes / growth, tcb.effectiveMss);
    }
}
