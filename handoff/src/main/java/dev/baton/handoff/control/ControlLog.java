package dev.baton.handoff.control;

import java.util.function.Consumer;

/**
 * The plane's way to the node's log: one line per event, and never more than {@link #LINES_PER_WINDOW} in a second,
 * since whoever reaches the port can cause lines. What was left out is counted, and said before the next line. Any
 * thread.
 */
final class ControlLog
{
    /** Most lines in one {@link #WINDOW_NS}. */
    static final int LINES_PER_WINDOW = 20;
    /** A window's length. */
    static final long WINDOW_NS = 1_000_000_000L;

    private final Consumer<String> sink;
    private long windowStartNs;
    private int lines;
    private long suppressed;
    private long failed;

    ControlLog(final Consumer<String> sink, final long nowNs)
    {
        this.sink = sink;
        this.windowStartNs = nowNs;
    }

    /**
     * Say a line now.
     *
     * @param message the line.
     */
    void line(final String message)
    {
        line(message, System.nanoTime());
    }

    /**
     * Say a line.
     *
     * @param message the line.
     * @param nowNs   time.
     */
    synchronized void line(final String message, final long nowNs)
    {
        if (nowNs - windowStartNs >= WINDOW_NS)
        {
            windowStartNs = nowNs;
            lines = 0;
            if (suppressed > 0)
            {
                say("control: " + suppressed + " lines left out");
                suppressed = 0;
            }
        }
        if (lines < LINES_PER_WINDOW)
        {
            lines++;
            say(message);
        }
        else
        {
            suppressed++;
        }
    }

    /**
     * Lines that the sink did not take.
     *
     * @return how many.
     */
    synchronized long failed()
    {
        return failed;
    }

    private static String printable(final String message)
    {
        for (int i = 0; i < message.length(); i++)
        {
            if (Character.isISOControl(message.charAt(i)))
            {
                return message.replaceAll("\\p{Cntrl}+", " ");
            }
        }
        return message;
    }

    private void say(final String message)
    {
        try
        {
            sink.accept(printable(message));
        }
        catch (final RuntimeException ex)
        {
            failed++;
        }
    }
}
