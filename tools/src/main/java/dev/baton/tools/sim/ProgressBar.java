package dev.baton.tools.sim;

import dev.baton.tools.cli.Output;
import java.io.PrintStream;

/** A line on stderr that is drawn anew, for a person at a terminal only. */
final class ProgressBar
{
    private static final int WIDTH = 30;

    private final PrintStream err;
    private final boolean shown;
    private final long total;
    private final long startNs = System.nanoTime();

    ProgressBar(final long total)
    {
        this.err = System.err;
        this.shown = Output.isTerminal(2);
        this.total = total;
    }

    void show(final long done, final long failed)
    {
        if (shown)
        {
            err.print("\r" + line(done, failed, System.nanoTime() - startNs));
            err.flush();
        }
    }

    void clear()
    {
        if (shown)
        {
            err.print("\r" + " ".repeat(WIDTH + 60) + "\r");
            err.flush();
        }
    }

    private String line(final long done, final long failed, final long elapsedNs)
    {
        final int filled = (int)(WIDTH * done / Math.max(1, total));
        final long perSecond = elapsedNs == 0 ? 0 : done * 1_000_000_000L / elapsedNs;
        return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + done + "/" + total + " seeds, " + failed +
            " failed, " + perSecond + "/s   ";
    }
}
