package dev.baton.tools.node;

import dev.baton.stack.sim.SimNode;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ShardLoopTest
{
    private final List<String> log = new ArrayList<>();
    private final List<Long> waits = new ArrayList<>();
    private final List<String> order = new ArrayList<>();
    private final ErrorLog errors = new ErrorLog(log::add);
    private final CommandQueue commands = new CommandQueue(() -> order.add("wake"));
    private final Shard shard = new Shard();
    private final Upkeep upkeep = new Upkeep();
    private long nowNs = 1_000;
    private final ShardLoop loop = new ShardLoop(shard, commands, upkeep, errors, waits::add, () -> nowNs);

    @Test
    void shouldRunCommandsThenPollThenUpkeep()
    {
        commands.offer((now) -> order.add("command " + now));

        loop.turn();

        assertEquals(List.of("wake", "command 1000", "poll 1000", "upkeep 1000"), order);
        assertEquals(1, commands.executed());
    }

    @Test
    void shouldWaitForTheEarlierDeadlineOnlyWithoutWork()
    {
        shard.deadlineNs = 5_000;
        upkeep.deadlineNs = 7_000;
        loop.turn();
        upkeep.deadlineNs = 3_000;
        loop.turn();
        shard.deadlineNs = 900;
        loop.turn();
        shard.deadlineNs = 5_000;
        shard.work = 1;
        loop.turn();

        assertEquals(List.of(4_000L, 2_000L), waits);
    }

    @Test
    void shouldWaitWithoutEndWhenNothingIsDue()
    {
        loop.turn();

        assertEquals(List.of(Long.MAX_VALUE), waits);
    }

    @Test
    void shouldSurviveWhatAPollThrows()
    {
        shard.failure = new StackOverflowError("deep");
        for (int i = 0; i < 5; i++)
        {
            loop.turn();
        }
        shard.failure = null;
        loop.turn();

        assertEquals(5, errors.total());
        assertEquals(1, errors.report().size(), "the same error at the same place is one");
        assertEquals(5L, errors.report().get(0).get("count"));
        assertEquals(3, log.size(), "the first, the second and the fourth: " + log);
        assertTrue(log.get(0).contains("java.lang.StackOverflowError: deep") && log.get(0).contains("ShardLoopTest"));
        assertEquals(ShardLoop.RETRY_NS, waits.get(4), "a loop that fails at every turn must not spin");
        assertEquals(6, loop.turns());
    }

    @Test
    void shouldEndWhenTheUpkeepSaysSo()
    {
        loop.requestStop();
        upkeep.end = true;

        loop.run();

        assertTrue(loop.hasEnded());
        assertEquals(1, upkeep.seenStopRequests);
        assertEquals(List.of(), waits);
    }

    @Test
    void shouldRefuseCommandsBeyondTheLimit()
    {
        for (int i = 0; i < CommandQueue.CAPACITY; i++)
        {
            assertTrue(commands.offer((now) -> order.add("command")));
        }

        assertFalse(commands.offer((now) -> order.add("too much")));
        assertEquals(1, commands.refused());
        loop.turn();
        assertEquals(CommandQueue.CAPACITY, commands.executed());
        assertFalse(order.contains("too much"));
    }

    @Test
    void shouldBoundTheNumberOfDistinctErrors()
    {
        for (int i = 0; i < 3 * ErrorLog.MAX_DISTINCT; i++)
        {
            final RuntimeException error = new RuntimeException("number " + i);
            error.setStackTrace(new StackTraceElement[]{new StackTraceElement("A", "b", "A.java", i)});
            errors.accept(error);
        }

        assertEquals(ErrorLog.MAX_DISTINCT + 1, errors.report().size());
        assertEquals(3L * ErrorLog.MAX_DISTINCT, errors.total());
    }

    private final class Shard implements SimNode
    {
        private int work;
        private long deadlineNs = Long.MAX_VALUE;
        private Error failure;

        @Override
        public int poll(final long now)
        {
            order.add("poll " + now);
            if (failure != null)
            {
                throw failure;
            }
            return work;
        }

        @Override
        public long nextDeadlineNs()
        {
            return deadlineNs;
        }
    }

    private final class Upkeep implements ShardLoop.Upkeep
    {
        private long deadlineNs = Long.MAX_VALUE;
        private boolean end;
        private int seenStopRequests;

        @Override
        public boolean run(final long now, final int stopRequests)
        {
            order.add("upkeep " + now);
            seenStopRequests = stopRequests;
            return end;
        }

        @Override
        public long nextDeadlineNs()
        {
            return deadlineNs;
        }
    }
}
