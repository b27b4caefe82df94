package dev.baton.tests.handoff;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static dev.baton.tests.handoff.PatternClient.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * SYN cookies, Fast Open and accept queues where connections are handed over. The front's module sees segments below
 * TCP: a cookie is a sequence number like any other to it, and a SYN with data is none of its business.
 */
final class HandoffOpeningTest
{
    private static StackContext cookies(final StackContext context)
    {
        context.handshake().synCookies(2);
        return context;
    }

    private static StackContext fastOpen(final StackContext context)
    {
        context.handshake().fastOpen(3);
        return context;
    }

    private static void assertServed(final HandoffWorld cluster, final PatternClient client)
    {
        assertTrue(cluster.runUntilClosed(client, 120), () -> "not closed: " + client.received + " " + cluster.census("front"));
        assertTrue(client.complete(), () -> client.received + " bytes, wrong " + client.wrongByte + ", " + client.reason);
        assertEquals(CloseReason.NORMAL, client.reason);
    }

    private static void assertClean(final HandoffWorld cluster)
    {
        assertEquals(List.of(), cluster.speaker.violations, () -> "seed " + cluster.world.seed());
        cluster.runMs(10_000);
        assertTrue(cluster.idle(), () -> cluster.census("front") + cluster.census("back1"));
        cluster.everyNode(node -> assertEquals(0, node.stack.connectionCount(), node.name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"front", "back1", "both"})
    void shouldHandOverWhatWasOpenedFromACookie(final String who)
    {
        final HandoffWorld cluster = new HandoffWorld(31, 1);
        if (!who.equals("back1"))
        {
            cluster.context("front", HandoffOpeningTest::cookies);
        }
        if (!who.equals("front"))
        {
            cluster.context("back1", HandoffOpeningTest::cookies);
        }
        cluster.start();
        final PatternClient client = cluster.get(false, request("back1", 300_000, true), 300_000);
        assertServed(cluster, client);
        assertEquals(1, cluster.counter("front", "handoffs"));
        assertEquals(0, cluster.front().service.accepted);
        final long received = cluster.front().stack.counters().get(StackCounter.SYNCOOKIES_RECV) +
            cluster.back(1).stack.counters().get(StackCounter.SYNCOOKIES_RECV);
        assertEquals(who.equals("both") ? 2 : 1, received);
        assertClean(cluster);
    }

    private static PatternClient connectFast(final HandoffWorld cluster, final String request, final long expected)
    {
        final PatternClient client = new PatternClient(request, expected, false);
        client.connection = cluster.client.connect(
            IpAddress.ANY, 0, HandoffWorld.VIP4, HandoffWorld.PORT, client, true, cluster.world.nowNs());
        return client;
    }

    @Test
    void shouldHandOverWhoAsksForAFastOpenCookieAndServeAtTheFrontWhoUsesIt()
    {
        final HandoffWorld cluster = new HandoffWorld(32, 1)
            .context("front", HandoffOpeningTest::fastOpen)
            .context("back1", HandoffOpeningTest::fastOpen)
            .context("client", HandoffOpeningTest::fastOpen)
            .start();
        cluster.everyNode((node) -> node.listener.fastOpenLimit(10));
        final String request = request("back1", 50_000, true);
        final PatternClient first = connectFast(cluster, request, 50_000);
        assertServed(cluster, first);
        assertEquals(1, cluster.back(1).service.accepted, "a request for a cookie changes nothing else");
        assertEquals(8, cluster.client.tcp().handshakes().peers().peek(HandoffWorld.VIP4.hi(), HandoffWorld.VIP4.lo()).cookieLength);
        final PatternClient second = connectFast(cluster, request, 50_000);
        second.onWritable(second.connection);
        assertServed(cluster, second);
        assertEquals(1, cluster.client.counters().get(StackCounter.TCP_FAST_OPEN_ACTIVE));
        assertEquals(1, cluster.front().service.accepted, "data came with the SYN: served where it arrived");
        assertEquals(1, cluster.back(1).service.accepted);
        assertClean(cluster);
    }
}
