package dev.baton.stack.tcp;

import dev.baton.stack.service.CloseReason;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * RFC 2525, section 2: problems of implementations that were known in 1999, by its numbers, and not had here. What happens to
 * the congestion window in avoidance and after a recovery (2.6, 2.8) is in the tests of the congestion controls.
 */
class Rfc2525Test
{
    private static final int MSS = 1460;

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private int drain()
    {
        int segments = 0;
        while (w.outOrNull() != null)
        {
            segments++;
        }
        return segments;
    }

    /** Go to the retransmission time-out of what is outstanding. */
    private void timeOut()
    {
        w.nowNs = w.tcb().retransmitAtNs;
        w.poll();
    }

    private void withoutProbes()
    {
        w.context.lossProbe(false);
        w.start();
    }

    /** 2.1, 2.3: at most RFC 6928's initial window goes out before the first ACK. */
    @Test
    void shouldNotStartWithoutSlowStart()
    {
        w.start().accept(peer.sends(100 * MSS));
        assertEquals(10, drain());
    }

    /** 2.2. */
    @Test
    void shouldNotGoOnWithoutSlowStartAfterATimeOut()
    {
        withoutProbes();
        w.accept(peer.sends(100 * MSS));
        drain();
        timeOut();
        assertEquals(1, drain());
        assertTrue(w.tcb().cwndBytes <= MSS, "cwnd " + w.tcb().cwndBytes);
    }

    /** 2.4: what is sent again is what was sent; the peer's pattern check sees to the bytes, here to the numbers. */
    @Test
    void shouldNotSendAgainSomethingElse()
    {
        withoutProbes();
        w.accept(peer.sends(3 * MSS));
        final Wire.Out first = w.out();
        drain();
        timeOut();
        final Wire.Out again = w.out();
        assertEquals(first.seq(), again.seq());
        assertEquals(first.length(), again.length());
    }

    /** 2.5. */
    @Test
    void shouldNotThrowAwayWhatIsAboveAHole()
    {
        w.start().accept(peer);
        w.seg(A, 1001 + MSS).ack(w.iss + 1).data(MSS, MSS).in();
        drain();
        w.seg(A, 1001).ack(w.iss + 1).data(MSS, 0).in();
        assertEquals(1001 + 2 * MSS, w.out().ack());
        assertEquals(2 * MSS, peer.received);
    }

    /** 2.7: RFC 6298, section 2.1. */
    @Test
    void shouldNotBeginWithALowTimeOut()
    {
        w.start();
        Situation.SYN_SENT.reach(w, peer);
        assertEquals(1000 * MS, w.tcb().retransmitAtNs - w.nowNs);
    }

    /** 2.10. */
    @Test
    void shouldNotForgetToBackOff()
    {
        withoutProbes();
        w.accept(peer.sends(MSS));
        long lastNs = 0;
        for (int i = 0; i < 5; i++)
        {
            final long spanNs = w.tcb().retransmitAtNs - w.nowNs;
            assertTrue(spanNs >= 2 * lastNs, "span " + spanNs + " after " + lastNs);
            lastNs = spanNs;
            timeOut();
        }
    }

    /** 2.9, 2.11: RFC 9293, section 3.8.4: two hours, and 75 seconds between probes, nine of them. */
    @Test
    void shouldNotKeepAliveTooOftenOrTooShortly()
    {
        assertEquals(7_200_000 * MS, w.context.keepAliveIdleNs());
        w.context.keepAlive(true);
        w.start().accept(peer);
        w.advance(7_199_000 * MS);
        w.expectSilence();
        w.advance(2000 * MS);
        assertEquals(1, drain());
        w.advance(600_000 * MS);
        assertEquals(8, drain());
        assertNull(peer.closeReason);
        w.advance(100_000 * MS);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    /** 2.12: a shut window is probed for as long as the probes are answered. */
    @Test
    void shouldNotWaitForeverBeforeAShutWindow()
    {
        w.start().accept(peer.sends(3000));
        drain();
        w.seg(A, 1001).ack(w.iss + 1 + 3000).window(0).in();
        peer.sends(6000).write();
        w.poll();
        drain();
        for (int i = 0; i < 30; i++)
        {
            w.nowNs = w.stack.nextDeadlineNs();
            w.poll();
            assertEquals(1, drain(), "probe " + i);
            w.seg(A, 1001).ack(w.iss + 1 + 3000).window(0).in();
        }
        assertNull(peer.closeReason);
        w.seg(A, 1001).ack(w.iss + 1 + 3000).window(65_535).in();
        assertTrue(drain() > 0);
    }

    /** 2.13: an ACK for at least every second full-sized segment. */
    @Test
    void shouldNotStretchAcks()
    {
        w.start().accept(peer);
        int acks = 0;
        for (int i = 0; i < 40; i++)
        {
            w.seg(A, 1001 + i * MSS).ack(w.iss + 1).data(MSS, (long)i * MSS).in();
            acks += drain();
        }
        assertTrue(acks >= 20, "ACKs " + acks);
    }

    /** 2.14. */
    @Test
    void shouldNotSendManyForOneTimeOut()
    {
        withoutProbes();
        w.accept(peer.sends(8 * MSS));
        assertEquals(8, drain());
        timeOut();
        assertEquals(1, drain());
    }

    /** 2.15: the user learns of a FIN at once. */
    @Test
    void shouldNotHideAFin()
    {
        w.start().accept(peer);
        w.seg(A | F, 1001).ack(w.iss + 1).data(5).in();
        assertTrue(peer.endOfStream);
        assertEquals(1007, w.out().ack());
    }

    /** 2.16. */
    @Test
    void shouldNotSwallowDataAfterAClose()
    {
        w.start().accept(peer);
        peer.connection.close();
        w.poll();
        drain();
        w.seg(A, 1001).ack(w.iss + 2).data(5).in();
        assertTrue((w.out().flags() & Wire.R) != 0);
    }

    /** 2.17. */
    @Test
    void shouldNotCloseInPeaceWithUnreadData()
    {
        w.start().accept(peer.pausedReading());
        w.seg(A, 1001).ack(w.iss + 1).data(5).in();
        drain();
        peer.connection.close();
        w.poll();
        assertTrue((w.out().flags() & Wire.R) != 0);
    }

    /** 2.18: RFC 6691: a segment with options is shorter by them. */
    @Test
    void shouldNotForgetOptionsInTheSegmentSize()
    {
        w.timestamps = true;
        w.start().accept(peer.sends(10 * MSS));
        assertEquals(MSS - 12, w.out().length());
    }
}
