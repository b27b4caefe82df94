package dev.baton.tools.node;

import dev.baton.stack.sim.SimNode;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The thread of a shard: commands, one poll, upkeep; then wait until something comes, somebody wakes it, or the shard's
 * next deadline. While there is work it does not wait. What is thrown is recorded, and the loop goes on; a shard that
 * throws at every turn is slowed down, not stopped.
 * <p>
 * {@link #requestStop()} and {@link #stopRequests()} from any thread, the rest from the one that runs it.
 */
public final class ShardLoop implements Runnable
{
    /** How long to wait after a turn that failed. */
    static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SimNode shard;
    private final CommandQueue commands;
    private final Upkeep upkeep;
    private final ErrorLog errors;
    private final Parker parker;
    private final NanoClock clock;
    private final AtomicInteger stopRequests = new AtomicInteger();
    private long turns;
    private boolean ended;

    /**
     * A loop.
     *
     * @param shard    to be polled.
     * @param commands to be run before each poll.
     * @param upkeep   to be done after each poll; ends the loop.
     * @param errors   record of what is thrown.
     * @param parker   where to wait.
     * @param clock    of the shard; must not be negative.
     */
    public ShardLoop(
        final SimNode shard,
        final CommandQueue commands,
        final Upkeep upkeep,
        final ErrorLog errors,
        final Parker parker,
        final NanoClock clock)
    {
        this.shard = shard;
        this.commands = commands;
        this.upkeep = upkeep;
        this.errors = errors;
        this.parker = parker;
        this.clock = clock;
    }

    @Override
    public void run()
    {
        while (!ended)
        {
            turn();
        }
    }

    /** Once round. */
    void turn()
    {
        turns++;
        long waitNs = 0;
        int work = 0;
        try
        {
            final long nowNs = clock.nanoTime();
            work = commands.run(nowNs) + shard.poll(nowNs);
            ended = upkeep.run(nowNs, stopRequests.get());
            final long deadlineNs = Math.min(shard.nextDeadlineNs(), upkeep.nextDeadlineNs());
            waitNs = deadlineNs == Long.MAX_VALUE ? deadlineNs : deadlineNs - clock.nanoTime();
        }
        catch (final Throwable ex)
        {
            errors.accept(ex);
            work = 0;
            waitNs = RETRY_NS;
        }
        if (work == 0 && !ended && waitNs > 0)
        {
            parker.await(waitNs);
        }
    }

    /** Ask for the end; a second request is more urgent than the first. The parker is woken by the caller. */
    public void requestStop()
    {
        stopRequests.incrementAndGet();
    }

    /**
     * How often the end was asked for.
     *
     * @return 0 while nobody has.
     */
    int stopRequests()
    {
        return stopRequests.get();
    }

    long turns()
    {
        return turns;
    }

    boolean hasEnded()
    {
        return ended;
    }

    /** Where the thread waits. */
    public interface Parker
    {
        /**
         * Wait for a packet, for somebody who wakes this thread, or for time to pass.
         *
         * @param timeoutNs at most so long.
         */
        void await(long timeoutNs);
    }

    /** What a node does beside its shard's own work. */
    public interface Upkeep
    {
        /**
         * Do it.
         *
         * @param nowNs        time of this turn.
         * @param stopRequests how often the end was asked for.
         * @return true to end the loop.
         */
        boolean run(long nowNs, int stopRequests);

        /**
         * When {@link #run} must be called at the latest.
         *
         * @return a time, or {@link Long#MAX_VALUE}.
         */
        long nextDeadlineNs();
    }
}
