package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import org.junit.jupiter.api.Test;

import java.util.List;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.R;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CloseTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private void accept()
    {
        w.start().accept(peer);
    }

    @Test
    void shouldCloseInOrderWhenThePeerIsFirst()
    {
        accept();
        w.seg(F | A, 1001).ack(w.iss + 1).in();
        assertTrue(peer.endOfStream);
        assertEquals(TcpState.CLOSE_WAIT, w.tcb().state);
        assertEquals(1002, w.out().ack());
        peer.connection.close();
        w.poll();
        final Wire.Out fin = w.out();
        assertTrue(fin.is(F | A));
        assertEquals(TcpState.LAST_ACK, w.tcb().state);
        w.seg(A, 1002).ack(fin.seq() + 1).in();
        assertEquals(CloseReason.NORMAL, peer.closeReason);
        assertEquals(0, w.stack.connectionCount());
        w.expectSilence();
    }

    @Test
    void shouldWaitInTimeWaitWhenWeAreFirst()
    {
        accept();
        closeFirst();
        assertEquals(CloseReason.NORMAL, peer.closeReason);
        assertEquals(1, w.stack.connectionCount());
        w.advance(59_999 * MS);
        assertEquals(1, w.stack.connectionCount());
        w.advance(1 * MS);
        assertEquals(0, w.stack.connectionCount());
        w.expectSilence();
    }

    private void closeFirst()
    {
        peer.connection.close();
        w.poll();
        assertTrue(w.out().is(F | A));
        assertEquals(TcpState.FIN_WAIT_1, w.tcb().state);
        w.seg(A, 1001).ack(w.iss + 2).in();
        assertEquals(TcpState.FIN_WAIT_2, w.tcb().state);
        w.seg(F | A, 1001).ack(w.iss + 2).in();
        assertEquals(1002, w.out().ack());
    }

    @Test
    void shouldAcknowledgeRepeatedFinInTimeWaitAndWaitAgain()
    {
        accept();
        closeFirst();
        w.advance(40_000 * MS);
        w.seg(F | A, 1001).ack(w.iss + 2).in();
        final Wire.Out ack = w.out();
        assertTrue(ack.is(A));
        assertEquals(1002, ack.ack());
        assertEquals(w.iss + 2, ack.seq());
        w.advance(59_000 * MS);
        assertEquals(1, w.stack.connectionCount());
        w.advance(1_000 * MS);
        assertEquals(0, w.stack.connectionCount());
    }

    @Test
    void shouldIgnoreResetInTimeWaitWhenRfc1337IsFollowed()
    {
        w.context.handshake().rfc1337(true);
        accept();
        closeFirst();
        w.seg(R, 1002).in();
        w.expectSilence();
        assertEquals(1, w.stack.connectionCount());
        assertEquals(1, w.stack.counters().get(StackCounter.TW_RST_IGNORED));
    }

    @Test
    void shouldLetGreaterSynReopenTimeWaitAndRefuseOlder()
    {
        accept();
        closeFirst();
        w.seg(S, 900).mss(1460).in();
        assertTrue(w.out().is(A), "an old SYN is acknowledged as anything old");
        assertEquals(1, w.stack.connectionCount());
        w.seg(S, 2000).mss(1460).in();
        final Wire.Out synAck = w.out();
        assertTrue(synAck.is(S | A));
        assertTrue(synAck.seq() - (w.iss + 2) > 0, "the new ISS comes after what the old incarnation used");
        assertEquals(1, w.stack.counters().get(StackCounter.TW_RECYCLED));
    }

    @Test
    void shouldLetNewerTimestampReopenTimeWait()
    {
        w.timestamps = true;
        w.start().accept(peer);
        peer.connection.close();
        w.poll();
        w.out();
        w.seg(F | A, 1001).ack(w.iss + 2).timestamps(101, 0).in();
        assertTrue(w.out().is(A));
        w.seg(S, 500).mss(1460).timestamps(100, 0).in();
        assertTrue(w.out().is(A));
        w.seg(S, 500).mss(1460).timestamps(102, 0).in();
        assertTrue(w.out().is(S | A), "a lower sequence number with a newer timestamp is new");
    }

    @Test
    void shouldCloseSimultaneously()
    {
        accept();
        peer.connection.close();
        w.poll();
        assertTrue(w.out().is(F | A));
        w.seg(F | A, 1001).ack(w.iss + 1).in();
        assertEquals(TcpState.CLOSING, w.tcb().state);
        assertEquals(1002, w.out().ack());
        w.seg(A, 1002).ack(w.iss + 2).in();
        assertEquals(CloseReason.NORMAL, peer.closeReason);
        assertEquals(1, w.stack.connectionCount());
    }

    @Test
    void shouldAcknowledgeFinThatComesTogetherWithTheAckOfOurs()
    {
        accept();
        peer.connection.close();
        w.poll();
        w.out();
        w.seg(F | A, 1001).ack(w.iss + 1).queue();
        w.seg(A, 1002).ack(w.iss + 2).in();
        assertEquals(1002, w.out().ack());
    }

    @Test
    void shouldReadOnAfterHalfClose()
    {
        accept();
        peer.connection.shutdownOutput();
        w.poll();
        assertTrue(w.out().is(F | A));
        w.seg(A, 1001).ack(w.iss + 2).data(500).in();
        assertEquals(500, peer.received);
        w.seg(F | A, 1501).ack(w.iss + 2).data(100, 500).in();
        assertEquals(600, peer.received);
        assertTrue(peer.endOfStream);
        assertEquals(CloseReason.NORMAL, peer.closeReason);
    }

    @Test
    void shouldWriteOnAfterThePeersHalfClose()
    {
        accept();
        w.seg(F | A, 1001).ack(w.iss + 1).in();
        w.out();
        peer.sends(700).write();
        w.poll();
        assertEquals(700, w.out().length());
        assertEquals(TcpState.CLOSE_WAIT, w.tcb().state);
    }

    @Test
    void shouldKeepUnreadDataReadableAfterBothHalvesAreClosed()
    {
        peer.pausedReading();
        accept();
        peer.connection.shutdownOutput();
        w.poll();
        w.out();
        w.seg(F | A, 1001).ack(w.iss + 2).data(300).in();
        assertNull(peer.closeReason);
        assertEquals(300, peer.connection.readable());
        peer.resumeReading();
        w.poll();
        assertEquals(300, peer.received);
        assertTrue(peer.endOfStream);
        assertEquals(CloseReason.NORMAL, peer.closeReason);
        assertEquals(0, w.stack.tcp().bufferPool().acquiredBytes());
    }

    @Test
    void shouldResetWhenClosedWithDataUnread()
    {
        peer.pausedReading();
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(300).in();
        w.discardOutput();
        peer.connection.close();
        w.poll();
        assertTrue(w.out().is(R | A));
        assertEquals(CloseReason.ABORTED, peer.closeReason);
        assertEquals(0, w.stack.connectionCount());
    }

    @Test
    void shouldResetWhenDataComesAfterClose()
    {
        accept();
        peer.connection.close();
        w.poll();
        w.out();
        w.seg(A, 1001).ack(w.iss + 2).data(10).in();
        assertTrue(w.out().is(R));
        assertEquals(CloseReason.ABORTED, peer.closeReason);
    }

    @Test
    void shouldSendFinWithTheLastData()
    {
        accept();
        peer.sends(2000).write();
        peer.connection.close();
        w.poll();
        assertEquals(1460, w.out().length());
        final Wire.Out last = w.out();
        assertEquals(540, last.length());
        assertTrue(last.is(F | A));
        assertTrue((last.flags() & Wire.P) != 0);
    }

    @Test
    void shouldRepeatLostFin()
    {
        accept();
        peer.connection.close();
        w.poll();
        final Wire.Out fin = w.out();
        w.advance(1_500 * MS);
        final Wire.Out again = w.out();
        assertTrue(again.is(F | A));
        assertEquals(fin.seq(), again.seq());
        w.seg(F | A, 1001).ack(fin.seq() + 1).in();
        assertEquals(CloseReason.NORMAL, peer.closeReason);
    }

    @Test
    void shouldNotWaitForEverInFinWait2()
    {
        accept();
        peer.connection.close();
        w.poll();
        w.out();
        w.seg(A, 1001).ack(w.iss + 2).in();
        w.advance(59_999 * MS);
        assertNull(peer.closeReason);
        w.advance(1 * MS);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
        assertEquals(0, w.stack.connectionCount());
    }

    @Test
    void shouldAbortWithReset()
    {
        accept();
        peer.connection.abort();
        w.expectSilence();
        w.poll();
        assertTrue(w.out().is(R | A));
        assertEquals(CloseReason.ABORTED, peer.closeReason);
        w.seg(A, 1001).ack(w.iss + 1).in();
        assertTrue(w.out().is(R), "nothing is left of it");
    }

    @Test
    void shouldAbortConnectionOfThrowingService()
    {
        peer.throwOnReadable = new IllegalStateException("by design");
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(10).in();
        Wire.Out out = w.out();
        while (!out.is(R | A))
        {
            out = w.out();
        }
        assertEquals(CloseReason.ABORTED, peer.closeReason);
        assertEquals(1, w.stack.counters().get(StackCounter.SERVICE_FAULTS));
    }

    @Test
    void shouldTellServiceOnceAndInOrder()
    {
        accept();
        w.seg(F | A, 1001).ack(w.iss + 1).data(10).in();
        peer.connection.close();
        w.poll();
        w.seg(A, 1012).ack(w.iss + 2).in();
        w.advance(1_000 * MS);
        assertEquals(List.of("accepted", "readable", "closed NORMAL"), peer.events);
        assertFalse(w.stack.hasConnection(0, 0, 0, 0, 0, 0));
    }

    @Test
    void shouldTakeFinOutOfOrderWhenTheHoleIsFilled()
    {
        accept();
        w.seg(F | A, 1101).ack(w.iss + 1).data(100, 100).in();
        assertEquals(1001, w.out().ack());
        assertFalse(peer.endOfStream);
        w.seg(A, 1001).ack(w.iss + 1).data(100).in();
        assertTrue(peer.endOfStream);
        assertEquals(1202, w.out().ack());
        assertEquals(200, peer.received);
    }
}
