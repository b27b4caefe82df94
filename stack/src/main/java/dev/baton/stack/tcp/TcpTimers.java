package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * When each connection wants to be woken: one entry for each Tcb, in a binary heap ordered by (time, id), so that what
 * is due at the same time runs in an order that depends on nothing but exported state.
 * <p>
 * An entry moves only when its connection's earliest deadline becomes earlier. When it comes to the top too early it
 * sinks to where the Tcb's own deadlines say it belongs, and nothing else happens. Deadlines of the past are as good as
 * any. Not thread safe.
 */
final class TcpTimers
{
    private Tcb[] heap = new Tcb[64];
    private int size;

    /** Have an entry for the connection's earliest deadline. */
    void update(final Tcb tcb)
    {
        final long atNs = tcb.earliestDeadlineNs();
        if (tcb.heapIndex < 0)
        {
            if (atNs != Tcb.NONE)
            {
                insert(tcb, atNs);
            }
        }
        else if (atNs < tcb.heapKeyNs)
        {
            tcb.heapKeyNs = atNs;
            up(tcb.heapIndex);
        }
    }

    void remove(final Tcb tcb)
    {
        final int at = tcb.heapIndex;
        if (at < 0)
        {
            return;
        }
        tcb.heapIndex = -1;
        size--;
        final Tcb moved = heap[size];
        heap[size] = null;
        if (moved != tcb)
        {
            put(at, moved);
            up(at);
            down(moved.heapIndex);
        }
    }

    /** The connection whose deadline has come first, when it has come; else null. */
    Tcb due(final long nowNs)
    {
        settleTop();
        return size > 0 && heap[0].heapKeyNs <= nowNs ? heap[0] : null;
    }

    long nextDeadlineNs()
    {
        settleTop();
        return size > 0 ? heap[0].heapKeyNs : Long.MAX_VALUE;
    }

    private void settleTop()
    {
        while (size > 0)
        {
            final Tcb top = heap[0];
            final long atNs = top.earliestDeadlineNs();
            if (atNs == top.heapKeyNs)
            {
                return;
            }
            if (atNs == Tcb.NONE)
            {
                remove(top);
            }
            else
            {
                top.heapKeyNs = atNs;
                down(0);
            }
        }
    }

    private void insert(final Tcb tcb, final long atNs)
    {
        if (size == heap.length)
        {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        tcb.heapKeyNs = atNs;
        put(size, tcb);
        size++;
        up(size - 1);
    }

    private void put(final int at, final Tcb tcb)
    {
        heap[at] = tcb;
        tcb.heapIndex = at;
    }

    private static boolean before(final Tcb a, final Tcb b)
    {
        return a.heapKeyNs < b.heapKeyNs || a.heapKeyNs == b.heapKeyNs && a.id < b.id;
    }

    private void up(final int from)
    {
        int at = from;
        final Tcb tcb = heap[at];
        while (at > 0 && before(tcb, heap[at - 1 >>> 1]))
        {
            put(at, heap[at - 1 >>> 1]);
            at = at - 1 >>> 1;
        }
        put(at, tcb);
    }

    private void down(final int from)
    {
        int at = from;
        final Tcb tcb = heap[at];
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= size)
            {
                break;
            }
            if (child + 1 < size && before(heap[child + 1], heap[child]))
            {
                child++;
            }
            if (!before(heap[child], tcb))
            {
                break;
            }
            put(at, heap[child]);
            at = child;
        }
        put(at, tcb);
    }
}
