package dev.baton.tests.handoff;

import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpEcn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import static dev.baton.tests.handoff.PatternClient.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Early handoff between whole stacks in virtual time, when nothing goes wrong (P01 to P28, G1, G3, G10, G17). */
final class EarlyHandoffTest
{
    private static final long MS = 1_000_000L;

    private static void assertClean(final HandoffWorld cluster)
    {
        assertEquals(List.of(), cluster.speaker.violations, () -> "seed " + cluster.world.seed());
        cluster.runMs(10_000);
        assertTrue(cluster.idle(), () -> cluster.census("front") + cluster.census("back1"));
        cluster.everyNode(node -> assertEquals(0, node.stack.connectionCount(), node.name));
    }

    private static void assertServed(final HandoffWorld cluster, final PatternClient client)
    {
        assertTrue(cluster.runUntilClosed(client, 120), () -> "not closed: " + client.received + " " + cluster.census("front"));
        assertTrue(client.complete(), () -> client.received + " bytes, wrong " + client.wrongByte + ", " + client.reason);
        assertEquals(CloseReason.NORMAL, client.reason);
    }

    @ParameterizedTest
    @CsvSource({
        "false,0,false", "false,1,false", "false,100000,false", "false,3000000,true",
        "true,0,false", "true,1,false", "true,100000,false", "true,3000000,true"})
    void shouldServeFromTheBackThatThePathNames(final boolean v6, final long bytes, final boolean offload)
    {
        final HandoffWorld cluster = new HandoffWorld(1, 2);
        if (offload)
        {
            cluster.offload();
        }
        cluster.start();
        final PatternClient client = cluster.get(v6, request("back2", bytes, true), bytes);
        assertServed(cluster, client);
        assertEquals(1, cluster.back(2).service.accepted);
        assertEquals(0, cluster.back(1).service.accepted);
        assertEquals(0, cluster.front().service.accepted, "P19, P21: the front's application never learns of it");
        assertEquals(1, cluster.counter("front", "handoffs"));
        assertClean(cluster);
        assertEquals(1, cluster.counter("front", "terminations_received"));
    }

    @Test
    void shouldReleaseTheIndicationWhenTheFrontItselfIsChosen()
    {
        final HandoffWorld cluster = new HandoffWorld(2, 1).start();
        final PatternClient client = cluster.get(false, request("front", 5000, true), 5000);
        assertServed(cluster, client);
        assertEquals(1, cluster.front().service.accepted);
        assertEquals(0, cluster.counter("front", "requests_sent"));
        assertClean(cluster);
    }

    @Test
    void shouldKeepAWholeKeepAliveConnectionOnOneBackInRequestOrder()
    {
        final HandoffWorld cluster = new HandoffWorld(3, 2).start();
        final String requests = request("back1", 1000, false) + request("back2", 70000, false) +
            request("back1", 0, false) + request("front", 500, true);
        final PatternClient client = cluster.get(false, requests, 71500);
        assertServed(cluster, client);
        assertEquals(4, cluster.back(1).service.requests);
        assertClean(cluster);
    }

    @Test
    void shouldForwardAHalfCloseThatCameWithTheRequest()
    {
        final HandoffWorld cluster = new HandoffWorld(4, 1).start();
        final PatternClient client = cluster.connect(
            false, 0, new PatternClient(request("back1", 20000, false), 20000, true));
        assertServed(cluster, client);
        assertEquals(1, cluster.back(1).service.requests);
        assertClean(cluster);
    }

    /** What front and back may disagree in: each pair is a world of its own. */
    @ParameterizedTest
    @ValueSource(strings = {
        "front:timestamps", "front:sack", "front:scale", "front:all", "client:timestamps", "client:sack", "client:scale",
        "client:all", "front:smallwindow"})
    void shouldAgreeToWhatTheFrontAgreedTo(final String what)
    {
        final UnaryOperator<StackContext> change = switch (what.split(":")[1])
        {
            case "timestamps" -> c -> c.timestamps(false);
            case "sack" -> c -> c.sack(false);
            case "scale" -> c -> c.windowScale(false);
            case "smallwindow" -> c -> c.receiveBufferBytes(65536);
            default -> c -> c.timestamps(false).sack(false).windowScale(false);
        };
        final HandoffWorld cluster = new HandoffWorld(5, 1).context(what.split(":")[0], change).start();
        final PatternClient client = cluster.get(false, request("back1", 400_000, true), 400_000);
        assertServed(cluster, client);
        assertEquals(1, cluster.counter("front", "handoffs"), () -> cluster.census("front"));
        assertClean(cluster);
    }

