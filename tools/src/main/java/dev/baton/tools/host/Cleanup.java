package dev.baton.tools.host;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Undoes what was done, last thing first: at the end, after a failure, and when the process is interrupted. Each thing
 * is undone once; one that fails is told and does not keep the others from being undone.
 */
public final class Cleanup implements AutoCloseable
{
    private final Deque<AutoCloseable> things = new ArrayDeque<>();
    private final Consumer<String> log;
    private final Thread hook = new Thread(this::interrupted, "baton-cleanup");
    private volatile boolean interrupted;

    /**
     * Nothing to undo yet; from now on an interrupt of the process is noticed.
     *
     * @param log takes what cannot be undone.
     */
    public Cleanup(final Consumer<String> log)
    {
        this.log = log;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Something that has been done.
     *
     * @param thing whose close undoes it.
     * @param <T>   of it.
     * @return the thing.
     */
    public synchronized <T extends AutoCloseable> T add(final T thing)
    {
        things.push(thing);
        return thing;
    }

    /**
     * Is the process being ended from outside?
     *
     * @return true from the signal on.
     */
    public boolean isInterrupted()
    {
        return interrupted;
    }

    private void interrupted()
    {
        interrupted = true;
        undo();
    }

    private synchronized void undo()
    {
        while (!things.isEmpty())
        {
            final AutoCloseable thing = things.pop();
            try
            {
                thing.close();
            }
            catch (final Exception ex)
            {
                log.accept("cleaning up: " + ex.getMessage());
            }
        }
    }

    @Override
    public void close()
    {
        undo();
        if (!interrupted)
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
