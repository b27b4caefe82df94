package dev.baton.handoff.early;

import dev.baton.stack.wire.IpAddress;

/**
 * The last finished handoffs of this node, both roles, for the operator. A ring: the oldest goes first.
 */
final class History
{
    private final String[] ring;
    private long count;

    History(final int limit)
    {
        ring = new String[limit];
    }

    void front(final FrontEntry e, final String peer, final String outcome, final long nowNs)
    {
        add("{\"acknowledged_us\":" + sinceUs(e.requestedNs, e.acknowledgedNs) +
            ",\"back\":\"" + IpAddress.toString(e.backHi, e.backLo) +
            "\",\"client\":\"" + IpAddress.toString(e.remoteHi, e.remoteLo) +
            "\",\"client_port\":" + e.remotePort +
            ",\"delta\":" + Integer.toUnsignedLong(e.delta) +
            ",\"epoch\":" + e.epoch +
            ",\"forwarded_segments\":" + e.forwardedSegments +
            ",\"absorbed_segments\":" + e.absorbedSegments +
            ",\"handshake_rtt_us\":" + e.handshakeRttNs / 1000 +
            ",\"id\":\"" + Long.toHexString(e.handoffId) +
            "\",\"isn_back\":" + Integer.toUnsignedLong(e.isnBack) +
            ",\"isn_front\":" + Integer.toUnsignedLong(e.isnFront) +
            ",\"lived_us\":" + sinceUs(e.establishedNs, nowNs) +
            ",\"outcome\":\"" + outcome +
            "\",\"peer\":\"" + peer +
            "\",\"requested_us\":" + sinceUs(e.establishedNs, e.requestedNs) +
            ",\"role\":\"front\",\"vip\":\"" + IpAddress.toString(e.localHi, e.localLo) +
            "\",\"vip_port\":" + e.localPort + "}");
    }

    void back(final BackEntry e, final String peer, final String outcome, final long nowNs)
    {
        add("{\"client\":\"" + IpAddress.toString(e.remoteHi, e.remoteLo) +
            "\",\"client_port\":" + e.remotePort +
            ",\"committed_us\":" + sinceUs(e.preparedNs, e.committedNs) +
            ",\"delta\":" + Integer.toUnsignedLong(e.delta) +
            ",\"epoch\":" + e.epoch +
            ",\"id\":\"" + Long.toHexString(e.handoffId) +
            "\",\"isn_back\":" + Integer.toUnsignedLong(e.isnBack) +
            ",\"isn_front\":" + Integer.toUnsignedLong(e.isnFront) +
            ",\"lived_us\":" + sinceUs(e.preparedNs, nowNs) +
            ",\"outcome\":\"" + outcome +
            "\",\"peer\":\"" + peer +
            "\",\"rewritten_segments\":" + e.rewrittenSegments +
            ",\"role\":\"back\",\"vip\":\"" + IpAddress.toString(e.vipHi, e.vipLo) +
            "\",\"vip_port\":" + e.vipPort + "}");
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
            json.append(ring[(int)(i % ring.length)]);
        }
        json.append(']');
    }

    private void add(final String line)
    {
        ring[(int)(count++ % ring.length)] = line;
    }

    private static long sinceUs(final long fromNs, final long toNs)
    {
        return fromNs == 0 || toNs == 0 ? -1 : (toNs - fromNs) / 1000;
    }
}
