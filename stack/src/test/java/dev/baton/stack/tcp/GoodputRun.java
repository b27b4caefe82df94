package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;

/**
 * One bulk transfer in virtual time, from client to server through a bottleneck, of 100 Mbit/s unless told otherwise,
 * with a queue of one bandwidth-delay product, at least 64 KB. Random loss is on the way of the data only. Goodput counts from a quarter of
 * the bytes on.
 */
final class GoodputRun
{
    static final long BITS_PER_SECOND = 100_000_000;
    static final int MSS = 1448;
    private static final int LEAST_QUEUE_BYTES = 64 << 10;

    final String congestionControl;
    final double loss;
    final long rttNs;
    final long bitsPerSecond;
    long elapsedNs;
    long bytes;
    long segments;
    long resent;
    long timeouts;

    GoodputRun(final String congestionControl, final double loss, final long rttNs)
    {
        this(congestionControl, loss, rttNs, BITS_PER_SECOND);
    }

    GoodputRun(final String congestionControl, final double loss, final long rttNs, final long bitsPerSecond)
    {
        this.bitsPerSecond = bitsPerSecond;
        this.congestionControl = congestionControl;
        this.loss = loss;
        this.rttNs = rttNs;
    }

    /** Add a transfer with a seed of its own to the account. */
    GoodputRun transfer(final long seed, final long totalBytes)
    {
        final TcpWorld w = new TcpWorld(seed).fullBuffers();
        final long bdpBytes = bitsPerSecond / 8 * rttNs / TcpWorld.SECOND_NS;
        w.toServer().delay(rttNs / 2).loss(loss).rate(bitsPerSecond, (int)Math.max(LEAST_QUEUE_BYTES, bdpBytes));
        w.toClient().delay(rttNs / 2);
        w.clientContext.congestionControl(congestionControl);
        final StreamPeer client = new StreamPeer().sends(totalBytes);
        final StreamPeer server = new StreamPeer();
        w.start().listen(server);
        w.connect(client);
        w.until("a quarter has come", 10_000, () -> server.received >= totalBytes / 4);
        final long startNs = w.world.nowNs();
        final long startBytes = server.received;
        w.until("all has come", 100_000, () -> server.received == totalBytes);
        elapsedNs += w.world.nowNs() - startNs;
        bytes += totalBytes - startBytes;
        segments += w.client.counters().get(StackCounter.TCP_OUT_SEGS);
        resent += w.client.counters().get(StackCounter.TCP_RETRANS_SEGS);
        timeouts += w.client.counters().get(StackCounter.TCP_TIMEOUTS);
        return this;
    }

    double goodputMbit()
    {
        return bytes * 8e3 / elapsedNs;
    }

    /** Mean window that the goodput comes from, in segments a round trip. */
    double windowSegments()
    {
        return (double)bytes / MSS * rttNs / elapsedNs;
    }

    /** Greatest window that the bottleneck carries, in segments of 1500 bytes on the wire. */
    double linkSegments()
    {
        return bitsPerSecond / 8.0 * rttNs / TcpWorld.SECOND_NS / (MSS + 52);
    }

    /**
     * The window to expect: what the loss allows (RFC 9438, equation 3 for Reno and CUBIC, equation 6 for CUBIC), or
     * the link, which is all that bounds BBR.
     */
    double expectedSegments()
    {
        if ("bbr".equals(congestionControl))
        {
            return linkSegments();
        }
        final double reno = Math.sqrt(1.5 / loss);
        final double cubic = Math.pow(0.4 * 3.7 / 1.2, 0.25) * Math.pow(rttNs / 1e9 / loss, 0.75);
        final double byLoss = "cubic".equals(congestionControl) ? Math.max(reno, cubic) : reno;
        return Math.min(byLoss, linkSegments());
    }
}
