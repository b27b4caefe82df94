package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.P;
import static dev.baton.stack.tcp.Wire.R;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SendTest
{
    private static final int MSS = 1460;

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private void accept(final long bytes)
    {
        w.start().accept(peer.sends(bytes));
    }

    private void ack(final int bytes)
    {
        w.seg(A, 1001).ack(w.iss + 1 + bytes).in();
    }

    private void expectData(final int offset, final int length)
    {
        final Wire.Out out = w.out();
        assertEquals(offset, out.seq() - w.iss - 1);
        assertEquals(length, out.length());
    }

    @Test
    void shouldBeginWithTenSegments()
    {
        accept(100_000);
        for (int i = 0; i < 10; i++)
        {
            expectData(i * MSS, MSS);
        }
        w.expectSilence();
        ack(2 * MSS);
        for (int i = 10; i < 14; i++)
        {
            expectData(i * MSS, MSS);
        }
        w.expectSilence();
    }

    @Test
    void shouldKeepWithinThePeersWindow()
    {
        w.start();
        peer.sends(100_000);
        w.accept(peer);
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1 + 10 * MSS).window(3 * MSS).in();
        expectData(10 * MSS, MSS);
        expectData(11 * MSS, MSS);
        expectData(12 * MSS, MSS);
        w.expectSilence();
    }

    @Test
    void shouldTakeTheWindowOfANewerAckOnAnOlderNumber()
    {
        // Found by campaign seed 252: a retransmission carries the newest ACK and window on an old sequence number.
        accept(100_000);
        w.discardOutput();
        w.seg(A, 1101).ack(w.iss + 1 + MSS).window(20 * MSS).in();
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1 + 12 * MSS).window(2 * MSS).in();
        expectData(12 * MSS, MSS);
        expectData(13 * MSS, MSS);
        w.expectSilence();
    }

    @Test
    void shouldSetPushOnTheLastSegmentOnly()
    {
        accept(2 * MSS + 10);
        assertFalse((w.out().flags() & P) != 0);
        assertFalse((w.out().flags() & P) != 0);
        assertTrue((w.out().flags() & P) != 0);
    }

    @Test
    void shouldHoldBackASecondSmallSegmentUntilTheFirstIsAcknowledged()
    {
        accept(10);
        expectData(0, 10);
        peer.sends(20).write();
        w.poll();
        w.expectSilence();
        ack(10);
        expectData(10, 10);
    }

    @Test
    void shouldNotHoldBackASmallSegmentBehindFullOnes()
    {
        accept(2 * MSS + 10);
        expectData(0, MSS);
        expectData(MSS, MSS);
        expectData(2 * MSS, 10);
    }

    @Test
    void shouldNotHoldBackWithNoDelay()
    {
        w.context.noDelay(true);
        accept(10);
        expectData(0, 10);
        peer.sends(20).write();
        w.poll();
        expectData(10, 10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldProbeZeroWindowWithBackoffAndGoOn(final boolean v6)
    {
        w.v6 = v6;
        accept(1000);
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1001).window(0).in();
        peer.sends(6000).write();
        w.poll();
        w.expectSilence();
        final long rtoNs = w.tcb().rtoNs;
        w.advance(rtoNs);
        Wire.Out probe = w.out();
        assertEquals(w.iss + 1000, probe.seq());
        assertEquals(0, probe.length());
        w.seg(A, 1001).ack(w.iss + 1001).window(0).in();
        w.advance(2 * rtoNs - 1);
        w.expectSilence();
        w.advance(1);
        probe = w.out();
        assertEquals(w.iss + 1000, probe.seq());
        w.seg(A, 1001).ack(w.iss + 1001).window(10_000).in();
        assertTrue(w.out().length() > 1000);
    }

    @Test
    void shouldKeepProbingAsLongAsProbesAreAnswered()
    {
        w.context.retries2(3);
        accept(1000);
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1001).window(0).in();
        peer.sends(2000).write();
        w.poll();
        for (int i = 0; i < 20; i++)
        {
            w.advance(w.tcb().persistAtNs - w.nowNs);
            w.out();
            w.seg(A, 1001).ack(w.iss + 1001).window(0).in();
        }
        assertNull(peer.closeReason);
        w.advance(4 * 130_000 * MS);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    @Test
    void shouldNotUseASmallWindowUntilThePersistTimerSaysSo()
    {
        accept(1000);
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1001).window(100).in();
        peer.sends(6000).write();
        w.poll();
        w.expectSilence();
        w.advance(w.tcb().rtoNs);
        expectData(1000, 100);
    }

    @Test
    void shouldResendFirstSegmentAfterTimeoutAndBackOff()
    {
        w.context.lossProbe(false);
        accept(3 * MSS);
        w.discardOutput();
        final long rtoNs = w.tcb().rtoNs;
        w.advance(rtoNs - 1);
        w.expectSilence();
        w.advance(1);
        expectData(0, MSS);
        w.expectSilence();
        assertEquals(MSS, w.tcb().cwndBytes);
        w.advance(2 * rtoNs - 1);
        w.expectSilence();
        w.advance(1);
        expectData(0, MSS);
        ack(MSS);
        expectData(MSS, MSS);
        expectData(2 * MSS, MSS);
        assertEquals(2, w.stack.counters().get(StackCounter.TCP_TIMEOUTS));
    }

    @Test
    void shouldGiveUpAfterTooManyRetransmissions()
    {
        w.context.lossProbe(false);
        w.context.retries2(3);
        accept(100);
        w.advance(60_000 * MS);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
        assertEquals(3, w.stack.counters().get(StackCounter.TCP_RETRANS_SEGS));
        assertEquals(0, w.stack.connectionCount());
    }

    @Test
    void shouldGiveUpAfterUserTimeout()
    {
        w.context.userTimeoutNs(5_000 * MS);
        accept(100);
        w.advance(4_999 * MS);
        assertNull(peer.closeReason);
        w.advance(1 * MS);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    @Test
    void shouldResendAtThirdDuplicateAckWithoutSack()
    {
        w.context.congestionControl("reno");
        w.context.sack(false);
        accept(100_000);
        w.discardOutput();
        ack(0);
        expectData(10 * MSS, MSS);
        ack(0);
        expectData(11 * MSS, MSS);
        w.expectSilence();
        ack(0);
        expectData(0, MSS);
        w.expectSilence();
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_RENO_RECOVERY));
        // Ten segments; the two of limited transmit do not count (RFC 5681, section 3.2, step 2).
        assertEquals(5 * MSS, w.tcb().ssthreshBytes);
    }

    @Test
    void shouldResendNextHoleOnPartialAckWithoutSack()
    {
        w.context.sack(false);
        accept(14_600);
        w.discardOutput();
        ack(0);
        ack(0);
        ack(0);
        expectData(0, MSS);
        w.expectSilence();
        ack(4 * MSS);
        expectData(4 * MSS, MSS);
        w.expectSilence();
        ack(10 * MSS);
        w.expectSilence();
        assertEquals(Tcb.RECOVERY_OPEN, w.tcb().recovery);
        assertEquals(w.tcb().ssthreshBytes, w.tcb().cwndBytes);
    }

    private void sack(final int ack, final int... segments)
    {
        final int[] edges = new int[segments.length];
        for (int i = 0; i < segments.length; i++)
        {
            edges[i] = w.iss + 1 + segments[i] * MSS;
        }
        w.seg(A, 1001).ack(w.iss + 1 + ack * MSS).sack(edges).in();
    }

    @Test
    void shouldResendWhatSackSaysIsLost()
    {
        w.context.rack(false);
        accept(14_600);
        w.discardOutput();
        sack(0, 1, 2);
        sack(0, 1, 3);
        w.expectSilence();
        sack(0, 1, 4);
        expectData(0, MSS);
        w.expectSilence();
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_SACK_RECOVERY));
        sack(1, 2, 2);
        w.discardOutput();
    }

    @Test
    void shouldResendSeveralHolesInOneRoundTrip()
    {
        w.context.congestionControl("reno");
        accept(14_600);
        w.discardOutput();
        sack(0, 1, 2, 3, 4, 5, 10);
        expectData(0, MSS);
        expectData(2 * MSS, MSS);
        expectData(4 * MSS, MSS);
        w.expectSilence();
        ack(10 * MSS);
        assertEquals(Tcb.RECOVERY_OPEN, w.tcb().recovery);
        assertEquals(5 * MSS, w.tcb().cwndBytes);
    }

    @Test
    void shouldNotResendWhatSackHasReported()
    {
        accept(14_600);
        w.discardOutput();
        sack(0, 2, 10);
        expectData(0, MSS);
        expectData(MSS, MSS);
        w.expectSilence();
    }

    @Test
    void shouldForgetSackWhenThePeerTakesItBack()
    {
        accept(14_600);
        w.discardOutput();
        sack(0, 1, 10);
        expectData(0, MSS);
        ack(MSS);
        assertEquals(9 * MSS, w.tcb().sentLog.sackedBytes());
        w.advance(w.tcb().rtoNs);
        expectData(MSS, MSS);
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_SACK_RENEGING));
        assertEquals(0, w.tcb().sentLog.sackedBytes());
    }

    @Test
    void shouldDiscardSackBlocksOfWhatWasNeverSent()
    {
        accept(14_600);
        w.discardOutput();
        sack(0, 20, 30);
        sack(0, 5, 4);
        assertEquals(0, w.tcb().sentLog.sackedBytes());
        assertEquals(2, w.stack.counters().get(StackCounter.TCP_SACK_DISCARD));
    }

    @Test
    void shouldNotTakeRttFromWhatWasSentTwice()
    {
        w.context.lossProbe(false);
        accept(MSS);
        final long rttNs = w.tcb().srttNs;
        w.discardOutput();
        w.advance(w.tcb().rtoNs);
        w.advance(150 * MS);
        ack(MSS);
        assertEquals(rttNs, w.tcb().srttNs);
        assertEquals(1, w.tcb().backoff, "Karn: the backed-off time-out stays until a sample");
    }

    @Test
    void shouldTakeRttFromTimestampsOfWhatWasSentTwice()
    {
        w.timestamps = true;
        accept(1000);
        w.discardOutput();
        w.advance(w.tcb().rtoNs);
        final int tsVal = w.out().options().tsVal();
        w.nowNs += 150 * MS;
        w.seg(A, 1001).ack(w.iss + 1001).timestamps(101, tsVal).in();
        assertEquals(150 * MS, w.tcb().lastRttNs);
        assertEquals(0, w.tcb().backoff);
    }

    @Test
    void shouldRestartSlowlyAfterIdle()
    {
        accept(100_000);
        int acked = 0;
        for (int i = 0; i < 30 && w.tcb().flightBytes() > 0; i++)
        {
            acked = w.tcb().flightBytes() + (w.tcb().sndUna - w.iss - 1);
            ack(acked);
        }
        assertEquals(100_000, acked);
        assertTrue(w.tcb().cwndBytes > 20 * MSS);
        w.discardOutput();
        w.advance(10_000 * MS);
        peer.sends(200_000).write();
        w.poll();
        assertEquals(10 * MSS, w.tcb().cwndBytes);
    }

    @Test
    void shouldProbeIdlePeersAndGiveUp()
    {
        w.context.keepAlive(true).keepAliveIdleNs(10_000 * MS).keepAliveIntervalNs(1_000 * MS).keepAliveProbes(3);
        accept(0);
        w.advance(9_999 * MS);
        w.expectSilence();
        w.advance(1 * MS);
        assertEquals(w.iss, w.out().seq());
        ack(0);
        w.advance(9_000 * MS);
        w.expectSilence();
        w.advance(20_000 * MS);
        w.out();
        w.out();
        w.out();
        assertTrue(w.out().is(R | A));
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    @Test
    void shouldSendSuperSegmentsOnALinkThatTakesThem()
    {
        w.gso = 65_535;
        accept(100_000);
        assertEquals(10 * MSS, w.out().length());
        w.expectSilence();
        ack(10 * MSS);
        assertEquals(20 * MSS, w.out().length());
    }

    @Test
    void shouldResendInSuperSegmentsWithinTheWindow()
    {
        w.context.lossProbe(false);
        w.gso = 65_535;
        accept(14_600);
        w.discardOutput();
        w.advance(w.tcb().rtoNs);
        expectData(0, MSS);
        ack(MSS);
        expectData(MSS, 2 * MSS);
        ack(3 * MSS);
        expectData(3 * MSS, 4 * MSS);
    }

    @Test
    void shouldCallWriterWhenAQuarterOfTheBufferIsFree()
    {
        w.context.sendBufferBytes(16_384);
        accept(40_000);
        assertEquals(16_384, peer.sent);
        ack(MSS);
        assertEquals(16_384, peer.sent);
        ack(3 * MSS);
        assertEquals(16_384 + 3 * MSS, peer.sent);
    }
}
