package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.demo.Tap.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * All segments of one connection of the client, at every tap, in the order of time. What the back receives and what the
 * front forwards belongs to it too: the client's address and port name the connection everywhere.
 */
final class Connection
{
    private final IpAddress client;
    private final int clientPort;
    private final Segment syn;
    private final Topology topology;
    private final List<Segment> segments = new ArrayList<>();

    /**
     * A connection.
     *
     * @param syn      as it was first seen at the client.
     * @param topology of the lab.
     */
    Connection(final Segment syn, final Topology topology)
    {
        this.client = syn.src();
        this.clientPort = syn.srcPort();
        this.syn = syn;
        this.topology = topology;
    }

    void add(final Segment segment)
    {
        segments.add(segment);
    }

    IpAddress client()
    {
        return client;
    }

    int clientPort()
    {
        return clientPort;
    }

    IpAddress vip()
    {
        return syn.dst();
    }

    /** The client's SYN, as it left the client. */
    Segment syn()
    {
        return syn;
    }

    int isnClient()
    {
        return syn.seq();
    }

    boolean fromClient(final Segment segment)
    {
        return segment.srcPort() == clientPort && segment.src().equals(client);
    }

    List<Segment> all()
    {
        return segments;
    }

    List<Segment> where(final Predicate<Segment> wanted)
    {
        return segments.stream().filter(wanted).toList();
    }

    List<Segment> at(final String host, final Device device, final boolean outgoing)
    {
        return where(s -> s.outgoing() == outgoing && s.tap().device() == device && s.tap().host().equals(host));
    }

    /** What the client sent. */
    List<Segment> sent()
    {
        return at(topology.client(), Device.DATA, true);
    }

    /** What reached the client. */
    List<Segment> received()
    {
        return at(topology.client(), Device.DATA, false);
    }

    /** What a node's stack was given by its kernel. */
    List<Segment> up(final String node)
    {
        return at(node, Device.TUN, true);
    }

    /** What a node's stack emitted towards the client. */
    List<Segment> down(final String node)
    {
        return at(node, Device.TUN, false).stream().filter(s -> !fromClient(s)).toList();
    }

    /** What the front's stack emitted in the client's name: segments that it forwards. */
    List<Segment> forwarded()
    {
        return at(topology.front(), Device.TUN, false).stream().filter(this::fromClient).toList();
    }

    /** The front's SYN/ACK, as it came out of the TUN device; null when there was none. */
    Segment synAck()
    {
        return down(topology.front()).stream().filter(Segment::isSynAck).findFirst().orElse(null);
    }

    /** The segments of the client, at the front's TUN device, that carry something behind the SYN. */
    List<Segment> requestAtFront()
    {
        return up(topology.front()).stream().filter(s -> !s.isSyn() && s.occupies()).toList();
    }

    @Override
    public String toString()
    {
        return (client.isV4() ? client.toString() : "[" + client + "]") + ":" + clientPort;
    }
}
