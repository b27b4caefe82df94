package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.tcp.congestion.CongestionControls;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** draft-ietf-ccwg-bbr, section "Delivery Rate Samples", on a log that is driven by hand. */
class DeliveryRateTest
{
    private static final long MS = 1_000_000L;
    private static final int SEGMENT = 1000;
    private static final long SECOND_NS = 1000 * MS;

    private final Tcb tcb = Tcbs.established(SEGMENT);
    private final AckNews news = new AckNews();
    private int nxt;

    DeliveryRateTest()
    {
        tcb.sackOk = true;
        tcb.sentLog.reset(0);
        tcb.congestionControl = CongestionControls.byName("bbr");
        new CongestionSetup(new StackContext().conclude()).establish(tcb, 10, 0);
        tcb.cwndBytes = 100 * SEGMENT;
    }

    private void send(final int segments, final long nowNs)
    {
        nxt += segments * SEGMENT;
        tcb.sentLog.append(nxt, nowNs);
    }

    private RateSample ack(final int segments, final long nowNs)
    {
        tcb.rate.onAckBegins(nowNs);
        tcb.sentLog.ackTo(segments * SEGMENT, news);
        return tcb.rate.onAckEnds(tcb.minRttNs);
    }

    private RateSample sack(final int from, final int to, final long nowNs)
    {
        tcb.rate.onAckBegins(nowNs);
        tcb.sentLog.markSacked(from * SEGMENT, to * SEGMENT, news);
        return tcb.rate.onAckEnds(tcb.minRttNs);
    }

    /** A segment each millisecond, acknowledged 40 ms later: a million bytes a second. */
    @Test
    void shouldMeasureASteadyRate()
    {
        for (int i = 0; i < 40; i++)
        {
            send(1, i * MS);
        }
        for (int i = 1; i < 40; i++)
        {
            ack(i, (39 + i) * MS);
            send(1, (39 + i) * MS);
        }
        final RateSample sample = ack(41, 80 * MS);
        assertTrue(sample.hasData);
        assertEquals(1_000_000, sample.deliveryRate, 30_000);
        assertEquals(40 * MS, sample.rttNs, MS);
        assertEquals(41 * SEGMENT, tcb.rate.deliveredBytes);
    }

    /** ACKs in a bunch say nothing about the path: what was sent over 100 ms was not delivered in twelve. */
    @Test
    void shouldNotBeFooledByAcksInABunch()
    {
        for (int i = 0; i < 139; i++)
        {
            send(1, i * MS);
        }
        ack(40, 138 * MS);
        send(1, 139 * MS);
        final RateSample sample = ack(140, 150 * MS);
        assertEquals(100 * MS, sample.intervalNs);
        assertEquals(1_000_000, sample.deliveryRate);
    }

    /** A burst of sending does not make the path faster either: the time until the ACKs counts. */
    @Test
    void shouldNotBeFooledByABurstOfSending()
    {
        send(10, 0);
        final RateSample sample = ack(10, 40 * MS);
        assertEquals(10 * SEGMENT * 25, sample.deliveryRate);
        assertEquals(40 * MS, sample.intervalNs);
        assertEquals(10 * SEGMENT, sample.txInFlightBytes);
    }

    @Test
    void shouldDropASampleThatIsShorterThanTheLeastRtt()
    {
        tcb.minRttNs = 50 * MS;
        send(10, 0);
        final RateSample sample = ack(10, 40 * MS);
        assertTrue(sample.hasData);
        assertEquals(0, sample.deliveryRate);
    }

    @Test
    void shouldCountWhatSackTellsOnce()
    {
        send(4, 0);
        assertEquals(2 * SEGMENT, sack(2, 4, 40 * MS).newlyAckedBytes);
        assertEquals(0, sack(2, 4, 41 * MS).newlyAckedBytes);
        assertEquals(2 * SEGMENT, ack(4, 42 * MS).newlyAckedBytes);
        assertEquals(4 * SEGMENT, tcb.rate.deliveredBytes);
    }

