package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.PEER;
import static dev.baton.stack.tcp.Wire.PEER_PORT;
import static dev.baton.stack.tcp.Wire.R;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TimeWaitRulesTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    /** An active open from port 80 that closes first and is in TIME-WAIT. */
    private int closed()
    {
        peer.connection = w.start().stack.connect(IpAddress.ANY, 80, PEER, PEER_PORT, peer, w.nowNs);
        w.poll();
        final int iss = w.out().seq();
        w.seg(S | A, 1000).ack(iss + 1).timestamps(50, 1).in();
        peer.connection.close();
        w.poll();
        w.seg(F | A, 1001).ack(iss + 2).timestamps(51, 1).in();
        w.discardOutput();
        assertEquals(1, w.stack.connectionCount());
        return iss + 2;
    }

    @Test
    void shouldEndTimeWaitOnTheExactResetOnly()
    {
        closed();
        w.seg(R, 1003).in();
        w.seg(R, 1001).in();
        w.expectSilence();
        assertEquals(1, w.stack.connectionCount());
        assertEquals(2, w.stack.counters().get(StackCounter.TW_RST_IGNORED));
        w.seg(R, 1002).in();
        assertEquals(0, w.stack.connectionCount());
    }

    @Test
    void shouldNotTakeThePlaceOfTimeWaitByDefault()
    {
        closed();
        w.nowNs += 2_000 * MS;
        assertThrows(IllegalStateException.class,
            () -> w.stack.connect(IpAddress.ANY, 80, PEER, PEER_PORT, peer, w.nowNs));
    }

    @Test
    void shouldTakeThePlaceOfTimeWaitAfterASecondWithTimestamps()
    {
        w.context.handshake().twReuse(1);
        final int sndNxt = closed();
        w.nowNs += 1_000 * MS;
        assertThrows(IllegalStateException.class,
            () -> w.stack.connect(IpAddress.ANY, 80, PEER, PEER_PORT, peer, w.nowNs));
        w.nowNs += MS;
        w.stack.connect(IpAddress.ANY, 80, PEER, PEER_PORT, peer, w.nowNs);
        w.poll();
        final Wire.Out syn = w.out();
        assertTrue(syn.is(S));
        assertEquals(sndNxt + 65_537, syn.seq(), "beyond every number of the old connection");
        assertEquals(1, w.stack.counters().get(StackCounter.TW_RECYCLED));
        assertEquals(1, w.stack.connectionCount());
    }

    @Test
    void shouldChooseAPortInTimeWaitOnlyWhenItMayBeUsedAgain()
    {
        w.context.lowestLocalPort(80).highestLocalPort(80).handshake().twReuse(1);
        closed();
        assertThrows(IllegalStateException.class, () -> w.stack.connect(IpAddress.ANY, 0, PEER, PEER_PORT, peer, w.nowNs));
        w.nowNs += 1_500 * MS;
        assertEquals(80, w.stack.connect(IpAddress.ANY, 0, PEER, PEER_PORT, peer, w.nowNs).localPort());
    }

    @Test
    void shouldCloseSimultaneouslyFromBothEnds()
    {
        final TcpWorld world = new TcpWorld(3);
        world.toServer().delay(20_000_000);
        world.toClient().delay(20_000_000);
        world.start();
        final StreamPeer server = new StreamPeer();
        world.listen(server);
        world.connect(peer);
        world.until("open", 5, () -> server.connection != null && peer.events.contains("accepted"));
        world.run(TcpWorld.SECOND_NS);
        peer.connection.close();
        server.connection.close();
        world.until("closed", 5, () -> peer.closeReason != null && server.closeReason != null);
        assertEquals(2, world.client.connectionCount() + world.server.connectionCount(), "TIME-WAIT at both ends");
        world.run(61 * TcpWorld.SECOND_NS);
        world.assertNothingLeft();
    }

    @Test
    void shouldOpenSimultaneouslyFromBothEndsWithDataAndFastOpen()
    {
        final TcpWorld world = new TcpWorld(4);
        world.clientContext.handshake().fastOpen(5);
        world.serverContext.handshake().fastOpen(5);
        world.toServer().delay(20_000_000);
        world.toClient().delay(20_000_000);
        world.start();
        final StreamPeer other = new StreamPeer().sends(3000).thenShutsDown().closesAtEnd();
        peer.sends(3000).thenShutsDown().closesAtEnd();
        peer.connection = world.client.connect(
            TcpWorld.CLIENT_4, 4001, TcpWorld.SERVER_4, 4002, peer, true, world.world.nowNs());
        peer.write();
        other.connection = world.server.connect(
            TcpWorld.SERVER_4, 4002, TcpWorld.CLIENT_4, 4001, other, true, world.world.nowNs());
        other.write();
        world.until("both ended", 10, () -> peer.closeReason != null && other.closeReason != null);
        assertEquals(3000, peer.received);
        assertEquals(3000, other.received);
    }
}
