package dev.baton.tools.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that the checks may look at: captures, what {@code curl} got, what the nodes say.
 */
final class Evidence
{
    private final Trace trace;
    private final List<Fetch> fetches;
    private final List<ModuleEvent> moduleEvents;
    private final Settled settled;
    private final CodeFacts code;
    private final long lostPackets;
    private final List<Handoff> handoffs = new ArrayList<>();
    private final List<HandoffRecord> unmatched = new ArrayList<>();
    private final List<Connection> stayed = new ArrayList<>();
    private final Map<Connection, List<Fetch>> fetchesOf = new HashMap<>();

    /**
     * Put together what was gathered.
     *
     * @param trace        all captures.
     * @param fetches      all requests.
     * @param moduleEvents what was done to modules.
     * @param settled      what the nodes say.
     * @param code         what the jars say.
     * @param lostPackets  that the captures have lost, or that could not be read.
     */
    Evidence(
        final Trace trace,
        final List<Fetch> fetches,
        final List<ModuleEvent> moduleEvents,
        final Settled settled,
        final CodeFacts code,
        final long lostPackets)
    {
        this.trace = trace;
        this.fetches = fetches;
        this.moduleEvents = moduleEvents;
        this.settled = settled;
        this.code = code;
        this.lostPackets = lostPackets;
        final Map<Connection, HandoffRecord> moved = new HashMap<>();
        for (final HandoffRecord record : settled.census().records(HandoffRecord.FRONT))
        {
            final Connection connection = connectionOf(record);
            if (connection == null || connection.synAck() == null || !record.isServed())
            {
                unmatched.add(record);
            }
            else
            {
                moved.put(connection, record);
            }
        }
        for (final Connection connection : trace.connections())
        {
            final HandoffRecord record = moved.get(connection);
            if (record == null)
            {
                stayed.add(connection);
            }
            else
            {
                handoffs.add(new Handoff(connection, record, settled.census().counterpart(record)));
            }
        }
        for (final Fetch fetch : fetches)
        {
            final Connection connection = connectionOf(fetch);
            if (connection != null)
            {
                fetchesOf.computeIfAbsent(connection, key -> new ArrayList<>()).add(fetch);
            }
        }
    }

    /** By the client's address and port; where these name several connections, by the front's ISN. */
    private Connection connectionOf(final HandoffRecord record)
    {
        final List<Connection> same = trace.connections().stream()
            .filter(c -> c.clientPort() == record.clientPort() && c.client().equals(record.client())).toList();
        return same.size() == 1 ? same.get(0) : same.stream()
            .filter(c -> c.synAck() != null && c.synAck().seq() == record.isnFront()).findFirst().orElse(null);
    }

    private Connection connectionOf(final Fetch fetch)
    {
        for (final Connection connection : trace.connections())
        {
            final long openedNs = connection.syn().timeNs();
            if (connection.clientPort() == fetch.clientPort() && connection.client().equals(fetch.client()) &&
                openedNs >= fetch.beganNs() && openedNs <= fetch.endedNs())
            {
                return connection;
            }
        }
        return null;
    }

    Trace trace()
    {
        return trace;
    }

    Topology topology()
    {
        return trace.topology();
    }

    /** All requests, in the order in which they ended. */
    List<Fetch> fetches()
    {
        return fetches;
    }

    /** Requests of one connection; the first of them opened it. */
    List<Fetch> fetches(final Connection connection)
    {
        return fetchesOf.getOrDefault(connection, List.of());
    }

    List<ModuleEvent> moduleEvents()
    {
        return moduleEvents;
    }

    Settled settled()
    {
        return settled;
    }

    CensusLog census()
    {
        return settled.census();
    }

    CodeFacts code()
    {
        return code;
    }

    /** Connections that were handed off and served to their end by a back. */
    List<Handoff> handoffs()
    {
        return handoffs;
    }

    /** Connections that the front served by itself. */
    List<Connection> stayed()
    {
        return stayed;
    }

    /** What the front tells of handoffs that were not served to their end, or that no capture shows. */
    List<HandoffRecord> unmatched()
    {
        return unmatched;
    }

    /** Packets that the captures have lost, or that could not be read. */
    long lostPackets()
    {
        return lostPackets;
    }
}
