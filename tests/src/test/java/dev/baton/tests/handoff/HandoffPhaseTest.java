package dev.baton.tests.handoff;

import dev.baton.handoff.codec.CommitEncoder;
import dev.baton.stack.Packet;
import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.sim.FrameFault;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static dev.baton.tests.handoff.PatternClient.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What may happen to a handoff in any of its phases: modules replaced, channels flapping, ports used again, nodes gone
 * for good.
 */
final class HandoffPhaseTest
{
    private static final long MS = 1_000_000L;

    private static void assertNothingLeft(final HandoffWorld cluster, final String what)
    {
        cluster.runMs(100_000);
        assertEquals(List.of(), cluster.speaker.violations, what);
        assertTrue(cluster.idle(), () -> what + cluster.census("front") + cluster.census("back1"));
        cluster.everyNode(node ->
        {
            assertEquals(0, node.stack.connectionCount(), what + " at " + node.name);
            assertEquals(0, node.stack.counters().get(StackCounter.MODULE_FAULTS), () -> what + cluster.logs);
            assertTrue(node.module().census(0).contains("\"holds_in_use\":0"), what);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"front", "back1"})
    void shouldReplaceTheModuleInAnyPhase(final String node)
    {
        for (int afterUs = 0; afterUs < 6_000; afterUs += 150)
        {
            final String what = node + " replaced after " + afterUs + " us";
            final HandoffWorld cluster = new HandoffWorld(900 + afterUs, 1).start();
            final List<PatternClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++)
            {
                clients.add(cluster.get(i == 1, request("back1", 60_000, true), 60_000));
                cluster.world.run(cluster.world.nowNs() + 300_000);
            }
            cluster.world.run(cluster.world.nowNs() + afterUs * 1000L);
            cluster.nodes.get(node).replaceModule();
            for (final PatternClient client : clients)
            {
                assertTrue(cluster.runUntilClosed(client, 100), () -> what + " hangs " + cluster.census("front"));
                assertTrue(client.complete() && client.reason == CloseReason.NORMAL, () -> what + ": " + client.reason);
            }
            assertNothingLeft(cluster, what);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldSurviveAChannelThatFlapsWhileConnectionsAreInEveryPhase(final long seed)
    {
        final HandoffWorld cluster = new HandoffWorld(950 + seed, 1).start();
        cluster.everyPath(path -> path.delay(2 * MS));
        cluster.channel(1).reconnectAfter(15 * MS);
        final List<PatternClient> clients = new ArrayList<>();
        for (int i = 0; i < 60; i++)
        {
            clients.add(cluster.get(i % 2 == 0, request("back1", 20_000, true), 20_000));
            cluster.runMs(1 + (i * seed) % 5);
            if (i % 4 == 3)
            {
                cluster.channel(1).disconnect();
            }
        }
        for (final PatternClient client : clients)
        {
            assertTrue(cluster.runUntilClosed(client, 100), () -> cluster.census("front"));
            assertTrue(client.complete() && client.reason == CloseReason.NORMAL, () -> client.received + " " + client.reason);
        }
        assertTrue(cluster.counter("front", "handoffs") > 0);
        assertNothingLeft(cluster, "seed " + seed);
    }

    @Test
    void shouldResetClientsOfADeadBackAlsoWhenTheModuleIsReplacedMeanwhile()
    {
        final HandoffWorld cluster = new HandoffWorld(960, 1).start();
        cluster.channel(1).reconnectAfter(Long.MAX_VALUE);
        final PatternClient client = cluster.get(false, request("back1", 1000, false), 1000);
        cluster.runMs(500);
        cluster.back(1).crash();
        cluster.runMs(1_000);
        cluster.front().replaceModule();
        cluster.runMs(15_000);
        assertTrue(client.closed, () -> cluster.census("front"));
        assertEquals(0, cluster.front().module().liveEntries());
    }

    @Test
    void shouldGiveUpTerminationWhenTheFrontIsGoneForGood()
    {
        final HandoffWorld cluster = new HandoffWorld(961, 1).start();
        cluster.channel(1).reconnectAfter(Long.MAX_VALUE);
        final PatternClient client = cluster.get(false, request("back1", 1000, false), 1000);
        cluster.runMs(500);
        cluster.channel(1).disconnect();
        client.connection.abort();
        cluster.runMs(500);
        assertTrue(cluster.census("back1").contains("closing"), () -> cluster.census("back1"));
        cluster.front().crash();
        cluster.runMs(15_000);
        assertEquals(0, cluster.back(1).module().liveEntries(), () -> cluster.census("back1"));
    }

    @Test
    void shouldHandOffFromAPortWhoseLastConnectionStayedAndIsInTimeWait()
    {
        final HandoffWorld cluster = new HandoffWorld(962, 1).start();
        final PatternClient first = cluster.connect(
            false, 42_000, new PatternClient(request("front", 100, true), 100, false));
        assertTrue(cluster.runUntilClosed(first, 10));
        cluster.runMs(20);
        assertEquals(1, cluster.front().stack.connectionCount(), "TIME-WAIT");
        final PatternClient second = cluster.connect(
            false, 42_000, new PatternClient(request("back1", 100, true), 100, false));
        assertTrue(cluster.runUntilClosed(second, 10) && second.complete());
        assertEquals(1, cluster.counter("front", "handoffs"), () -> cluster.census("front"));
        assertNothingLeft(cluster, "reuse after staying");
    }

    @Test
    void shouldMeasureTheHandshakeFromTheSynAckThatTheClientAnswered()
    {
        final HandoffWorld cluster = new HandoffWorld(963, 1).start();
        cluster.world.network().path(cluster.front().link, cluster.clientLink).loss(1);
        final PatternClient client = cluster.get(false, request("back1", 1000, true), 1000);
        cluster.runMs(500);
        cluster.world.network().path(cluster.front().link, cluster.clientLink).loss(0);
        assertTrue(cluster.runUntilClosed(client, 20) && client.complete());
        assertNothingLeft(cluster, "lost SYN/ACK");
        final String census = cluster.census("front");
        final int at = census.indexOf("\"handshake_rtt_us\":") + 19;
        final long rttUs = Long.parseLong(census.substring(at, census.indexOf(',', at)));
        assertTrue(rttUs < 100_000, census);
    }

    @Test
    void shouldSeeAHalfCloseThatOvertakesCommit()
    {
        final HandoffWorld cluster = new HandoffWorld(964, 1).start();
        cluster.channel(1).delay(MS).faults((side, index, frame, offset, length) ->
            Frames.kind(Frames.copy(frame, offset, length)) == CommitEncoder.TEMPLATE_ID ?
                FrameFault.REORDER :
                FrameFault.NONE);
        final PatternClient client = cluster.connect(
            false, 0, new PatternClient(request("back1", 20_000, false), 20_000, true));
        assertTrue(cluster.runUntilClosed(client, 20) && client.complete());
        assertNothingLeft(cluster, "half-close before COMMIT");
        assertTrue(cluster.census("back1").contains("\"outcome\":\"terminated: CLOSED\""), () -> cluster.census("back1"));
    }

    @Test
    void shouldHandOffAHalfCloseWhateverOrderItsSegmentsComeIn()
    {
        for (long seed = 970; seed < 990; seed++)
        {
            final HandoffWorld cluster = new HandoffWorld(seed, 1).context("client", c -> c.maxSegmentBytes(300)).start();
            cluster.everyPath(path -> path.delay(MS).reorder(0.5, 2 * MS).duplicate(0.3));
            final String text = "GET /back1/1000 HTTP/1.1\r\nX: " + "y".repeat(2000) + "\r\n\r\n";
            final PatternClient client = cluster.connect(false, 0, new PatternClient(text, 1000, true));
            assertTrue(cluster.runUntilClosed(client, 60) && client.complete());
            assertEquals(1, cluster.counter("front", "handoffs"), () -> cluster.census("front"));
        }
    }

    @Test
    void shouldServeAtTheFrontWhenTheBackHasNoRoomForAConnection()
    {
        final HandoffWorld cluster = new HandoffWorld(992, 1).context("back1", c -> c.maxConnections(1)).start();
        final PatternClient first = cluster.get(false, request("back1", 100, false), 100);
        cluster.runMs(100);
        final PatternClient second = cluster.get(false, request("back1", 5000, true), 5000);
        assertTrue(cluster.runUntilClosed(second, 10) && second.complete(), () -> cluster.census("front"));
        assertEquals(1, cluster.front().service.accepted);
        assertEquals(1, cluster.counter("front", "stayed_by_reject"), () -> cluster.census("front"));
        assertEquals(1, cluster.back(1).stack.connectionCount(), "nothing half-open is left to answer");
        first.connection.abort();
        assertNothingLeft(cluster, "no room");
    }

    /** Somebody who does not see the SYN/ACK puts a path into a request that is being held. */
    @Test
    void shouldNotHoldWhatDoesNotAcknowledgeTheSynAck()
    {
        final HandoffWorld cluster = new HandoffWorld(991, 2).start();
        final PatternClient client = cluster.connect(false, 43_000, new PatternClient("GET /", 0, false));
        cluster.runMs(20);
        final int[] numbers = new int[2];
        cluster.client.forEachConnection(tcb ->
        {
            numbers[0] = tcb.sndNxt;
            numbers[1] = tcb.rcvNxt;
        });
        final String forged = "back2/0/close HTTP/1.1\r\n\r\n";
        inject(cluster, numbers[0], numbers[1] + 1, forged);
        inject(cluster, numbers[0], numbers[1] - 1, forged);
        assertEquals(0, cluster.counter("front", "requests_sent"), () -> cluster.census("front"));
        inject(cluster, numbers[0], numbers[1], forged);
        assertEquals(1, cluster.counter("front", "requests_sent"), "the segment itself was a good one");
        client.connection.abort();
        assertNothingLeft(cluster, "forged");
    }

    private static void inject(final HandoffWorld cluster, final int seq, final int ack, final String text)
    {
        final byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        final int l4 = Packet.HEADROOM + Ip4Header.LENGTH;
        final int length = Ip4Header.LENGTH + TcpHeader.LENGTH + payload.length;
        new Ip4Header().wrap(buffer, Packet.HEADROOM).encode(0, length, 0, 0, 64, TcpHeader.PROTOCOL,
            (int)IpAddress.parse("198.18.9.1").lo(), (int)HandoffWorld.VIP4.lo());
        new TcpHeader().wrap(buffer, l4).srcPort(43_000).dstPort(HandoffWorld.PORT).seq(seq).ack(ack)
            .headerLengthAndFlags(TcpHeader.LENGTH, TcpHeader.ACK | TcpHeader.PSH).window(1000);
        buffer.putBytes(l4 + TcpHeader.LENGTH, payload);
        cluster.front().stack.chain().ingress(
            new Packet().wrap(buffer, Packet.HEADROOM, length, 0, Packet.CHECKSUM_VERIFIED).l4(4, l4, TcpHeader.PROTOCOL),
            cluster.world.nowNs());
        assertFalse(cluster.front().stack.poll(cluster.world.nowNs()) < 0);
    }
}
