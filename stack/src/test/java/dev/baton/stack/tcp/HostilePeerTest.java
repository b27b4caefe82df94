package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What peers and services do that they should not, and what must not follow from it. */
class HostilePeerTest
{
    private static final int MSS = 1460;

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    @Test
    void shouldNotPromoteHalfOpenConnectionByAckWithoutAgreedTimestamps()
    {
        w.start();
        w.stack.listen(IpAddress.ANY, Wire.LOCAL_PORT, peer);
        w.seg(S, 1000).mss(1460).timestamps(100, 0).in();
        final Wire.Out synAck = w.out();
        w.seg(A, 1001).ack(synAck.seq() + 1).in();
        w.expectSilence();
        assertEquals(0, peer.acceptedCount);
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_MISSING_TIMESTAMPS));
        w.advance(600_000 * MS);
        assertEquals(0, w.stack.connectionCount());
        assertEquals(Long.MAX_VALUE, w.stack.nextDeadlineNs());
    }

    @Test
    void shouldStillSeeLossAfterTwoGigabytesWithoutOne()
    {
        w.start().accept(peer.sends(20 * MSS));
        w.tcb().recoveryPoint = w.tcb().sndUna - Integer.MAX_VALUE + 2 * MSS;
        for (int i = 1; i <= 4; i++)
        {
            w.seg(A, 1001).ack(w.iss + 1 + i * MSS).in();
        }
        final int una = w.tcb().sndUna;
        w.seg(A, 1001).ack(una).sack(una + MSS, una + 5 * MSS).in();
        assertEquals(Tcb.RECOVERY_FAST, w.tcb().recovery);
    }

    @Test
    void shouldBeDueAtOnceAfterConnectWithNegativeClock()
    {
        w.nowNs = -5_000 * MS;
        w.start();
        w.stack.connect(IpAddress.ANY, 0, Wire.PEER, 80, peer, w.nowNs);
        assertTrue(w.stack.nextDeadlineNs() <= w.nowNs);
    }

    @Test
    void shouldResendAtOnceWhenShutWindowOpensDuringBackOff()
    {
        w.context.lossProbe(false);
        w.start().accept(peer.sends(20 * MSS));
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1 + MSS).window(0).in();
        w.discardOutput();
        for (int i = 0; i < 6; i++)
        {
            w.nowNs = w.stack.nextDeadlineNs();
            w.poll();
            assertEquals(w.iss + 1 + MSS, w.out().seq());
            w.seg(A, 1001).ack(w.iss + 1 + MSS).window(0).in();
        }
        assertTrue(w.tcb().retransmitAtNs - w.nowNs > 10_000 * MS);
        w.seg(A, 1001).ack(w.iss + 1 + MSS).window(65_535).in();
        final Wire.Out again = w.out();
        assertEquals(w.iss + 1 + MSS, again.seq());
        assertEquals(MSS, again.length());
        w.expectSilence();
        assertTrue(w.tcb().retransmitAtNs - w.nowNs <= w.tcb().rtoNs);
        assertNull(peer.closeReason);
    }

    @Test
    void shouldSurviveServiceThatThrowsWhenAskedForItsDeadline()
    {
        final List<Throwable> errors = new ArrayList<>();
        w.context.errorHandler(errors::add);
        w.start();
        w.stack.listen(IpAddress.ANY, Wire.LOCAL_PORT, new TcpService()
        {
            @Override
            public long nextDeadlineNs()
            {
                throw new IllegalStateException("no idea");
            }

            @Override
            public void onAccepted(final TcpConnection connection)
            {
            }

            @Override
            public void onReadable(final TcpConnection connection)
            {
            }

            @Override
            public void onWritable(final TcpConnection connection)
            {
            }

            @Override
            public void onClosed(final TcpConnection connection, final CloseReason reason)
            {
            }
        });
        w.poll();
        assertEquals(Long.MAX_VALUE, w.stack.nextDeadlineNs());
        assertEquals(1, errors.size());
        assertEquals(1, w.stack.counters().get(StackCounter.SERVICE_FAULTS));
    }
}
