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
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LimitsTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    @Test
    void shouldSendNoMoreThanTheBudgetInOnePollAndAskForAnother()
    {
        w.context.maxSegmentsOutPerPoll(3);
        w.start().accept(peer.sends(14_600));
        for (int i = 0; i < 3; i++)
        {
            w.out();
        }
        w.expectSilence();
        assertEquals(w.nowNs, w.stack.nextDeadlineNs());
        w.poll();
        assertEquals(1460, w.out().length());
    }

    @Test
    void shouldTakeNoMoreThanTheBatchInOnePoll()
    {
        w.context.batchPackets(2);
        w.start();
        for (int i = 0; i < 3; i++)
        {
            w.seg(A, 1).ack(1).queue();
        }
        w.poll();
        w.out();
        w.out();
        w.expectSilence();
        w.poll();
        w.out();
    }

    @Test
    void shouldRefuseMoreConnectionsThanTheLimit()
    {
        w.context.maxConnections(1);
        w.start().accept(peer);
        w.peerPort++;
        w.seg(S, 1000).in();
        w.expectSilence();
        assertEquals(1, w.stack.counters().get(StackCounter.TABLE_FULL));
        assertThrows(IllegalStateException.class,
            () -> w.stack.connect(IpAddress.ANY, 0, Wire.PEER, 80, peer, w.nowNs));
        w.stack.forEachConnection((tcb) -> assertEquals(1, tcb.id));
        assertEquals(1, w.stack.connectionCount());
    }

    @Test
    void shouldEndTheOldestTimeWaitWhenThereAreTooMany()
    {
        w.context.maxTimeWait(2);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        for (int i = 0; i < 3; i++)
        {
            w.peerPort++;
            w.seg(S, 1000).in();
            final int iss = w.out().seq();
            w.seg(A, 1001).ack(iss + 1).in();
            peer.connection.close();
            w.poll();
            w.seg(F | A, 1001).ack(iss + 2).in();
            w.discardOutput();
            w.nowNs += MS;
        }
        final List<Long> ids = new ArrayList<>();
        w.stack.forEachConnection((tcb) ->
        {
            assertEquals(TcpState.TIME_WAIT, tcb.state);
            ids.add(tcb.id);
        });
        assertEquals(List.of(2L, 3L), ids);
        assertEquals(1, w.stack.counters().get(StackCounter.TCP_TIME_WAIT_OVERFLOW));
    }

    @Test
    void shouldShowConnectionsOfEveryKindInOrderOfTheirIds()
    {
        w.start().accept(peer);
        w.peerPort++;
        w.seg(S, 1000).in();
        final List<String> shown = new ArrayList<>();
        w.stack.forEachConnection((tcb) -> shown.add(tcb.id + " " + TcpState.name(tcb.state) + " " + tcb.remotePort));
        assertEquals(List.of("1 ESTABLISHED 5000", "2 SYN-RECEIVED 5001"), shown);
        assertEquals(2, w.stack.connectionCount());
    }

    /** Counts ticks; wants one every second. */
    private static final class Ticking implements TcpService
    {
        private int ticks;
        private long nextNs;

        @Override
        public void onTick(final long nowNs)
        {
            if (nowNs >= nextNs)
            {
                ticks++;
                nextNs = nowNs + 1_000 * MS;
            }
        }

        @Override
        public long nextDeadlineNs()
        {
            return nextNs;
        }

        @Override
        public void onAccepted(final TcpConnection connection)
        {
            connection.attachment(this);
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
            connection.close();
        }

        @Override
        public void onWritable(final TcpConnection connection)
        {
            connection.close();
        }

        @Override
        public void onClosed(final TcpConnection connection, final CloseReason reason)
        {
            nextNs = Long.MAX_VALUE;
        }
    }

    @Test
    void shouldTickServicesOnceAsLongAsTheyAreUsed()
    {
        final Ticking service = new Ticking();
        w.start();
        final Listener one = w.stack.listen(IpAddress.ANY, 80, service);
        final Listener two = w.stack.listen(IpAddress.ANY, 81, service);
        w.advance(4_500 * MS);
        assertEquals(5, service.ticks);
        w.stack.unlisten(one);
        w.stack.unlisten(one);
        w.advance(1_000 * MS);
        assertEquals(6, service.ticks);
        w.stack.unlisten(two);
        w.advance(5_000 * MS);
        assertEquals(6, service.ticks);
        assertEquals(Long.MAX_VALUE, w.stack.nextDeadlineNs());
    }
}
