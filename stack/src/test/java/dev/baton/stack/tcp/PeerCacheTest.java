package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.PEER;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeerCacheTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();
    private final StackCounters counters = new StackCounters();
    private final PeerCache cache = new PeerCache(3, new IsnGenerator(1, 2), counters);

    private List<Long> order()
    {
        final List<Long> order = new ArrayList<>();
        cache.forEach((entry) -> order.add(entry.remoteLo));
        return order;
    }

    /** A connection from the peer with a round-trip time, that ends well. */
    private void visit(final long rttMs)
    {
        w.seg(S, 1000).mss(1460).in();
        final int iss = w.out().seq();
        w.nowNs += rttMs * MS;
        w.seg(A, 1001).ack(iss + 1).in();
        w.seg(F | A, 1001).ack(iss + 1).in();
        peer.connection.close();
        w.poll();
        w.nowNs += rttMs * MS;
        w.seg(A, 1002).ack(iss + 2).in();
        w.discardOutput();
        w.peerPort++;
    }

    private PeerMetrics known()
    {
        return w.stack.tcp().handshakes().peers().peek(PEER.hi(), PEER.lo());
    }

    @Test
    void shouldForgetThePeerThatWasUsedLeastRecently()
    {
        cache.learn(0, 1, 0);
        cache.learn(0, 2, 0);
        cache.learn(0, 3, 0);
        assertEquals(List.of(1L, 2L, 3L), order());
        cache.use(0, 1, 0);
        cache.peek(0, 2);
        assertEquals(List.of(2L, 3L, 1L), order());
        cache.learn(0, 4, 0);
        assertEquals(List.of(3L, 1L, 4L), order());
        assertNull(cache.peek(0, 2));
        assertEquals(1, counters.get(StackCounter.PEERS_FORGOTTEN));
        cache.clear();
        assertEquals(0, cache.size());
    }

    @Test
    void shouldStartAnewWithAPlaceThatWasForgotten()
    {
        for (int i = 0; i < 4; i++)
        {
            final PeerMetrics entry = cache.learn(0, i, 0);
            assertEquals(0, entry.rttNs);
            assertEquals(0, entry.cookieLength);
            entry.rttNs = 1;
            entry.cookieLength = 8;
        }
    }

    @Test
    void shouldForgetPathButNotCookieAfterAnHour()
    {
        final PeerMetrics entry = cache.learn(0, 1, 0);
        entry.rttNs = 5;
        entry.cookieLength = 8;
        assertTrue(cache.isProven(0, 1));
        cache.use(0, 1, 3_600_000 * MS);
        assertEquals(5, entry.rttNs);
        cache.use(0, 1, 3_600_000 * MS + 1);
        assertEquals(0, entry.rttNs);
        assertEquals(8, entry.cookieLength);
        assertFalse(cache.isProven(0, 1));
    }

    @Test
    void shouldBelieveALongerRoundTripAtOnceAndAShorterOneByAndBy()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        visit(80);
        assertEquals(80 * MS, known().rttNs);
        visit(40);
        assertEquals(75 * MS, known().rttNs);
        visit(100);
        assertEquals(100 * MS, known().rttNs);
        assertTrue(known().rttvarNs > 0);
    }

    @Test
    void shouldBeginWithTheRtoOfTheLongerOfBothTimes()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        visit(500);
        w.seg(S, 1000).mss(1460).in();
        final int iss = w.out().seq();
        w.nowNs += 10 * MS;
        w.seg(A, 1001).ack(iss + 1).in();
        final Tcb tcb = w.tcbOfOnly();
        assertEquals(10 * MS, tcb.srttNs, "what is remembered is no sample");
        assertEquals(1_500 * MS, tcb.rtoNs);
    }

    @Test
    void shouldLearnNothingWhenToldNotTo()
    {
        w.context.handshake().noMetricsSave(true);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        visit(80);
        assertNull(known());
    }

    @Test
    void shouldDoubtWhatIsKnownWhenAConnectionCouldNotMeasure()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        visit(80);
        w.seg(S, 1000).mss(1460).in();
        final int iss = w.out().seq();
        w.seg(S, 1000).mss(1460).in();
        w.discardOutput();
        w.seg(F | A, 1001).ack(iss + 1).in();
        peer.connection.close();
        w.poll();
        w.seg(A, 1002).ack(iss + 2).in();
        assertNotNull(known());
        final Tcb unmeasured = new TcbPool(
            new BufferPool(1 << 20, 4096), w.stack.context(), new SideObjects(), w.stack.tcp()).take();
        unmeasured.remoteHi = PEER.hi();
        unmeasured.remoteLo = PEER.lo();
        new PathMemory(w.stack.context(), w.stack.tcp().handshakes().peers()).learn(unmeasured, w.nowNs);
        assertEquals(0, known().rttNs);
    }

    @Test
    void shouldRememberThresholdsOnlyWhenToldTo()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        visit(80);
        assertEquals(0, known().ssthreshBytes);
        final Wire with = new Wire();
        with.context.handshake().noSsthreshMetricsSave(false);
        with.start().stack.listen(IpAddress.ANY, 80, peer);
        with.stack.tcp().handshakes().peers().learn(PEER.hi(), PEER.lo(), with.nowNs).ssthreshBytes = 50_000;
        with.seg(S, 1000).mss(1460).in();
        with.seg(A, 1001).ack(with.out().seq() + 1).in();
        assertEquals(50_000, with.tcbOfOnly().ssthreshBytes);
    }
}
