package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RateSample;
import dev.baton.stack.tcp.RecoveryState;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.Tcbs;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * BBR's rules one by one (draft-ietf-ccwg-bbr), on a path of 40 ms that delivers a segment of 1000 bytes in each
 * millisecond: a million bytes a second, a bandwidth-delay product of 40 segments.
 */
class BbrTest
{
    private static final long MS = 1_000_000L;
    private static final long RTT_NS = 40 * MS;
    private static final int MSS = 1000;
    private static final int BDP = 40 * MSS;

    private final Tcb tcb = Tcbs.established(MSS, Bbr.INSTANCE, RTT_NS);
    private final long[] w = tcb.ccWords;
    private long nowNs;

    /** Fill cwnd, let so much of it be delivered as the path carries, and hear of it. */
    private void round()
    {
        final int segments = Math.max(1, (tcb.cwndBytes - tcb.pipeBytes()) / MSS);
        tcb.sndNxt += segments * MSS;
        tcb.sentLog.append(tcb.sndNxt, nowNs);
        final int first = tcb.sndUna;
        final int outstanding = (tcb.sndNxt - first) / MSS;
        nowNs += RTT_NS;
        for (int i = 1; i <= outstanding; i++)
        {
            Tcbs.ack(tcb, first + i * MSS, nowNs);
            nowNs += MS;
        }
    }

    private void until(final int state)
    {
        for (int i = 0; i < 200 && w[BbrWords.STATE] != state; i++)
        {
            round();
        }
        assertEquals(BbrWords.stateName(state), BbrWords.stateName(w[BbrWords.STATE]));
    }

    /** A run of segments is sent, and its end is lost. */
    private void lose(final int segments, final int lost)
    {
        tcb.sndNxt += segments * MSS;
        tcb.sentLog.append(tcb.sndNxt, nowNs);
        Bbr.INSTANCE.onPacketLost(tcb, lost * MSS, lost * MSS, segments * MSS, false);
    }

    @Test
    void shouldBeginWithAHighGainOverTheInitialWindow()
    {
        assertEquals(10 * MSS, tcb.cwndBytes);
        assertEquals(10L * MSS * 1000 / 40 * 277 / 100, tcb.pacing.rate);
    }

    /** Section "Exiting Acceleration Based on Bandwidth Plateau": three rounds without a quarter more. */
    @Test
    void shouldLeaveStartupWhenTheRateHasGrownNoMoreForThreeRounds()
    {
        final RateSample sample = new RateSample();
        BbrWords.set(w, BbrWords.ROUND_START, true);
        for (final long rate : new long[]{1000, 1250, 1562, 1700, 1700})
        {
            sample.deliveryRate = rate;
            BbrStartup.checkFullBw(w, sample);
        }
        sample.appLimited = true;
        BbrStartup.checkFullBw(w, sample);
        sample.appLimited = false;
        assertEquals(BbrWords.STARTUP, w[BbrWords.STATE]);
        assertFalse(BbrWords.has(w, BbrWords.FULL_BW_REACHED));
        BbrStartup.checkFullBw(w, sample);
        BbrStartup.checkDone(tcb, sample);
        assertTrue(BbrWords.has(w, BbrWords.FULL_BW_REACHED));
        assertEquals(BbrWords.DRAIN, w[BbrWords.STATE]);
    }

    @Test
    void shouldBoundTheWindowByTwiceTheBandwidthDelayProduct()
    {
        until(BbrWords.PROBE_BW_CRUISE);
        final long bdp = BbrModel.bdpBytes(w, BbrModel.bw(w), 100);
        assertTrue(tcb.cwndBytes <= 2 * bdp + BbrModel.extraAcked(w), () -> tcb.cwndBytes + " of " + bdp);
        assertTrue(tcb.pacing.rate <= BbrModel.bw(w), "one percent below the rate");
    }

