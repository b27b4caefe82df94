package dev.baton.tools.node;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * The node's log: one line per event, with the time of day. Any thread, if its target takes any.
 *
 * @param out where lines go.
 */
record NodeLog(Consumer<String> out) implements Consumer<String>
{
    @Override
    public void accept(final String text)
    {
        out.accept(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + text.strip().replaceAll("\\s*\\R\\s*", " | "));
    }
}