    /** Accurate ECN is cut down to classic where a connection may be handed off, so that the back can take it over. */
    @ParameterizedTest
    @CsvSource({"1,2,2,true", "3,2,2,true", "3,3,3,true", "3,3,2,false", "1,3,3,false", "0,3,3,true", "3,0,3,true"})
    void shouldCarryClassicEcnToTheBack(final int client, final int front, final int back, final boolean v6)
    {
        final HandoffWorld cluster = new HandoffWorld(15, 1)
            .context("client", c -> c.ecn(client)).context("front", c -> c.ecn(front)).context("back1", c -> c.ecn(back)).start();
        final long[] capable = {0};
        cluster.world.network().path(cluster.back(1).link, cluster.clientLink).filter((packet, nowNs) ->
        {
            if (packet.ecn() != IpEcn.NOT_ECT)
            {
                capable[0]++;
                mark(packet, capable[0] % 50 == 49);
            }
            return false;
        });
        final PatternClient pattern = cluster.get(v6, request("back1", 1_000_000, true), 1_000_000);
        assertServed(cluster, pattern);
        assertEquals(1, cluster.counter("front", "handoffs"), () -> cluster.census("front"));
        final boolean agreed = client > 0 && front > 0;
        assertEquals(agreed, capable[0] > 0);
        final StackCounters counters = cluster.back(1).stack.counters();
        assertEquals(agreed, counters.get(StackCounter.ECN_REDUCTIONS) > 0, "the client's echoes reach the back");
        assertEquals(agreed ? 1 : 0, counters.get(StackCounter.ECN_CLASSIC_OPENS));
        assertEquals(0, counters.get(StackCounter.ECN_ACCURATE_OPENS));
        assertEquals(0, cluster.client.counters().get(StackCounter.ECN_ACCURATE_OPENS));
        assertClean(cluster);
    }

    private static void mark(final Packet packet, final boolean congested)
    {
        if (congested && packet.version() == 6)
        {
            final int at = packet.offset() + 1;
            packet.buffer().putByte(at, (byte)(packet.buffer().getByte(at) | IpEcn.CE << 4));
        }
        else if (congested)
        {
            final int at = packet.offset() + 1;
            packet.buffer().putByte(at, (byte)(packet.buffer().getByte(at) | IpEcn.CE));
            new Ip4Header().wrap(packet.buffer(), packet.offset()).computeChecksum();
        }
    }

    @Test
    void shouldServeAtTheFrontWhenTheBackHasNoEcn()
    {
        final HandoffWorld cluster = new HandoffWorld(16, 1)
            .context("client", c -> c.ecn(1)).context("back1", c -> c.ecn(0)).start();
        final PatternClient client = cluster.get(false, request("back1", 5000, true), 5000);
        assertServed(cluster, client);
        assertEquals(1, cluster.front().service.accepted);
        assertClean(cluster);
    }

    @Test
    void shouldRefuseWhatTheBackCannotAgreeToAndServeAtTheFront()
    {
        final HandoffWorld cluster = new HandoffWorld(6, 1).context("back1", c -> c.timestamps(false)).start();
        final PatternClient client = cluster.get(false, request("back1", 4000, true), 4000);
        assertServed(cluster, client);
        assertEquals(1, cluster.counter("front", "stayed_by_reject"));
        assertEquals(1, cluster.counter("back1", "rejects_sent"));
        assertEquals(1, cluster.front().service.accepted);
        assertClean(cluster);
    }

