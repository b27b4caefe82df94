package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.baton.stack.tcp.RecoveryWire.MSS;
import static dev.baton.stack.tcp.Wire.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SpuriousRecoveryTest
{
    private final RecoveryWire r = new RecoveryWire();

    @BeforeEach
    void open()
    {
        r.accept(10);
        r.w.discardOutput();
        r.w.advance(100 * MS);
    }

    private void resendTheFirst()
    {
        r.ack(0, 1, 4);
        r.expect(0);
        r.w.discardOutput();
        assertEquals(Tcb.RECOVERY_FAST, r.tcb().recovery);
    }

    @Test
    void shouldTakeBackDuringTheRecoveryWhenAllThatWasResentIsReportedTwice()
    {
        resendTheFirst();
        r.w.advance(5 * MS);
        r.ack(4);
        assertTrue(r.tcb().cwndBytes < 10 * MSS);
        r.ack(4, 0, 1);
        r.assertCount(1, StackCounter.TCP_DSACK_RECV);
        r.assertCount(1, StackCounter.TCP_DSACK_UNDO);
        assertEquals(Tcb.RECOVERY_OPEN, r.tcb().recovery);
        assertTrue(r.tcb().cwndBytes >= 10 * MSS);
        assertTrue(r.tcb().ssthreshBytes > 10 * MSS);
        assertTrue(r.tcb().recoveryState().reorderingSeen);
    }

    @Test
    void shouldTakeBackAfterTheRecoveryToo()
    {
        resendTheFirst();
        r.ack(10);
        assertEquals(Tcb.RECOVERY_OPEN, r.tcb().recovery);
        assertTrue(r.tcb().cwndBytes < 10 * MSS);
        r.ack(10, 0, 1);
        r.assertCount(1, StackCounter.TCP_DSACK_UNDO);
        assertTrue(r.tcb().cwndBytes >= 10 * MSS);
    }

    @Test
    void shouldNotTakeBackWhenPartOfItWasNeeded()
    {
        r.ack(0, 2, 8);
        r.expect(0);
        r.w.advance(100 * MS);
        r.ack(1, 2, 8);
        r.w.discardOutput();
        r.ack(10);
        r.ack(10, 0, 1);
        r.assertCount(0, StackCounter.TCP_DSACK_UNDO);
        assertTrue(r.tcb().cwndBytes < 10 * MSS);
    }

    @Test
    void shouldNotTakeBackARecoveryOfLongAgo()
    {
        resendTheFirst();
        r.ack(10);
        r.write(4);
        r.w.discardOutput();
        r.w.advance(100 * MS);
        r.ack(11);
        r.ack(11, 0, 1);
        r.assertCount(0, StackCounter.TCP_DSACK_UNDO);
        r.assertCount(1, StackCounter.TCP_DSACK_IGNORED_NO_UNDO);
    }

    @Test
    void shouldTellADsackInsideOfTheSecondBlock()
    {
        r.ack(0, 2, 3, 1, 4);
        r.assertCount(1, StackCounter.TCP_DSACK_OFO_RECV);
        assertEquals(3 * MSS, r.tcb().sentLog.sackedBytes());
    }

    @Test
    void shouldNotTakeAWholeNewBlockForADsack()
    {
        r.ack(0, 1, 3, 5, 6);
        r.assertCount(0, StackCounter.TCP_DSACK_OFO_RECV);
        r.assertCount(0, StackCounter.TCP_DSACK_RECV);
        assertFalse(r.tcb().sentLog.sackedBytes() < 3 * MSS);
    }

    @Test
    void shouldNotTakeBackWhileARetransmissionIsUnderWayThatMayBeNeeded()
    {
        final RecoveryWire t = new RecoveryWire();
        t.w.timestamps = true;
        t.accept(10);
        final int firstTsVal = t.w.out().options().tsVal();
        t.w.discardOutput();
        t.w.advance(100 * MS);
        final int mss = t.tcb().effectiveMss;
        final int una = t.w.iss + 1;
        t.w.seg(Wire.A, 1001).ack(una).timestamps(t.w.tsVal, firstTsVal).sack(una + 2 * mss, una + 8 * mss).in();
        t.assertCount(2, StackCounter.TCP_FAST_RETRANS);
        t.w.advance(5 * MS);
        t.w.seg(Wire.A, 1001).ack(una + mss).timestamps(t.w.tsVal, firstTsVal).sack(una + 2 * mss, una + 8 * mss).in();
        t.assertCount(0, StackCounter.TCP_PARTIAL_UNDO);
        assertEquals(Tcb.RECOVERY_FAST, t.tcb().recovery);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeBackByTimestampsWhenTheFirstTransmissionArrives(final boolean whole)
    {
        final RecoveryWire t = new RecoveryWire();
        t.w.timestamps = true;
        t.accept(10);
        final int firstTsVal = t.w.out().options().tsVal();
        t.w.discardOutput();
        t.w.advance(100 * MS);
        final int mss = t.tcb().effectiveMss;
        final int una = t.w.iss + 1;
        t.w.seg(Wire.A, 1001).ack(una).timestamps(t.w.tsVal, firstTsVal).sack(una + mss, una + 4 * mss).in();
        assertEquals(Tcb.RECOVERY_FAST, t.tcb().recovery);
        t.w.advance(5 * MS);
        final int ack = whole ? t.tcb().sndNxt : una + 4 * mss;
        t.w.seg(Wire.A, 1001).ack(ack).timestamps(t.w.tsVal, firstTsVal).in();
        t.assertCount(1, whole ? StackCounter.TCP_FULL_UNDO : StackCounter.TCP_PARTIAL_UNDO);
        t.assertCount(1, StackCounter.TCP_TS_REORDER);
        assertEquals(Tcb.RECOVERY_OPEN, t.tcb().recovery);
        assertTrue(t.tcb().cwndBytes >= 10 * mss);
    }
}
