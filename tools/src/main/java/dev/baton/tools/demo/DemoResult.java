package dev.baton.tools.demo;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a demonstration found, for people and for programs.
 */
final class DemoResult
{
    private final Evidence evidence;
    private final List<Check> behaviours;
    private final List<Check> invariants;
    private final String curlVersion;
    private final boolean rootless;
    private final long tookMs;

    /**
     * Judge.
     *
     * @param evidence    that was gathered.
     * @param curlVersion what the client was.
     * @param rootless    was it all done by an ordinary user?
     * @param tookMs      how long it took.
     */
    DemoResult(final Evidence evidence, final String curlVersion, final boolean rootless, final long tookMs)
    {
        this.evidence = evidence;
        this.curlVersion = curlVersion;
        this.rootless = rootless;
        this.tookMs = tookMs;
        this.behaviours = Checks.behaviours(evidence);
        this.invariants = Checks.invariants(evidence);
    }

    boolean isOk()
    {
        return behaviours.stream().allMatch(Check::ok) && invariants.stream().allMatch(Check::ok) &&
            evidence.fetches().size() == RequestPlan.REQUESTS;
    }

    Evidence evidence()
    {
        return evidence;
    }

    List<Check> behaviours()
    {
        return behaviours;
    }

    List<Check> invariants()
    {
        return invariants;
    }

    String curlVersion()
    {
        return curlVersion;
    }

    long tookMs()
    {
        return tookMs;
    }

    /** Members of the JSON document. */
    Map<String, Object> document()
    {
        final Map<String, Object> members = new TreeMap<>();
        members.put("ok", isOk());
        members.put("checks", behaviours.stream().map(Check::document).toList());
        members.put("invariants", invariants.stream().map(Check::document).toList());
        members.put("requests", requests());
        members.put("sha256", evidence.fetches().stream().map(Fetch::document).toList());
        members.put("timeline", Timeline.of(evidence).lines());
        members.put("curl", curlVersion);
        members.put("rootless", rootless);
        members.put("took_ms", tookMs);
        members.put("settled_ms", evidence.settled().settledMs());
        return members;
    }

    private Map<String, Object> requests()
    {
        final List<Fetch> fetches = evidence.fetches();
        final Map<String, Object> members = new TreeMap<>();
        members.put("total", fetches.size());
        members.put("ok", fetches.stream().filter(Fetch::isOk).count());
        members.put("ipv4", fetches.stream().filter(f -> f.client().isV4()).count());
        members.put("ipv6", fetches.stream().filter(f -> !f.client().isV4()).count());
        members.put("head", fetches.stream().filter(Fetch::head).count());
        members.put("on_a_connection_that_was_open", fetches.stream().filter(f -> !f.opened()).count());
        members.put("body_bytes", fetches.stream().mapToLong(Fetch::bytes).sum());
        members.put("connections", evidence.trace().connections().size());
        members.put("handed_off", evidence.handoffs().size());
        members.put("stayed", evidence.stayed().size());
        final Map<String, Long> servers = new TreeMap<>();
        fetches.forEach(fetch -> servers.merge(fetch.server().isEmpty() ? "nobody" : fetch.server(), 1L, Long::sum));
        members.put("by_server", servers);
        return members;
    }
}
