package dev.baton.tests.handoff;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.sim.FrameFault;
import dev.baton.stack.sim.FrameFaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static dev.baton.tests.handoff.PatternClient.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Early handoff when something goes wrong: every control message is hit by every fault, nodes crash between any two
 * messages, clients abort and vanish. Always: one owner, nobody hangs, nothing is left, and the next request works (G3
 * to G7).
 */
final class HandoffFaultTest
{
    private static final long MS = 1_000_000L;
    /**
     * Frames that one side sends in a handoff from connect to TERMINATED, with room for the repeats that a fault
     * causes.
     */
    private static final int FRAMES = 8;

    /** The client was answered in full, or it was told; it does not hang. */
    private static void assertAnsweredOrTold(final HandoffWorld cluster, final PatternClient client, final String what)
    {
        assertTrue(cluster.runUntilClosed(client, 200), () -> what + ": client hangs; " + cluster.census("front"));
        assertTrue(
            client.complete() && client.reason == CloseReason.NORMAL || client.reason == CloseReason.RESET,
            () -> what + ": " + client.received + " bytes, " + client.reason);
        assertTrue(!client.wrongByte, what);
    }

    private static void assertNothingLeft(final HandoffWorld cluster, final String what)
    {
        cluster.runMs(60_000);
        assertEquals(List.of(), cluster.speaker.violations, what);
        assertTrue(cluster.idle(), () -> what + ": " + cluster.census("front") +
            (cluster.back(1).stack == null ? "" : cluster.census("back1")));
    }

    private static void assertNextRequestWorks(final HandoffWorld cluster, final String what)
    {
        final long before = cluster.counter("front", "handoffs");
        final PatternClient next = cluster.get(false, request("back1", 5000, true), 5000);
        assertTrue(cluster.runUntilClosed(next, 60), what);
        assertTrue(next.complete(), () -> what + ": next request got " + next.received + " bytes, " + next.reason);
        assertEquals(before + 1, cluster.counter("front", "handoffs"), () -> what + ": " + cluster.census("front"));
    }

