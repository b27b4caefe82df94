package dev.baton.tools.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which connections are shown, in the language of ss(8): {@code [exclude|state] NAME ...}, where a name is a state or
 * one of its groups. States that are named add up; excluded ones are taken away from that.
 */
final class ConnFilter
{
    private static final Map<String, String> STATES = Map.ofEntries(
        Map.entry("established", "ESTAB"),
        Map.entry("estab", "ESTAB"),
        Map.entry("syn-sent", "SYN-SENT"),
        Map.entry("syn-recv", "SYN-RECV"),
        Map.entry("syn-received", "SYN-RECV"),
        Map.entry("fin-wait-1", "FIN-WAIT-1"),
        Map.entry("fin-wait-2", "FIN-WAIT-2"),
        Map.entry("time-wait", "TIME-WAIT"),
        Map.entry("close-wait", "CLOSE-WAIT"),
        Map.entry("last-ack", "LAST-ACK"),
        Map.entry("closing", "CLOSING"),
        Map.entry("listening", "LISTEN"),
        Map.entry("listen", "LISTEN"),
        Map.entry("closed", "UNCONN"));
    private static final Set<String> ALL = Set.copyOf(STATES.values());

    private final Set<String> states;
    private final int family;

    private ConnFilter(final Set<String> states, final int family)
    {
        this.states = states;
        this.family = family;
    }

    /**
     * Read a filter.
     *
     * @param words  behind the command.
     * @param family 4 or 6; 0 for both.
     * @return the filter; without words it shows everything but listeners.
     * @throws IllegalArgumentException naming the word that is wrong.
     */
    static ConnFilter parse(final List<String> words, final int family)
    {
        final Set<String> named = new TreeSet<>();
        final Set<String> excluded = new TreeSet<>();
        for (int i = 0; i < words.size(); i += 2)
        {
            final String verb = words.get(i);
            if (!"state".equals(verb) && !"exclude".equals(verb))
            {
                throw new IllegalArgumentException("'" + verb + "' is no filter; use state NAME or exclude NAME");
            }
            if (i + 1 == words.size())
            {
                throw new IllegalArgumentException("a state is missing behind '" + verb + "'");
            }
            ("state".equals(verb) ? named : excluded).addAll(group(words.get(i + 1)));
        }
        final Set<String> states = named.isEmpty() ? group("connected") : named;
        states.removeAll(excluded);
        return new ConnFilter(states, family);
    }

    private static Set<String> group(final String word)
    {
        final Set<String> group = new TreeSet<>();
        final String name = word.toLowerCase(Locale.ROOT);
        switch (name)
        {
            case "all" -> group.addAll(ALL);
            case "connected" -> group.addAll(without("LISTEN", "UNCONN"));
            case "synchronized" -> group.addAll(without("LISTEN", "UNCONN", "SYN-SENT"));
            case "bucket" -> group.addAll(List.of("SYN-RECV", "TIME-WAIT"));
            case "big" -> group.addAll(without("SYN-RECV", "TIME-WAIT"));
            default ->
            {
                if (!STATES.containsKey(name))
                {
                    throw new IllegalArgumentException("'" + word + "' is no state; use one of " +
                        new TreeSet<>(STATES.keySet()) + ", all, connected, synchronized, bucket or big");
                }
                group.add(STATES.get(name));
            }
        }
        return group;
    }

    private static Set<String> without(final String... states)
    {
        final Set<String> rest = new TreeSet<>(ALL);
        rest.removeAll(List.of(states));
        return rest;
    }

    /**
     * Pick what is to be shown.
     *
     * @param lines of a {@link ConnectionReport} or of the listeners.
     * @return those that pass, in their order.
     */
    List<Map<?, ?>> pick(final Object lines)
    {
        final List<Map<?, ?>> picked = new ArrayList<>();
        for (final Object line : lines instanceof List<?> list ? list : List.of())
        {
            if (line instanceof Map<?, ?> map && states.contains(map.get("state")) && isOfFamily(map))
            {
                picked.add(map);
            }
        }
        return picked;
    }

    private boolean isOfFamily(final Map<?, ?> line)
    {
        return family == 0 || !(line.get("family") instanceof Long own) || own == family;
    }
}
