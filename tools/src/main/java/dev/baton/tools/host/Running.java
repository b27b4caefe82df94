package dev.baton.tools.host;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Processes that were started and must not be left behind. Thread safe; {@link #close()} may come from a shutdown hook
 * at any time, after which nothing can be started any more.
 */
public final class Running implements AutoCloseable
{
    private static final long PATIENCE_MS = 2_000;

    private final List<Process> processes = new ArrayList<>();
    private boolean closed;

    /** None yet. */
    public Running()
    {
    }

    /**
     * Start a process with nothing on its stdin.
     *
     * @param what    it is, for errors.
     * @param builder of it.
     * @return started.
     * @throws IOException when it cannot be started, or everything is being ended.
     */
    public synchronized Process start(final String what, final ProcessBuilder builder) throws IOException
    {
        if (closed)
        {
            throw new IOException(what + " is not started: everything is being ended");
        }
        processes.removeIf(process -> !process.isAlive());
        final Process process = builder.redirectInput(new File("/dev/null")).start();
        processes.add(process);
        return process;
    }

    /** End them all: asked first, and killed when they do not listen. */
    @Override
    public synchronized void close()
    {
        closed = true;
        processes.forEach(Process::destroy);
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        for (final Process process : processes)
        {
            end(process, endNs - System.nanoTime());
        }
        processes.clear();
    }

    private static void end(final Process process, final long patienceNs)
    {
        try
        {
            if (!process.waitFor(Math.max(1, patienceNs), TimeUnit.NANOSECONDS))
            {
                process.destroyForcibly().waitFor(1, TimeUnit.SECONDS);
            }
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
