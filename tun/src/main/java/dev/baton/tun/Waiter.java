package dev.baton.tun;

import org.agrona.BufferUtil;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a shard's thread waits: for a packet on one of its queues, for another thread, or for a deadline.
 * <p>
 * It spins first, as {@link AdaptiveSpin} allows, then parks in ppoll(2) on {queues, event}. No wake-up is lost, and one that is
 * not needed costs no system call:
 * <pre>
 *              wake()                     wake(): signal the event
 *      IDLE ------------&gt; NOTIFIED &lt;--------------------------- PARKED
 *        ^                    |                                   ^
 *        +--- await(): WOKEN -+     await(): only from IDLE ------+
 * </pre>
 * Whoever wakes first publishes its message, then moves the state with one atomic exchange, which is a full fence; the owner
 * leaves NOTIFIED before it looks for messages. So either the owner sees the message, or the next {@code await} returns at once.
 * A plain read of the state instead of the exchange would not order the two.
 * <p>
 * A wait ends after {@link #MAX_WAIT_NS} at the latest: a device that is down reports nothing at all. A device that is deleted
 * reports an error once, and is not waited for any more; its queue then tells the rest.
 * <p>
 * All methods belong to the owning thread, except {@link #wake()}. Allocates nothing after construction.
 */
public final class Waiter implements AutoCloseable
{
    /** Result bit: a queue has a packet or an error. */
    public static final int READY = 1;
    /** Result bit: {@link #wake()} was called. */
    public static final int WOKEN = 2;
    /** Result: neither. Also after {@link #MAX_WAIT_NS}, and when a signal ended the wait. */
    public static final int TIMEOUT = 0;
    /** Longest single wait. */
    public static final long MAX_WAIT_NS = 1_000_000_000;

    private static final int IDLE = 0;
    private static final int PARKED = 1;
    private static final int NOTIFIED = 2;
    private static final int CLOSED = 3;

    private static final int EINTR = 4;
    private static final int POLLIN = 1;
    private static final int POLLERR_HUP_NVAL = 0x08 | 0x10 | 0x20;
    private static final int POLLFD_LENGTH = 8;
    private static final int EVENTS_OFFSET = 4;
    private static final int REVENTS_OFFSET = 6;
    private static final int TIMESPEC_LENGTH = 16;
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final int MAX_CLOSE_POLLS = 10;
    private static final int CLOSE_POLL_MS = 100;

    private final LibCQuiet quiet = Native.quiet();
    private final EventFd event;
    private final LibC libc;
    private final NanoClock clock;
    private final AdaptiveSpin spin;
    private final int queueCount;
    /** An array of struct pollfd: the queues, then the event. */
    private final UnsafeBuffer pollSet;
    private final UnsafeBuffer timespec = new UnsafeBuffer(BufferUtil.allocateDirectAligned(TIMESPEC_LENGTH, 8));
    private final AtomicInteger state = new AtomicInteger(IDLE);
    /** Signals that a waker has announced by its exchange and we have not drained yet: exact, so that close can await them. */
    private long owedSignals;
    private long parks;
    private long wakes;
    private long pollErrors;

    /**
     * A waiter with the default spin and the system's clock.
     *
     * @param queues to wait for.
     * @throws TunException when no event could be made.
     */
    public Waiter(final TunQueue... queues) throws TunException
    {
        this(SystemNanoClock.INSTANCE, new AdaptiveSpin(AdaptiveSpin.DEFAULT_SPIN_NS), queues);
    }

    /**
     * A waiter.
     *
     * @param clock  that measures spins.
     * @param spin   how long to spin; used by this waiter alone.
     * @param queues to wait for; they are closed after the waiter.
     * @throws TunException when no event could be made.
     */
    public Waiter(final NanoClock clock, final AdaptiveSpin spin, final TunQueue... queues) throws TunException
    {
        this(EventFd.open(), Native.libc(), clock, spin, queues);
    }

    Waiter(
        final EventFd event, final LibC libc, final NanoClock clock, final AdaptiveSpin spin, final TunQueue... queues)
    {
        this.event = event;
        this.libc = libc;
        this.clock = clock;
        this.spin = spin;
        this.queueCount = queues.length;
        this.pollSet = new UnsafeBuffer(BufferUtil.allocateDirectAligned((queueCount + 1) * POLLFD_LENGTH, 8));
        for (int i = 0; i < queueCount; i++)
        {
            watch(i, queues[i].fd());
        }
        watch(queueCount, event.getFD());
    }

    /**
     * Wait.
     *
     * @param timeoutNs at most so long; 0 or less only looks. Cut to {@link #MAX_WAIT_NS}.
     * @return a set of {@link #READY} and {@link #WOKEN}, or {@link #TIMEOUT}.
     */
    public int await(final long timeoutNs)
    {
        if (takeNotification())
        {
            return WOKEN;
        }
        final long waitNs = Math.max(0, Math.min(timeoutNs, MAX_WAIT_NS));
        final long startNs = clock.nanoTime();
        final long budgetNs = spin.budgetNs(startNs, waitNs);
        if (budgetNs > 0)
        {
            final int result = spin(startNs, budgetNs);
            if (result != TIMEOUT || budgetNs == waitNs)
            {
                return result;
            }
        }
        return park(waitNs - budgetNs);
    }

    /**
     * Make the owner's current or next {@link #await(long)} return. From any thread, also after {@link #close()}. Messages
     * that were published before this call are seen by the owner after that return.
     */
    public void wake()
    {
        int seen = state.get();
        while (seen != CLOSED && !state.compareAndSet(seen, NOTIFIED))
        {
            seen = state.get();
        }
        if (seen == PARKED)
        {
            event.signal();
        }
    }

    /**
     * The spin policy and its counters.
     *
     * @return the one given at construction.
     */
    public AdaptiveSpin spin()
    {
        return spin;
    }

    /**
     * How often the thread parked.
     *
     * @return how many times.
     */
    public long parks()
    {
        return parks;
    }

    /**
     * Waits that {@link #wake()} ended or forestalled.
     *
     * @return how many.
     */
    public long wakes()
    {
        return wakes;
    }

    /**
     * Parks that the kernel refused, a signal not counted.
     *
     * @return how many.
     */
    public long pollErrors()
    {
        return pollErrors;
    }

    /**
     * Close the event. By the owning thread, which does not wait any more. A {@link #wake()} that is on its way is let finish
     * first, or it could write to another file that got the event's number.
     */
    @Override
    public void close()
    {
        if (state.getAndSet(CLOSED) == CLOSED)
        {
            return;
        }
        for (int i = 0; i < MAX_CLOSE_POLLS && owedSignals > 0; i++)
        {
            quiet.poll(entryAddress(queueCount), 1, CLOSE_POLL_MS);
            owedSignals -= event.drain();
        }
        event.closeQuietly();
    }

    private boolean takeNotification()
    {
        if (state.get() == NOTIFIED && state.compareAndSet(NOTIFIED, IDLE))
        {
            wakes++;
            return true;
        }
        return false;
    }

    private int spin(final long startNs, final long budgetNs)
    {
        int result = TIMEOUT;
        long nowNs = startNs;
        while (result == TIMEOUT && nowNs - startNs < budgetNs)
        {
            if (queueCount > 0 && quiet.poll(pollSet.addressOffset(), queueCount, 0) > 0)
            {
                result = collectQueues();
            }
            if (takeNotification())
            {
                result |= WOKEN;
            }
            Thread.onSpinWait();
            nowNs = clock.nanoTime();
        }
        spin.record(result != TIMEOUT, budgetNs, nowNs);
        return result;
    }

    private int park(final long timeoutNs)
    {
        if (!state.compareAndSet(IDLE, PARKED))
        {
            return takeNotification() ? WOKEN : TIMEOUT;
        }
        parks++;
        timespec.putLong(0, timeoutNs / NS_PER_SECOND, ByteOrder.nativeOrder());
        timespec.putLong(8, timeoutNs % NS_PER_SECOND, ByteOrder.nativeOrder());
        final int events = libc.ppoll(pollSet.addressOffset(), queueCount + 1, timespec.addressOffset(), 0);
        if (events < 0 && Native.errno() != EINTR)
        {
            pollErrors++;
        }
        final boolean notified = state.getAndSet(IDLE) == NOTIFIED;
        owedSignals += notified ? 1 : 0;
        int result = notified ? WOKEN : TIMEOUT;
        if (events > 0)
        {
            result |= collectQueues();
            result |= collectEvent();
        }
        wakes += (result & WOKEN) != 0 ? 1 : 0;
        return result;
    }

    private int collectQueues()
    {
        int result = TIMEOUT;
        for (int i = 0; i < queueCount; i++)
        {
            final int events = revents(i);
            if (events != 0)
            {
                result = READY;
            }
            if ((events & POLLERR_HUP_NVAL) != 0)
            {
                watch(i, -1);
            }
        }
        return result;
    }

    private int collectEvent()
    {
        if (revents(queueCount) == 0)
        {
            return TIMEOUT;
        }
        owedSignals -= event.drain();
        return WOKEN;
    }

    /** A negative descriptor is passed over by the kernel. */
    private void watch(final int index, final int fd)
    {
        final int at = index * POLLFD_LENGTH;
        pollSet.putInt(at, fd, ByteOrder.nativeOrder());
        pollSet.putShort(at + EVENTS_OFFSET, (short)POLLIN, ByteOrder.nativeOrder());
        pollSet.putShort(at + REVENTS_OFFSET, (short)0, ByteOrder.nativeOrder());
    }

    private int revents(final int index)
    {
        return pollSet.getShort(index * POLLFD_LENGTH + REVENTS_OFFSET, ByteOrder.nativeOrder()) & 0xFFFF;
    }

    private long entryAddress(final int index)
    {
        return pollSet.addressOffset() + index * POLLFD_LENGTH;
    }
}
