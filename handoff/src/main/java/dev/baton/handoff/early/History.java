package dev.baton.handoff.early;

import dev.baton.stack.wire.IpAddress;

/**
 * The last finished handoffs of this node, both roles, for the operator. A ring: the oldest goes first. What is kept
 * are plain numbers in records made once; text is made of them only when somebody asks.
 */
final class History
{
    /** What is left of one handoff. The three times are marks that the role has set, 0 where it came to none. */
    private static final class Line
    {
        private boolean front;
        private long clientHi;
        private long clientLo;
        private int clientPort;
        private long vipHi;
        private long vipLo;
        private int vipPort;
        private long backHi;
        private long backLo;
        private String peer;
        private String outcome;
        private Enum<?> detail;
        private long handoffId;
        private int epoch;
        private int isnFront;
        private int isnBack;
        private int delta;
        private long segments;
        private long absorbedSegments;
        private long handshakeRttNs;
        private long bornNs;
        private long askedNs;
        private long answeredNs;
        private long endedNs;
    }

    private final Line[] ring;
    private long count;

    History(final int limit)
    {
        ring = new Line[limit];
    }

    /**
     * Keep the end of a handoff at the front.
     *
     * @param e       that ended.
     * @param peer    name of the back.
     * @param outcome in words.
     * @param detail  the reason that the other side gave, or null.
     * @param nowNs   time of the end.
     */
    void front(final FrontEntry e, final String peer, final String outcome, final Enum<?> detail, final long nowNs)
    {
        final Line line = next(e, peer, outcome, detail, nowNs);
        line.front = true;
        line.vipHi = e.localHi;
        line.vipLo = e.localLo;
        line.vipPort = e.localPort;
        line.backHi = e.backHi;
        line.backLo = e.backLo;
        line.handoffId = e.handoffId;
        line.epoch = e.epoch;
        line.isnFront = e.isnFront;
        line.isnBack = e.isnBack;
        line.delta = e.delta;
        line.segments = e.forwardedSegments;
        line.absorbedSegments = e.absorbedSegments;
        line.handshakeRttNs = e.handshakeRttNs;
        line.bornNs = e.establishedNs;
        line.askedNs = e.requestedNs;
        line.answeredNs = e.acknowledgedNs;
    }

    /**
     * Keep the end of a handoff at the back.
     *
     * @param e       that ended.
     * @param peer    name of the front.
     * @param outcome in words.
     * @param detail  what ended the connection, or null.
     * @param nowNs   time of the end.
     */
    void back(final BackEntry e, final String peer, final String outcome, final Enum<?> detail, final long nowNs)
    {
        final Line line = next(e, peer, outcome, detail, nowNs);
        line.front = false;
        line.vipHi = e.vipHi;
        line.vipLo = e.vipLo;
        line.vipPort = e.vipPort;
        line.handoffId = e.handoffId;
        line.epoch = e.epoch;
        line.isnFront = e.isnFront;
        line.isnBack = e.isnBack;
        line.delta = e.delta;
        line.segments = e.rewrittenSegments;
        line.bornNs = e.preparedNs;
        line.answeredNs = e.committedNs;
    }

    private Line next(
        final Flow flow, final String peer, final String outcome, final Enum<?> detail, final long nowNs)
    {
        final int at = (int)(count++ % ring.length);
        if (ring[at] == null)
        {
            ring[at] = new Line();
        }
        final Line line = ring[at];
        line.clientHi = flow.remoteHi;
        line.clientLo = flow.remoteLo;
        line.clientPort = flow.remotePort;
        line.peer = peer;
        line.outcome = outcome;
        line.detail = detail;
        line.endedNs = nowNs;
        return line;
    }

    long count()
    {
        return count;
    }

    void appendTo(final StringBuilder json)
    {
        json.append('[');
        final long first = Math.max(0, count - ring.length);
        for (long i = first; i < count; i++)
        {
            if (i > first)
            {
                json.append(',');
            }
            final Line line = ring[(int)(i % ring.length)];
            if (line.front)
            {
                front(json, line);
            }
            else
            {
                back(json, line);
            }
            common(json, line);
        }
        json.append(']');
    }

    private static void front(final StringBuilder json, final Line line)
    {
        json.append("{\"acknowledged_us\":").append(sinceUs(line.askedNs, line.answeredNs))
            .append(",\"absorbed_segments\":").append(line.absorbedSegments)
            .append(",\"back\":\"").append(IpAddress.toString(line.backHi, line.backLo))
            .append("\",\"forwarded_segments\":").append(line.segments)
            .append(",\"handshake_rtt_us\":").append(line.handshakeRttNs / 1000)
            .append(",\"requested_us\":").append(sinceUs(line.bornNs, line.askedNs))
            .append(",\"role\":\"front\"");
    }

    private static void back(final StringBuilder json, final Line line)
    {
        json.append("{\"committed_us\":").append(sinceUs(line.bornNs, line.answeredNs))
            .append(",\"rewritten_segments\":").append(line.segments)
            .append(",\"role\":\"back\"");
    }

    private static void common(final StringBuilder json, final Line line)
    {
        json.append(",\"client\":\"").append(IpAddress.toString(line.clientHi, line.clientLo))
            .append("\",\"client_port\":").append(line.clientPort)
            .append(",\"delta\":").append(Integer.toUnsignedLong(line.delta))
            .append(",\"epoch\":").append(line.epoch)
            .append(",\"id\":\"").append(Long.toHexString(line.handoffId))
            .append("\",\"isn_back\":").append(Integer.toUnsignedLong(line.isnBack))
            .append(",\"isn_front\":").append(Integer.toUnsignedLong(line.isnFront))
            .append(",\"lived_us\":").append(sinceUs(line.bornNs, line.endedNs))
            .append(",\"outcome\":\"").append(line.outcome);
        if (line.detail != null)
        {
            json.append(": ").append(line.detail.name());
        }
        json.append("\",\"peer\":\"").append(line.peer)
            .append("\",\"vip\":\"").append(IpAddress.toString(line.vipHi, line.vipLo))
            .append("\",\"vip_port\":").append(line.vipPort).append('}');
    }

    private static long sinceUs(final long fromNs, final long toNs)
    {
        return fromNs == 0 || toNs == 0 ? -1 : (toNs - fromNs) / 1000;
    }
}