    @ParameterizedTest
    @EnumSource(value = FrameFault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldKeepOneOwnerWhenAnyMessageIsHit(final FrameFault fault)
    {
        for (int side = 0; side < 2; side++)
        {
            for (int index = 0; index < FRAMES; index++)
            {
                final String what = fault + " of frame " + index + " of side " + side;
                final HandoffWorld cluster = new HandoffWorld(100 + index, 1).start();
                final int hitSide = side;
                final int base = cluster.channel(1).sent(side);
                final int hitIndex = base + index;
                cluster.channel(1).faults(
                    (from, i, frame, offset, length) -> from == hitSide && i == hitIndex ? fault : FrameFault.NONE);
                final PatternClient client = cluster.get(false, request("back1", 100_000, true), 100_000);
                assertAnsweredOrTold(cluster, client, what);
                assertEquals(CloseReason.NORMAL, client.reason, () -> what + " cost the client its connection");
                cluster.channel(1).faults(FrameFaults.NONE);
                assertNothingLeft(cluster, what);
                assertNextRequestWorks(cluster, what);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldKeepOneOwnerUnderFaultsOfEveryKindAtOnce(final long seed)
    {
        final HandoffWorld cluster = new HandoffWorld(1000 + seed, 2).start();
        cluster.everyPath(path -> path.delay(3 * MS, MS).loss(0.02).reorder(0.03, 3 * MS).duplicate(0.02));
        for (int back = 1; back <= 2; back++)
        {
            cluster.channel(back).faults(FrameFaults.random(cluster.world.random(), 0.05));
        }
        final List<PatternClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++)
        {
            final int bytes = 2000 + i * 7001;
            clients.add(cluster.get(i % 3 == 0, request("back" + (1 + i % 2), bytes, true), bytes));
            cluster.runMs(20);
        }
        clients.forEach(client -> assertAnsweredOrTold(cluster, client, "seed " + seed));
        cluster.channel(1).faults(FrameFaults.NONE);
        cluster.channel(2).faults(FrameFaults.NONE);
        cluster.everyPath(path -> path.loss(0).reorder(0, 0).duplicate(0));
        cluster.runMs(200_000);
        assertNothingLeft(cluster, "seed " + seed);
        assertNextRequestWorks(cluster, "seed " + seed);
    }

    /** The back dies after each of a few thousand events of a handed-off transfer. */
    @Test
    void shouldNeverHangTheClientWhenTheBackDies()
    {
        for (int afterUs = 0; afterUs < 12_000; afterUs += 250)
        {
            final String what = "back dies after " + afterUs + " us";
            final HandoffWorld cluster = new HandoffWorld(300 + afterUs, 1).start();
            cluster.channel(1).reconnectAfter(Long.MAX_VALUE);
            final PatternClient client = cluster.get(afterUs % 500 == 0, request("back1", 2_000_000, true), 2_000_000);
            cluster.world.run(cluster.world.nowNs() + afterUs * 1000L);
            cluster.back(1).crash();
            assertAnsweredOrTold(cluster, client, what);
            cluster.runMs(5_000);
            assertEquals(0, cluster.front().module().liveEntries(), () -> what + ": " + cluster.census("front"));
            final PatternClient next = cluster.get(false, request("back1", 300, true), 300);
            assertTrue(cluster.runUntilClosed(next, 60) && next.complete(), what + ": the front serves by itself");
            assertEquals(List.of(), cluster.speaker.violations, what);
        }
    }

    @Test
    void shouldResetClientsOfABackThatRestarted()
    {
        final HandoffWorld cluster = new HandoffWorld(401, 1).start();
        cluster.everyPath(path -> path.rate(80_000_000, 1 << 20));
        final PatternClient client = cluster.get(false, request("back1", 50_000_000, true), 50_000_000);
        cluster.runMs(50);
        cluster.back(1).crash();
        cluster.runMs(20);
        cluster.back(1).start();
        cluster.runMs(1_000);
        assertTrue(client.closed, () -> cluster.census("front"));
        assertEquals(CloseReason.RESET, client.reason);
        assertNothingLeft(cluster, "restart");
        assertNextRequestWorks(cluster, "restart");
    }

    @Test
    void shouldEndOrphansOfAFrontThatRestarted()
    {
        // A client that only reads learns of it by its keepalive probes.
        final HandoffWorld cluster = new HandoffWorld(402, 1)
            .context("client", c -> c.keepAlive(true).keepAliveIdleNs(10_000 * MS)).start();
        cluster.everyPath(path -> path.rate(80_000_000, 1 << 20));
        final PatternClient client = cluster.get(false, request("back1", 50_000_000, true), 50_000_000);
        cluster.runMs(50);
        assertEquals(1, cluster.back(1).module().liveEntries());
        cluster.front().crash();
        cluster.runMs(20);
        cluster.front().start();
        cluster.runMs(3_000);
        assertEquals(0, cluster.back(1).module().liveEntries(), () -> cluster.census("back1"));
        assertEquals(0, cluster.back(1).stack.connectionCount());
        assertTrue(cluster.runUntilClosed(client, 60), "the client hangs");
        assertEquals(CloseReason.RESET, client.reason);
    }

    @Test
    void shouldGoOnForwardingWhileTheChannelIsDown()
    {
        final HandoffWorld cluster = new HandoffWorld(403, 1).start();
        cluster.channel(1).reconnectAfter(60_000 * MS);
        cluster.everyPath(path -> path.rate(8_000_000, 1 << 20));
        final PatternClient client = cluster.get(false, request("back1", 20_000_000, true), 20_000_000);
        cluster.runMs(500);
        cluster.channel(1).disconnect();
        assertTrue(cluster.runUntilClosed(client, 100), () -> client.received + cluster.census("front"));
        assertTrue(client.complete(), () -> client.received + " " + client.reason);
        cluster.runMs(90_000);
        assertNothingLeft(cluster, "channel down for a minute");
        assertNextRequestWorks(cluster, "after the reconnect");
    }

    @Test
    void shouldServeAtTheFrontWhileTheChannelIsDown()
    {
        final HandoffWorld cluster = new HandoffWorld(404, 1).start();
        cluster.channel(1).reconnectAfter(5_000 * MS).disconnect();
        final PatternClient client = cluster.get(false, request("back1", 1000, true), 1000);
        assertTrue(cluster.runUntilClosed(client, 5));
        assertTrue(client.complete());
        assertEquals(1, cluster.front().service.accepted);
        cluster.runMs(8_000);
        assertNextRequestWorks(cluster, "after the reconnect");
    }

    @Test
    void shouldLeaveNothingBehindAClientThatAbortsInTheMiddle()
    {
        for (int afterUs = 0; afterUs < 8_000; afterUs += 200)
        {
            final String what = "client aborts after " + afterUs + " us";
            final HandoffWorld cluster = new HandoffWorld(500 + afterUs, 1).start();
            final PatternClient client = cluster.get(false, request("back1", 3_000_000, true), 3_000_000);
            cluster.world.run(cluster.world.nowNs() + afterUs * 1000L);
            if (!client.closed)
            {
                client.connection.abort();
            }
            cluster.runMs(3_000);
            assertNothingLeft(cluster, what);
            cluster.everyNode(node -> assertEquals(0, node.stack.connectionCount(), () -> what + " at " + node.name));
            assertNextRequestWorks(cluster, what);
        }
    }

    @Test
    void shouldLeaveNothingBehindAClientThatVanishes()
    {
        for (int afterUs = 0; afterUs < 8_000; afterUs += 500)
        {
            final String what = "client vanishes after " + afterUs + " us";
            final HandoffWorld cluster = new HandoffWorld(600 + afterUs, 1);
            cluster.nodes.keySet().forEach(
                name -> cluster.context(name, c -> c.userTimeoutNs(20_000 * MS).keepAlive(true).keepAliveIdleNs(30_000 * MS)
                    .keepAliveIntervalNs(2_000 * MS).keepAliveProbes(3)));
            cluster.start();
            final PatternClient client = cluster.get(false, request("back1", 3_000_000, false), 3_000_000);
            cluster.world.run(cluster.world.nowNs() + afterUs * 1000L);
            cluster.clientHost.crash();
            cluster.runMs(300_000);
            assertTrue(cluster.idle(), () -> what + ": " + cluster.census("front") + cluster.census("back1"));
            cluster.everyNode(node -> assertEquals(0, node.stack.connectionCount(), () -> what + " at " + node.name));
            assertEquals(List.of(), cluster.speaker.violations, what);
            assertTrue(client.received < 3_000_000 || client.complete());
        }
    }

    @Test
    void shouldRefuseAHandoffAckThatComesAfterCancel()
    {
        final HandoffWorld cluster = new HandoffWorld(405, 1).setting("timeout.request.ms", "50").start();
        cluster.channel(1).delay(80 * MS);
        final PatternClient client = cluster.get(false, request("back1", 1000, true), 1000);
        assertTrue(cluster.runUntilClosed(client, 5));
        assertTrue(client.complete());
        assertEquals(1, cluster.front().service.accepted);
        cluster.runMs(1_000);
        assertEquals(1, cluster.counter("front", "late_acks_refused"), () -> cluster.census("front"));
        assertEquals(0, cluster.back(1).service.accepted);
        assertEquals(0, cluster.back(1).stack.connectionCount());
        assertNothingLeft(cluster, "late ack");
    }

    @Test
    void shouldRejectWhenTheBackDoesNotListen()
    {
        final HandoffWorld cluster = new HandoffWorld(406, 1).start();
        cluster.back(1).stack.unlisten(cluster.back(1).listener);
        final PatternClient client = cluster.get(false, request("back1", 1000, true), 1000);
        assertTrue(cluster.runUntilClosed(client, 5) && client.complete());
        assertEquals(1, cluster.counter("front", "stayed_by_reject"));
        assertNothingLeft(cluster, "no listener");
    }

    @Test
    void shouldStayWhenTheRequestIsLongerThanTheInitialWindow()
    {
        final HandoffWorld cluster = new HandoffWorld(407, 1).start();
        final String padding = "X-Padding: " + "x".repeat(30_000) + "\r\n";
        final String text = "GET /back1/1000/close HTTP/1.1\r\n" + padding + "\r\n";
        final PatternClient client = cluster.get(false, text, 1000);
        assertTrue(cluster.runUntilClosed(client, 20), () -> cluster.census("front"));
        assertTrue(client.complete());
        assertEquals(1, cluster.front().service.accepted, "G2: such a request stays at the front");
        assertNothingLeft(cluster, "long request");
    }

    @Test
    void shouldStayWhenNoRequestComes()
    {
        final HandoffWorld cluster = new HandoffWorld(408, 1).start();
        final PatternClient client = cluster.get(false, "GET /ba", 0);
        cluster.runMs(10_000);
        assertEquals(1, cluster.front().service.accepted);
        assertEquals(0, cluster.front().module().liveEntries());
        client.connection.abort();
        assertNothingLeft(cluster, "slow request");
    }

    @Test
    void shouldTakeANewConnectionFromAPortThatTheClientUsesAgain()
    {
        final HandoffWorld cluster = new HandoffWorld(409, 1).start();
        for (int round = 0; round < 4; round++)
        {
            final PatternClient client = new PatternClient(request("back1", 2000, true), 2000, false);
            cluster.connect(false, 40_000, client);
            assertTrue(cluster.runUntilClosed(client, 30), () -> cluster.census("front"));
            assertTrue(client.complete(), () -> client.received + " " + client.reason);
            cluster.runMs(round % 2 == 0 ? 100 : 5_000);
        }
        assertNothingLeft(cluster, "port reuse");
    }

    @Test
    void shouldSurviveThePortBeingReusedWhileTheOldConnectionStillForwards()
    {
        final HandoffWorld cluster = new HandoffWorld(410, 1).start();
        final PatternClient first = new PatternClient(request("back1", 100, false), 100, false);
        cluster.connect(false, 41_000, first);
        cluster.runMs(500);
        assertTrue(first.complete());
        cluster.restartClient();
        final PatternClient second = new PatternClient(request("back1", 2000, true), 2000, false);
        cluster.connect(false, 41_000, second);
        assertTrue(cluster.runUntilClosed(second, 60), () -> cluster.census("front"));
        assertTrue(second.complete(), () -> second.received + " " + second.reason);
        assertNothingLeft(cluster, "reuse while forwarding");
    }

    @Test
    void shouldHoldRequestsInTheOrderOfTheirNumbersWhateverOrderTheyComeIn()
    {
        for (long seed = 700; seed < 720; seed++)
        {
            final HandoffWorld cluster = new HandoffWorld(seed, 1).context("client", c -> c.maxSegmentBytes(300)).start();
            cluster.everyPath(path -> path.delay(MS).reorder(0.5, 2 * MS).duplicate(0.3));
            final String text = "GET /back1/1000/close HTTP/1.1\r\nX: " + "y".repeat(2000) + "\r\n\r\n";
            final PatternClient client = cluster.get(false, text, 1000);
            assertTrue(cluster.runUntilClosed(client, 60));
            assertTrue(client.complete());
            assertEquals(1, cluster.counter("front", "handoffs"), () -> cluster.census("front"));
        }
    }

    @Test
    void shouldReplaceTheModuleOnBothNodesWhileConnectionsLive()
    {
        final HandoffWorld cluster = new HandoffWorld(411, 1).start();
        cluster.everyPath(path -> path.rate(20_000_000, 1 << 20));
        final PatternClient client = cluster.get(false, request("back1", 10_000_000, true), 10_000_000);
        cluster.runMs(500);
        cluster.front().replaceModule();
        cluster.runMs(200);
        cluster.back(1).replaceModule();
        assertTrue(cluster.runUntilClosed(client, 60), () -> cluster.census("front"));
        assertTrue(client.complete(), () -> client.received + " " + client.reason);
        assertNothingLeft(cluster, "replaced");
        assertEquals(1, cluster.counter("front", "terminations_received"), () -> cluster.census("front"));
        assertNextRequestWorks(cluster, "replaced");
    }

    @Test
    void shouldLetUndecidedConnectionsStayWhenTheModuleIsReplaced()
    {
        final HandoffWorld cluster = new HandoffWorld(412, 1).start();
        cluster.channel(1).delay(100 * MS);
        final PatternClient client = cluster.get(false, request("back1", 1000, true), 1000);
        cluster.runMs(20);
        assertEquals(1, cluster.front().module().liveEntries());
        cluster.front().replaceModule();
        assertTrue(cluster.runUntilClosed(client, 10) && client.complete(), () -> cluster.census("front"));
        assertEquals(1, cluster.front().service.accepted);
        cluster.channel(1).delay(MS);
        assertNothingLeft(cluster, "replaced while undecided");
    }
}
