package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.R;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SynQueueTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private void syn(final int port)
    {
        w.peerPort = port;
        w.seg(S, 1000).mss(1460).in();
    }

    @Test
    void shouldBoundHalfOpenConnectionsOfAListenerByItsBacklog()
    {
        w.context.handshake().synCookies(0);
        final Listener narrow = w.start().stack.listen(IpAddress.ANY, 80, peer, 1);
        w.stack.listen(IpAddress.ANY, 81, peer, 5);
        syn(5000);
        syn(5001);
        w.discardOutput();
        syn(5002);
        w.expectSilence();
        assertEquals(2, narrow.synQueueLength());
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_REQ_Q_FULL_DROP));
        w.localPort = 81;
        syn(5002);
        assertTrue(w.out().is(S | A), "another listener has room of its own");
        w.localPort = 80;
        w.peerPort = 5001;
        w.seg(R, 1001).in();
        assertEquals(1, narrow.synQueueLength());
        syn(5003);
        assertTrue(w.out().is(S | A));
    }

    @Test
    void shouldKeepTheLastQuarterForKnownPeersWithoutCookies()
    {
        w.context.synBacklog(8).handshake().synCookies(0);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        for (int i = 0; i < 7; i++)
        {
            syn(5000 + i);
        }
        w.discardOutput();
        syn(5100);
        w.expectSilence();
        w.stack.tcp().handshakes().peers().learn(Wire.PEER.hi(), Wire.PEER.lo(), w.nowNs).rttNs = MS;
        syn(5100);
        assertTrue(w.out().is(S | A));
    }

    @Test
    void shouldGiveOldEntriesUpSoonerWhenTheyCrowdOutYoungOnes()
    {
        w.context.synBacklog(10);
        final Listener listener = w.start().stack.listen(IpAddress.ANY, 80, peer);
        for (int i = 0; i < 6; i++)
        {
            syn(5000 + i);
        }
        w.advance(7_000 * MS);
        assertEquals(0, listener.youngHalfOpens);
        assertEquals(5, listener.synQueueLength(), "one was given up after two tries; the rest leave half of the room");
        w.advance(7_000 * MS);
        assertEquals(5, listener.synQueueLength(), "five tries for those who crowd nobody");
    }

    @Test
    void shouldAnswerRepeatedSynTwiceASecondAtMost()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        syn(5000);
        w.out();
        syn(5000);
        assertTrue(w.out().is(S | A));
        w.nowNs += 499 * MS;
        syn(5000);
        w.expectSilence();
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_ACK_SKIPPED_SYN_RECV));
        w.nowNs += MS;
        syn(5000);
        assertTrue(w.out().is(S | A));
        w.advance(999 * MS);
        w.expectSilence();
        w.advance(MS);
        assertTrue(w.out().is(S | A), "the timer began anew with the last answer");
        assertEquals(3, w.stack.counters().get(StackCounter.TCP_SYN_ACK_RETRANS));
    }

    @Test
    void shouldNotTakeRttWhenTheSynWasRepeated()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        syn(5000);
        final int iss = w.out().seq();
        w.nowNs += 300 * MS;
        syn(5000);
        w.out();
        w.nowNs += MS;
        w.seg(A, 1001).ack(iss + 1).in();
        final Tcb tcb = w.tcbOfOnly();
        assertEquals(0, tcb.srttNs, "the ACK may answer the first SYN/ACK or the second");
        assertEquals(10 * tcb.effectiveMss, tcb.cwndBytes, "nothing has timed out");
    }

    @Test
    void shouldIgnoreRepeatedSynThatIsOldByItsTimestamp()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).timestamps(100, 0).in();
        w.out();
        w.seg(S, 1000).timestamps(99, 0).in();
        w.expectSilence();
    }

    @Test
    void shouldChallengeAndResetAsRfc5961SaysBeforeTheLastAck()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        syn(5000);
        final int iss = w.out().seq();
        w.seg(R, 1002).in();
        assertTrue(w.out().is(A));
        w.seg(R, 70_000).in();
        w.expectSilence();
        w.seg(A, 70_000).ack(iss + 1).in();
        assertTrue(w.out().is(A), "out of window");
        assertEquals(1, w.stack.connectionCount());
        w.seg(S, 1005).in();
        assertEquals(0, w.stack.connectionCount(), "a SYN in the window sends a passive open back to LISTEN");
    }
}
