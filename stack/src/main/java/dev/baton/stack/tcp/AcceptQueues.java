package dev.baton.stack.tcp;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The accept queues of a shard's listeners (RFC 9293, section 3.9.1; Linux's semantics of listen(2) and accept(2)).
 * <pre>
 *     ACK of the SYN/ACK        modules let the indication pass        accept()
 *     ------------------> expected --------------------------> waiting --------> the user's
 *          counts against the backlog from here ...               ... to here
 * </pre>
 * A connection that ends while it waits leaves the queue. The order of a queue is a number in each Tcb, so that it can
 * be exported. A service is told of its listener when the queue becomes non-empty, once. Not thread safe.
 */
final class AcceptQueues
{
    private final ConnectionLife life;
    private final ArrayDeque<Listener> toAnnounce = new ArrayDeque<>();

    AcceptQueues(final ConnectionLife life)
    {
        this.life = life;
    }

    /** A connection of a listener with a backlog has got its Tcb. */
    void expect(final Tcb tcb, final Listener listener)
    {
        if (listener.hasBacklog())
        {
            tcb.awaitsAccept = true;
            tcb.listener = listener;
            listener.queue.pending++;
        }
    }

    /** The indication has passed the modules: the connection waits, or goes with its listener. */
    void arrive(final Tcb tcb)
    {
        final Listener listener = tcb.listener;
        if (listener.isClosed())
        {
            tcb.abortRequested = true;
            life.markDirty(tcb);
            return;
        }
        tcb.acceptOrder = listener.queue.takeOrder();
        listener.queue.append(tcb);
        announceFirst(listener);
    }

    private void announceFirst(final Listener listener)
    {
        if (listener.queue.size() == 1 && !listener.queue.announcing)
        {
            listener.queue.announcing = true;
            toAnnounce.add(listener);
        }
    }

    /** A connection comes from an image, in the place that it had. */
    void restore(final Tcb tcb, final Listener listener)
    {
        tcb.listener = listener;
        listener.queue.pending++;
        if (tcb.acceptOrder != 0)
        {
            listener.queue.insert(tcb);
            announceFirst(listener);
        }
    }

    /** The connection that has waited longest, which now is the user's; null when none waits. */
    Tcb accept(final Listener listener)
    {
        final Tcb tcb = listener.queue.first;
        if (tcb != null)
        {
            leave(tcb);
            tcb.accepted = true;
            if (tcb.receiveRing.readable() > 0 || tcb.finReceived)
            {
                life.raise(tcb, ConnectionLife.READABLE);
            }
        }
        return tcb;
    }

    /** A connection is accepted, over or gone: it neither waits nor counts any longer. */
    void leave(final Tcb tcb)
    {
        if (tcb.awaitsAccept)
        {
            final Listener listener = tcb.listener;
            if (tcb.acceptOrder != 0)
            {
                listener.queue.remove(tcb);
            }
            listener.queue.pending--;
            tcb.listener = null;
            tcb.acceptOrder = 0;
            tcb.awaitsAccept = false;
        }
    }

    /** A listener was closed: who waits in its queue is reset. */
    void close(final Listener listener)
    {
        for (Tcb tcb = listener.queue.first; tcb != null; tcb = tcb.acceptNext)
        {
            tcb.abortRequested = true;
            life.markDirty(tcb);
        }
    }

    /** The next listener whose service is to be told; null when there is none. */
    Listener takeAnnouncement()
    {
        while (!toAnnounce.isEmpty())
        {
            final Listener listener = toAnnounce.poll();
            listener.queue.announcing = false;
            if (!listener.isClosed() && listener.queue.first != null)
            {
                return listener;
            }
        }
        return null;
    }

    /** The listeners whose services are to be told, in order. */
    List<Listener> announcements()
    {
        return List.copyOf(toAnnounce);
    }

    /** Tell the services of these listeners, and of no others. */
    void announce(final List<Listener> listeners)
    {
        toAnnounce.forEach((listener) -> listener.queue.announcing = false);
        toAnnounce.clear();
        listeners.forEach((listener) -> listener.queue.announcing = true);
        toAnnounce.addAll(listeners);
    }

    boolean isIdle()
    {
        return toAnnounce.isEmpty();
    }
}
