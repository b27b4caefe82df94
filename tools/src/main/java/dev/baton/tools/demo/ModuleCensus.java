package dev.baton.tools.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one node's early-handoff module tells of itself at one moment.
 *
 * @param node           that was asked.
 * @param history        finished handoffs, oldest first.
 * @param front          connections that it forwards or is deciding about, in words.
 * @param back           connections that it serves for a front, in words.
 * @param counters       by name.
 * @param holdsInUse     flows that hold segments now.
 * @param pendingCancels CANCELs that are not answered yet.
 */
record ModuleCensus(
    String node,
    List<HandoffRecord> history,
    List<String> front,
    List<String> back,
    Map<String, Long> counters,
    long holdsInUse,
    long pendingCancels)
{
    /**
     * Read one.
     *
     * @param node    that was asked.
     * @param members of the census object.
     * @return the census.
     * @throws IllegalArgumentException when a member is missing or of another kind.
     */
    static ModuleCensus of(final String node, final Map<?, ?> members)
    {
        final List<HandoffRecord> history = new ArrayList<>();
        JsonFields.list(members, "history").forEach(entry -> history.add(HandoffRecord.of(node,
            JsonFields.object(entry))));
        final Map<String, Long> counters = new TreeMap<>();
        JsonFields.object(members, "counters").forEach((name, value) ->
            counters.put((String)name, ((Number)value).longValue()));
        return new ModuleCensus(
            node, history, entries(members, HandoffRecord.FRONT), entries(members, HandoffRecord.BACK), counters,
            JsonFields.number(members, "holds_in_use"), JsonFields.number(members, "pending_cancels"));
    }

    private static List<String> entries(final Map<?, ?> members, final String role)
    {
        final List<String> entries = new ArrayList<>();
        for (final Object element : JsonFields.list(members, role))
        {
            final Map<?, ?> entry = JsonFields.object(element);
            entries.add(JsonFields.text(entry, "client") + ":" + JsonFields.number(entry, "client_port") + " " +
                JsonFields.text(entry, "phase"));
        }
        return entries;
    }

    /** Is there nothing left of any connection? */
    boolean isIdle()
    {
        return front.isEmpty() && back.isEmpty() && holdsInUse == 0 && pendingCancels == 0;
    }
}