    /** Karn's rule: what was sent twice gives no RTT, but it was delivered. */
    @Test
    void shouldTakeNoRttFromWhatWasSentTwice()
    {
        send(2, 0);
        tcb.sentLog.markAllLost();
        tcb.sentLog.markRetransmitted(0, 2 * SEGMENT, 30 * MS);
        final RateSample sample = ack(2, 40 * MS);
        assertEquals(-1, sample.rttNs);
        assertEquals(2 * SEGMENT, sample.deliveredBytes);
    }

    @Test
    void shouldTellWhatWasLostSinceASegmentWasSent()
    {
        send(2, 0);
        send(2, MS);
        send(2, 2 * MS);
        tcb.rate.onAckBegins(40 * MS);
        tcb.sentLog.markFrontLost(SEGMENT);
        assertEquals(SEGMENT, tcb.rate.lostBytes);
        tcb.sentLog.markSacked(4 * SEGMENT, 6 * SEGMENT, news);
        final RateSample sample = tcb.rate.onAckEnds(tcb.minRttNs);
        assertEquals(SEGMENT, sample.newlyLostBytes);
        assertEquals(SEGMENT, sample.lostBytes);
        assertEquals(6 * SEGMENT, sample.txInFlightBytes);
    }

    /** A retransmission that is lost again counts again. */
    @Test
    void shouldCountALostRetransmission()
    {
        send(2, 0);
        tcb.sentLog.markAllLost();
        assertEquals(2 * SEGMENT, tcb.rate.lostBytes);
        tcb.sentLog.markAllLost();
        assertEquals(2 * SEGMENT, tcb.rate.lostBytes);
        tcb.sentLog.markRetransmitted(0, SEGMENT, MS);
        tcb.sentLog.markAllLost();
        assertEquals(3 * SEGMENT, tcb.rate.lostBytes);
    }

    /** The bubble in the pipe is gone when all that was in flight, and the first segment after it, has been delivered. */
    @Test
    void shouldMarkSamplesUntilTheBubbleIsGone()
    {
        send(2, 0);
        tcb.rate.markAppLimited();
        send(2, MS);
        assertFalse(ack(2, 40 * MS).appLimited);
        send(2, 41 * MS);
        assertTrue(ack(4, 42 * MS).appLimited);
        send(2, 43 * MS);
        assertTrue(ack(6, 81 * MS).appLimited);
        assertEquals(0, tcb.rate.appLimitedBytes);
        assertFalse(ack(8, 83 * MS).appLimited);
    }

    @Test
    void shouldStartTheIntervalAnewAfterIdle()
    {
        send(1, 0);
        ack(1, 40 * MS);
        send(10, SECOND_NS);
        assertEquals(40 * MS, ack(11, SECOND_NS + 40 * MS).intervalNs);
    }

    /** Stamps stay with their runs when the log splits, joins and moves them. */
    @Test
    void shouldKeepStampsWithTheirRuns()
    {
        for (int i = 0; i < 100; i++)
        {
            send(2, i * MS);
        }
        for (int i = 0; i < 60; i++)
        {
            final RateSample sample = sack(2 * i + 1, 2 * i + 2, (200 + i) * MS);
            assertEquals((i + 1) * 2 * SEGMENT, sample.txInFlightBytes, "run " + i);
        }
        final RateSample sample = ack(200, 300 * MS);
        assertEquals(200 * SEGMENT, sample.txInFlightBytes);
        assertEquals(200 * SEGMENT, tcb.rate.deliveredBytes);
    }

    @Test
    void shouldNotStampForThoseWhoDoNotWantRates()
    {
        final Tcb other = Tcbs.established(SEGMENT);
        other.congestionControl = CongestionControls.byName("cubic");
        new CongestionSetup(new StackContext().conclude()).establish(other, 10, 0);
        assertEquals(null, other.rate);
        assertEquals(null, other.ccWords);
        assertEquals(null, other.pacing);
    }
}
