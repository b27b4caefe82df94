package dev.baton.stack.sim;

import java.util.Arrays;

/**
 * The only scheduler of a world: a binary heap of events ordered by (time, sequence). An event knows its place, so that
 * it can be moved or taken out. Bounded.
 */
final class EventQueue
{
    /** The most events that may wait. */
    static final int MAX_EVENTS = 1 << 20;

    private SimEvent[] heap = new SimEvent[64];
    private int size;
    private long nextSequence;

    int size()
    {
        return size;
    }

    /**
     * When the next event happens.
     *
     * @return its time, {@link Long#MAX_VALUE} when there is none.
     */
    long nextTimeNs()
    {
        return size == 0 ? Long.MAX_VALUE : heap[0].timeNs;
    }

    /**
     * Put an event in, or move it; to the same time is no move, and keeps its place.
     *
     * @param event  to happen.
     * @param timeNs when.
     */
    void schedule(final SimEvent event, final long timeNs)
    {
        if (event.heapIndex >= 0)
        {
            if (event.timeNs == timeNs)
            {
                return;
            }
            remove(event);
        }
        if (size == MAX_EVENTS)
        {
            throw new IllegalStateException("more than " + MAX_EVENTS +
                " events wait in the simulated world: something is scheduled faster than it happens");
        }
        if (size == heap.length)
        {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        event.timeNs = timeNs;
        event.sequence = nextSequence++;
        place(event, size++);
        up(event);
    }

    /**
     * Take an event out, if it is in.
     *
     * @param event that is not to happen.
     */
    void remove(final SimEvent event)
    {
        final int hole = event.heapIndex;
        if (hole < 0)
        {
            return;
        }
        event.heapIndex = -1;
        final SimEvent last = heap[--size];
        heap[size] = null;
        if (last != event)
        {
            place(last, hole);
            up(last);
            down(last);
        }
    }

    /**
     * Take the next event out.
     *
     * @return the event; null when there is none.
     */
    SimEvent pop()
    {
        if (size == 0)
        {
            return null;
        }
        final SimEvent first = heap[0];
        remove(first);
        return first;
    }

    private void up(final SimEvent event)
    {
        while (event.heapIndex > 0)
        {
            final int here = event.heapIndex;
            final SimEvent parent = heap[here - 1 >>> 1];
            if (!before(event, parent))
            {
                return;
            }
            place(event, parent.heapIndex);
            place(parent, here);
        }
    }

    private void down(final SimEvent event)
    {
        while (true)
        {
            final int here = event.heapIndex;
            int child = 2 * here + 1;
            if (child >= size)
            {
                return;
            }
            if (child + 1 < size && before(heap[child + 1], heap[child]))
            {
                child++;
            }
            final SimEvent smaller = heap[child];
            if (!before(smaller, event))
            {
                return;
            }
            place(event, child);
            place(smaller, here);
        }
    }

    private void place(final SimEvent event, final int index)
    {
        heap[index] = event;
        event.heapIndex = index;
    }

    private static boolean before(final SimEvent a, final SimEvent b)
    {
        return a.timeNs < b.timeNs || a.timeNs == b.timeNs && a.sequence < b.sequence;
    }
}
