package dev.baton.stack.state;

import dev.baton.stack.StackCounter;
import dev.baton.stack.ip.IpCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Shards that go over into other ones at every event, with all that they have: nobody may be able to tell. */
class MoveShardEveryEventTest
{
    private static final long RUN_NS = 4 * ShardWorld.SECOND_NS;

    private static ShardWorld live(final long seed, final boolean client, final boolean server)
    {
        final ShardWorld w = new ShardWorld(seed);
        w.afterEvent = () ->
        {
            if (client)
            {
                w.client.move(w.world.nowNs());
            }
            if (server)
            {
                w.server.move(w.world.nowNs());
            }
        };
        w.run(RUN_NS);
        return w;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldLeaveTheSameTraceWhoeverMoves(final long seed)
    {
        final ShardWorld uncut = live(seed, false, false);
        for (int movers = 1; movers < 4; movers++)
        {
            final ShardWorld cut = live(seed, (movers & 1) != 0, (movers & 2) != 0);
            for (int i = 0; i < Math.min(cut.trace.size(), uncut.trace.size()); i++)
            {
                assertEquals(uncut.trace.get(i), cut.trace.get(i), "packet " + i + ", movers " + movers);
            }
            assertEquals(uncut.trace.size(), cut.trace.size(), "packets, movers " + movers);
            for (final StackCounter counter : StackCounter.values())
            {
                assertEquals(uncut.server.stack.counters().get(counter), cut.server.stack.counters().get(counter),
                    counter.label() + ", movers " + movers);
            }
            for (final IpCounter counter : IpCounter.values())
            {
                assertEquals(uncut.server.stack.ipCounters().get(counter), cut.server.stack.ipCounters().get(counter),
                    counter.mibName() + ", movers " + movers);
            }
            assertTrue(cut.client.moves + cut.server.moves > 300, "moves");
        }
    }

    /** The lives above would prove nothing of what does not come up in them. */
    @Test
    void shouldMeetEverythingThatAnImageHolds()
    {
        final ShardWorld w = new ShardWorld(1);
        final boolean[] seen = new boolean[6];
        w.afterEvent = () ->
        {
            seen[0] |= !w.server.stack.reassembler().waiting().isEmpty();
            seen[1] |= w.server.socket(1).queued() > 0;
            seen[2] |= w.server.listener(ShardWorld.QUEUED_PORT).waiting() > 0;
            seen[3] |= w.server.listener(80).synQueueLength() > 0;
            QueueOrders.forEach(w.server.stack, (queue, port, ids) -> seen[5] = true);
            seen[4] |= w.server.stack.tcp().handshakes().peers().size() > 0;
        };
        w.run(RUN_NS);
        for (int i = 0; i < seen.length; i++)
        {
            assertTrue(seen[i], "has been seen: " + i);
        }
        counted(w, StackCounter.SYNCOOKIES_SENT);
        counted(w, StackCounter.SYNCOOKIES_RECV);
        counted(w, StackCounter.TCP_CHALLENGE_ACK);
        assertTrue(w.server.stack.ipCounters().get(IpCounter.ICMP_OUT_MSGS) > 0, "errors of ICMP");
        assertTrue(w.server.service.completed > 4, "streams");
    }

    private static void counted(final ShardWorld w, final StackCounter counter)
    {
        assertTrue(w.server.stack.counters().get(counter) > 0, counter.label());
    }
}
