package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.baton.stack.tcp.RecoveryWire.MSS;
import static dev.baton.stack.tcp.Wire.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** RFC 5682, without timestamps. */
class ForwardRtoTest
{
    private final RecoveryWire r = new RecoveryWire();

    private void timeOut(final int segments)
    {
        r.w.context.lossProbe(false);
        r.accept(segments);
        r.w.discardOutput();
        r.w.advance(r.tcb().rtoNs);
        r.expect(0);
        r.w.expectSilence();
        assertEquals(MSS, r.tcb().cwndBytes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeBackATimeoutThatWasSpurious(final boolean sack)
    {
        r.w.context.sack(sack);
        timeOut(100);
        r.ack(1);
        r.expect(10);
        r.expect(11);
        r.w.expectSilence();
        r.ack(2);
        r.assertCount(1, StackCounter.TCP_SPURIOUS_RTOS);
        r.assertCount(1, StackCounter.TCP_LOSS_UNDO);
        assertEquals(Tcb.RECOVERY_OPEN, r.tcb().recovery);
        assertTrue(r.tcb().cwndBytes >= 10 * MSS);
        assertTrue(r.tcb().ssthreshBytes > 10 * MSS);
        assertEquals(0, r.tcb().sentLog.lostWaitingBytes());
        r.assertCount(1, StackCounter.TCP_RETRANS_SEGS);
    }

    @Test
    void shouldGoOnResendingWhenOnlyNewDataArrives()
    {
        timeOut(100);
        r.ack(1);
        r.expect(10);
        r.expect(11);
        r.ack(1, 10, 11);
        r.expect(1);
        r.assertCount(0, StackCounter.TCP_SPURIOUS_RTOS);
        assertEquals(Tcb.RECOVERY_LOSS, r.tcb().recovery);
    }

    @Test
    void shouldGoOnResendingOnADuplicateAckWithoutSack()
    {
        r.w.context.sack(false);
        timeOut(100);
        r.ack(1);
        r.w.discardOutput();
        r.ack(1);
        r.expect(1);
        r.assertCount(0, StackCounter.TCP_SPURIOUS_RTOS);
    }

    @Test
    void shouldResendWhenThereIsNoNewData()
    {
        timeOut(10);
        r.ack(1);
        r.expect(1);
    }

    @Test
    void shouldNotLookAtTheSecondTimeout()
    {
        timeOut(100);
        r.w.advance(2 * r.tcb().rtoNs);
        r.expect(0);
        r.ack(1);
        r.expect(1);
    }

    @Test
    void shouldResendAtOnceWhenSwitchedOff()
    {
        r.w.context.forwardRto(false);
        timeOut(100);
        r.ack(1);
        r.expect(1);
    }

    @Test
    void shouldTakeBackByTimestampsWithTheFirstAck()
    {
        r.w.timestamps = true;
        r.w.context.lossProbe(false).forwardRto(false);
        r.accept(20);
        final int firstTsVal = r.w.out().options().tsVal();
        r.w.discardOutput();
        r.w.advance(r.tcb().rtoNs);
        r.assertCount(1, StackCounter.TCP_TIMEOUTS);
        r.w.advance(10 * MS);
        r.w.seg(Wire.A, 1001).ack(r.w.iss + 1 + r.tcb().effectiveMss).timestamps(r.w.tsVal, firstTsVal).in();
        r.assertCount(1, StackCounter.TCP_LOSS_UNDO);
        assertEquals(Tcb.RECOVERY_OPEN, r.tcb().recovery);
        assertTrue(r.tcb().cwndBytes >= 10 * r.tcb().effectiveMss);
    }
}
