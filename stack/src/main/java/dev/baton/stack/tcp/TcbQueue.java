package dev.baton.stack.tcp;

/** A first-in, first-out queue of Tcbs that grows to what is needed and then allocates nothing. Not thread safe. */
final class TcbQueue
{
    private Tcb[] items = new Tcb[64];
    private int head;
    private int size;

    boolean isEmpty()
    {
        return size == 0;
    }

    int size()
    {
        return size;
    }

    void add(final Tcb tcb)
    {
        if (size == items.length)
        {
            final Tcb[] longer = new Tcb[2 * size];
            for (int i = 0; i < size; i++)
            {
                longer[i] = items[head + i & size - 1];
            }
            items = longer;
            head = 0;
        }
        items[head + size & items.length - 1] = tcb;
        size++;
    }

    /** One of the queue, the first being 0. */
    Tcb get(final int i)
    {
        return items[head + i & items.length - 1];
    }

    Tcb poll()
    {
        final Tcb tcb = items[head];
        items[head] = null;
        head = head + 1 & items.length - 1;
        size--;
        return tcb;
    }
}
