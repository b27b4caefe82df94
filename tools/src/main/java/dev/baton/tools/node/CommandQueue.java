package dev.baton.tools.node;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Work for the shard's thread from other threads: bounded, first in first out. {@link #offer(Task)} from any thread,
 * {@link #run(long)} on the shard's.
 */
public final class CommandQueue
{
    /** Most tasks that wait. */
    static final int CAPACITY = 64;

    private final ManyToOneConcurrentArrayQueue<Task> queue = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private final AtomicLong refused = new AtomicLong();
    private final Runnable wake;
    private long executed;

    /**
     * A queue.
     *
     * @param wake called after a task was put in, so that the shard's thread looks.
     */
    public CommandQueue(final Runnable wake)
    {
        this.wake = wake;
    }

    /**
     * Put a task in.
     *
     * @param task to run on the shard's thread.
     * @return false when the queue is full; the task will not run then.
     */
    boolean offer(final Task task)
    {
        if (!queue.offer(task))
        {
            refused.incrementAndGet();
            return false;
        }
        wake.run();
        return true;
    }

    /**
     * Run what waits.
     *
     * @param nowNs time of this turn.
     * @return how many tasks were run, at most {@link #CAPACITY}.
     */
    int run(final long nowNs)
    {
        int count = 0;
        for (Task task = queue.poll(); task != null; task = count < CAPACITY ? queue.poll() : null)
        {
            task.run(nowNs);
            count++;
        }
        executed += count;
        return count;
    }

    long executed()
    {
        return executed;
    }

    long refused()
    {
        return refused.get();
    }

    /** Something to do on the shard's thread. */
    interface Task
    {
        /**
         * Do it; must not block.
         *
         * @param nowNs time of this turn.
         */
        void run(long nowNs);
    }
}
