package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.Tcbs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rounds are ten ACKs of 1000 bytes each, with ten thousand bytes in flight. */
class HyStartPlusPlusTest
{
    private static final int MSS = 1000;
    private static final int ROUND = 10 * MSS;
    private static final long MS = 1_000_000L;
    private static final int INFINITE = CongestionWindow.MAX_BYTES;

    private final Tcb tcb = Tcbs.established(MSS);

    @BeforeEach
    void establish()
    {
        tcb.sndUna = tcb.sndNxt = Integer.MAX_VALUE - 25 * MSS;
        Cubic.INSTANCE.onEstablished(tcb, 10);
        HyStartDriver.send(tcb, ROUND);
    }

    private int round(final long rttNs)
    {
        return HyStartDriver.round(tcb, 10, MSS, rttNs);
    }

    private boolean entersCss(final long lastRttNs, final long rttNs)
    {
        round(lastRttNs);
        round(rttNs);
        return HyStartPlusPlus.inCss(tcb);
    }

    @Test
    void shouldGrowByWhatIsAcknowledgedWhileTheRttStands()
    {
        for (int i = 0; i < 20; i++)
        {
            assertEquals(ROUND, round(40 * MS + i % 3 * MS));
        }
        assertEquals(INFINITE, tcb.ssthreshBytes);
    }

    @Test
    void shouldEnterCssWhenARoundIsAnEighthSlowerThanTheLast()
    {
        assertTrue(entersCss(80 * MS, 90 * MS));
    }

    @Test
    void shouldNotEnterCssBelowAnEighth()
    {
        assertFalse(entersCss(80 * MS, 90 * MS - 1));
    }

    @Test
    void shouldTakeAtLeastFourMilliseconds()
    {
        assertFalse(entersCss(8 * MS, 12 * MS - 1));
        assertTrue(entersCss(8 * MS, 12 * MS));
    }

    @Test
    void shouldTakeAtMostSixteenMilliseconds()
    {
        assertFalse(entersCss(400 * MS, 416 * MS - 1));
        assertTrue(entersCss(400 * MS, 416 * MS));
    }

    @Test
    void shouldJudgeByTheLeastRttOfARound()
    {
        round(40 * MS);
        HyStartDriver.ack(tcb, MSS, 41 * MS);
        HyStartDriver.round(tcb, 9, MSS, 90 * MS);
        assertFalse(HyStartPlusPlus.inCss(tcb));
    }

    @Test
    void shouldNotJudgeByFewerThanEightSamples()
    {
        round(40 * MS);
        HyStartDriver.round(tcb, 7, ROUND / 7, 90 * MS);
        assertFalse(HyStartPlusPlus.inCss(tcb));
        HyStartDriver.ack(tcb, ROUND % 7, 90 * MS);
        assertTrue(HyStartPlusPlus.inCss(tcb));
    }

    @Test
    void shouldNotJudgeTheFirstRound()
    {
        HyStartDriver.ack(tcb, MSS, 10 * MS);
        HyStartDriver.round(tcb, 9, MSS, 90 * MS);
        assertFalse(HyStartPlusPlus.inCss(tcb));
    }

    @Test
    void shouldGrowAQuarterAsFastInCss()
    {
        round(40 * MS);
        assertEquals(8 * MSS + 2 * MSS / 4, round(60 * MS));
        assertEquals(ROUND / 4, round(60 * MS));
    }

    @Test
    void shouldEndAfterFiveRoundsOfCssWithTheOneInWhichItBegan()
    {
        round(40 * MS);
        for (int i = 0; i < 4; i++)
        {
            round(60 * MS);
            assertEquals(INFINITE, tcb.ssthreshBytes, "round " + i);
        }
        HyStartDriver.round(tcb, 9, MSS, 60 * MS);
        assertEquals(INFINITE, tcb.ssthreshBytes);
        HyStartDriver.ack(tcb, MSS, 60 * MS);
        assertEquals(tcb.cwndBytes, tcb.ssthreshBytes);
    }

    @Test
    void shouldResumeSlowStartWhenTheRttFallsBelowWhereCssBegan()
    {
        round(40 * MS);
        round(60 * MS);
        round(60 * MS);
        round(59 * MS);
        assertFalse(HyStartPlusPlus.inCss(tcb));
        assertEquals(ROUND, round(59 * MS));
        assertEquals(INFINITE, tcb.ssthreshBytes);
    }

    @Test
    void shouldCountFiveRoundsAnewAfterResuming()
    {
        round(40 * MS);
        round(60 * MS);
        round(60 * MS);
        round(50 * MS);
        for (int i = 0; i < 4; i++)
        {
            round(70 * MS);
            assertEquals(INFINITE, tcb.ssthreshBytes, "round " + i);
        }
        round(70 * MS);
        assertTrue(tcb.ssthreshBytes < INFINITE);
    }

    @Test
    void shouldCountFiveRoundsAnewWhenCssBeginsAgainInTheSameRound()
    {
        round(40 * MS);
        round(60 * MS);
        HyStartDriver.round(tcb, 5, 2 * MSS, 50 * MS);
        round(59 * MS);
        assertTrue(HyStartPlusPlus.inCss(tcb));
        for (int i = 0; i < 3; i++)
        {
            round(70 * MS);
            assertEquals(INFINITE, tcb.ssthreshBytes, "round " + i);
        }
        round(70 * MS);
        assertTrue(tcb.ssthreshBytes < INFINITE);
    }

    @Test
    void shouldEndWithALoss()
    {
        round(40 * MS);
        tcb.cwndBytes = 40 * MSS;
        Cubic.INSTANCE.onLoss(tcb, 40 * MSS, 0);
        assertEquals(28 * MSS, tcb.ssthreshBytes);
    }

    @Test
    void shouldEndWithATimeout()
    {
        round(40 * MS);
        tcb.cwndBytes = 40 * MSS;
        Cubic.INSTANCE.onTimeout(tcb, 40 * MSS, true, 0);
        assertEquals(28 * MSS, tcb.ssthreshBytes);
        for (int i = 0; i < 3; i++)
        {
            round((10L << i) * MS);
        }
        assertEquals(28 * MSS, tcb.ssthreshBytes);
    }

    @Test
    void shouldBeginAnewAfterIdle()
    {
        round(40 * MS);
        round(60 * MS);
        tcb.cwndBytes = 100 * MSS;
        Cubic.INSTANCE.onIdle(tcb, 10);
        assertEquals(10 * MSS, tcb.cwndBytes);
        assertFalse(HyStartPlusPlus.inCss(tcb));
        assertEquals(ROUND, round(60 * MS));
        assertEquals(ROUND, round(61 * MS));
    }
}
