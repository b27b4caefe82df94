package dev.baton.handoff.control;

import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the parts of one plane share: settings, log, the ring to the shard, and the threads and sockets that
 * {@link #close()} has to end. Any thread.
 */
final class ControlRuntime
{
    private static final String CLOSING = "the control plane is closing";
    private static final long JOIN_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);

    /** Accepted connections that did not become channels. */
    final AtomicLong refused = new AtomicLong();

    private final ControlConfig config;
    private final ControlLog log;
    private final Inbox inbox;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer;
    private volatile Thread timerThread;

    ControlRuntime(final ControlConfig config, final ControlLog log, final Inbox inbox)
    {
        this.config = config;
        this.log = log;
        this.inbox = inbox;
        this.timer = new ScheduledThreadPoolExecutor(1, this::timerThread);
        this.timer.setRemoveOnCancelPolicy(true);
    }

    private Thread timerThread(final Runnable task)
    {
        timerThread = daemon("baton-control-timer", task);
        return timerThread;
    }

    ControlConfig config()
    {
        return config;
    }

    ControlLog log()
    {
        return log;
    }

    Inbox inbox()
    {
        return inbox;
    }

    boolean isClosing()
    {
        return closing.getCount() == 0;
    }

    /**
     * Wait, but not longer than the plane lives.
     *
     * @param waitNs how long.
     */
    void pause(final long waitNs)
    {
        try
        {
            closing.await(waitNs, TimeUnit.NANOSECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            beginClose();
        }
    }

    /**
     * Start a thread that {@link #close()} joins.
     *
     * @param name of it, without the prefix that all have.
     * @param task what it does.
     * @return the thread.
     */
    Thread spawn(final String name, final Runnable task)
    {
        final Thread thread = daemon("baton-control-" + name, () -> guarded(name, task));
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void guarded(final String name, final Runnable task)
    {
        try
        {
            task.run();
        }
        catch (final RuntimeException ex)
        {
            log.line("control: thread " + name + " failed: " + ex + "; report this");
        }
        finally
        {
            threads.remove(Thread.currentThread());
        }
    }

    private static Thread daemon(final String name, final Runnable task)
    {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Have a socket closed with the plane.
     *
     * @param socket that was made.
     * @throws IOException when the plane is closing; the socket is closed then.
     */
    void own(final Socket socket) throws IOException
    {
        sockets.add(socket);
        if (isClosing())
        {
            release(socket);
            throw new IOException(CLOSING);
        }
    }

    /**
     * Close a socket; whoever reads or writes it is thrown out. It is the kernel's socket that is closed, below TLS,
     * since a farewell of TLS would wait for a writer that is stuck.
     *
     * @param socket to close; again is harmless.
     */
    void release(final Socket socket)
    {
        sockets.remove(socket);
        try
        {
            socket.close();
        }
        catch (final IOException ex)
        {
            log.line("control: closing " + socket.getRemoteSocketAddress() + " failed: " + ex.getMessage());
        }
    }

    /**
     * Run something later, unless the result is cancelled.
     *
     * @param task    to run by the timer's thread.
     * @param delayNs after which time.
     * @return to cancel it.
     * @throws IOException when the plane is closing.
     */
    Future<?> schedule(final Runnable task, final long delayNs) throws IOException
    {
        try
        {
            return timer.schedule(task, delayNs, TimeUnit.NANOSECONDS);
        }
        catch (final RejectedExecutionException ex)
        {
            throw new IOException(CLOSING, ex);
        }
    }

    /** From now on nothing begins, and what fails is not said; {@link #close()} follows. */
    void beginClose()
    {
        closing.countDown();
    }

    /** End all threads and sockets, and wait for them; again is harmless. */
    void close()
    {
        beginClose();
        timer.shutdownNow();
        sockets.forEach(this::release);
        final long deadlineNs = System.nanoTime() + JOIN_LIMIT_NS;
        for (final Thread thread : threads)
        {
            join(thread, deadlineNs);
        }
        final Thread timing = timerThread;
        if (timing != null)
        {
            join(timing, deadlineNs);
        }
    }

    private void join(final Thread thread, final long deadlineNs)
    {
        if (thread == Thread.currentThread())
        {
            return;
        }
        try
        {
            TimeUnit.NANOSECONDS.timedJoin(thread, deadlineNs - System.nanoTime());
            if (thread.isAlive())
            {
                log.line("control: " + thread.getName() + " has not ended; it ends with the process");
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
