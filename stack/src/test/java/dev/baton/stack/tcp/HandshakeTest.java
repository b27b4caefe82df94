package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.R;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HandshakeTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerSynWithWhatBothSidesWant(final boolean v6)
    {
        w.v6 = v6;
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).mss(1400).windowScale(3).timestamps(77, 0).sackPermitted().in();
        final Wire.Out synAck = w.out();
        assertTrue(synAck.is(S | A));
        assertEquals(1001, synAck.ack());
        assertEquals(v6 ? 1440 : 1460, synAck.options().mss());
        assertEquals(77, synAck.options().tsEcr());
        assertTrue(synAck.options().sackPermitted());
        assertEquals(6, synAck.options().windowScale());
        assertEquals(1, w.stack.connectionCount());
        assertTrue(peer.events.isEmpty(), "nobody is told before the handshake is complete");
        w.seg(A, 1001).ack(synAck.seq() + 1).timestamps(78, synAck.options().tsVal()).in();
        assertEquals(List.of("accepted"), peer.events);
        w.expectSilence();
    }

    @Test
    void shouldNotUseOptionsThatThePeerDoesNotOffer()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final TcpOptions options = w.out().options();
        assertFalse(options.hasTimestamps());
        assertFalse(options.sackPermitted());
        assertEquals(TcpOptions.ABSENT, options.windowScale());
        assertEquals(1460, options.mss());
    }

    @Test
    void shouldUseDefaultMssWhenThePeerSendsNone()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        peer.sends(5000);
        w.seg(A, 1001).ack(iss + 1).in();
        assertEquals(536, w.out().length());
    }

    @Test
    void shouldRepeatSynAckWithBackoffAndGiveUp()
    {
        w.context.synAckRetries(2);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        w.out();
        w.advance(999 * MS);
        w.expectSilence();
        w.advance(1 * MS);
        assertTrue(w.out().is(S | A));
        w.advance(1_999 * MS);
        w.expectSilence();
        w.advance(1 * MS);
        assertTrue(w.out().is(S | A));
        w.advance(4_000 * MS);
        w.expectSilence();
        assertEquals(0, w.stack.connectionCount());
    }

    @Test
    void shouldAnswerRepeatedSynWithTheSameSynAck()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(S, 1000).in();
        assertEquals(iss, w.out().seq());
        assertEquals(1, w.stack.connectionCount());
    }

    @Test
    void shouldDropSynWhenBacklogIsFull()
    {
        w.context.synBacklog(1).handshake().synCookies(0);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        w.out();
        w.peerPort++;
        w.seg(S, 1000).in();
        w.expectSilence();
        assertEquals(1, w.stack.counters().get(StackCounter.LISTEN_DROPS));
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_REQ_Q_FULL_DROP));
    }

    @Test
    void shouldGoBackToListenOnExactResetOnly()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(R, 1500).in();
        final Wire.Out challenge = w.out();
        assertTrue(challenge.is(A));
        assertEquals(iss + 1, challenge.seq());
        assertEquals(1, w.stack.connectionCount());
        w.seg(R, 1001).in();
        w.expectSilence();
        assertEquals(0, w.stack.connectionCount());
    }

    @Test
    void shouldResetAckOfHalfOpenConnectionThatAcknowledgesNothingOfOurs()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(A, 1001).ack(iss + 77).in();
        final Wire.Out reset = w.out();
        assertTrue(reset.is(R));
        assertEquals(iss + 77, reset.seq());
        assertEquals(1, w.stack.connectionCount());
    }

    @Test
    void shouldResetSynToPortWithoutListener()
    {
        w.start();
        w.seg(S, 1000).in();
        final Wire.Out reset = w.out();
        assertTrue(reset.is(R | A));
        assertEquals(0, reset.seq());
        assertEquals(1001, reset.ack());
    }

    @Test
    void shouldAnswerSegmentsOfNoConnectionAsRfc9293Says()
    {
        w.start();
        w.seg(A, 1000).ack(42).data(10).in();
        final Wire.Out reset = w.out();
        assertTrue(reset.is(R));
        assertEquals(42, reset.seq());
        w.seg(F, 1000).data(10).in();
        assertEquals(1011, w.out().ack());
        w.seg(R, 1000).in();
        w.expectSilence();
        w.stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S | A, 1000).ack(42).in();
        assertTrue(w.out().is(R));
        w.seg(F, 1000).in();
        w.expectSilence();
    }

    @Test
    void shouldNotAcknowledgeDataThatComesWithTheSyn()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).data(100).in();
        final Wire.Out synAck = w.out();
        assertTrue(synAck.is(S | A));
        assertEquals(1001, synAck.ack());
        assertEquals(0, w.stack.tcp().bufferPool().acquiredBytes(), "a half-open connection holds no buffer");
        w.seg(A, 1001).ack(synAck.seq() + 1).data(100).in();
        assertEquals(List.of("accepted", "readable"), peer.events);
        assertEquals(100, peer.received);
    }

    @Test
    void shouldTakeDataThatComesWithTheHandshakesLastAck()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(A, 1001).ack(iss + 1).data(50).in();
        assertEquals(50, peer.received);
        assertEquals(1051, w.out().ack());
    }

    @Test
    void shouldOpenActively()
    {
        w.start();
        peer.connection = w.stack.connect(IpAddress.ANY, 0, Wire.PEER, 5000, peer.sends(10), w.nowNs);
        w.poll();
        final Wire.Out syn = w.out();
        assertTrue(syn.is(S));
        assertTrue(syn.srcPort() >= 32_768 && syn.srcPort() <= 60_999);
        w.localPort = syn.srcPort();
        w.seg(S | A, 9000).ack(syn.seq() + 1).mss(1460).in();
        assertEquals(List.of("accepted"), peer.events);
        final Wire.Out data = w.out();
        assertEquals(10, data.length());
        assertEquals(9001, data.ack());
    }

    @Test
    void shouldRepeatSynWithBackoffAndTimeOut()
    {
        w.context.synRetries(2);
        w.start();
        peer.connection = w.stack.connect(IpAddress.ANY, 0, Wire.PEER, 5000, peer, w.nowNs);
        w.poll();
        w.out();
        w.advance(1_000 * MS);
        assertTrue(w.out().is(S));
        w.advance(2_000 * MS);
        assertTrue(w.out().is(S));
        w.advance(3_999 * MS);
        assertNull(peer.closeReason);
        w.advance(1 * MS);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
        assertEquals(0, w.stack.connectionCount());
        w.expectSilence();
    }

    @Test
    void shouldBeRefusedByAcceptableResetOnly()
    {
        w.start();
        peer.connection = w.stack.connect(IpAddress.ANY, 80, Wire.PEER, 5000, peer, w.nowNs);
        w.poll();
        final int iss = w.out().seq();
        w.seg(R | A, 0).ack(iss + 2).in();
        w.seg(R, 0).in();
        assertNull(peer.closeReason);
        w.seg(R | A, 0).ack(iss + 1).in();
        assertEquals(CloseReason.REFUSED, peer.closeReason);
        assertEquals(List.of("closed REFUSED"), peer.events);
        w.expectSilence();
    }

    @Test
    void shouldResetUnacceptableAckInSynSent()
    {
        w.start();
        peer.connection = w.stack.connect(IpAddress.ANY, 80, Wire.PEER, 5000, peer, w.nowNs);
        w.poll();
        final int iss = w.out().seq();
        w.seg(S | A, 9000).ack(iss).in();
        assertTrue(w.out().is(R));
        assertNull(peer.closeReason);
    }

    @Test
    void shouldOpenSimultaneously()
    {
        w.start();
        peer.connection = w.stack.connect(IpAddress.ANY, 80, Wire.PEER, 5000, peer, w.nowNs);
        w.poll();
        final int iss = w.out().seq();
        w.seg(S, 9000).mss(1460).in();
        final Wire.Out synAck = w.out();
        assertTrue(synAck.is(S | A));
        assertEquals(iss, synAck.seq());
        assertEquals(9001, synAck.ack());
        w.seg(S | A, 9000).ack(iss + 1).in();
        assertEquals(List.of("accepted"), peer.events);
        assertEquals(TcpState.ESTABLISHED, ((Connection)peer.connection).tcb().state);
    }

    @Test
    void shouldOweNoSynOnceItIsAcknowledged()
    {
        // Found by campaign seed 6458: a SYN again and the ACK of ours come in one batch, and no image could be loaded any more.
        w.start();
        peer.connection = w.stack.connect(IpAddress.ANY, 80, Wire.PEER, 5000, peer, w.nowNs);
        w.poll();
        final int iss = w.out().seq();
        w.seg(S, 9000).mss(1460).in();
        w.out();
        w.seg(S, 9000).mss(1460).queue();
        w.seg(S | A, 9000).ack(iss + 1).in();
        final Tcb tcb = ((Connection)peer.connection).tcb();
        assertEquals(TcpState.ESTABLISHED, tcb.state);
        assertFalse(tcb.synOwed);
    }

    @Test
    void shouldTakeRttOfHandshakeFromTheTimesItIsGiven()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.nowNs += 37 * MS;
        w.seg(A, 1001).ack(iss + 1).in();
        assertEquals(37 * MS, ((Connection)peer.connection).tcb().srttNs);
    }

    @Test
    void shouldNotTakeRttOfRepeatedSynAck()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.advance(1_000 * MS);
        w.seg(A, 1001).ack(iss + 1).in();
        final Tcb tcb = ((Connection)peer.connection).tcb();
        assertEquals(0, tcb.srttNs);
        assertEquals(3_000 * MS, tcb.rtoNs, "RFC 6298, section 5.7");
        assertEquals(tcb.effectiveMss, tcb.cwndBytes, "RFC 5681, section 3.1");
    }

    @Test
    void shouldRefuseTakenPortsAndUnusableAddresses()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        assertThrows(IllegalStateException.class, () -> w.stack.listen(IpAddress.ANY, 80, peer));
        w.stack.listen(Wire.LOCAL, 80, peer);
        assertThrows(IllegalArgumentException.class, () -> w.stack.listen(Wire.PEER, 81, peer));
        assertThrows(IllegalArgumentException.class, () -> w.stack.listen(Wire.LOCAL, 0, peer));
        assertThrows(IllegalArgumentException.class,
            () -> w.stack.connect(IpAddress.ANY, 0, IpAddress.parse("224.0.0.1"), 80, peer, 0));
        assertThrows(IllegalArgumentException.class, () -> w.stack.connect(Wire.LOCAL_6, 0, Wire.PEER, 80, peer, 0));
        w.stack.connect(IpAddress.ANY, 7, Wire.PEER, 80, peer, 0);
        assertThrows(IllegalStateException.class, () -> w.stack.connect(IpAddress.ANY, 7, Wire.PEER, 80, peer, 0));
    }

    @Test
    void shouldPreferListenerOfTheAddress()
    {
        final StreamPeer special = new StreamPeer();
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        final Listener listener = w.stack.listen(Wire.LOCAL, 80, special);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(A, 1001).ack(iss + 1).in();
        assertEquals(List.of("accepted"), special.events);
        assertEquals(1, listener.acceptedCount());
        assertTrue(peer.events.isEmpty());
    }

    @Test
    void shouldResetHalfOpenConnectionWhenNobodyListensAnyMore()
    {
        w.start();
        final Listener listener = w.stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.stack.unlisten(listener);
        w.seg(A, 1001).ack(iss + 1).in();
        assertTrue(w.out().is(R));
        assertEquals(0, w.stack.connectionCount());
    }
}
