package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TablesTest
{
    private final Keys keys = new Keys();

    /** The 4-tuples of slots. */
    private static final class Keys implements FlowKeys
    {
        private final Map<Integer, List<Long>> flows = new HashMap<>();

        int put(final int slot, final long... flow)
        {
            flows.put(slot, Arrays.stream(flow).boxed().toList());
            return slot;
        }

        @Override
        public boolean isFlow(
            final int slot,
            final long localHi,
            final long localLo,
            final int localPort,
            final long remoteHi,
            final long remoteLo,
            final int remotePort)
        {
            return flows.get(slot).equals(
                List.of(localHi, localLo, (long)localPort, remoteHi, remoteLo, (long)remotePort));
        }
    }

    private static void shouldTellApart(final FlowKeys table)
    {
        assertTrue(table.isFlow(0, 1, 2, 3, 4, 5, 6));
        assertFalse(table.isFlow(0, 0, 2, 3, 4, 5, 6));
        assertFalse(table.isFlow(0, 1, 0, 3, 4, 5, 6));
        assertFalse(table.isFlow(0, 1, 2, 0, 4, 5, 6));
        assertFalse(table.isFlow(0, 1, 2, 3, 0, 5, 6));
        assertFalse(table.isFlow(0, 1, 2, 3, 4, 0, 6));
        assertFalse(table.isFlow(0, 1, 2, 3, 4, 5, 0));
    }

    @Test
    void shouldTellFlowsApartByEveryPartOfTheirAddresses()
    {
        final ConnectionTable connections = new ConnectionTable(1);
        final Tcb tcb = tcb(1, 0);
        tcb.localHi = 1;
        tcb.localLo = 2;
        tcb.localPort = 3;
        tcb.remoteHi = 4;
        tcb.remoteLo = 5;
        tcb.remotePort = 6;
        connections.add(9, tcb);
        shouldTellApart(connections);
        final TimeWaitTable timeWaits = new TimeWaitTable(1);
        timeWaits.add(9, 1, 2, 3, 4, 5, 6, 0);
        shouldTellApart(timeWaits);
        final SynQueue synQueue = new SynQueue(1, 1);
        synQueue.add(9, 1, 2, 3, 4, 5, 6);
        shouldTellApart(synQueue);
    }

    @Test
    void shouldFindWhatWasAddedAndNotWhatWasRemoved()
    {
        final Random random = new Random(1);
        final FlowIndex index = new FlowIndex(500, keys);
        final Map<Integer, Integer> model = new HashMap<>();
        for (int step = 0; step < 100_000; step++)
        {
            final int key = random.nextInt(1000);
            // A hash with few values, so that entries collide and wrap.
            final int hash = key % 7 - 3;
            final int slot = index.find(hash, 1, 2, key, 3, 4, 5);
            assertEquals(model.getOrDefault(key, -1), slot);
            if (slot >= 0)
            {
                index.remove(slot);
                model.remove(key);
            }
            else
            {
                final int added = keys.put(index.add(hash), 1, 2, key, 3, 4, 5);
                assertEquals(model.size() < 500, added >= 0);
                if (added >= 0)
                {
                    model.put(key, added);
                }
            }
            assertEquals(model.size(), index.size());
        }
    }

    @Test
    void shouldTellFlowsWithEqualHashesApart()
    {
        final FlowIndex index = new FlowIndex(10, keys);
        final int a = keys.put(index.add(9), 1, 2, 3, 4, 5, 6);
        assertEquals(-1, index.find(9, 0, 2, 3, 4, 5, 6));
        assertEquals(-1, index.find(9, 1, 0, 3, 4, 5, 6));
        assertEquals(-1, index.find(9, 1, 2, 0, 4, 5, 6));
        assertEquals(-1, index.find(9, 1, 2, 3, 0, 5, 6));
        assertEquals(-1, index.find(9, 1, 2, 3, 4, 0, 6));
        assertEquals(-1, index.find(9, 1, 2, 3, 4, 5, 0));
        assertEquals(a, index.find(9, 1, 2, 3, 4, 5, 6));
    }

    private static Tcb tcb(final long id, final long deadlineNs)
    {
        final Tcb tcb = new Tcb(new TcbMemory(new BufferPool(8192, 4096), new StackContext()), null);
        tcb.id = id;
        tcb.retransmitAtNs = deadlineNs;
        return tcb;
    }

    @Test
    void shouldRunTimersByTimeAndThenById()
    {
        final Random random = new Random(2);
        final TcpTimers timers = new TcpTimers();
        final List<Tcb> all = new ArrayList<>();
        for (int i = 0; i < 300; i++)
        {
            all.add(tcb(i + 1, random.nextInt(20)));
        }
        final List<Tcb> shuffled = new ArrayList<>(all);
        java.util.Collections.shuffle(shuffled, random);
        shuffled.forEach(timers::update);
        for (final Tcb tcb : shuffled)
        {
            // Later: the entry stays where it is. Earlier: it moves. Gone: it goes when its time comes.
            final int choice = random.nextInt(4);
            tcb.retransmitAtNs = choice == 0 ? Tcb.NONE : tcb.retransmitAtNs + (choice - 2) * 7L;
            timers.update(tcb);
        }
        all.removeIf((tcb) -> tcb.retransmitAtNs == Tcb.NONE);
        all.sort((a, b) -> a.retransmitAtNs != b.retransmitAtNs ?
            Long.compare(a.retransmitAtNs, b.retransmitAtNs) : Long.compare(a.id, b.id));
        assertTrue(timers.nextDeadlineNs() < 0, "a deadline of the past is a deadline");
        for (final Tcb expected : all)
        {
            assertEquals(expected.retransmitAtNs, timers.nextDeadlineNs());
            assertNull(timers.due(expected.retransmitAtNs - 1));
            final Tcb due = timers.due(expected.retransmitAtNs);
            assertSame(expected, due);
            due.retransmitAtNs = Tcb.NONE;
        }
        assertEquals(Long.MAX_VALUE, timers.nextDeadlineNs());
    }

    @Test
    void shouldRemoveTimersFromAnywhere()
    {
        final TcpTimers timers = new TcpTimers();
        final List<Tcb> all = new ArrayList<>();
        for (int i = 0; i < 100; i++)
        {
            all.add(tcb(i + 1, i * 31 % 100));
            timers.update(all.get(i));
        }
        for (int i = 0; i < 100; i += 3)
        {
            timers.remove(all.get(i));
            all.get(i).retransmitAtNs = Tcb.NONE;
        }
        int count = 0;
        for (Tcb due = timers.due(1000); due != null; due = timers.due(1000))
        {
            due.retransmitAtNs = Tcb.NONE;
            count++;
        }
        assertEquals(66, count);
    }

    @Test
    void shouldKeepDeadlinesOfEqualWaitsInOrder()
    {
        final DeadlineLists lists = new DeadlineLists(2);
        lists.append(0, 5, 100);
        lists.append(1, 7, 50);
        lists.append(0, 40, 110);
        assertEquals(50, lists.earliestNs());
        assertEquals(1, lists.earliestList());
        lists.remove(7);
        assertEquals(100, lists.earliestNs());
        lists.remove(5);
        assertEquals(40, lists.first(0));
        lists.remove(40);
        assertEquals(Long.MAX_VALUE, lists.earliestNs());
    }
}
