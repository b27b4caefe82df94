package dev.baton.tools.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Exceptions of the shard, distinct ones apart: the same class thrown at the same place counts as one, is logged with
 * its stack the first time, and as a number whenever that number has doubled. Belongs to the shard's thread.
 */
public final class ErrorLog implements Consumer<Throwable>
{
    /** Most distinct errors that are told apart; the others count as one. */
    static final int MAX_DISTINCT = 64;

    private static final int FRAMES_IN_KEY = 4;
    private static final int FRAMES_IN_LOG = 24;
    private static final String OTHERS = "others";

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Consumer<String> log;
    private long total;

    /**
     * A log.
     *
     * @param log takes its lines.
     */
    public ErrorLog(final Consumer<String> log)
    {
        this.log = log;
    }

    @Override
    public void accept(final Throwable error)
    {
        total++;
        final String key = entries.size() < MAX_DISTINCT || entries.containsKey(key(error)) ? key(error) : OTHERS;
        final Entry entry = entries.computeIfAbsent(key, (absent) -> new Entry(error.toString()));
        entry.count++;
        if (entry.count == 1)
        {
            log.accept("error in the shard: " + describe(error));
        }
        else if (Long.bitCount(entry.count) == 1)
        {
            log.accept("error in the shard, " + entry.count + " times now: " + entry.text);
        }
    }

    long total()
    {
        return total;
    }

    /**
     * What was recorded.
     *
     * @return in the order of first occurrence.
     */
    List<Map<String, Object>> report()
    {
        final List<Map<String, Object>> list = new ArrayList<>();
        entries.forEach((key, entry) ->
        {
            final Map<String, Object> line = new TreeMap<>();
            line.put("count", entry.count);
            line.put("error", entry.text);
            line.put("where", key);
            list.add(line);
        });
        return list;
    }

    private static String key(final Throwable error)
    {
        final StringBuilder key = new StringBuilder(error.getClass().getName());
        final StackTraceElement[] stack = error.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, FRAMES_IN_KEY); i++)
        {
            key.append(" < ").append(stack[i]);
        }
        return key.toString();
    }

    private static String describe(final Throwable error)
    {
        final StringBuilder text = new StringBuilder();
        for (Throwable cause = error; cause != null && text.length() < 8_192; cause = cause.getCause())
        {
            text.append(cause == error ? "" : "\ncaused by ").append(cause);
            final StackTraceElement[] stack = cause.getStackTrace();
            for (int i = 0; i < Math.min(stack.length, FRAMES_IN_LOG); i++)
            {
                text.append("\n  at ").append(stack[i]);
            }
        }
        return text.toString();
    }

    /** One kind of error. */
    private static final class Entry
    {
        private final String text;
        private long count;

        Entry(final String text)
        {
            this.text = text;
        }
    }
}
