package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.Seq;
import dev.baton.tools.demo.Tap.Device;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One TCP connection to the control port of a node, as the two nodes' management interfaces saw it. What it carries is
 * encrypted; what can be seen are the headers of its TLS records (RFC 8446, section 5.1): type, version and length.
 */
final class ControlChannel
{
    /** TLS content type of everything after the handshake. */
    static final int APPLICATION_DATA = 23;

    private static final int RECORD_HEADER_BYTES = 5;

    private final String dialler;
    private final String listener;
    private final Segment syn;
    private final List<Segment> segments = new ArrayList<>();
    private List<TlsRecord> records;
    private int strangeSegments;

    /**
     * A TLS record's beginning.
     *
     * @param timeNs when the sender's interface saw it.
     * @param from   the node that sent it.
     * @param type   of content.
     * @param bytes  of the record without its header.
     */
    record TlsRecord(long timeNs, String from, int type, int bytes)
    {
    }

    private record Pair(IpAddress dialler, int port, IpAddress listener)
    {
    }

    private ControlChannel(final String dialler, final String listener, final Segment syn)
    {
        this.dialler = dialler;
        this.listener = listener;
        this.syn = syn;
    }

    static List<ControlChannel> of(final Topology topology, final List<Segment> ordered)
    {
        final Map<Pair, ControlChannel> open = new LinkedHashMap<>();
        final List<ControlChannel> channels = new ArrayList<>();
        for (final Segment segment : ordered)
        {
            final boolean dials = segment.dstPort() == topology.controlPort();
            if (!dials && segment.srcPort() != topology.controlPort())
            {
                continue;
            }
            final IpAddress from = dials ? segment.src() : segment.dst();
            final IpAddress to = dials ? segment.dst() : segment.src();
            final Pair pair = new Pair(from, dials ? segment.srcPort() : segment.dstPort(), to);
            ControlChannel channel = open.get(pair);
            if (segment.isSyn() && (channel == null || channel.syn.seq() != segment.seq()))
            {
                channel = new ControlChannel(topology.managedBy(from), topology.managedBy(to), segment);
                open.put(pair, channel);
                channels.add(channel);
            }
            if (channel != null)
            {
                channel.segments.add(segment);
            }
        }
        return channels;
    }

    /** The node that connected. */
    String dialler()
    {
        return dialler;
    }

    /** The node that accepted. */
    String listener()
    {
        return listener;
    }

    /** When its SYN was seen. */
    long beganNs()
    {
        return syn.timeNs();
    }

    boolean joins(final String one, final String other)
    {
        return one.equals(dialler) && other.equals(listener) || other.equals(dialler) && one.equals(listener);
    }

    /** Was the SYN answered by a SYN/ACK, and did data follow? */
    boolean isEstablished()
    {
        return segments.stream().anyMatch(Segment::isSynAck) && !records().isEmpty();
    }

    /** When it ended; {@link Long#MAX_VALUE} when the captures show no end. */
    long endedNs()
    {
        return segments.stream().filter(s -> s.isFin() || s.isRst()).mapToLong(Segment::timeNs).min()
            .orElse(Long.MAX_VALUE);
    }

    /** All segments at both ends. */
    List<Segment> segments()
    {
        return segments;
    }

    /** Payload segments that should have begun with a TLS record and did not. */
    int strangeSegments()
    {
        records();
        return strangeSegments;
    }

    /**
     * TLS records of both directions whose header was captured, as their sender's interface saw them, in the order of
     * time.
     */
    List<TlsRecord> records()
    {
        if (records == null)
        {
            records = new ArrayList<>();
            final Map<String, Integer> boundary = new LinkedHashMap<>();
            for (final Segment segment : segments)
            {
                final String from = segment.dstPort() == syn.dstPort() ? dialler : listener;
                if (segment.payloadBytes() > 0 && segment.outgoing() && segment.tap().device() == Device.MGMT &&
                    segment.tap().host().equals(from))
                {
                    parse(segment, from, boundary);
                }
            }
        }
        return records;
    }

    /**
     * Records follow each other without a gap, so where one ends the next begins. Where a header was not captured, the
     * next segment is taken to begin with one.
     */
    private void parse(final Segment segment, final String from, final Map<String, Integer> boundary)
    {
        final int end = segment.seq() + segment.payloadBytes();
        int next = boundary.getOrDefault(from, segment.seq());
        if (Seq.lt(next, segment.seq()))
        {
            next = segment.seq();
        }
        while (Seq.lt(next, end))
        {
            final int at = next - segment.seq();
            if (at + RECORD_HEADER_BYTES > segment.head().length)
            {
                boundary.remove(from);
                return;
            }
            final byte[] head = segment.head();
            final int type = head[at] & 0xFF;
            final int length = (head[at + 3] & 0xFF) << 8 | head[at + 4] & 0xFF;
            if (type < 20 || type > APPLICATION_DATA || head[at + 1] != 3)
            {
                strangeSegments++;
                boundary.remove(from);
                return;
            }
            records.add(new TlsRecord(segment.timeNs(), from, type, length));
            next += RECORD_HEADER_BYTES + length;
        }
        boundary.put(from, next);
    }

    /**
     * The first record of application data from a node in a window of time that is at least so long; null when there is
     * none.
     */
    TlsRecord first(final String from, final long afterNs, final long untilNs, final int atLeastBytes)
    {
        for (final TlsRecord record : records())
        {
            if (record.timeNs() >= afterNs && record.timeNs() <= untilNs && record.type() == APPLICATION_DATA &&
                record.bytes() >= atLeastBytes && record.from().equals(from))
            {
                return record;
            }
        }
        return null;
    }

    @Override
    public String toString()
    {
        return dialler + " -> " + listener;
    }
}
