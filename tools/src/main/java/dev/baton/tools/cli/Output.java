package dev.baton.tools.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a command writes. People get text and tables on stdout; with {@code --json} stdout carries exactly one document and
 * nothing else (a stream of them, one per line, for a command that watches). Logs and progress go to stderr in both cases.
 * <p>
 * One thread at a time.
 */
public final class Output
{
    /** Version of the shape of all JSON documents. */
    public static final int SCHEMA = 1;

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final boolean colour;
    private final boolean progress;
    private boolean documentWritten;

    /**
     * An output.
     *
     * @param out      stdout.
     * @param err      stderr.
     * @param json     is {@code --json} given?
     * @param colour   may text on stdout be coloured?
     * @param progress is there a person who watches stderr?
     */
    public Output(
        final PrintWriter out, final PrintWriter err, final boolean json, final boolean colour, final boolean progress)
    {
        this.out = out;
        this.err = err;
        this.json = json;
        this.colour = colour;
        this.progress = progress;
    }

    /**
     * Is a descriptor of this process a terminal? Asked of /proc, as {@code System.console()} answers differently from
     * Java 22 on.
     *
     * @param descriptor 1 is stdout, 2 is stderr.
     * @return false also when it cannot be told.
     */
    public static boolean isTerminal(final int descriptor)
    {
        try
        {
            final String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || "/dev/console".equals(target);
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /**
     * Does the user want JSON?
     *
     * @return true with {@code --json}.
     */
    public boolean json()
    {
        return json;
    }

    /**
     * A line for people; nothing with {@code --json}.
     *
     * @param text without line end.
     */
    public void line(final String text)
    {
        if (!json)
        {
            out.println(text);
            out.flush();
        }
    }

    /**
     * A table for people; nothing with {@code --json}.
     *
     * @param table to print.
     */
    public void table(final Table table)
    {
        table.lines().forEach(this::line);
    }

    /**
     * The document for programs; nothing without {@code --json}.
     *
     * @param members all but {@code schema}, which is added.
     * @throws IllegalStateException when this command has already written its document.
     */
    public void document(final Map<String, ?> members)
    {
        if (json && documentWritten)
        {
            throw new IllegalStateException("a command writes one document");
        }
        streamed(members);
    }

    /**
     * One of many documents of a command that watches; nothing without {@code --json}.
     *
     * @param members all but {@code schema}, which is added.
     */
    public void streamed(final Map<String, ?> members)
    {
        if (json)
        {
            final TreeMap<String, Object> document = new TreeMap<>(members);
            document.put("schema", SCHEMA);
            out.println(Json.write(document));
            out.flush();
            documentWritten = true;
        }
    }

    /**
     * A line on stderr, in both modes.
     *
     * @param text without line end.
     */
    public void log(final String text)
    {
        err.println(text);
        err.flush();
    }

    /**
     * A line on stderr that only a person at a terminal needs.
     *
     * @param text without line end.
     */
    public void progress(final String text)
    {
        if (progress)
        {
            log(text);
        }
    }

    /**
     * Colour a text where that is wanted.
     *
     * @param how  the colour.
     * @param text to be shown on stdout.
     * @return the text, with colour on a terminal.
     */
    public String paint(final Colour how, final String text)
    {
        return colour ? how.paint(text) : text;
    }

    boolean documentWritten()
    {
        return documentWritten;
    }
}
