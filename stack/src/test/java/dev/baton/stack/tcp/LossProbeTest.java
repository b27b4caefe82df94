package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.RecoveryWire.MSS;
import static dev.baton.stack.tcp.Wire.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** RFC 8985, section 7. */
class LossProbeTest
{
    private final RecoveryWire r = new RecoveryWire();

    private void flight(final int segments)
    {
        r.accept(segments);
        r.w.discardOutput();
    }

    @Test
    void shouldProbeWithTheLastSegmentAfterTwoRoundTrips()
    {
        flight(3);
        r.w.advance(200 * MS - 1);
        r.w.expectSilence();
        r.w.advance(1);
        r.expect(2);
        r.w.expectSilence();
        r.assertCount(1, StackCounter.TCP_LOSS_PROBES);
        r.assertCount(0, StackCounter.TCP_TIMEOUTS);
    }

    @Test
    void shouldProbeWithTheWholeLastSegmentAndItsFin()
    {
        r.accept(2);
        r.w.discardOutput();
        r.peer.sends(r.peer.toSend + 100).thenShutsDown().write();
        r.w.poll();
        r.w.discardOutput();
        r.w.advance(200 * MS);
        final Wire.Out probe = r.w.out();
        assertEquals(r.seq(2), probe.seq());
        assertEquals(100, probe.length());
        assertTrue((probe.flags() & Wire.F) != 0);
    }

    @Test
    void shouldProbeWithNewDataBeyondCwnd()
    {
        flight(100);
        r.w.advance(200 * MS);
        r.expect(10);
        r.w.expectSilence();
        r.assertCount(0, StackCounter.TCP_RETRANS_SEGS);
    }

    @Test
    void shouldWaitForADelayedAckWhenOneSegmentIsOut()
    {
        flight(1);
        r.w.advance(299 * MS);
        r.w.expectSilence();
        r.w.advance(1 * MS);
        r.expect(0);
        r.assertCount(1, StackCounter.TCP_LOSS_PROBES);
        r.assertCount(0, StackCounter.TCP_TIMEOUTS);
    }

    @Test
    void shouldSendOneProbeAndThenTimeOut()
    {
        flight(3);
        r.w.advance(200 * MS);
        r.expect(2);
        r.w.advance(r.tcb().rtoNs - 1);
        r.w.expectSilence();
        r.w.advance(1);
        r.expect(0);
        r.assertCount(1, StackCounter.TCP_LOSS_PROBES);
        r.assertCount(1, StackCounter.TCP_TIMEOUTS);
    }

    @Test
    void shouldNotProbeWhileAProbeIsOut()
    {
        flight(3);
        r.w.advance(200 * MS);
        r.expect(2);
        r.write(1);
        r.expect(3);
        assertEquals(Tcb.NONE, r.tcb().rackAtNs);
    }

    @Test
    void shouldNotProbeUntilThereIsAnRttSampleAgain()
    {
        flight(3);
        r.w.advance(200 * MS);
        r.w.discardOutput();
        r.ack(3);
        r.ack(3);
        r.write(3);
        assertEquals(Tcb.NONE, r.tcb().rackAtNs, "what was sent twice has given no sample");
        r.w.advance(100 * MS);
        r.ack(4);
        assertTrue(r.tcb().rackAtNs != Tcb.NONE);
    }

    @Test
    void shouldRepairALostTailWithoutTimeout()
    {
        flight(5);
        r.w.advance(100 * MS);
        r.ack(3);
        r.w.advance(200 * MS);
        r.expect(4);
        r.w.advance(100 * MS);
        r.ack(3, 4, 5);
        r.expect(3);
        r.w.advance(100 * MS);
        r.ack(5);
        r.assertCount(1, StackCounter.TCP_LOSS_PROBES);
        r.assertCount(0, StackCounter.TCP_TIMEOUTS);
    }

    private void probeTheLastOfThree()
    {
        flight(3);
        r.w.advance(100 * MS);
        r.ack(2);
        r.w.advance(400 * MS);
        r.expect(2);
        r.assertCount(0, StackCounter.TCP_TIMEOUTS);
        r.w.advance(100 * MS);
        r.ack(3);
    }

    @Test
    void shouldReduceCwndOnceWhenTheProbeRepairedTheLoss()
    {
        r.w.context.congestionControl("reno");
        probeTheLastOfThree();
        assertTrue(r.tcb().lossProbeOut);
        final int cwnd = r.tcb().cwndBytes;
        r.write(2);
        r.w.advance(100 * MS);
        r.ack(5);
        r.assertCount(1, StackCounter.TCP_LOSS_PROBE_RECOVERY);
        assertTrue(r.tcb().cwndBytes <= cwnd / 2 + MSS, () -> r.tcb().cwndBytes + " of " + cwnd);
        r.write(1);
        r.w.advance(100 * MS);
        r.ack(6);
        r.assertCount(1, StackCounter.TCP_LOSS_PROBE_RECOVERY);
    }

    @Test
    void shouldNotReduceCwndWhenDsackSaysThatTheProbeWasNeedless()
    {
        probeTheLastOfThree();
        final int cwnd = r.tcb().cwndBytes;
        r.ack(3, 2, 3);
        r.write(2);
        r.w.advance(100 * MS);
        r.ack(5);
        r.assertCount(0, StackCounter.TCP_LOSS_PROBE_RECOVERY);
        assertTrue(r.tcb().cwndBytes >= cwnd);
    }

    @Test
    void shouldNotReduceCwndWhenADuplicateAckSaysThatTheProbeWasNeedless()
    {
        probeTheLastOfThree();
        r.ack(3);
        r.write(2);
        r.w.advance(100 * MS);
        r.ack(5);
        r.assertCount(0, StackCounter.TCP_LOSS_PROBE_RECOVERY);
    }

    @Test
    void shouldNotProbeWhileSomethingIsSacked()
    {
        flight(10);
        r.w.advance(100 * MS);
        r.ack(0, 1, 2);
        r.w.advance(25 * MS);
        r.expect(0);
        r.w.advance(250 * MS);
        r.assertCount(0, StackCounter.TCP_LOSS_PROBES);
    }

    @Test
    void shouldTimeOutWithoutProbesWhenSwitchedOff()
    {
        r.w.context.lossProbe(false);
        flight(3);
        r.w.advance(r.tcb().rtoNs);
        r.expect(0);
        r.assertCount(1, StackCounter.TCP_TIMEOUTS);
        assertEquals(1, r.tcb().retransmits);
    }
}
