package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.demo.Tap.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All captures together: the client's connections, the control channels, and what should not have been there at all.
 * <p>
 * A client's address and port name one connection until its next SYN with another initial sequence number.
 */
final class Trace
{
    private final Topology topology;
    private final List<Connection> connections = new ArrayList<>();
    private final List<ControlChannel> channels;
    private final List<Segment> unclaimed = new ArrayList<>();
    private final List<Segment> data = new ArrayList<>();
    private final List<IcmpMessage> icmpErrors;

    private record Endpoint(IpAddress address, int port)
    {
    }

    /**
     * Sort what was captured.
     *
     * @param topology of the lab.
     * @param captured segments of all taps, in any order.
     * @param icmp     messages of all taps.
     */
    Trace(final Topology topology, final List<Segment> captured, final List<IcmpMessage> icmp)
    {
        this.topology = topology;
        this.icmpErrors = icmp.stream().filter(IcmpMessage::isError).toList();
        final List<Segment> ordered = new ArrayList<>(captured);
        ordered.sort(Comparator.comparingLong(Segment::timeNs));
        final List<Segment> control = new ArrayList<>();
        for (final Segment segment : ordered)
        {
            (segment.tap().device() == Device.MGMT ? control : data).add(segment);
        }
        channels = ControlChannel.of(topology, control);
        final Map<Endpoint, List<Connection>> byClient = clientConnections();
        for (final Segment segment : data)
        {
            final Connection connection = connectionOf(byClient, segment);
            if (connection == null)
            {
                unclaimed.add(segment);
            }
            else
            {
                connection.add(segment);
            }
        }
    }

    private Map<Endpoint, List<Connection>> clientConnections()
    {
        final Map<Endpoint, List<Connection>> byClient = new HashMap<>();
        for (final Segment segment : data)
        {
            if (!segment.isSyn() || !segment.outgoing() || !topology.client().equals(segment.tap().host()) ||
                !topology.isVip(segment.dst(), segment.dstPort()))
            {
                continue;
            }
            final List<Connection> same =
                byClient.computeIfAbsent(new Endpoint(segment.src(), segment.srcPort()), key -> new ArrayList<>());
            if (same.isEmpty() || same.get(same.size() - 1).isnClient() != segment.seq())
            {
                final Connection connection = new Connection(segment, topology);
                same.add(connection);
                connections.add(connection);
            }
        }
        return byClient;
    }

    private static Connection connectionOf(final Map<Endpoint, List<Connection>> byClient, final Segment segment)
    {
        List<Connection> same = byClient.get(new Endpoint(segment.src(), segment.srcPort()));
        if (same == null)
        {
            same = byClient.getOrDefault(new Endpoint(segment.dst(), segment.dstPort()), List.of());
        }
        Connection latest = null;
        for (final Connection connection : same)
        {
            if (connection.syn().timeNs() <= segment.timeNs())
            {
                latest = connection;
            }
        }
        return latest;
    }

    Topology topology()
    {
        return topology;
    }

    /** The client's connections to the VIPs, in the order of their SYNs. */
    List<Connection> connections()
    {
        return connections;
    }

    /** Connections to the control port. */
    List<ControlChannel> channels()
    {
        return channels;
    }

    /** Established control channels between two nodes, either of which may have dialled. */
    List<ControlChannel> channels(final String one, final String other)
    {
        return channels.stream().filter(channel -> channel.isEstablished() && channel.joins(one, other)).toList();
    }

    /** TCP segments of the data network and TUN devices that belong to no connection of the client. */
    List<Segment> unclaimed()
    {
        return unclaimed;
    }

    /** TCP segments of the data network and TUN devices. */
    List<Segment> data()
    {
        return data;
    }

    /** ICMP errors at any tap. */
    List<IcmpMessage> icmpErrors()
    {
        return icmpErrors;
    }

    /** How many segments each tap saw. */
    Map<Tap, Long> populations()
    {
        final Map<Tap, Long> counts = new LinkedHashMap<>();
        data.forEach(segment -> counts.merge(segment.tap(), 1L, Long::sum));
        channels.forEach(channel -> channel.segments().forEach(segment -> counts.merge(segment.tap(), 1L, Long::sum)));
        return counts;
    }
}
