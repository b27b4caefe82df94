package dev.baton.stack.sim;

import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SimWorldTest
{
    private final SimWorld world = new SimWorld(1);

    @Test
    void shouldRunActionsByTimeAndThenInTheOrderGiven()
    {
        final List<String> ran = new ArrayList<>();
        world.at(20, () -> ran.add("c"));
        world.at(10, () -> ran.add("a"));
        world.at(10, () -> ran.add("b"));
        world.at(15, () -> world.at(3, () -> ran.add("past means now at " + world.nowNs())));
        world.after(25, () -> ran.add("d"));
        world.run(25);
        assertEquals(List.of("a", "b", "past means now at 15", "c", "d"), ran);
        assertEquals(25, world.nowNs());
        assertEquals(6, world.events());
        assertFalse(world.step());
    }

    @Test
    void shouldLeaveEventsAfterTheEndOfARunWaiting()
    {
        final List<Long> ran = new ArrayList<>();
        world.at(100, () -> ran.add(world.nowNs()));
        world.run(99);
        assertEquals(99, world.nowNs());
        assertTrue(ran.isEmpty());
        world.run(100);
        assertEquals(List.of(100L), ran);
    }

    @Test
    void shouldStopWhenTheConditionHoldsOrTheDeadlineComes()
    {
        final int[] count = {0};
        for (int i = 1; i <= 10; i++)
        {
            world.at(i * 10, () -> count[0]++);
        }
        assertTrue(world.runUntil(() -> count[0] == 3, 1000));
        assertEquals(30, world.nowNs());
        assertFalse(world.runUntil(() -> count[0] == 9, 55));
        assertEquals(55, world.nowNs());
        assertFalse(world.runUntil(() -> count[0] == 99, 1_000_000), "nothing is left to happen");
        assertEquals(1_000_000, world.nowNs());
        assertTrue(world.runUntil(() -> true, 0));
    }

    @Test
    void shouldPollAHostAtItsDeadlineAndNotBefore()
    {
        final SimHost host = world.host("h");
        final ProbeNode node = new ProbeNode(world, host.link(IpAddress.parse("10.0.0.1")));
        host.start(node);
        node.deadlineNs = 500;
        world.run(499);
        assertEquals(0, node.polls);
        world.run(500);
        assertEquals(1, node.polls);
        world.run(10_000);
        assertEquals(1, node.polls);
        node.deadlineNs = 3;
        world.run(10_000);
        assertEquals(2, node.polls, "a deadline in the past is due now");
    }

    @Test
    void shouldFollowADeadlineThatMoves()
    {
        final SimHost host = world.host("h");
        final ProbeNode node = new ProbeNode(world, host.link());
        host.start(node);
        node.deadlineNs = 500;
        world.at(100, () -> node.deadlineNs = 200);
        world.at(150, () -> node.deadlineNs = 300);
        final List<Long> polls = new ArrayList<>();
        world.observer((polled, nowNs) -> polls.add(nowNs));
        world.run(1000);
        assertEquals(List.of(300L), polls);
    }

    @Test
    void shouldRefuseToStandStill()
    {
        final SimHost host = world.host("busy");
        host.start(new SimNode()
        {
            @Override
            public int poll(final long nowNs)
            {
                return 0;
            }

            @Override
            public long nextDeadlineNs()
            {
                return 7;
            }
        });
        final IllegalStateException ex = assertThrows(IllegalStateException.class, () -> world.run(10));
        assertTrue(ex.getMessage().contains("stands still at 7 ns (seed 1)"), ex.getMessage());
        assertTrue(ex.getMessage().contains("poll of host busy"), ex.getMessage());
    }

    @Test
    void shouldNameHostTimeAndSeedOfAFailure()
    {
        final SimHost host = world.host("weak");
        final AssertionError failure = new AssertionError("boom");
        host.start(new SimNode()
        {
            @Override
            public int poll(final long nowNs)
            {
                throw failure;
            }

            @Override
            public long nextDeadlineNs()
            {
                return 7;
            }
        });
        assertSame(failure, assertThrows(AssertionError.class, () -> world.run(10)));
        assertEquals("in host weak at 7 ns, event 1, seed 1", failure.getSuppressed()[0].getMessage());
    }

    @Test
    void shouldRefuseToStartWhatRuns()
    {
        final SimHost host = world.host("h");
        host.start(new ProbeNode(world, host.link()));
        assertThrows(IllegalStateException.class, () -> host.start(new ProbeNode(world, host.link())));
        host.crash();
        assertFalse(host.isUp());
        host.start(new ProbeNode(world, host.link()));
        assertTrue(host.isUp());
    }

    @Test
    void shouldStartTheClockAnywhere()
    {
        final SimWorld late = new SimWorld(1, Long.MAX_VALUE / 2);
        final boolean[] ran = {false};
        late.after(5, () -> ran[0] = true);
        late.run(Long.MAX_VALUE / 2 + 5);
        assertTrue(ran[0]);
        final SimWorld negative = new SimWorld(1, -1000);
        negative.run(-10);
        assertEquals(-10, negative.nowNs());
    }
}
