package dev.baton.tools.node;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What has to be closed, in the reverse of the order in which it was opened; what fails to close is logged and does not
 * keep the rest from being closed. Not thread safe.
 */
public final class ClosingStack implements AutoCloseable
{
    private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();
    private final Consumer<String> log;

    /**
     * Empty.
     *
     * @param log takes what fails.
     */
    public ClosingStack(final Consumer<String> log)
    {
        this.log = log;
    }

    /**
     * Remember something.
     *
     * @param closeable to be closed later.
     * @param <T>       of it.
     * @return the same.
     */
    public <T extends AutoCloseable> T add(final T closeable)
    {
        opened.push(closeable);
        return closeable;
    }

    @Override
    public void close()
    {
        while (!opened.isEmpty())
        {
            final AutoCloseable next = opened.pop();
            try
            {
                next.close();
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
            catch (final Exception ex)
            {
                log.accept("closing failed: " + ex);
            }
        }
    }
}
