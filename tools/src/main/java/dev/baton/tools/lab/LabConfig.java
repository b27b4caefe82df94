package dev.baton.tools.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a lab shall be. Immutable and valid when it comes from {@link LabFile}.
 *
 * @param name       of the lab: lower case letters and digits; part of the name of everything that it makes.
 * @param backs      how many backs, 1 to 16; they are called {@code b1}, {@code b2} and so on.
 * @param user       who owns the TUN devices in {@link LabMode#ROOT}, a name or uid; empty for root.
 * @param mtuBytes   of the data network's links and the TUN devices.
 * @param txQueueLen of the TUN devices, in packets.
 * @param data4      first two bytes of the data network's IPv4 /16, such as {@code 198.18}.
 * @param data6      first 48 bits of the data network's IPv6 /48, such as {@code fd00:198:18}.
 * @param mgmt4      first three bytes of the management network's IPv4 /24, such as {@code 198.19.0}.
 * @param httpPort   TCP port of the VIP.
 * @param settings   lines for node.conf: scope ({@code node} for all, or a node's name), key, value; they win over what the lab
 *                   writes by itself.
 */
public record LabConfig(
    String name,
    int backs,
    String user,
    int mtuBytes,
    int txQueueLen,
    String data4,
    String data6,
    String mgmt4,
    int httpPort,
    SortedMap<String, SortedMap<String, String>> settings)
{
    /** Name of the client's namespace. */
    public static final String CLIENT = "client";

    /** Name of the front. */
    public static final String FRONT = "front";

    /** Scope of settings for all nodes. */
    public static final String ALL_NODES = "node";

    /** Most backs that a lab can have. */
    public static final int MAX_BACKS = 16;

    /**
     * Copies the settings.
     */
    public LabConfig
    {
        final SortedMap<String, SortedMap<String, String>> copy = new TreeMap<>();
        settings.forEach((scope, lines) -> copy.put(scope, Collections.unmodifiableSortedMap(new TreeMap<>(lines))));
        settings = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * The lab that is made when no file is given: {@code demo}, two backs.
     *
     * @return as documented in {@link LabFile}.
     */
    public static LabConfig defaults()
    {
        return new LabConfig("demo", 2, "", 1500, 5000, "198.18", "fd00:198:18", "198.19.0", 80, new TreeMap<>());
    }

    /**
     * The same lab under another name.
     *
     * @param other name.
     * @return a copy.
     */
    public LabConfig withName(final String other)
    {
        return new LabConfig(other, backs, user, mtuBytes, txQueueLen, data4, data6, mgmt4, httpPort, settings);
    }

    /**
     * The same lab with another number of backs.
     *
     * @param count 1 to {@link #MAX_BACKS}.
     * @return a copy.
     */
    public LabConfig withBacks(final int count)
    {
        return new LabConfig(name, count, user, mtuBytes, txQueueLen, data4, data6, mgmt4, httpPort, settings);
    }

    /**
     * The same lab with one more line in node.conf.
     *
     * @param scope {@link #ALL_NODES} or a node's name.
     * @param key   of the line.
     * @param value of it.
     * @return a copy.
     */
    public LabConfig withSetting(final String scope, final String key, final String value)
    {
        final SortedMap<String, SortedMap<String, String>> more = new TreeMap<>();
        settings.forEach((s, lines) -> more.put(s, new TreeMap<>(lines)));
        more.computeIfAbsent(scope, s -> new TreeMap<>()).put(key, value);
        return new LabConfig(name, backs, user, mtuBytes, txQueueLen, data4, data6, mgmt4, httpPort, more);
    }

    /**
     * Nodes that run Baton.
     *
     * @return the front, then the backs.
     */
    public List<String> nodes()
    {
        final List<String> nodes = new ArrayList<>();
        nodes.add(FRONT);
        nodes.addAll(backNames());
        return nodes;
    }

    /**
     * Names of the backs.
     *
     * @return {@code b1} and so on.
     */
    public List<String> backNames()
    {
        final List<String> names = new ArrayList<>();
        for (int i = 1; i <= backs; i++)
        {
            names.add("b" + i);
        }
        return names;
    }

    /**
     * Everything that has a link of the data network.
     *
     * @return the client, then {@link #nodes()}.
     */
    public List<String> hosts()
    {
        final List<String> hosts = new ArrayList<>();
        hosts.add(CLIENT);
        hosts.addAll(nodes());
        return hosts;
    }

    /**
     * What a node's node.conf gets beyond what the lab writes by itself.
     *
     * @param node its name.
     * @return settings of all nodes, overlaid by its own.
     */
    public Map<String, String> settingsOf(final String node)
    {
        final Map<String, String> merged = new TreeMap<>(settings.getOrDefault(ALL_NODES, Collections.emptySortedMap()));
        merged.putAll(settings.getOrDefault(node, Collections.emptySortedMap()));
        return merged;
    }
}