    @Test
    void shouldProbeBetweenTwoAndThreeSecondsOrAsReno()
    {
        until(BbrWords.PROBE_BW_CRUISE);
        assertTrue(w[BbrWords.BW_PROBE_WAIT] >= 2000 * MS && w[BbrWords.BW_PROBE_WAIT] < 3000 * MS);
        assertTrue(w[BbrWords.ROUNDS_SINCE_PROBE_UP] <= 63);
        until(BbrWords.PROBE_BW_REFILL);
        until(BbrWords.PROBE_BW_UP);
        w[BbrWords.PROBE_RTT_MIN_AT] = nowNs;
        for (int i = 0; i < 20 && w[BbrWords.STATE] == BbrWords.PROBE_BW_UP; i++)
        {
            round();
        }
        assertTrue(w[BbrWords.STATE] == BbrWords.PROBE_BW_DOWN || w[BbrWords.STATE] == BbrWords.PROBE_BW_CRUISE);
    }

    /** Section "Probing for Bandwidth In ProbeBW": above 2 % is too much. */
    @Test
    void shouldBoundInflightWhenAProbeLosesMoreThanTwoPercent()
    {
        until(BbrWords.PROBE_BW_UP);
        lose(100, 2);
        assertEquals(BbrWords.PROBE_BW_UP, w[BbrWords.STATE]);
        assertEquals(BbrWords.INFINITE, w[BbrWords.INFLIGHT_LONG_TERM]);
        lose(100, 3);
        assertEquals(BbrWords.PROBE_BW_DOWN, w[BbrWords.STATE]);
        assertTrue(w[BbrWords.INFLIGHT_LONG_TERM] >= 97 * MSS && w[BbrWords.INFLIGHT_LONG_TERM] <= 100 * MSS,
            () -> "bound: " + w[BbrWords.INFLIGHT_LONG_TERM]);
    }

    /** 30 % at most, 85 % of the long-term bound while cruising. */
    @Test
    void shouldLeaveHeadroomWhileCruising()
    {
        until(BbrWords.PROBE_BW_CRUISE);
        w[BbrWords.INFLIGHT_LONG_TERM] = BDP;
        Tcbs.ack(tcb, tcb.sndNxt, nowNs);
        assertEquals(BDP * 85 / 100, BbrModel.inflightWithHeadroom(tcb));
        assertTrue(tcb.cwndBytes <= BDP * 85 / 100);
    }

    /** Losses outside of probing lower the short-term bound once a round, by 30 % at most; below 2 % not at all. */
    @Test
    void shouldLowerTheShortTermBoundByWhatWasDelivered()
    {
        until(BbrWords.PROBE_BW_CRUISE);
        round();
        BbrLoss.note(tcb);
        round();
        final long bound = w[BbrWords.BW_SHORT_TERM];
        assertTrue(bound <= BbrModel.maxBw(w) && bound >= BbrModel.maxBw(w) * 7 / 10, () -> "bound: " + bound);
        until(BbrWords.PROBE_BW_REFILL);
        assertEquals(BbrWords.INFINITE, w[BbrWords.BW_SHORT_TERM]);
    }

    /** ProbeRTT after five seconds without a sample as low, with half a bandwidth-delay product. */
    @Test
    void shouldProbeTheRoundTripTimeEveryFiveSeconds()
    {
        until(BbrWords.PROBE_BW_CRUISE);
        w[BbrWords.PROBE_RTT_MIN_AT] = nowNs - 5_001 * MS;
        w[BbrWords.PROBE_RTT_MIN_DELAY] = RTT_NS;
        final int before = tcb.cwndBytes;
        round();
        assertEquals(BbrWords.PROBE_RTT, w[BbrWords.STATE]);
        assertTrue(tcb.cwndBytes <= Math.max(BbrModel.bdpBytes(w, BbrModel.bw(w), 50), 4 * MSS));
        until(BbrWords.PROBE_BW_CRUISE);
        assertTrue(tcb.cwndBytes >= before * 7 / 10, () -> before + ", then " + tcb.cwndBytes);
    }

