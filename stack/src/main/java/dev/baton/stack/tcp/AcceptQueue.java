package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;

/**
 * The connections that wait for accept() at one listener: a list through the Tcbs, in order of {@link Tcb#acceptOrder}.
 * State only; {@link AcceptQueues} keeps the rules.
 */
final class AcceptQueue
{
    Tcb first;
    /** Connections that count against the backlog: those in the list, and those that are expected. */
    int pending;
    /** Is the service about to be told that the list is no longer empty? */
    boolean announcing;
    private Tcb last;
    private int size;
    private int nextOrder = 1;

    int size()
    {
        return size;
    }

    /** A place after all that were given; 0 stands for none. */
    int takeOrder()
    {
        final int order = nextOrder;
        nextOrder = order == -1 ? 1 : order + 1;
        return order;
    }

    int nextOrder()
    {
        return nextOrder;
    }

    void nextOrder(final int order)
    {
        nextOrder = order;
    }

    void append(final Tcb tcb)
    {
        link(last, tcb, null);
    }

    /** Put a connection where its number belongs. */
    void insert(final Tcb tcb)
    {
        Tcb before = last;
        while (before != null && Seq.gt(before.acceptOrder, tcb.acceptOrder))
        {
            before = before.acceptPrevious;
        }
        link(before, tcb, before == null ? first : before.acceptNext);
        if (Seq.geq(tcb.acceptOrder, nextOrder))
        {
            nextOrder = tcb.acceptOrder;
            takeOrder();
        }
    }

    private void link(final Tcb before, final Tcb tcb, final Tcb after)
    {
        tcb.acceptPrevious = before;
        tcb.acceptNext = after;
        if (before == null)
        {
            first = tcb;
        }
        else
        {
            before.acceptNext = tcb;
        }
        if (after == null)
        {
            last = tcb;
        }
        else
        {
            after.acceptPrevious = tcb;
        }
        size++;
    }

    void remove(final Tcb tcb)
    {
        if (tcb.acceptPrevious == null)
        {
            first = tcb.acceptNext;
        }
        else
        {
            tcb.acceptPrevious.acceptNext = tcb.acceptNext;
        }
        if (tcb.acceptNext == null)
        {
            last = tcb.acceptPrevious;
        }
        else
        {
            tcb.acceptNext.acceptPrevious = tcb.acceptPrevious;
        }
        tcb.acceptNext = null;
        tcb.acceptPrevious = null;
        size--;
    }
}
