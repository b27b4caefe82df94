package dev.baton.stack.sim;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

class EventQueueTest
{
    private final EventQueue queue = new EventQueue();

    @Test
    void shouldPopByTimeAndThenBySchedulingWhateverIsMovedOrRemoved()
    {
        final SimRandom random = new SimRandom(99);
        for (int round = 0; round < 200; round++)
        {
            final List<SimEvent> waiting = new ArrayList<>();
            for (int i = 0; i < 300; i++)
            {
                final int what = random.nextInt(4);
                if (what < 2 || waiting.isEmpty())
                {
                    final SimEvent event = new Nothing();
                    queue.schedule(event, random.nextInt(50));
                    waiting.add(event);
                }
                else if (what == 2)
                {
                    queue.schedule(waiting.get(random.nextInt(waiting.size())), random.nextInt(50));
                }
                else
                {
                    queue.remove(waiting.remove(random.nextInt(waiting.size())));
                }
            }
            waiting.sort(Comparator.<SimEvent>comparingLong((e) -> e.timeNs).thenComparingLong((e) -> e.sequence));
            assertEquals(waiting.size(), queue.size());
            for (final SimEvent expected : waiting)
            {
                assertEquals(expected.timeNs, queue.nextTimeNs());
                assertSame(expected, queue.pop());
            }
            assertNull(queue.pop());
            assertEquals(Long.MAX_VALUE, queue.nextTimeNs());
        }
    }

    @Test
    void shouldKeepThePlaceOfAnEventThatIsScheduledForTheSameTimeAgain()
    {
        final SimEvent first = new Nothing();
        final SimEvent second = new Nothing();
        queue.schedule(first, 5);
        queue.schedule(second, 5);
        queue.schedule(first, 5);
        assertSame(first, queue.pop());
        assertSame(second, queue.pop());
    }

    private static final class Nothing extends SimEvent
    {
        @Override
        void run()
        {
            assertEquals(-1, heapIndex);
        }

        @Override
        String describe()
        {
            return "nothing";
        }
    }
}
