package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.RecoveryWire.MSS;
import static dev.baton.stack.tcp.Wire.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** RFC 8985, section 6. */
class RackTest
{
    private final RecoveryWire r = new RecoveryWire();

    private void flight(final int segments)
    {
        r.accept(segments);
        r.w.discardOutput();
        r.w.advance(100 * MS);
    }

    @Test
    void shouldWaitAQuarterOfTheLeastRttBeforeItTakesAHoleForLost()
    {
        flight(10);
        r.ack(0, 1, 2);
        r.w.advance(25 * MS - 1);
        r.w.expectSilence();
        r.w.advance(1);
        r.expect(0);
        r.assertCount(1, StackCounter.TCP_SACK_RECOVERY);
        assertEquals(Tcb.RECOVERY_FAST, r.tcb().recovery);
    }

    @Test
    void shouldNotResendWhatComesWithinTheWindow()
    {
        flight(10);
        r.ack(0, 1, 2);
        r.w.advance(20 * MS);
        r.ack(2);
        r.w.advance(30 * MS);
        r.w.expectSilence();
        r.assertCount(1, StackCounter.TCP_SACK_REORDER);
        assertTrue(r.tcb().recoveryState().reorderingSeen);
    }

    @Test
    void shouldTakeForLostAtOnceWhenThreeAreSacked()
    {
        flight(10);
        r.ack(0, 1, 3);
        r.w.expectSilence();
        r.ack(0, 1, 4);
        r.expect(0);
        r.w.expectSilence();
    }

    @Test
    void shouldNotCountToThreeOnceReorderingWasSeen()
    {
        flight(20);
        r.ack(0, 1, 2);
        r.ack(2);
        r.w.discardOutput();
        r.ack(2, 3, 8);
        r.w.advance(24 * MS);
        r.assertCount(0, StackCounter.TCP_RETRANS_SEGS);
        r.w.advance(2 * MS);
        r.assertCount(1, StackCounter.TCP_RETRANS_SEGS);
    }

    @Test
    void shouldResendALostRetransmissionWithoutTimeout()
    {
        flight(100);
        r.ack(0, 1, 4);
        r.expect(0);
        r.ack(0, 1, 10);
        assertTrue(r.w.out().seq() == r.seq(10), "new data goes after the retransmission");
        r.w.discardOutput();
        r.w.advance(100 * MS);
        r.ack(0, 1, 11);
        r.expect(0);
        r.assertCount(1, StackCounter.TCP_LOST_RETRANSMIT);
        r.assertCount(0, StackCounter.TCP_TIMEOUTS);
    }

    @Test
    void shouldIgnoreTheAckOfAnEarlierTransmission()
    {
        flight(10);
        r.ack(0, 1, 4);
        r.expect(0);
        final long sentNs = r.tcb().rackSentNs;
        r.w.advance(10 * MS);
        r.ack(1, 1, 4);
        assertEquals(sentNs, r.tcb().rackSentNs, "10 ms are no round trip: the first transmission has come");
    }

    @Test
    void shouldTakeOnlyOldSegmentsForLostOnTimeout()
    {
        r.w.context.lossProbe(false);
        r.accept(2);
        r.w.discardOutput();
        r.w.advance(250 * MS);
        r.write(1);
        r.w.discardOutput();
        r.w.advance(50 * MS);
        r.assertCount(1, StackCounter.TCP_TIMEOUTS);
        final SentLog log = r.tcb().sentLog;
        assertEquals(0, log.marksOf(log.firstRun() + log.runCount() - 1), "sent 50 ms ago");
        assertEquals(MSS, log.lostWaitingBytes(), "the first has been sent again");
    }

    @Test
    void shouldWidenTheWindowForEachRoundWithDsackAndNarrowItAfterSixteenRecoveries()
    {
        final Tcb tcb = Tcbs.established(MSS);
        tcb.minRttNs = 40 * MS;
        tcb.srttNs = 45 * MS;
        assertEquals(10 * MS, Rack.reorderingWindowNs(tcb));
        Rack.onDsack(tcb);
        assertEquals(20 * MS, Rack.reorderingWindowNs(tcb));
        tcb.sndNxt = 1000;
        Rack.onDsack(tcb);
        assertEquals(30 * MS, Rack.reorderingWindowNs(tcb), "the round had nothing outstanding");
        tcb.sndUna = 999;
        Rack.onDsack(tcb);
        assertEquals(30 * MS, Rack.reorderingWindowNs(tcb), "once a round");
        tcb.sndUna = 1000;
        Rack.onDsack(tcb);
        tcb.sndUna = tcb.sndNxt;
        Rack.onDsack(tcb);
        assertEquals(45 * MS, Rack.reorderingWindowNs(tcb), "not above SRTT");
        for (int i = 0; i < 15; i++)
        {
            Rack.onRecoveryEnd(tcb);
        }
        assertEquals(45 * MS, Rack.reorderingWindowNs(tcb));
        Rack.onRecoveryEnd(tcb);
        assertEquals(10 * MS, Rack.reorderingWindowNs(tcb));
    }

    @Test
    void shouldHaveNoWindowInRecoveryUntilReorderingWasSeen()
    {
        final Tcb tcb = Tcbs.established(MSS);
        tcb.minRttNs = 40 * MS;
        tcb.srttNs = 45 * MS;
        tcb.recovery = Tcb.RECOVERY_FAST;
        assertEquals(0, Rack.reorderingWindowNs(tcb));
        tcb.recoveryState().reorderingSeen = true;
        assertEquals(10 * MS, Rack.reorderingWindowNs(tcb));
    }

    @Test
    void shouldCountAsRfc6675SaysWhenSwitchedOff()
    {
        r.w.context.rack(false);
        flight(10);
        r.ack(0, 1, 3);
        r.w.advance(60 * MS);
        r.w.expectSilence();
        r.ack(0, 1, 4);
        r.expect(0);
        assertFalse(r.tcb().lossProbeArmed);
    }
}