    /** What was sent in ProbeRTT lowers no bound when some of it is lost. */
    @Test
    void shouldNotAnswerLossesOfProbeRtt()
    {
        until(BbrWords.PROBE_BW_CRUISE);
        w[BbrWords.PROBE_RTT_MIN_AT] = nowNs - 5_001 * MS;
        w[BbrWords.PROBE_RTT_MIN_DELAY] = RTT_NS;
        round();
        while (w[BbrWords.STATE] == BbrWords.PROBE_RTT)
        {
            round();
        }
        BbrLoss.note(tcb);
        round();
        assertEquals(BbrWords.INFINITE, w[BbrWords.BW_SHORT_TERM]);
        BbrLoss.note(tcb);
        round();
        assertNotEquals(BbrWords.INFINITE, w[BbrWords.BW_SHORT_TERM]);
    }

    @Test
    void shouldLeaveStartupOnAnEcnEcho()
    {
        round();
        Bbr.INSTANCE.onEcn(tcb, tcb.pipeBytes(), nowNs);
        assertTrue(BbrWords.has(w, BbrWords.FULL_BW_REACHED));
        assertNotEquals(BbrWords.INFINITE, w[BbrWords.INFLIGHT_LONG_TERM]);
    }

    @Test
    void shouldEndAProbeOnAnEcnEcho()
    {
        until(BbrWords.PROBE_BW_UP);
        Bbr.INSTANCE.onEcn(tcb, tcb.pipeBytes(), nowNs);
        assertEquals(BbrWords.PROBE_BW_DOWN, w[BbrWords.STATE]);
    }

    @Test
    void shouldGoBackToStartupWhenTheLossWasNone()
    {
        round();
        round();
        BbrLoss.note(tcb);
        BbrStartup.leave(tcb);
        round();
        assertNotEquals(BbrWords.STARTUP, w[BbrWords.STATE]);
        Bbr.INSTANCE.onUndo(tcb, new RecoveryState(), nowNs);
        assertEquals(BbrWords.STARTUP, w[BbrWords.STATE]);
        assertEquals(BbrWords.INFINITE, w[BbrWords.INFLIGHT_LONG_TERM]);
    }

    @Test
    void shouldSendOneSegmentAfterATimeoutAndThenHaveItsWindowBack()
    {
        until(BbrWords.PROBE_BW_CRUISE);
        final int before = tcb.cwndBytes;
        tcb.recovery = Tcb.RECOVERY_LOSS;
        Bbr.INSTANCE.onTimeout(tcb, BDP, true, nowNs);
        assertEquals(MSS, tcb.cwndBytes);
        round();
        tcb.recovery = Tcb.RECOVERY_OPEN;
        round();
        assertTrue(tcb.cwndBytes >= before * 7 / 10, () -> before + ", then " + tcb.cwndBytes);
    }

    @Test
    void shouldPaceAtTheRateOfThePathWhenItComesBackFromIdle()
    {
        until(BbrWords.PROBE_BW_UP);
        assertTrue(tcb.pacing.rate > BbrModel.bw(w));
        tcb.rate.appLimitedBytes = 1;
        Bbr.INSTANCE.onRestart(tcb, nowNs + 100 * MS);
        assertEquals(BbrModel.bw(w) * 99 / 100, tcb.pacing.rate);
    }

    @Test
    void shouldKnowWordsThatCannotBe()
    {
        assertEquals(-1, Bbr.INSTANCE.firstBadWord(w));
        for (int i = BbrWords.TIMES; i < BbrWords.COUNT; i++)
        {
            final long value = w[i];
            w[i] = Long.MIN_VALUE;
            assertEquals(i == BbrWords.RANDOM ? -1 : i, Bbr.INSTANCE.firstBadWord(w));
            w[i] = value;
        }
    }

    @Test
    void shouldTellOperatorsWhatItKnows()
    {
        until(BbrWords.PROBE_BW_CRUISE);
        final StringBuilder text = new StringBuilder();
        Bbr.INSTANCE.describe(tcb, text);
        assertTrue(text.toString().startsWith("bbr:(bw:") && text.toString().contains("pacing_gain:1.00"), text::toString);
    }
}