    @Test
    void shouldRefuseSegmentsThatAreBiggerThanTheBackTakes()
    {
        final HandoffWorld cluster = new HandoffWorld(19, 1).context("back1", c -> c.maxSegmentBytes(1000)).start();
        final PatternClient client = cluster.get(false, request("back1", 4000, true), 4000);
        assertServed(cluster, client);
        assertEquals(1, cluster.counter("front", "stayed_by_reject"));
        assertEquals(1, cluster.front().service.accepted);
        assertClean(cluster);
    }

    @Test
    void shouldRescaleWindowsWhereTheShiftsDiffer()
    {
        final HandoffWorld cluster = new HandoffWorld(7, 1)
            .context("front", c -> c.receiveBufferBytes(8 << 20))
            .context("back1", c -> c.receiveBufferBytes(256 << 10))
            .start();
        final StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 400; i++)
        {
            requests.append(request("back1", 1000, i == 399));
        }
        final PatternClient client = cluster.get(false, requests.toString(), 400_000);
        assertServed(cluster, client);
        assertEquals(1, cluster.counter("front", "handoffs"));
        assertClean(cluster);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGiveTheBackTheRttThatTheFrontMeasured(final boolean timestamps)
    {
        final HandoffWorld cluster = new HandoffWorld(8, 1)
            .context("client", c -> c.timestamps(timestamps))
            .start();
        cluster.everyPath(path -> path.delay(40 * MS));
        final PatternClient client = cluster.get(false, request("back1", 10_000_000, true), 10_000_000);
        assertTrue(cluster.world.runUntil(() -> cluster.back(1).service.open == 1, cluster.world.nowNs() + 5_000 * MS));
        final List<Long> rtts = new ArrayList<>();
        cluster.back(1).stack.forEachConnection(tcb -> rtts.add(tcb.srttNs));
        assertEquals(1, rtts.size());
        assertTrue(Math.abs(rtts.get(0) - 80 * MS) < 10 * MS, () -> "srtt " + rtts.get(0) + " ns, the client is 80 ms away");
        assertServed(cluster, client);
        assertClean(cluster);
    }

    @Test
    void shouldHandOffManyConnectionsAtOnce()
    {
        final HandoffWorld cluster = new HandoffWorld(9, 3).start();
        final List<PatternClient> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++)
        {
            final String node = i % 4 == 0 ? "front" : "back" + i % 4;
            clients.add(cluster.get(i % 2 == 0, request(node, 1000 + i * 37, true), 1000 + i * 37));
        }
        clients.forEach(client -> assertServed(cluster, client));
        assertEquals(150, cluster.counter("front", "handoffs"));
        assertClean(cluster);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void shouldSurviveLossReorderingAndDuplicationOnEveryPath(final long seed)
    {
        final HandoffWorld cluster = new HandoffWorld(seed, 2).start();
        cluster.everyPath(path -> path.delay(5 * MS, 2 * MS).loss(0.03).reorder(0.05, 4 * MS).duplicate(0.03));
        final List<PatternClient> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++)
        {
            final int bytes = 3000 + i * 20011;
            clients.add(cluster.get(i % 2 == 0, request("back" + (1 + i % 2), bytes, true), bytes));
        }
        clients.forEach(client -> assertServed(cluster, client));
        assertEquals(List.of(), cluster.speaker.violations);
        cluster.everyPath(path -> path.loss(0).reorder(0, 0).duplicate(0));
        cluster.runMs(200_000);
        assertTrue(cluster.idle(), () -> cluster.census("front"));
    }

    @Test
    void shouldReplayTheSameTraceForTheSameSeed()
    {
        final long[] hashes = new long[2];
        for (int run = 0; run < 2; run++)
        {
            final HandoffWorld cluster = new HandoffWorld(77, 2).start();
            cluster.everyPath(path -> path.loss(0.02).reorder(0.02, MS));
            final PatternClient client = cluster.get(false, request("back1", 300_000, true), 300_000);
            assertServed(cluster, client);
            hashes[run] = cluster.world.hash();
        }
        assertEquals(hashes[0], hashes[1]);
        assertFalse(hashes[0] == 0);
    }
}
