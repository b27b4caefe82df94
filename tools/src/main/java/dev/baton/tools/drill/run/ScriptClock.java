package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.Action;
import dev.baton.tools.drill.script.PacketSpec;
import dev.baton.tools.drill.script.Script;
import dev.baton.tools.drill.script.When;

/**
 * When events are due, in microseconds from the start. A relative time counts from now, except that an injected
 * packet which follows
 * another counts from that one's time in the script, so that a train of packets keeps its distances.
 */
final class ScriptClock
{
    /** Value for "at any time". */
    static final long ANY = -1;

    private final DrillOptions options;
    private long fromUs;
    private long toUs;
    private long baseUs;
    private long lastUs;
    private boolean lastInjected;

    ScriptClock(final DrillOptions options)
    {
        this.options = options;
    }

    /** An event is next: settle its time. */
    void next(final Script.Event event, final long nowUs)
    {
        final boolean injects = injects(event.action());
        lastUs = Math.max(0, fromUs == ANY ? nowUs : fromUs);
        baseUs = injects && lastInjected ? lastUs : nowUs;
        lastInjected = injects;
        final When when = event.when();
        if (when instanceof When.At at)
        {
            set(at.us(), at.us());
        }
        else if (when instanceof When.After after)
        {
            set(baseUs + after.us(), baseUs + after.us());
        }
        else if (when instanceof When.Between range)
        {
            set(range.fromUs(), range.toUs());
        }
        else if (when instanceof When.AfterBetween range)
        {
            set(baseUs + range.fromUs(), baseUs + range.toUs());
        }
        else
        {
            set(ANY, ANY);
        }
    }

    private static boolean injects(final Action action)
    {
        return action instanceof PacketSpec packet && !packet.outbound();
    }

    private void set(final long from, final long to)
    {
        fromUs = from;
        toUs = to;
    }

    /** The time of the event, or its earliest; {@link #ANY} when it has none. */
    long fromUs()
    {
        return fromUs;
    }

    /** The latest time of the event. */
    long toUs()
    {
        return toUs;
    }

    /** When the end of a blocking call is due. */
    long endUs(final When end)
    {
        return end instanceof When.At at ? at.us() : baseUs + ((When.After)end).us();
    }

    /** What is wrong with the time at which something happened; null when it is as it should be. */
    String difference(final long actualUs, final long slackUs)
    {
        return fromUs == ANY ? null : difference(actualUs, fromUs, toUs + slackUs, lastUs);
    }

    /** What is wrong with a time; null when it is near enough. The tolerance grows with the time since what was before. */
    String difference(final long actualUs, final long earliestUs, final long latestUs, final long sinceUs)
    {
        final boolean early = actualUs < earliestUs - options.toleranceUs(Math.max(0, earliestUs - sinceUs));
        final boolean late = actualUs > latestUs + options.toleranceUs(Math.max(0, latestUs - sinceUs));
        if (!early && !late)
        {
            return null;
        }
        final String expected = earliestUs == latestUs ? seconds(earliestUs) : seconds(earliestUs) + "~" + seconds(latestUs);
        return "time " + seconds(actualUs) + " instead of " + expected;
    }

    /** A time as scripts write it. */
    static String seconds(final long us)
    {
        return us / 1_000_000 + "." + Long.toString(1_000_000 + us % 1_000_000).substring(1);
    }
}
