package dev.baton.tools.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What modules say of single connections, put beside what TCP says. A module that moves connections lists them in its
 * census: arrays named by its role ({@code front}, {@code back}) of objects with {@code client}, {@code client_port},
 * {@code local}, {@code local_port}, {@code peer}, {@code epoch} and {@code phase}. Other members are nobody's business
 * here.
 */
final class ModuleEntries
{
    private ModuleEntries()
    {
    }

    /**
     * Take epoch and phase of connections that TCP has from the modules, and list the entries that TCP has no
     * connection for.
     *
     * @param connections lines of a {@link ConnectionReport}; changed.
     * @param modules     lines of {@link ModuleRegistry#report}.
     * @return lines of the same shape, with the role for a state.
     */
    static List<Map<String, Object>> join(final List<Map<String, Object>> connections, final List<Map<String, Object>> modules)
    {
        final Map<String, Map<String, Object>> byPeer = new TreeMap<>();
        for (final Map<String, Object> connection : connections)
        {
            byPeer.put(connection.get("peer") + " " + connection.get("peer_port"), connection);
        }
        final List<Map<String, Object>> others = new ArrayList<>();
        for (final Map<String, Object> module : modules)
        {
            if (module.get("census") instanceof Map<?, ?> census)
            {
                census.forEach((role, list) ->
                {
                    for (final Object entry : list instanceof List<?> entries ? entries : List.of())
                    {
                        if (entry instanceof Map<?, ?> map && map.containsKey("client") && map.containsKey("phase"))
                        {
                            join(byPeer, others, module.get("name"), role, map);
                        }
                    }
                });
            }
        }
        return others;
    }

    private static void join(
        final Map<String, Map<String, Object>> byPeer,
        final List<Map<String, Object>> others,
        final Object module,
        final Object role,
        final Map<?, ?> entry)
    {
        final Map<String, Object> known = byPeer.get(entry.get("client") + " " + entry.get("client_port"));
        final Map<String, Object> line = known == null ? new TreeMap<>() : known;
        line.put("epoch", entry.get("epoch"));
        line.put("phase", entry.get("phase"));
        line.put("module", module);
        line.put("role", role);
        if (known == null && entry.containsKey("local"))
        {
            line.put("local", entry.get("local"));
            line.put("local_port", entry.get("local_port"));
            line.put("peer", entry.get("client"));
            line.put("peer_port", entry.get("client_port"));
            line.put("owner", entry.get("peer"));
            others.add(line);
        }
    }
}
