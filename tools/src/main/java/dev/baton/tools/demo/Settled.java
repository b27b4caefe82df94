package dev.baton.tools.demo;

import java.util.List;
import java.util.Map;

/**
 * What the nodes themselves say once the last request has ended.
 *
 * @param census        of all modules over the whole run.
 * @param connections   each node's connections in the end, one line each with the client's address and port.
 * @param busy          each node's connections while a handed-off download was running.
 * @param busyClient    the client's address and port of that download, as in these lines.
 * @param busyBack      the node that served it.
 * @param frontAccepted connections that the front's own HTTP service was shown over the whole run.
 * @param settledMs     time from the end of the last request until no node had anything left of any.
 * @param limitMs       the documented limit of that time.
 */
record Settled(
    CensusLog census,
    Map<String, List<String>> connections,
    Map<String, List<String>> busy,
    String busyClient,
    String busyBack,
    long frontAccepted,
    long settledMs,
    long limitMs)
{
    /** Lines of a table that name a client. */
    static long naming(final Map<String, List<String>> table, final String node, final String client)
    {
        return table.getOrDefault(node, List.of()).stream().filter(line -> (line + " ").contains(client + " ")).count();
    }
}
