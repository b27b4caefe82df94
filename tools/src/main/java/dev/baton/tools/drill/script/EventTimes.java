package dev.baton.tools.drill.script;

import java.util.List;

/** What must hold of the times of events. */
final class EventTimes
{
    private EventTimes()
    {
    }

    /** Ranges and {@code *} are for expected packets, an end is for system calls. */
    static void checkForm(final Script.Event event, final boolean hasEnd)
    {
        final boolean expected = event.action() instanceof PacketSpec packet && packet.outbound();
        if (!expected && !(event.when() instanceof When.At) && !(event.when() instanceof When.After))
        {
            throw new ScriptException(event.at(), "'*' and ranges of time are for packets that are expected (>)");
        }
        if (hasEnd && !(event.action() instanceof Action.Call))
        {
            throw new ScriptException(event.at(), "only a system call has a time at which it must return");
        }
        if (event.when() instanceof When.Between range && range.fromUs() > range.toUs() ||
            event.when() instanceof When.AfterBetween span && span.fromUs() > span.toUs())
        {
            throw new ScriptException(event.at(), "this range of time ends before it begins");
        }
    }

    /** The first event is at 0, and absolute times do not go back. */
    static void check(final List<Script.Event> events)
    {
        final When first = events.get(0).when();
        if (!(first instanceof When.At at && at.us() == 0) && !(first instanceof When.After after && after.us() == 0))
        {
            throw new ScriptException(events.get(0).at(), "the first event must be at time 0");
        }
        long lastUs = 0;
        for (final Script.Event event : events)
        {
            final long us = event.when() instanceof When.At at ? at.us() :
                event.when() instanceof When.Between range ? range.fromUs() : lastUs;
            if (us < lastUs)
            {
                throw new ScriptException(event.at(), "time goes back: an event before this one is at " + lastUs / 1e6 + " s");
            }
            lastUs = us;
        }
    }
}
