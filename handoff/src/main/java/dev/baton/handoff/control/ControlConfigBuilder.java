package dev.baton.handoff.control;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Collects the settings of a {@link TlsControlPlane}. Setters take anything; {@link #conclude()} checks all of it and
 * says what is wrong in one line.
 * <p>
 * Not thread safe.
 */
public final class ControlConfigBuilder
{
    private static final long MIN_TIME_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_TIME_NS = TimeUnit.HOURS.toNanos(1);
    private static final int MIN_RING_BYTES = 8 * ControlPlane.MAX_FRAME_BYTES;
    private static final int MAX_RING_BYTES = 1 << 28;

    private final SortedMap<String, Endpoint> peers = new TreeMap<>();
    private String node;
    private String listen;
    private Path keyStore;
    private Path passwordFile;
    private Path trust;
    private long incarnation;
    private long pingIntervalNs = TimeUnit.SECONDS.toNanos(1);
    private long deadPeerNs = TimeUnit.SECONDS.toNanos(3);
    private long handshakeTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long backoffMinNs = TimeUnit.MILLISECONDS.toNanos(50);
    private long backoffMaxNs = TimeUnit.SECONDS.toNanos(2);
    private int inboundBytes = 1 << 20;
    private int outboundBytes = 1 << 18;
    private int outboundFrames = 1024;
    private int maxHandshakes = 32;

    /**
     * This node's name.
     *
     * @param name as in its certificate.
     * @return this.
     */
    public ControlConfigBuilder node(final String name)
    {
        this.node = name;
        return this;
    }

    /**
     * Where to listen. Without it this node only dials.
     *
     * @param address {@code host:port} or {@code [address]:port}; port 0 means any free one; null: do not listen.
     * @return this.
     */
    public ControlConfigBuilder listen(final String address)
    {
        this.listen = address;
        return this;
    }

    /**
     * Add a peer.
     *
     * @param name    as in its certificate.
     * @param address {@code host:port} or {@code [address]:port}; used when this node dials it.
     * @return this.
     * @throws IllegalArgumentException when the name is none or was added before, or the address cannot be read.
     */
    public ControlConfigBuilder peer(final String name, final String address)
    {
        NodeName.check("peer", name);
        if (peers.put(name, Endpoint.parse("peer " + name, address)) != null)
        {
            throw new IllegalArgumentException("peer " + name + ": named twice; keep one of them");
        }
        return this;
    }

    /**
     * Where key and certificate are.
     *
     * @param file PKCS #12, with the private key and its chain.
     * @return this.
     */
    public ControlConfigBuilder keyStore(final Path file)
    {
        this.keyStore = file;
        return this;
    }

    /**
     * Where the key store's password is.
     *
     * @param file whose first line it is.
     * @return this.
     */
    public ControlConfigBuilder passwordFile(final Path file)
    {
        this.passwordFile = file;
        return this;
    }

    /**
     * Who issues the cluster's certificates.
     *
     * @param file certificates as PEM.
     * @return this.
     */
    public ControlConfigBuilder trust(final Path file)
    {
        this.trust = file;
        return this;
    }

    /**
     * Number of this start of the process.
     *
     * @param number new at each start; 0 (as without this call): a random one.
     * @return this.
     */
    public ControlConfigBuilder incarnation(final long number)
    {
        this.incarnation = number;
        return this;
    }

    /**
     * How to notice that a peer is gone.
     *
     * @param intervalNs time between two Pings; 1 s unless set.
     * @param deadNs     silence after which the connection is given up, more than the interval; 3 s unless set.
     * @return this.
     */
    public ControlConfigBuilder keepalive(final long intervalNs, final long deadNs)
    {
        this.pingIntervalNs = intervalNs;
        this.deadPeerNs = deadNs;
        return this;
    }

    /**
     * Time that a connection has to become a channel.
     *
     * @param timeoutNs from the TCP connection to the exchange of Hellos; 10 s unless set.
     * @return this.
     */
    public ControlConfigBuilder handshakeTimeout(final long timeoutNs)
    {
        this.handshakeTimeoutNs = timeoutNs;
        return this;
    }

    /**
     * Waits between attempts to connect. The wait doubles from the least to the greatest, and each is shortened by up
     * to a half at random.
     *
     * @param minNs least; 50 ms unless set.
     * @param maxNs greatest; 2 s unless set.
     * @return this.
     */
    public ControlConfigBuilder backoff(final long minNs, final long maxNs)
    {
        this.backoffMinNs = minNs;
        this.backoffMaxNs = maxNs;
        return this;
    }

    /**
     * Sizes of the queues.
     *
     * @param inboundSizeBytes  of the one ring to the shard, a power of two; 1 MiB unless set.
     * @param outboundSizeBytes of the queue to each peer, a power of two; 256 KiB unless set.
     * @param outboundMaxFrames most frames in the queue to each peer; 1024 unless set.
     * @return this.
     */
    public ControlConfigBuilder queues(
        final int inboundSizeBytes, final int outboundSizeBytes, final int outboundMaxFrames)
    {
        this.inboundBytes = inboundSizeBytes;
        this.outboundBytes = outboundSizeBytes;
        this.outboundFrames = outboundMaxFrames;
        return this;
    }

    /**
     * How many may knock at a time.
     *
     * @param count most accepted connections that are not authenticated yet; 32 unless set.
     * @return this.
     */
    public ControlConfigBuilder maxHandshakes(final int count)
    {
        this.maxHandshakes = count;
        return this;
    }

    /**
     * Check everything, read key and certificates.
     *
     * @return the settings.
     * @throws IllegalArgumentException when something is wrong: the message names the thing, the cause and the mend in
     *                                  one line.
     */
    public ControlConfig conclude()
    {
        NodeName.check("node", node);
        final Endpoint at = listen == null ? null : Endpoint.parse("listen", listen);
        checkPeers(at);
        checkTimes();
        ring("inbound queue", inboundBytes);
        ring("outbound queue", outboundBytes);
        range("outbound queue frames", outboundFrames, 1, 1 << 20);
        range("handshakes at a time", maxHandshakes, 1, 1024);
        final NodeIdentity identity = NodeIdentity.load(
            node, required("key store", keyStore), required("password file", passwordFile), required("trust", trust));
        final long start = incarnation == 0 ? new SecureRandom().nextLong() : incarnation;
        return new ControlConfig(
            node, at, Collections.unmodifiableSortedMap(new TreeMap<>(peers)), identity, start,
            pingIntervalNs, deadPeerNs, handshakeTimeoutNs, backoffMinNs, backoffMaxNs,
            inboundBytes, outboundBytes, outboundFrames, maxHandshakes);
    }

    private void checkPeers(final Endpoint at)
    {
        range("peers", peers.size(), 0, ControlConfig.MAX_PEERS);
        if (peers.containsKey(node))
        {
            throw new IllegalArgumentException("peer " + node + ": is this node; list only the others");
        }
        if (at == null && !peers.isEmpty() && peers.firstKey().compareTo(node) < 0)
        {
            throw new IllegalArgumentException("peer " + peers.firstKey() + ": dials this node (its name is smaller than " +
                node + "), but there is no listen address; set one");
        }
        for (final var peer : peers.entrySet())
        {
            if (peer.getValue().port() == 0 && node.compareTo(peer.getKey()) < 0)
            {
                throw new IllegalArgumentException(
                    "peer " + peer.getKey() + ": port 0 cannot be dialled; write the port that it listens on");
            }
        }
    }

    private void checkTimes()
    {
        range("ping interval", pingIntervalNs, MIN_TIME_NS, MAX_TIME_NS);
        range("dead-peer time", deadPeerNs, MIN_TIME_NS, MAX_TIME_NS);
        range("handshake timeout", handshakeTimeoutNs, MIN_TIME_NS, MAX_TIME_NS);
        range("least back-off", backoffMinNs, MIN_TIME_NS, MAX_TIME_NS);
        range("greatest back-off", backoffMaxNs, backoffMinNs, MAX_TIME_NS);
        if (deadPeerNs <= pingIntervalNs)
        {
            throw new IllegalArgumentException("dead-peer time: " + deadPeerNs + " ns is not more than the ping interval, " +
                pingIntervalNs + " ns; set it to about three intervals");
        }
    }

    private static void ring(final String what, final int bytes)
    {
        if (bytes < MIN_RING_BYTES || bytes > MAX_RING_BYTES || Integer.bitCount(bytes) != 1)
        {
            throw new IllegalArgumentException(
                what + ": " + bytes + " bytes; use a power of two from " + MIN_RING_BYTES + " to " + MAX_RING_BYTES);
        }
    }

    private static void range(final String what, final long value, final long min, final long max)
    {
        if (value < min || value > max)
        {
            throw new IllegalArgumentException(what + ": " + value + "; use " + min + " to " + max);
        }
    }

    private static Path required(final String what, final Path file)
    {
        if (file == null)
        {
            throw new IllegalArgumentException(what + ": not set; name the file");
        }
        return file;
    }
}
