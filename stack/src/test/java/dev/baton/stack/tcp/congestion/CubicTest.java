package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.Tcbs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CubicTest
{
    private static final int MSS = 1000;
    private static final long MS = 1_000_000L;

    private final Tcb tcb = Tcbs.established(MSS);
    private long nowNs = 7_000_000_000L;

    @BeforeEach
    void establish()
    {
        Cubic.INSTANCE.onEstablished(tcb, 10);
    }

    private void rtt(final long ns)
    {
        tcb.srttNs = ns;
        tcb.lastRttNs = ns;
    }

    /** A loss at a window of so many segments, and the ACK that ends its recovery. */
    private void lossAt(final int segments)
    {
        tcb.cwndBytes = segments * MSS;
        Cubic.INSTANCE.onLoss(tcb, segments * MSS, nowNs);
        Cubic.INSTANCE.onRecovered(tcb, nowNs);
        ack(MSS, 0);
    }

    private void ack(final int bytes, final long afterNs)
    {
        nowNs += afterNs;
        Cubic.INSTANCE.onAck(tcb, bytes, nowNs);
    }

    /** A round trip in which every segment of the window is acknowledged by itself. */
    private void round(final long rttNs)
    {
        rtt(rttNs);
        final int acks = tcb.cwndBytes / MSS;
        for (int i = 0; i < acks; i++)
        {
            ack(MSS, rttNs / acks);
        }
    }

    private static double segments(final int bytes)
    {
        return (double)bytes / MSS;
    }

    @Test
    void shouldFollowTheReferenceThroughConcaveAndConvexRegions()
    {
        final CubicReference reference = new CubicReference();
        reference.cwnd = 1000;
        reference.loss(1000);
        reference.beginEpoch();
        rtt(50 * MS);
        lossAt(1000);
        double atK = 0;
        for (int i = 0; i < 3000; i++)
        {
            ack(100 * MSS, 5 * MS);
            reference.ack(100, 0.005, 0.05);
            final double allowed = 0.2 + reference.cwnd * 1e-4;
            assertEquals(reference.cwnd, segments(tcb.cwndBytes), allowed, () -> "at " + reference.t + " s");
            atK = reference.t <= reference.k ? segments(tcb.cwndBytes) : atK;
        }
        assertEquals(1000, atK, 2);
        assertTrue(reference.t > 1.6 * reference.k, "the convex region was not reached");
        assertEquals(reference.wCubic(reference.t), segments(tcb.cwndBytes), 5);
    }

    @Test
    void shouldFollowTheReferenceInTheRenoFriendlyRegion()
    {
        final CubicReference reference = new CubicReference();
        reference.cwnd = 20;
        reference.loss(20);
        reference.beginEpoch();
        rtt(10 * MS);
        lossAt(20);
        for (int i = 0; i < 400; i++)
        {
            ack(2 * MSS, MS);
            reference.ack(2, 0.001, 0.01);
            assertEquals(reference.cwnd, segments(tcb.cwndBytes), 0.05);
        }
    }

    @Test
    void shouldGainAlphaARoundTripBelowCwndPriorAndOneSegmentAbove()
    {
        lossAt(20);
        final int start = tcb.cwndBytes;
        assertEquals(14 * MSS, start);
        for (int i = 0; i < 5; i++)
        {
            round(5 * MS);
        }
        assertEquals(5 * 9.0 / 17, segments(tcb.cwndBytes - start), 0.15);
        while (tcb.cwndBytes < 21 * MSS)
        {
            round(5 * MS);
        }
        final int above = tcb.cwndBytes;
        for (int i = 0; i < 5; i++)
        {
            round(5 * MS);
        }
        assertEquals(5, segments(tcb.cwndBytes - above), 0.25);
    }

    @Test
    void shouldReduceToSevenTenthsOfTheFlight()
    {
        tcb.cwndBytes = 100 * MSS;
        Cubic.INSTANCE.onLoss(tcb, 60 * MSS, nowNs);
        assertEquals(42 * MSS, tcb.ssthreshBytes);
        assertEquals(42 * MSS, tcb.cwndBytes);
    }

    @Test
    void shouldNotCountWhatLimitedTransmitAddedToTheFlight()
    {
        tcb.cwndBytes = 10 * MSS;
        Cubic.INSTANCE.onLoss(tcb, 12 * MSS, nowNs);
        assertEquals(7 * MSS, tcb.ssthreshBytes);
    }

    @Test
    void shouldKeepTwoSegmentsWhateverIsLost()
    {
        tcb.cwndBytes = 2 * MSS;
        Cubic.INSTANCE.onLoss(tcb, MSS, nowNs);
        assertEquals(2 * MSS, tcb.ssthreshBytes);
        assertEquals(2 * MSS, tcb.cwndBytes);
    }

    @Test
    void shouldRememberTheWindowOfALossAtWMaxOrAbove()
    {
        lossAt(100);
        lossAt(100);
        assertEquals(100 * MSS, CubicWords.wMaxBytes(tcb));
        lossAt(110);
        assertEquals(110 * MSS, CubicWords.wMaxBytes(tcb));
    }

    @Test
    void shouldReleaseBandwidthWhenALossComesBelowWMax()
    {
        lossAt(100);
        lossAt(80);
        assertEquals(68 * MSS, CubicWords.wMaxBytes(tcb));
        assertEquals(80 * MSS, CubicWords.cwndPriorBytes(tcb));
    }

    @Test
    void shouldTakeTheWordsOfTheFirstSlowStartForNoWMax()
    {
        round(10 * MS);
        round(10 * MS);
        tcb.cwndBytes = 40 * MSS;
        Cubic.INSTANCE.onLoss(tcb, 40 * MSS, nowNs);
        assertEquals(40 * MSS, CubicWords.wMaxBytes(tcb));
    }

    @Test
    void shouldNotAimBeyondOneAndAHalfWindows()
    {
        rtt(100 * MS);
        lossAt(100);
        CubicWords.epoch(tcb, 0, 100_000_000);
        final int before = tcb.cwndBytes;
        ack(10 * MSS, MS);
        assertEquals(5 * MSS, tcb.cwndBytes - before);
    }

    @Test
    void shouldNotGrowAboveTheCurve()
    {
        rtt(10 * MS);
        lossAt(1000);
        tcb.cwndBytes = 900 * MSS;
        final int before = tcb.cwndBytes;
        ack(10 * MSS, MS);
        assertEquals(before, tcb.cwndBytes);
    }

    @Test
    void shouldAddNothingWithTheAckThatEndsARecovery()
    {
        rtt(10 * MS);
        tcb.cwndBytes = 100 * MSS;
        Cubic.INSTANCE.onLoss(tcb, 100 * MSS, nowNs);
        Cubic.INSTANCE.onRecovered(tcb, nowNs);
        ack(100 * MSS, 10 * MS);
        assertEquals(70 * MSS, tcb.cwndBytes);
        assertEquals(0, CubicWords.tMicros(tcb));
    }

    @Test
    void shouldNotCountTimeInWhichTheApplicationWasTheLimit()
    {
        rtt(40 * MS);
        lossAt(1000);
        ack(MSS, 10 * MS);
        assertEquals(10_000, CubicWords.tMicros(tcb));
        ack(MSS, 100_000 * MS);
        assertEquals(50_000, CubicWords.tMicros(tcb));
    }

    @Test
    void shouldGoOnUnderAnotherShardsClock()
    {
        rtt(40 * MS);
        lossAt(1000);
        ack(MSS, 10 * MS);
        final long otherClockNs = -5_000_000_000_000L;
        tcb.tsOffset += (int)((nowNs - otherClockNs) / MS);
        nowNs = otherClockNs;
        ack(MSS, 7 * MS);
        assertEquals(17_000, CubicWords.tMicros(tcb));
    }

    @Test
    void shouldBeginAtTheTurningPointOfTheCurveAfterATimeout()
    {
        rtt(100 * MS);
        lossAt(1000);
        Cubic.INSTANCE.onTimeout(tcb, 700 * MSS, true, nowNs);
        assertEquals(MSS, tcb.cwndBytes);
        assertEquals(490 * MSS, tcb.ssthreshBytes);
        while (tcb.cwndBytes < tcb.ssthreshBytes)
        {
            final int before = tcb.cwndBytes;
            ack(2 * MSS, MS);
            assertEquals(Math.min(before + 2 * MSS, 490 * MSS), tcb.cwndBytes);
        }
        ack(MSS, MS);
        assertEquals(490 * MSS, CubicWords.wMaxBytes(tcb));
        assertEquals(0, CubicWords.kMicros(tcb));
        assertEquals(700 * MSS, CubicWords.cwndPriorBytes(tcb));
    }

    @Test
    void shouldReduceOnceForTimeoutsInARow()
    {
        tcb.cwndBytes = 100 * MSS;
        Cubic.INSTANCE.onTimeout(tcb, 100 * MSS, true, nowNs);
        Cubic.INSTANCE.onTimeout(tcb, 100 * MSS, false, nowNs);
        assertEquals(70 * MSS, tcb.ssthreshBytes);
    }

    @Test
    void shouldRestartFromTheInitialWindowInANewEpoch()
    {
        rtt(100 * MS);
        lossAt(1000);
        ack(MSS, MS);
        Cubic.INSTANCE.onIdle(tcb, 10);
        assertEquals(10 * MSS, tcb.cwndBytes);
        while (tcb.cwndBytes < tcb.ssthreshBytes)
        {
            ack(10 * MSS, MS);
        }
        ack(MSS, MS);
        assertEquals(0, CubicWords.tMicros(tcb));
        assertEquals(1000 * MSS, CubicWords.wMaxBytes(tcb));
    }

    @Test
    void shouldKeepTheEpochWhenIdleDoesNotReduceTheWindow()
    {
        rtt(100 * MS);
        lossAt(10);
        ack(MSS, MS);
        Cubic.INSTANCE.onIdle(tcb, 10);
        assertEquals(1000, CubicWords.tMicros(tcb));
    }

    @Test
    void shouldEnterCongestionAvoidanceAtCwndWhenHyStartEnds()
    {
        tcb.cwndBytes = 300 * MSS;
        tcb.ssthreshBytes = CongestionWindow.MAX_BYTES;
        HyStartDriver.endSlowStart(tcb);
        assertEquals(tcb.cwndBytes, tcb.ssthreshBytes);
        final int cwnd = tcb.cwndBytes;
        ack(MSS, MS);
        assertEquals(cwnd, CubicWords.wMaxBytes(tcb));
        assertEquals(cwnd, CubicWords.cwndPriorBytes(tcb));
        assertEquals(0, CubicWords.kMicros(tcb));
    }

    @Test
    void shouldNotUseHyStartInLaterSlowStarts()
    {
        tcb.cwndBytes = 1000 * MSS;
        Cubic.INSTANCE.onTimeout(tcb, 1000 * MSS, true, nowNs);
        for (int i = 0; i < 8; i++)
        {
            final int before = tcb.cwndBytes;
            round((10L << i) * MS);
            assertEquals(2 * before, tcb.cwndBytes);
        }
    }

    @Test
    void shouldNeverGrowByMoreThanIsAcknowledgedWhateverTheWordsHold()
    {
        final Random random = new Random(1);
        for (int i = 0; i < 200_000; i++)
        {
            tcb.ccWord0 = random.nextLong() >> random.nextInt(64);
            tcb.ccWord1 = random.nextLong() >> random.nextInt(64);
            tcb.ccWord2 = random.nextLong() >> random.nextInt(64);
            tcb.ccWord3 = random.nextLong() >> random.nextInt(64);
            tcb.cwndBytes = 1 + random.nextInt(CongestionWindow.MAX_BYTES >> random.nextInt(30));
            tcb.ssthreshBytes = random.nextInt(CongestionWindow.MAX_BYTES);
            if (i % 4 == 0)
            {
                tcb.ssthreshBytes = CongestionWindow.MAX_BYTES;
            }
            rtt(random.nextLong() >>> 8);
            final int before = tcb.cwndBytes;
            final int acked = 1 + random.nextInt(CongestionWindow.MAX_BYTES >> random.nextInt(30));
            ack(acked, random.nextInt(1000) * MS);
            assertTrue(tcb.cwndBytes >= before && tcb.cwndBytes <= CongestionWindow.MAX_BYTES, "falls, or too large");
            assertTrue(tcb.cwndBytes - before <= acked, "grew by more than was acknowledged");
            Cubic.INSTANCE.onLoss(tcb, before, nowNs);
            assertTrue(tcb.cwndBytes >= 2 * MSS);
        }
    }
}
