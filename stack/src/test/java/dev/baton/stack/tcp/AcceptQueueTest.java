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
import static dev.baton.stack.tcp.Wire.P;
import static dev.baton.stack.tcp.Wire.R;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AcceptQueueTest
{
    private final Wire w = new Wire();
    private final Waiting service = new Waiting();

    /** Notes calls and accepts nothing by itself. */
    private static final class Waiting implements TcpService
    {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void onAccepted(final TcpConnection connection)
        {
            calls.add("accepted " + connection.remotePort());
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
            calls.add("readable " + connection.readable());
        }

        @Override
        public void onWritable(final TcpConnection connection)
        {
            calls.add("writable");
        }

        @Override
        public void onClosed(final TcpConnection connection, final CloseReason reason)
        {
            calls.add("closed " + reason);
        }

        @Override
        public void onAcceptable(final Listener listener)
        {
            calls.add("acceptable " + listener.waiting());
        }
    }

    private Listener listen(final int backlog)
    {
        return w.start().stack.listen(IpAddress.ANY, 80, service, backlog);
    }

    /** SYN and its answer; returns the ISS. */
    private int syn()
    {
        w.seg(S, 1000).mss(1460).in();
        return w.out().seq();
    }

    private void ack(final int iss)
    {
        w.seg(A, 1001).ack(iss + 1).in();
    }

    private void establish(final int port)
    {
        w.peerPort = port;
        ack(syn());
    }

    @Test
    void shouldLetConnectionsWaitUntilTheyAreAcceptedInOrder()
    {
        final Listener listener = listen(5);
        assertNull(listener.accept());
        establish(5002);
        establish(5001);
        assertEquals(List.of("acceptable 1"), service.calls, "told once, when the queue becomes non-empty");
        assertEquals(2, listener.waiting());
        assertEquals(5002, listener.accept().remotePort());
        assertEquals(5001, listener.accept().remotePort());
        assertNull(listener.accept());
        establish(5003);
        assertEquals(List.of("acceptable 1", "acceptable 1"), service.calls);
    }

    @Test
    void shouldTellOfDataThatCameBeforeAcceptOnlyAfterIt()
    {
        final Listener listener = listen(5);
        establish(5000);
        w.seg(A | P, 1001).ack(w.tcbOfOnly().iss + 1).data(10).in();
        assertEquals(List.of("acceptable 1"), service.calls);
        final TcpConnection connection = listener.accept();
        assertEquals(10, connection.readable());
        w.poll();
        assertEquals(List.of("acceptable 1", "readable 10"), service.calls);
    }

    @Test
    void shouldIgnoreTheLastAckWhenFullAndRepeatTheSynAck()
    {
        final Listener listener = listen(0);
        w.peerPort = 5001;
        final int early = syn();
        establish(5000);
        w.peerPort = 5001;
        ack(early);
        w.expectSilence();
        assertEquals(1, listener.waiting());
        assertEquals(1, w.stack.counters().get(StackCounter.LISTEN_OVERFLOWS));
        w.advance(1_000 * MS);
        assertTrue(w.out().is(S | A));
        assertNotNull(listener.accept());
        ack(early);
        assertEquals(5001, listener.accept().remotePort());
    }

    @Test
    void shouldDropNewSynsWhileFull()
    {
        final Listener listener = listen(1);
        establish(5000);
        establish(5001);
        w.peerPort = 5002;
        w.seg(S, 1000).in();
        w.expectSilence();
        assertEquals(1, w.stack.counters().get(StackCounter.LISTEN_OVERFLOWS));
        assertEquals(1, w.stack.counters().get(StackCounter.LISTEN_DROPS));
        listener.accept();
        establish(5002);
        assertEquals(2, listener.waiting());
    }

    @Test
    void shouldResetOnOverflowWhenToldTo()
    {
        w.context.handshake().abortOnOverflow(true);
        listen(0);
        w.peerPort = 5001;
        final int early = syn();
        establish(5000);
        w.peerPort = 5001;
        ack(early);
        final Wire.Out reset = w.out();
        assertTrue(reset.is(R));
        assertEquals(early + 1, reset.seq());
        assertEquals(1, w.stack.connectionCount());
    }

    @Test
    void shouldBoundTheBacklogBySomaxconn()
    {
        w.context.handshake().somaxconn(3);
        assertEquals(3, listen(100).backlog());
        assertThrows(IllegalArgumentException.class, () -> w.stack.listen(IpAddress.ANY, 81, service, -2));
    }

    @Test
    void shouldForgetConnectionThatIsResetWhileItWaits()
    {
        final Listener listener = listen(0);
        establish(5000);
        w.seg(R, 1001).in();
        assertEquals(0, listener.waiting());
        assertNull(listener.accept());
        assertEquals(List.of("acceptable 1"), service.calls, "the service never had it");
        establish(5001);
        assertEquals(5001, listener.accept().remotePort(), "its place is free again");
    }

    @Test
    void shouldResetWhatWaitsWhenTheListenerIsClosed()
    {
        final Listener listener = listen(5);
        establish(5000);
        establish(5001);
        final TcpConnection accepted = listener.accept();
        w.stack.unlisten(listener);
        assertNull(listener.accept());
        w.poll();
        assertTrue(w.out().is(R | A));
        w.expectSilence();
        assertEquals(1, w.stack.connectionCount());
        assertEquals(5000, accepted.remotePort(), "what was accepted stays");
    }

    @Test
    void shouldGiveEachConnectionAtOnceWithoutBacklog()
    {
        final Listener listener = w.start().stack.listen(IpAddress.ANY, 80, service);
        establish(5000);
        assertEquals(List.of("accepted 5000"), service.calls);
        assertEquals(Listener.NO_BACKLOG, listener.backlog());
        assertNull(listener.accept());
    }
}
