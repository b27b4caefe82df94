package dev.baton.tools.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The census of all nodes over the whole run. A module that is replaced or unloaded takes its counters and history with
 * it, so its last words are kept: counters add up over the modules that a node had, histories are joined.
 */
final class CensusLog
{
    private record Key(String node, String role, String id, long epoch)
    {
    }

    private final Map<Key, HandoffRecord> history = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> earlier = new TreeMap<>();
    private final Map<String, ModuleCensus> latest = new TreeMap<>();

    /**
     * A module of this node is about to go; these are its last words.
     *
     * @param census of it.
     */
    void lastWords(final ModuleCensus census)
    {
        remember(census);
        final Map<String, Long> sum = earlier.computeIfAbsent(census.node(), node -> new TreeMap<>());
        census.counters().forEach((name, value) -> sum.merge(name, value, Long::sum));
    }

    /**
     * How things stand now at a node.
     *
     * @param census of its present module.
     */
    void now(final ModuleCensus census)
    {
        remember(census);
        latest.put(census.node(), census);
    }

    private void remember(final ModuleCensus census)
    {
        for (final HandoffRecord record : census.history())
        {
            history.put(new Key(record.node(), record.role(), record.id(), record.epoch()), record);
        }
    }

    /** The latest census of a node. */
    ModuleCensus latest(final String node)
    {
        return latest.get(node);
    }

    /** Latest census of every node, by name. */
    Map<String, ModuleCensus> latest()
    {
        return latest;
    }

    /** A counter of one node, over all modules that it had. */
    long counter(final String node, final String name)
    {
        final long before = earlier.getOrDefault(node, Map.of()).getOrDefault(name, 0L);
        final ModuleCensus census = latest.get(node);
        return before + (census == null ? 0 : census.counters().getOrDefault(name, 0L));
    }

    /** A counter summed over nodes. */
    long counter(final List<String> nodes, final String name)
    {
        return nodes.stream().mapToLong(node -> counter(node, name)).sum();
    }

    /** What nodes told in one role. */
    List<HandoffRecord> records(final String role)
    {
        final List<HandoffRecord> records = new ArrayList<>();
        for (final HandoffRecord record : history.values())
        {
            if (record.role().equals(role))
            {
                records.add(record);
            }
        }
        return records;
    }

    /** The other node's record of the same handoff; null when it has none. */
    HandoffRecord counterpart(final HandoffRecord record)
    {
        final String role = HandoffRecord.FRONT.equals(record.role()) ? HandoffRecord.BACK : HandoffRecord.FRONT;
        return history.get(new Key(record.peer(), role, record.id(), record.epoch()));
    }
}
