package dev.baton.handoff.control;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What has happened on the channel to one peer since the plane was started. Every value only grows, except
 * {@link #roundTripNs()}. Any thread may read.
 */
public final class PeerCounters
{
    final AtomicLong framesIn = new AtomicLong();
    final AtomicLong bytesIn = new AtomicLong();
    final AtomicLong framesOut = new AtomicLong();
    final AtomicLong bytesOut = new AtomicLong();
    final AtomicLong connects = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong replaced = new AtomicLong();
    final AtomicLong deadPeers = new AtomicLong();
    final AtomicLong protocolErrors = new AtomicLong();
    final AtomicLong queueFull = new AtomicLong();
    final AtomicLong inboundFull = new AtomicLong();
    final AtomicLong roundTripNs = new AtomicLong();

    PeerCounters()
    {
    }

    /**
     * Frames that came, keepalives included.
     *
     * @return how many.
     */
    public long framesIn()
    {
        return framesIn.get();
    }

    /**
     * Bytes of the frames that came, length words included.
     *
     * @return how many.
     */
    public long bytesIn()
    {
        return bytesIn.get();
    }

    /**
     * Frames that went to the socket, keepalives included.
     *
     * @return how many.
     */
    public long framesOut()
    {
        return framesOut.get();
    }

    /**
     * Bytes of the frames that went to the socket, length words included.
     *
     * @return how many.
     */
    public long bytesOut()
    {
        return bytesOut.get();
    }

    /**
     * Times that the channel came up after the first time.
     *
     * @return how many.
     */
    public long reconnects()
    {
        return Math.max(0, connects.get() - 1);
    }

    /**
     * Attempts to open the channel that came to nothing, for any reason.
     *
     * @return how many.
     */
    public long failures()
    {
        return failures.get();
    }

    /**
     * Connections that were this peer's by their certificate and were not wanted, or were wanted and had another
     * identity.
     *
     * @return how many.
     */
    public long refused()
    {
        return refused.get();
    }

    /**
     * Live connections that gave way to a newer one.
     *
     * @return how many.
     */
    public long replaced()
    {
        return replaced.get();
    }

    /**
     * Connections closed because nothing came for the dead-peer time.
     *
     * @return how many.
     */
    public long deadPeers()
    {
        return deadPeers.get();
    }

    /**
     * Connections closed because the peer broke the rules.
     *
     * @return how many.
     */
    public long protocolErrors()
    {
        return protocolErrors.get();
    }

    /**
     * Frames that were not taken because the outbound queue was full.
     *
     * @return how many.
     */
    public long queueFull()
    {
        return queueFull.get();
    }

    /**
     * Frames that had to wait because the shard's inbound queue was full.
     *
     * @return how many.
     */
    public long inboundFull()
    {
        return inboundFull.get();
    }

    /**
     * The last round trip of a keepalive.
     *
     * @return in nanoseconds; 0 before the first.
     */
    public long roundTripNs()
    {
        return roundTripNs.get();
    }

    /**
     * Append as members of a JSON object, keys sorted, without braces.
     *
     * @param json to append to.
     */
    void appendTo(final StringBuilder json)
    {
        json.append("\"bytes_in\":").append(bytesIn())
            .append(",\"bytes_out\":").append(bytesOut())
            .append(",\"dead_peers\":").append(deadPeers())
            .append(",\"failures\":").append(failures())
            .append(",\"frames_in\":").append(framesIn())
            .append(",\"frames_out\":").append(framesOut())
            .append(",\"inbound_full\":").append(inboundFull())
            .append(",\"protocol_errors\":").append(protocolErrors())
            .append(",\"queue_full\":").append(queueFull())
            .append(",\"reconnects\":").append(reconnects())
            .append(",\"refused\":").append(refused())
            .append(",\"replaced\":").append(replaced())
            .append(",\"round_trip_ns\":").append(roundTripNs());
    }
}
