package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.R;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReceiveTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private void accept()
    {
        w.start().accept(peer);
    }

    private void endQuickAcks()
    {
        w.tcb().quickAcks = 0;
    }

    @Test
    void shouldDelayAckOfOneSegmentAndNotOfTwo()
    {
        accept();
        endQuickAcks();
        w.seg(A, 1001).ack(w.iss + 1).data(1460).in();
        w.expectSilence();
        w.advance(39 * MS);
        w.expectSilence();
        w.advance(1 * MS);
        assertEquals(2461, w.out().ack());
        w.seg(A, 2461).ack(w.iss + 1).data(1460, 1460).in();
        w.expectSilence();
        w.seg(A, 3921).ack(w.iss + 1).data(1460, 2920).in();
        assertEquals(5381, w.out().ack());
    }

    @Test
    void shouldAcknowledgeAtOnceAtTheStart()
    {
        accept();
        for (int i = 0; i < 16; i++)
        {
            w.seg(A, 1001 + 10 * i).ack(w.iss + 1).data(10, 10 * i).in();
            assertEquals(1011 + 10 * i, w.out().ack());
        }
        w.seg(A, 1161).ack(w.iss + 1).data(10, 160).in();
        w.expectSilence();
    }

    @Test
    void shouldPutTheAckOnDataThatAnswers()
    {
        accept();
        endQuickAcks();
        w.seg(A, 1001).ack(w.iss + 1).data(10).in();
        w.expectSilence();
        peer.sends(5).write();
        w.poll();
        final Wire.Out data = w.out();
        assertEquals(5, data.length());
        assertEquals(1011, data.ack());
        w.advance(100 * MS);
        w.expectSilence();
    }

    @Test
    void shouldReportHolesNewestFirst()
    {
        accept();
        w.seg(A, 1101).ack(w.iss + 1).data(100, 100).in();
        Wire.Out dup = w.out();
        assertEquals(1001, dup.ack());
        assertEquals(1, dup.options().sackCount());
        w.seg(A, 1501).ack(w.iss + 1).data(100, 500).in();
        w.out();
        w.seg(A, 1301).ack(w.iss + 1).data(100, 300).in();
        dup = w.out();
        assertEquals(3, dup.options().sackCount());
        assertEquals(1301, dup.options().sackStart(0));
        assertEquals(1401, dup.options().sackEnd(0));
        assertEquals(1501, dup.options().sackStart(1));
        assertEquals(1101, dup.options().sackStart(2));
        w.seg(A, 1001).ack(w.iss + 1).data(100).in();
        final Wire.Out ack = w.out();
        assertEquals(1201, ack.ack());
        assertEquals(2, ack.options().sackCount());
        assertEquals(200, peer.received);
    }

    @Test
    void shouldSendOneDuplicateAckForEachSegmentOutOfOrder()
    {
        accept();
        w.seg(A, 1101).ack(w.iss + 1).data(100, 100).queue();
        w.seg(A, 1201).ack(w.iss + 1).data(100, 200).queue();
        w.seg(A, 1301).ack(w.iss + 1).data(100, 300).in();
        final int window = w.out().window();
        assertEquals(window, w.out().window());
        assertEquals(window, w.out().window());
        w.expectSilence();
    }

    @Test
    void shouldTakeOnlyWhatIsNewOfAnOverlap()
    {
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(100).in();
        w.seg(A, 1051).ack(w.iss + 1).data(100, 50).in();
        assertEquals(150, peer.received);
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1).data(100).in();
        assertEquals(1151, w.out().ack());
        assertEquals(150, peer.received);
    }

    @Test
    void shouldCutOffWhatLiesBeyondTheWindow()
    {
        w.context.receiveBufferBytes(4096);
        peer.pausedReading();
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(4000).in();
        w.discardOutput();
        w.seg(A | F, 5001).ack(w.iss + 1).data(200, 4000).in();
        final Wire.Out ack = w.out();
        assertEquals(5097, ack.ack());
        assertEquals(0, ack.window());
        assertEquals(4096, peer.connection.readable());
    }

    @Test
    void shouldCloseTheWindowAndOpenItAgainWhenTheUserReads()
    {
        w.context.receiveBufferBytes(8192);
        peer.pausedReading();
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(8192).in();
        assertEquals(0, w.out().window());
        w.seg(A, 9193).ack(w.iss + 1).data(1, 8192).in();
        assertEquals(9193, w.out().ack(), "a probe is answered");
        peer.connection.skip(1000);
        w.poll();
        w.expectSilence();
        peer.connection.skip(3096);
        w.poll();
        assertEquals(4096, w.out().window());
    }

    @Test
    void shouldKeepAScaledWindowWithinTheBufferHoweverSmallTheSegments()
    {
        final int capacity = 1 << 18;
        w.context.receiveBufferBytes(capacity).initialReceiveBufferBytes(capacity);
        peer.pausedReading();
        peer.recordEvents = false;
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).mss(1460).windowScale(7).in();
        final Wire.Out synAck = w.out();
        final int shift = synAck.options().windowScale();
        w.seg(A, 1001).ack(synAck.seq() + 1).in();
        w.iss = synAck.seq();
        int sent = 0;
        int edge = 0;
        while (true)
        {
            w.seg(A, 1001 + sent).ack(w.iss + 1).data(sent < 9_000 ? 1 : 1460, sent).in();
            final Wire.Out ack = w.outOrNull();
            if (ack == null)
            {
                w.advance(40 * MS);
                continue;
            }
            w.discardOutput();
            sent = ack.ack() - 1001;
            assertTrue(sent <= capacity);
            if (ack.window() == 0)
            {
                break;
            }
            // What rounding up has added is used up after so many bytes; then the edge may be told a unit less, never more.
            final int rounding = sent < capacity / 64 ? 0 : (1 << shift) - 1;
            assertTrue(sent + (ack.window() << shift) >= edge - rounding, "the edge that the peer sees retreats");
            edge = Math.max(edge, sent + (ack.window() << shift));
        }
        assertTrue(sent > capacity - capacity / 32, "most of the buffer was used");
        assertEquals(sent, peer.connection.readable());
    }

    @Test
    void shouldTakeResetAndAckAtZeroWindow()
    {
        w.context.receiveBufferBytes(4096);
        peer.pausedReading().sends(100);
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(4096).in();
        w.discardOutput();
        w.seg(A, 5097).ack(w.iss + 101).data(100, 4096).in();
        assertEquals(w.iss + 101, w.tcb().sndUna);
        assertEquals(5097, w.out().ack());
        w.seg(R, 5097).in();
        assertEquals(CloseReason.RESET, peer.closeReason);
    }

    @Test
    void shouldResetOnExactNumberOnlyAndChallengeTheRest()
    {
        accept();
        w.seg(R, 1000).in();
        w.expectSilence();
        w.seg(R, 1001 + 70_000).in();
        w.expectSilence();
        w.seg(R, 1002).in();
        final Wire.Out challenge = w.out();
        assertTrue(challenge.is(A));
        assertEquals(1001, challenge.ack());
        assertNull(peer.closeReason);
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_CHALLENGE_ACK));
        w.seg(R, 1001).in();
        w.expectSilence();
        assertEquals(CloseReason.RESET, peer.closeReason);
        assertEquals(0, w.stack.connectionCount());
    }

    @Test
    void shouldChallengeSynInEstablished()
    {
        accept();
        w.seg(S, 1001).in();
        assertTrue(w.out().is(A));
        w.seg(S, 77).in();
        assertTrue(w.out().is(A));
        w.seg(S | A, 1001).ack(w.iss + 1).in();
        assertTrue(w.out().is(A));
        assertNull(peer.closeReason);
    }

    @Test
    void shouldChallengeAckOutsideOfWhatMayBeAcknowledged()
    {
        accept();
        w.seg(A, 1001).ack(w.iss + 2).data(10).in();
        assertTrue(w.out().is(A));
        w.seg(A, 1001).ack(w.iss - 70_000).data(10).in();
        assertTrue(w.out().is(A));
        assertEquals(0, peer.received);
        w.seg(A, 1001).ack(w.iss - 100).data(10).in();
        assertEquals(10, peer.received, "an old ACK within the greatest window is fine");
    }

    @Test
    void shouldLimitChallengeAcks()
    {
        w.context.challengeAcksPerSecond(10);
        accept();
        for (int i = 0; i < 100; i++)
        {
            w.seg(S, 1001).in();
        }
        final long sent = w.stack.counters().get(StackCounter.TCP_CHALLENGE_ACK);
        assertTrue(sent >= 5 && sent < 15, () -> sent + " were sent");
        assertEquals(100 - sent, w.stack.counters().get(StackCounter.TCP_ACK_SKIPPED));
        w.discardOutput();
        w.nowNs += 1_000 * MS;
        w.seg(S, 1001).in();
        assertTrue(w.out().is(A));
    }

    @Test
    void shouldDropOldTimestamps()
    {
        w.timestamps = true;
        accept();
        w.seg(A, 1001).ack(w.iss + 1).timestamps(200, 0).data(10).in();
        assertEquals(200, w.out().options().tsEcr());
        w.seg(A, 1011).ack(w.iss + 1).timestamps(199, 0).data(10, 10).in();
        assertEquals(1011, w.out().ack());
        assertEquals(10, peer.received);
        assertEquals(1, w.stack.counters().get(StackCounter.PAWS_ESTAB));
        w.seg(R, 1011).timestamps(1, 0).in();
        assertEquals(CloseReason.RESET, peer.closeReason, "PAWS does not apply to RST");
    }

    @Test
    void shouldForgetTimestampsAfter24Days()
    {
        w.timestamps = true;
        accept();
        w.nowNs += 25L * 24 * 3600 * 1000 * MS;
        w.seg(A, 1001).ack(w.iss + 1).timestamps(5, 0).data(10).in();
        assertEquals(10, peer.received);
        assertEquals(5, w.tcb().tsRecent);
    }

    @Test
    void shouldDropSegmentsWithoutAgreedTimestamps()
    {
        w.timestamps = true;
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(10).in();
        w.expectSilence();
        assertEquals(0, peer.received);
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_MISSING_TIMESTAMPS));
    }

    @Test
    void shouldEchoTheEarliestUnacknowledgedTimestamp()
    {
        w.timestamps = true;
        accept();
        endQuickAcks();
        w.seg(A, 1001).ack(w.iss + 1).timestamps(300, 0).data(100).in();
        w.seg(A, 1101).ack(w.iss + 1).timestamps(310, 0).data(100, 100).in();
        w.advance(40 * MS);
        assertEquals(300, w.out().options().tsEcr());
    }

    @Test
    void shouldNotEchoTimestampsOfSegmentsBeyondAHole()
    {
        w.timestamps = true;
        accept();
        w.seg(A, 1101).ack(w.iss + 1).timestamps(400, 0).data(100, 100).in();
        assertEquals(100, w.out().options().tsEcr());
    }

    @Test
    void shouldAnswerKeepAliveProbesOfThePeer()
    {
        accept();
        w.seg(A, 1000).ack(w.iss + 1).in();
        assertEquals(1001, w.out().ack());
        w.seg(A, 1000).ack(w.iss + 1).data(1).in();
        assertEquals(1001, w.out().ack());
        assertEquals(0, peer.received);
    }

    @Test
    void shouldNotAnswerPureAcksOutOfWindowForEver()
    {
        accept();
        for (int i = 0; i < 10; i++)
        {
            w.seg(A, 500).ack(w.iss + 1).in();
        }
        w.out();
        w.expectSilence();
        w.nowNs += 500 * MS;
        w.seg(A, 500).ack(w.iss + 1).in();
        w.out();
    }

    @Test
    void shouldIgnoreSegmentsWithoutAck()
    {
        accept();
        w.seg(0, 1001).data(10).in();
        w.expectSilence();
        assertEquals(0, peer.received);
    }

    @Test
    void shouldDeliverUrgentDataInItsPlace()
    {
        accept();
        w.seg(A | 0x20, 1001).ack(w.iss + 1).data(10).in();
        assertEquals(10, peer.received);
    }
}
