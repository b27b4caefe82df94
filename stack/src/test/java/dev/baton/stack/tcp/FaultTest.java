package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.sim.PacketFilter;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FaultTest
{
    private final StreamPeer clientPeer = new StreamPeer();
    private final StreamPeer serverPeer = new StreamPeer();

    private void transfer(final TcpWorld w, final long up, final long down, final boolean v4)
    {
        clientPeer.sends(up).thenShutsDown().closesAtEnd();
        serverPeer.sends(down).thenShutsDown().closesAtEnd();
        w.listen(serverPeer);
        w.connect(clientPeer, v4);
        w.until("both are closed", 600, () -> clientPeer.closeReason != null && serverPeer.closeReason != null);
        assertEquals(down, clientPeer.received);
        assertEquals(up, serverPeer.received);
        assertEquals(CloseReason.NORMAL, clientPeer.closeReason);
        w.run(130 * TcpWorld.SECOND_NS);
        w.assertNothingLeft();
    }

    @Test
    void shouldPassTheEndOfTheSequenceSpace()
    {
        // The ISN is a clock: the connection is opened when it stands shortly before 2^32.
        final TcpWorld probe = new TcpWorld(20).start();
        final IsnGenerator isn = probe.client.tcp().isnGenerator();
        final int atZero = isn.isn(0, TcpWorld.CLIENT_4.lo(), 4000, 0, TcpWorld.SERVER_4.lo(), TcpWorld.PORT, 0);
        final long startNs = Integer.toUnsignedLong(-100_000 - atZero) * 4_000L;
        final TcpWorld w = new TcpWorld(20, startNs);
        w.toServer().loss(0.02);
        w.toClient().loss(0.02);
        w.start();
        clientPeer.sends(3_000_000).thenShutsDown().closesAtEnd();
        serverPeer.sends(0).thenShutsDown().closesAtEnd();
        w.listen(serverPeer);
        clientPeer.connection = w.client.connect(
            IpAddress.ANY, 4000, TcpWorld.SERVER_4, TcpWorld.PORT, clientPeer, w.world.nowNs());
        final Tcb tcb = ((Connection)clientPeer.connection).tcb();
        assertTrue(tcb.iss < 0 && tcb.iss > -200_000, () -> "ISS " + tcb.iss);
        w.until("the stream ends", 60, () -> serverPeer.endOfStream);
        assertEquals(3_000_000, serverPeer.received);
    }

    @Test
    void shouldRepairLostTailByTimeout()
    {
        final TcpWorld w = new TcpWorld(21);
        w.toServer().filter(PacketFilter.dropNth(10, (packet) -> packet.l4Length() > 100));
        w.clientContext.lossProbe(false);
        transfer(w.start(), 14_480, 0, true);
        assertEquals(1, w.client.counters().get(StackCounter.TCP_TIMEOUTS));
    }

    @Test
    void shouldRepairLostTailByProbe()
    {
        final TcpWorld w = new TcpWorld(21);
        w.toServer().filter(PacketFilter.dropNth(10, (packet) -> packet.l4Length() > 100));
        transfer(w.start(), 14_480, 0, true);
        assertEquals(0, w.client.counters().get(StackCounter.TCP_TIMEOUTS));
        assertEquals(1, w.client.counters().get(StackCounter.TCP_LOSS_PROBES));
        assertEquals(1, w.client.counters().get(StackCounter.TCP_RETRANS_SEGS));
    }

    @Test
    void shouldRepairOneLossWithoutTimeout()
    {
        final TcpWorld w = new TcpWorld(22);
        w.toServer().filter(PacketFilter.dropNth(50, (packet) -> packet.l4Length() > 100));
        transfer(w.start(), 500_000, 0, true);
        assertEquals(0, w.client.counters().get(StackCounter.TCP_TIMEOUTS));
        assertEquals(1, w.client.counters().get(StackCounter.TCP_RETRANS_SEGS));
        assertEquals(1, w.client.counters().get(StackCounter.TCP_SACK_RECOVERY));
    }

    @Test
    void shouldSurviveLossOfAnySinglePacket()
    {
        for (int n = 1; n <= 40; n++)
        {
            final TcpWorld w = new TcpWorld(100 + n);
            w.toServer().filter(PacketFilter.dropNth(n, (packet) -> true));
            w.toClient().filter(PacketFilter.dropNth(n, (packet) -> true));
            new FaultTest().transfer(w.start(), 30_000, 30_000, true);
        }
    }

    @Test
    void shouldSurviveLossOfEveryFirstTransmission()
    {
        final TcpWorld w = new TcpWorld(23);
        final List<Integer> seen = new ArrayList<>();
        w.toServer().filter((packet, nowNs) ->
        {
            final TcpHeader header = new TcpHeader().wrap(packet.buffer(), packet.l4Offset());
            final boolean data = packet.l4Length() > header.headerLength();
            if (data && !seen.contains(header.seq()))
            {
                seen.add(header.seq());
                return true;
            }
            return false;
        });
        transfer(w.start(), 20_000, 0, true);
    }

    @Test
    void shouldTransferFasterThanTheLinkLosesWithZeroWindows()
    {
        final TcpWorld w = new TcpWorld(24);
        w.serverContext.receiveBufferBytes(16_384);
        w.toServer().loss(0.05);
        w.toClient().loss(0.05);
        w.start();
        clientPeer.sends(200_000).thenShutsDown().closesAtEnd();
        serverPeer.thenShutsDown().closesAtEnd().pausedReading();
        w.listen(serverPeer);
        w.connect(clientPeer);
        for (int i = 0; i < 100 && !serverPeer.endOfStream; i++)
        {
            w.run(5 * TcpWorld.SECOND_NS);
            if (serverPeer.connection != null)
            {
                serverPeer.read();
            }
        }
        assertTrue(serverPeer.endOfStream, "stalled");
        assertEquals(200_000, serverPeer.received);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLearnThePathMtu(final boolean v4)
    {
        final TcpWorld w = new TcpWorld(25);
        w.toServer().mtu(1300, true);
        transfer(w.start(), 500_000, 10_000, v4);
        assertEquals(1, w.client.counters().get(StackCounter.TCP_PMTU_CHANGES));
        assertEquals(0, w.client.counters().get(StackCounter.TCP_TIMEOUTS));
    }

    @Test
    void shouldServeManyConnectionsFromASmallPool()
    {
        final TcpWorld w = new TcpWorld(26);
        w.serverContext.receiveBufferBytes(1 << 18).sendBufferBytes(1 << 18).poolBytes(1 << 20);
        w.clientContext.receiveBufferBytes(1 << 18).sendBufferBytes(1 << 18).poolBytes(1 << 20);
        w.toServer().loss(0.01);
        w.start();
        final List<StreamPeer> clients = new ArrayList<>();
        final List<StreamPeer> servers = new ArrayList<>();
        for (int i = 0; i < 60; i++)
        {
            final StreamPeer server = new StreamPeer().sends(300_000).thenShutsDown().closesAtEnd();
            servers.add(server);
            w.server.listen(IpAddress.ANY, 1000 + i, server);
            final StreamPeer client = new StreamPeer().sends(300_000).thenShutsDown().closesAtEnd();
            clients.add(client);
            client.connection = w.client.connect(
                IpAddress.ANY, 0, TcpWorld.SERVER_4, 1000 + i, client, w.world.nowNs());
        }
        w.until("all are closed", 3_000, () ->
            clients.stream().allMatch((peer) -> peer.closeReason == CloseReason.NORMAL) &&
            servers.stream().allMatch((peer) -> peer.closeReason == CloseReason.NORMAL));
        clients.forEach((peer) -> assertEquals(300_000, peer.received));
        servers.forEach((peer) -> assertEquals(300_000, peer.received));
        w.run(130 * TcpWorld.SECOND_NS);
        w.assertNothingLeft();
    }

    @Test
    void shouldRefuseConnectToClosedPort()
    {
        final TcpWorld w = new TcpWorld(27).start();
        w.connect(clientPeer);
        w.until("refused", 1, () -> clientPeer.closeReason == CloseReason.REFUSED);
        w.assertNothingLeft();
    }

    @Test
    void shouldOpenSimultaneously()
    {
        final TcpWorld w = new TcpWorld(28).start();
        clientPeer.sends(10_000).thenShutsDown().closesAtEnd();
        serverPeer.sends(20_000).thenShutsDown().closesAtEnd();
        clientPeer.connection = w.client.connect(
            TcpWorld.CLIENT_4, 1111, TcpWorld.SERVER_4, 2222, clientPeer, w.world.nowNs());
        serverPeer.connection = w.server.connect(
            TcpWorld.SERVER_4, 2222, TcpWorld.CLIENT_4, 1111, serverPeer, w.world.nowNs());
        w.until("both end", 10, () -> clientPeer.endOfStream && serverPeer.endOfStream);
        assertEquals(20_000, clientPeer.received);
        assertEquals(10_000, serverPeer.received);
        w.run(130 * TcpWorld.SECOND_NS);
        w.assertNothingLeft();
    }

    @Test
    void shouldReuseAPortInTimeWait()
    {
        final TcpWorld w = new TcpWorld(29).start();
        w.listen(serverPeer.closesAtEnd());
        for (int i = 0; i < 5; i++)
        {
            final StreamPeer peer = new StreamPeer().closesAtEnd();
            peer.connection = w.client.connect(
                TcpWorld.CLIENT_4, 3333, TcpWorld.SERVER_4, TcpWorld.PORT, peer, w.world.nowNs());
            final int already = i;
            w.until("accepted", 10, () -> serverPeer.acceptedCount > already);
            // The server closes first, so that the waiting is on its side.
            serverPeer.connection.close();
            w.until("closed", 10, () -> peer.closeReason == CloseReason.NORMAL);
        }
        assertEquals(4, w.server.counters().get(StackCounter.TW_RECYCLED));
    }

    @Test
    void shouldGiveTheSameRunForTheSameSeed()
    {
        final long[] hashes = new long[2];
        for (int i = 0; i < 2; i++)
        {
            final TcpWorld w = new TcpWorld(30);
            w.toServer().loss(0.03).reorder(0.05, 2_000_000).duplicate(0.01);
            w.toClient().loss(0.03);
            new FaultTest().transfer(w.start(), 500_000, 500_000, true);
            hashes[i] = w.world.hash();
        }
        assertEquals(hashes[0], hashes[1]);
    }

    @Test
    void shouldNotLeaveAConnectionWhosePeerHasGone()
    {
        final TcpWorld w = new TcpWorld(31);
        w.clientContext.retries2(5);
        w.start();
        w.listen(serverPeer);
        final TcpConnection connection = w.connect(clientPeer);
        w.run(TcpWorld.SECOND_NS);
        w.world.network().partition(w.clientLink, w.serverLink);
        connection.write(Pattern.table(), 0, 100);
        w.until("given up", 120, () -> clientPeer.closeReason == CloseReason.TIMEOUT);
        assertEquals(0, w.client.connectionCount());
        assertEquals(0, w.client.tcp().bufferPool().acquiredBytes());
    }
}
