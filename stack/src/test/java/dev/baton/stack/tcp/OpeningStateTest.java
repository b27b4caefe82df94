package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpService;
import dev.baton.stack.state.Snapshot;
import dev.baton.stack.state.StateException;
import dev.baton.stack.wire.IpAddress;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Accept queues, SYN queues and early connections go from one shard to another. */
class OpeningStateTest
{
    private final Wire from = new Wire();
    private final Wire to = new Wire();
    private final StreamPeer service = new StreamPeer();
    private final ExpandableArrayBuffer image = new ExpandableArrayBuffer();

    private Listener listen(final Wire w, final int backlog)
    {
        w.context.handshake().fastOpen(0x202);
        final Listener listener = w.start().stack.listen(IpAddress.ANY, 80, service, backlog);
        listener.fastOpenLimit(2);
        return listener;
    }

    private int open(final Wire w, final int port)
    {
        w.peerPort = port;
        w.seg(S, 1000).mss(1460).in();
        final int iss = w.out().seq();
        w.seg(A, 1001).ack(iss + 1).in();
        return iss;
    }

    private void move()
    {
        final int length = new Snapshot(from.stack).exportAll(from.nowNs, image, 0);
        to.nowNs = from.nowNs + 77_000 * MS;
        final TcpService there = service;
        new Snapshot(to.stack).importAll(image, 0, length, to.nowNs, 0, (flow, passive) -> there);
        final ExpandableArrayBuffer again = new ExpandableArrayBuffer();
        assertEquals(length, new Snapshot(to.stack).exportAll(to.nowNs, again, 0));
        for (int i = 0; i < length; i++)
        {
            assertEquals(image.getByte(i), again.getByte(i), "byte " + i);
        }
    }

    @Test
    void shouldKeepTheOrderOfAnAcceptQueue()
    {
        listen(from, 5);
        final Listener listener = listen(to, 5);
        from.peerPort = 5001;
        from.seg(S, 1000).mss(1460).in();
        final int early = from.out().seq();
        open(from, 5002);
        open(from, 5003);
        from.peerPort = 5001;
        from.seg(A, 1001).ack(early + 1).in();
        move();
        assertEquals(3, listener.waiting());
        open(to, 5004);
        final int[] greatest = {0};
        to.stack.tcp().transfers().forEachConnection((tcb) ->
        {
            assertTrue(tcb.remotePort == 5004 ? tcb.acceptOrder > greatest[0] : tcb.acceptOrder > 0);
            greatest[0] = Math.max(greatest[0], tcb.acceptOrder);
        });
        for (final int port : new int[]{5002, 5003, 5001, 5004})
        {
            assertEquals(port, listener.accept().remotePort());
        }
        assertNull(listener.accept());
    }

    @Test
    void shouldCountWhatComesFromAnImageAgainstTheBacklog()
    {
        listen(from, 5);
        final Listener listener = listen(to, 1);
        open(from, 5001);
        open(from, 5002);
        move();
        to.peerPort = 5003;
        to.seg(S, 1000).in();
        to.expectSilence();
        listener.accept();
        open(to, 5003);
        assertEquals(2, listener.waiting());
    }

    @Test
    void shouldRefuseWhatWaitsWhereNobodyAccepts()
    {
        listen(from, 5);
        to.start().stack.listen(IpAddress.ANY, 80, service);
        open(from, 5001);
        final int length = new Snapshot(from.stack).exportAll(from.nowNs, image, 0);
        final StateException refused = assertThrows(StateException.class,
            () -> new Snapshot(to.stack).importAll(image, 0, length, to.nowNs, 0, (flow, passive) -> service));
        assertTrue(refused.getMessage().contains("backlog"));
        assertEquals(0, to.stack.connectionCount());
        assertEquals(0, to.stack.tcp().bufferPool().acquiredBytes());
    }

    @Test
    void shouldGoOnWithAnEarlyConnection()
    {
        listen(from, 5);
        final Listener listener = listen(to, 5);
        from.peerPort = 5001;
        from.seg(S, 1000).mss(1460).data(10).in();
        final int iss = from.out().seq();
        move();
        assertEquals(1, listener.fastOpenPending());
        to.peerPort = 5001;
        to.seg(A, 1011).ack(iss + 1).in();
        assertEquals(0, listener.fastOpenPending());
        assertEquals(10, listener.accept().readable());
    }

    @Test
    void shouldKeepThatTheSynWasRepeated()
    {
        from.start().stack.listen(IpAddress.ANY, 80, service);
        to.start().stack.listen(IpAddress.ANY, 80, service);
        from.seg(S, 1000).mss(1460).in();
        final int iss = from.out().seq();
        from.nowNs += 300 * MS;
        from.seg(S, 1000).mss(1460).in();
        move();
        to.seg(S, 1000).mss(1460).in();
        to.expectSilence();
        to.nowNs += MS;
        to.seg(A, 1001).ack(iss + 1).in();
        assertEquals(0, to.tcbOfOnly().srttNs, "ambiguous there too");
    }

    @Test
    void shouldLeaveTheAcceptQueueWhenItIsTakenOutOfTheShard()
    {
        final Listener listener = listen(from, 0);
        open(from, 5001);
        from.stack.tcp().transfers().remove(from.tcbOfOnly());
        assertEquals(0, listener.waiting());
        open(from, 5002);
        assertEquals(5002, listener.accept().remotePort());
    }
}
