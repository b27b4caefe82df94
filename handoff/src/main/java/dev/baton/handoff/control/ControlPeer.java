package dev.baton.handoff.control;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One peer and its current connection. Here it is decided which connection is the channel, and in what order the shard
 * hears of it:
 * <ul>
 *   <li>{@link #install} makes a connection the channel. An older one is closed and reported down first, so that one
 *   that is only half dead cannot stand in the way of its successor;</li>
 *   <li>a frame goes to the shard only while its connection is the channel. Both that check and the write to the ring
 *   are made under this object's lock, so nothing of a connection can follow the report that it is down;</li>
 *   <li>the shard never takes the lock.</li>
 * </ul>
 * When the ring is full the network thread waits, and with it its peer: that is the back-pressure.
 */
final class ControlPeer
{
    /** Offset of the generation in the record of {@link Inbox#CONNECTED}. */
    static final int GENERATION_OFFSET = 0;
    /** Offset of the incarnation in the record of {@link Inbox#CONNECTED}. */
    static final int INCARNATION_OFFSET = 8;

    private static final int EVENT_BYTES = 16;
    private static final long MIN_WAIT_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final int index;
    private final String name;
    private final ControlRuntime runtime;
    private final PeerCounters counters = new PeerCounters();
    private final UnsafeBuffer event = new UnsafeBuffer(new byte[EVENT_BYTES]);
    private volatile ControlConnection current;
    private int generations;

    ControlPeer(final int index, final String name, final ControlRuntime runtime)
    {
        this.index = index;
        this.name = name;
        this.runtime = runtime;
    }

    int index()
    {
        return index;
    }

    String name()
    {
        return name;
    }

    PeerCounters counters()
    {
        return counters;
    }

    /**
     * The connection that is the channel.
     *
     * @return null when there is none.
     */
    ControlConnection current()
    {
        return current;
    }

    /**
     * Make a connection the channel.
     *
     * @param connection authenticated, Hellos exchanged.
     */
    void install(final ControlConnection connection)
    {
        replace(current);
        synchronized (this)
        {
            if (current != null)
            {
                replace(current);
                reportDown();
            }
            counters.connects.incrementAndGet();
            connection.generation(++generations);
            current = connection;
            event.putLong(GENERATION_OFFSET, generations);
            event.putLong(INCARNATION_OFFSET, connection.incarnation());
            report(Inbox.CONNECTED);
        }
    }

    private void replace(final ControlConnection connection)
    {
        if (connection != null && connection.close("replaced by a newer connection"))
        {
            counters.replaced.incrementAndGet();
        }
    }

    /**
     * A connection has ended.
     *
     * @param connection that was installed; not the channel any more if another has replaced it.
     */
    synchronized void remove(final ControlConnection connection)
    {
        if (current == connection)
        {
            reportDown();
        }
    }

    private void reportDown()
    {
        current = null;
        report(Inbox.DISCONNECTED);
    }

    private void report(final int kind)
    {
        long waitNs = MIN_WAIT_NS;
        while (!runtime.inbox().tryPut(kind, index, event, 0, EVENT_BYTES) && !runtime.isClosing())
        {
            waitNs = waitForRoom(waitNs);
        }
    }

    /**
     * Give a frame to the shard; waits while the ring is full.
     *
     * @param connection on which it came.
     * @param buffer     that holds it.
     * @param length     of it in bytes; it begins at 0.
     * @return false when the connection has been closed or replaced; the frame is lost then.
     */
    boolean deliver(final ControlConnection connection, final DirectBuffer buffer, final int length)
    {
        long waitNs = MIN_WAIT_NS;
        boolean waited = false;
        while (!connection.isClosed())
        {
            synchronized (this)
            {
                if (current != connection)
                {
                    return false;
                }
                if (runtime.inbox().tryPut(Inbox.FRAME, index, buffer, 0, length))
                {
                    return true;
                }
            }
            if (!waited)
            {
                waited = true;
                counters.inboundFull.incrementAndGet();
            }
            waitNs = waitForRoom(waitNs);
        }
        return false;
    }

    private long waitForRoom(final long waitNs)
    {
        LockSupport.parkNanos(this, waitNs);
        return Math.min(MAX_WAIT_NS, 2 * waitNs);
    }
}
