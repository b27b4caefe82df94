package dev.baton.stack;

import dev.baton.stack.tcp.congestion.CongestionControls;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Configuration of a shard: set what differs from the defaults, then {@link #conclude()}, which validates all of it and
 * freezes it. Each property names the sysctl (or socket option) that it corresponds to on Linux.
 * <p>
 * Not thread safe before it is concluded; immutable after.
 */
public final class StackContext
{
    private final List<IpAddress> addresses = new ArrayList<>();
    private final HandshakeOptions handshake = new HandshakeOptions();
    private Consumer<Throwable> errorHandler = (error) -> {};
    private long seed = 1;
    private boolean hasSecret;
    private long secret0;
    private long secret1;
    private final IpSettings ip = new IpSettings();
    private boolean concluded;
    private int shard;
    private int maxConnections = 65536;
    private int synBacklog = 1024;
    private int maxTimeWait = 65536;
    private int sendBufferBytes = 4 << 20;
    private int receiveBufferBytes = 4 << 20;
    private int initialSendBufferBytes = 87_040;
    private int initialReceiveBufferBytes = 66 << 10;
    private long wmemMaxBytes = 212_992;
    private long rmemMaxBytes = 212_992;
    private boolean moderateReceiveBuffer = true;
    private long receiveBufferLowRttNs = 1_000_000L;
    private long poolBytes = 256L << 20;
    private long initialRtoNs = 1_000_000_000L;
    private long minRtoNs = 200_000_000L;
    private long maxRtoNs = 120_000_000_000L;
    private long delayedAckNs = 40_000_000L;
    private int retries1 = 3;
    private int retries2 = 15;
    private int synRetries = 6;
    private int synAckRetries = 5;
    private long userTimeoutNs;
    private boolean userTimeoutOption;
    private long userTimeoutLowestNs = 100_000_000_000L;
    private long userTimeoutHighestNs = 86_400_000_000_000L;
    private long notSentLowatBytes = 0xFFFF_FFFFL;
    private boolean standardUrgentPointer;
    private boolean keepAlive;
    private long keepAliveIdleNs = 7_200_000_000_000L;
    private long keepAliveIntervalNs = 75_000_000_000L;
    private int keepAliveProbes = 9;
    private long timeWaitNs = 60_000_000_000L;
    private long finWait2Ns = 60_000_000_000L;
    private int maxSegmentBytes;
    private boolean windowScale = true;
    private boolean timestamps = true;
    private boolean bsdOptionOrder;
    private boolean sack = true;
    private boolean dsack = true;
    private boolean rack = true;
    private boolean lossProbe = true;
    private boolean forwardRto = true;
    private boolean noDelay;
    private boolean slowStartAfterIdle = true;
    private int initialWindowSegments = 10;
    private String congestionControl = "cubic";
    private int ecn = 2;
    private boolean ecnFallback = true;
    private int ecnOption = 2;
    private int ecnOptionBeacons = 3;
    private boolean pacing;
    private int pacingSlowStartRatio = 200;
    private int pacingAvoidanceRatio = 120;
    private int minTsoSegments = 2;
    private int challengeAcksPerSecond = 1000;
    private int lowestLocalPort = 32768;
    private int highestLocalPort = 60999;
    private int ttl = 64;
    private int maxUdpSockets = 65536;
    private int datagramBufferBytes = 212_992;
    private int maxQueuedDatagrams = 4096;
    private int batchPackets = 64;
    private int batchBytes = 256 << 10;
    private int maxSegmentsOutPerPoll = 256;
    private int maxModuleFaults = 16;
    private CounterSpace counterSpace;

    /**
     * Validate everything and freeze it.
     *
     * @return this.
     * @throws IllegalStateException when it was concluded before, or when a value cannot work; the text names it.
     */
    public StackContext conclude()
    {
        open();
        initialSendBufferBytes = Math.min(initialSendBufferBytes, sendBufferBytes);
        initialReceiveBufferBytes = Math.min(initialReceiveBufferBytes, receiveBufferBytes);
        StackContextCheck.check(this);
        ip.freeze();
        handshake.conclude();
        if (!hasSecret)
        {
            final ShardRandom random = new ShardRandom(seed ^ 0x5EC2E7L);
            secret0 = random.nextLong();
            secret1 = random.nextLong();
            hasSecret = true;
        }
        concluded = true;
        return this;
    }

    /**
     * Has {@link #conclude()} been called?
     *
     * @return true when frozen.
     */
    public boolean isConcluded()
    {
        return concluded;
    }

    /**
     * Names of the congestion controls that {@link #congestionControl(String)} takes.
     *
     * @return unmodifiable.
     */
    public static List<String> congestionControls()
    {
        return CongestionControls.names();
    }

    /**
     * How connections are opened, and what is remembered of them.
     *
     * @return to be set before {@link #conclude()}, to be read after.
     */
    public HandshakeOptions handshake()
    {
        return handshake;
    }

    /**
     * Where the shard's counters live, so that another process can read them.
     *
     * @param counterSpace unused; a shard needs one of its own.
     * @return this.
     */
    public StackContext counterSpace(final CounterSpace counterSpace)
    {
        open();
        this.counterSpace = counterSpace;
        return this;
    }

    /**
     * Where the shard's counters live.
     *
     * @return by default a new one on the heap, at each call.
     */
    public CounterSpace counterSpace()
    {
        return counterSpace == null ? CounterSpace.onHeap() : counterSpace;
    }

    /**
     * Add a local address.
     *
     * @param address unicast.
     * @return this.
     */
    public StackContext address(final IpAddress address)
    {
        open();
        addresses.add(address);
        return this;
    }

    /**
     * Local addresses.
     *
     * @return in the order in which they were added; unmodifiable.
     */
    public List<IpAddress> addresses()
    {
        return Collections.unmodifiableList(addresses);
    }

    /**
     * Add a local address of a network.
     *
     * @param address      unicast.
     * @param prefixLength of its network in bits, 1 to 32 or 128; an address without one is alone in its network.
     * @return this.
     */
    public StackContext address(final IpAddress address, final int prefixLength)
    {
        address(address);
        ip.prefixLength(address, prefixLength);
        return this;
    }

    /**
     * Set what differs from the IP layer's defaults.
     *
     * @param settings is given the IP layer's part at once.
     * @return this.
     */
    public StackContext ip(final Consumer<IpSettings> settings)
    {
        open();
        settings.accept(ip);
        return this;
    }

    /**
     * What can be set of the IP layer.
     *
     * @return frozen together with this.
     */
    public IpSettings ip()
    {
        return ip;
    }

    /**
     * Seed of the shard's only random source.
     *
     * @param seed any number.
     * @return this.
     */
    public StackContext seed(final long seed)
    {
        open();
        this.seed = seed;
        return this;
    }

    /**
     * Seed of the shard's random source.
     *
     * @return any number.
     */
    public long seed()
    {
        return seed;
    }

    /**
     * Key of the SipHash that makes sequence numbers, timestamp offsets and table hashes ({@code
     * net.ipv4.tcp_fastopen_key} is the like of it on Linux). When it is not set it is drawn from the seed.
     *
     * @param k0 lower half.
     * @param k1 upper half.
     * @return this.
     */
    public StackContext secret(final long k0, final long k1)
    {
        open();
        secret0 = k0;
        secret1 = k1;
        hasSecret = true;
        return this;
    }

    /**
     * Lower half of the secret.
     *
     * @return 64 bits; valid once concluded.
     */
    public long secret0()
    {
        return secret0;
    }

    /**
     * Upper half of the secret.
     *
     * @return 64 bits; valid once concluded.
     */
    public long secret1()
    {
        return secret1;
    }

    /**
     * Who is told of exceptions that call-backs throw. It must not throw.
     *
     * @param errorHandler called on the shard's thread.
     * @return this.
     */
    public StackContext errorHandler(final Consumer<Throwable> errorHandler)
    {
        open();
        this.errorHandler = errorHandler;
        return this;
    }

    /**
     * Who is told of exceptions that call-backs throw.
     *
     * @return never null.
     */
    public Consumer<Throwable> errorHandler()
    {
        return errorHandler;
    }

    /**
     * Number of this shard, which images and ids carry.
     *
     * @param shard 0 or more.
     * @return this.
     */
    public StackContext shard(final int shard)
    {
        open();
        this.shard = shard;
        return this;
    }

    /** {@return 0 or more} */
    public int shard()
    {
        return shard;
    }

    /**
     * Most connections with a full Tcb.
     *
     * @param maxConnections a count; {@code fs.file-max} plays this part on Linux.
     * @return this.
     */
    public StackContext maxConnections(final int maxConnections)
    {
        open();
        this.maxConnections = maxConnections;
        return this;
    }

    /** {@return most connections with a full Tcb} */
    public int maxConnections()
    {
        return maxConnections;
    }

    /**
     * Most half-open connections; a SYN above it is dropped ({@code net.ipv4.tcp_max_syn_backlog}).
     *
     * @param synBacklog a count.
     * @return this.
     */
    public StackContext synBacklog(final int synBacklog)
    {
        open();
        this.synBacklog = synBacklog;
        return this;
    }

    /** {@return most half-open connections} */
    public int synBacklog()
    {
        return synBacklog;
    }

    /**
     * Most connections in TIME-WAIT; above it the oldest one ends early ({@code net.ipv4.tcp_max_tw_buckets}).
     *
     * @param maxTimeWait a count.
     * @return this.
     */
    public StackContext maxTimeWait(final int maxTimeWait)
    {
        open();
        this.maxTimeWait = maxTimeWait;
        return this;
    }

    /** {@return most connections in TIME-WAIT} */
    public int maxTimeWait()
    {
        return maxTimeWait;
    }

    /**
     * Greatest send buffer of a connection ({@code net.ipv4.tcp_wmem}, third value).
     *
     * @param sendBufferBytes bytes.
     * @return this.
     */
    public StackContext sendBufferBytes(final int sendBufferBytes)
    {
        open();
        this.sendBufferBytes = sendBufferBytes;
        return this;
    }

    /** {@return greatest send buffer of a connection, in bytes} */
    public int sendBufferBytes()
    {
        return sendBufferBytes;
    }

    /**
     * Greatest receive buffer of a connection ({@code net.ipv4.tcp_rmem}, third value).
     *
     * @param receiveBufferBytes bytes.
     * @return this.
     */
    public StackContext receiveBufferBytes(final int receiveBufferBytes)
    {
        open();
        this.receiveBufferBytes = receiveBufferBytes;
        return this;
    }

    /** {@return greatest receive buffer of a connection, in bytes} */
    public int receiveBufferBytes()
    {
        return receiveBufferBytes;
    }

    /**
     * Send buffer with which a connection begins; it grows with the congestion window up to {@link
     * #sendBufferBytes(int)}. Linux makes this of {@code net.ipv4.tcp_wmem}'s second value, 16384, when the connection
     * is established.
     *
     * @param initialSendBufferBytes bytes of payload.
     * @return this.
     */
    public StackContext initialSendBufferBytes(final int initialSendBufferBytes)
    {
        open();
        this.initialSendBufferBytes = initialSendBufferBytes;
        return this;
    }

    /** {@return send buffer with which a connection begins, in bytes; at most the greatest} */
    public int initialSendBufferBytes()
    {
        return initialSendBufferBytes;
    }

    /**
     * Receive buffer with which a connection begins; it grows with what its user takes in a round trip, up to
     * {@link #receiveBufferBytes(int)} ({@code net.ipv4.tcp_rmem}, second value, 131072, of which Linux gives half to
     * payload).
     *
     * @param initialReceiveBufferBytes bytes of payload.
     * @return this.
     */
    public StackContext initialReceiveBufferBytes(final int initialReceiveBufferBytes)
    {
        open();
        this.initialReceiveBufferBytes = initialReceiveBufferBytes;
        return this;
    }

    /** {@return receive buffer with which a connection begins, in bytes; at most the greatest} */
    public int initialReceiveBufferBytes()
    {
        return initialReceiveBufferBytes;
    }

    /**
     * Upper limit of what {@code SO_SNDBUF} may be set to ({@code net.core.wmem_max}).
     *
     * @param wmemMaxBytes bytes.
     * @return this.
     */
    public StackContext wmemMaxBytes(final long wmemMaxBytes)
    {
        open();
        this.wmemMaxBytes = wmemMaxBytes;
        return this;
    }

    /** {@return upper limit of what SO_SNDBUF may be set to, in bytes} */
    public long wmemMaxBytes()
    {
        return wmemMaxBytes;
    }

    /**
     * Upper limit of what {@code SO_RCVBUF} may be set to ({@code net.core.rmem_max}).
     *
     * @param rmemMaxBytes bytes.
     * @return this.
     */
    public StackContext rmemMaxBytes(final long rmemMaxBytes)
    {
        open();
        this.rmemMaxBytes = rmemMaxBytes;
        return this;
    }

    /** {@return upper limit of what SO_RCVBUF may be set to, in bytes} */
    public long rmemMaxBytes()
    {
        return rmemMaxBytes;
    }

    /**
     * Do receive buffers grow by themselves ({@code net.ipv4.tcp_moderate_rcvbuf})?
     *
     * @param moderateReceiveBuffer true when they do.
     * @return this.
     */
    public StackContext moderateReceiveBuffer(final boolean moderateReceiveBuffer)
    {
        open();
        this.moderateReceiveBuffer = moderateReceiveBuffer;
        return this;
    }

    /** {@return true when they do} */
    public boolean moderateReceiveBuffer()
    {
        return moderateReceiveBuffer;
    }

    /**
     * Paths with a least round-trip time below this are taken for local: receive buffers grow there only as far as that
     * time needs it, and not once packets are lost ({@code net.ipv4.tcp_rcvbuf_low_rtt}, by which Linux slows their
     * growth down).
     *
     * @param receiveBufferLowRttNs nanoseconds; 0 for none.
     * @return this.
     */
    public StackContext receiveBufferLowRttNs(final long receiveBufferLowRttNs)
    {
        open();
        this.receiveBufferLowRttNs = receiveBufferLowRttNs;
        return this;
    }

    /** {@return round-trip time below which a path is taken for local, in nanoseconds} */
    public long receiveBufferLowRttNs()
    {
        return receiveBufferLowRttNs;
    }

    /**
     * Memory for all send and receive buffers together ({@code net.ipv4.tcp_mem}).
     *
     * @param poolBytes bytes; rounded down to whole slabs of the greater buffer.
     * @return this.
     */
    public StackContext poolBytes(final long poolBytes)
    {
        open();
        this.poolBytes = poolBytes;
        return this;
    }

    /** {@return memory for all send and receive buffers together, in bytes} */
    public long poolBytes()
    {
        return poolBytes;
    }

    /**
     * Retransmission time-out before the first RTT sample (RFC 6298, section 2.1; a constant of Linux).
     *
     * @param initialRtoNs nanoseconds.
     * @return this.
     */
    public StackContext initialRtoNs(final long initialRtoNs)
    {
        open();
        this.initialRtoNs = initialRtoNs;
        return this;
    }

    /** {@return retransmission time-out before the first RTT sample, in nanoseconds} */
    public long initialRtoNs()
    {
        return initialRtoNs;
    }

    /**
     * Least part of the retransmission time-out that stands above the smoothed RTT ({@code net.ipv4.tcp_rto_min_us}).
     *
     * @param minRtoNs nanoseconds.
     * @return this.
     */
    public StackContext minRtoNs(final long minRtoNs)
    {
        open();
        this.minRtoNs = minRtoNs;
        return this;
    }

    /** {@return least part of the retransmission time-out that stands above the smoothed RTT, in nanoseconds} */
    public long minRtoNs()
    {
        return minRtoNs;
    }

    /**
     * Greatest retransmission and probe time-out ({@code net.ipv4.tcp_rto_max_ms}).
     *
     * @param maxRtoNs nanoseconds.
     * @return this.
     */
    public StackContext maxRtoNs(final long maxRtoNs)
    {
        open();
        this.maxRtoNs = maxRtoNs;
        return this;
    }

    /** {@return greatest retransmission and probe time-out, in nanoseconds} */
    public long maxRtoNs()
    {
        return maxRtoNs;
    }

    /**
     * Longest time an ACK is held back (RFC 9293, section 3.8.6.3; a constant of Linux).
     *
     * @param delayedAckNs nanoseconds, below 500 ms.
     * @return this.
     */
    public StackContext delayedAckNs(final long delayedAckNs)
    {
        open();
        this.delayedAckNs = delayedAckNs;
        return this;
    }

    /** {@return longest time an ACK is held back, in nanoseconds} */
    public long delayedAckNs()
    {
        return delayedAckNs;
    }

    /**
     * Retransmissions in a row after which a connection's user is told, R1 of RFC 9293 ({@code net.ipv4.tcp_retries1}).
     *
     * @param retries1 a count.
     * @return this.
     */
    public StackContext retries1(final int retries1)
    {
        open();
        this.retries1 = retries1;
        return this;
    }

    /** {@return retransmissions in a row after which the user is told} */
    public int retries1()
    {
        return retries1;
    }

    /**
     * Retransmissions or unanswered probes before a connection is given up, R2 of RFC 9293 ({@code
     * net.ipv4.tcp_retries2}).
     *
     * @param retries2 a count.
     * @return this.
     */
    public StackContext retries2(final int retries2)
    {
        open();
        this.retries2 = retries2;
        return this;
    }

    /** {@return retransmissions or unanswered probes before a connection is given up} */
    public int retries2()
    {
        return retries2;
    }

    /**
     * Retransmissions of a SYN ({@code net.ipv4.tcp_syn_retries}).
     *
     * @param synRetries a count.
     * @return this.
     */
    public StackContext synRetries(final int synRetries)
    {
        open();
        this.synRetries = synRetries;
        return this;
    }

    /** {@return retransmissions of a SYN} */
    public int synRetries()
    {
        return synRetries;
    }

    /**
     * Retransmissions of a SYN/ACK ({@code net.ipv4.tcp_synack_retries}).
     *
     * @param synAckRetries a count.
     * @return this.
     */
    public StackContext synAckRetries(final int synAckRetries)
    {
        open();
        this.synAckRetries = synAckRetries;
        return this;
    }

    /** {@return retransmissions of a SYN/ACK} */
    public int synAckRetries()
    {
        return synAckRetries;
    }

    /**
     * Longest time data may stay unacknowledged (RFC 9293, section 3.9.1; socket option {@code TCP_USER_TIMEOUT}).
     *
     * @param userTimeoutNs nanoseconds; 0 leaves it to {@link #retries2()}.
     * @return this.
     */
    public StackContext userTimeoutNs(final long userTimeoutNs)
    {
        open();
        this.userTimeoutNs = userTimeoutNs;
        return this;
    }

    /** {@return longest time data may stay unacknowledged, in nanoseconds} */
    public long userTimeoutNs()
    {
        return userTimeoutNs;
    }

    /**
     * Is the user time-out told to peers, and their advice followed (RFC 5482, section 3, ENABLED)? It works on
     * connections that have a {@link #userTimeoutNs(long)}. Linux has no such thing.
     *
     * @param userTimeoutOption true when it is.
     * @return this.
     */
    public StackContext userTimeoutOption(final boolean userTimeoutOption)
    {
        open();
        this.userTimeoutOption = userTimeoutOption;
        return this;
    }

    /** {@return true when it is} */
    public boolean userTimeoutOption()
    {
        return userTimeoutOption;
    }

    /**
     * Least user time-out that a peer can bring about (RFC 5482, section 3.1, L_LIMIT, at least 100 s there).
     *
     * @param userTimeoutLowestNs nanoseconds.
     * @return this.
     */
    public StackContext userTimeoutLowestNs(final long userTimeoutLowestNs)
    {
        open();
        this.userTimeoutLowestNs = userTimeoutLowestNs;
        return this;
    }

    /** {@return least user time-out that a peer can bring about, in nanoseconds} */
    public long userTimeoutLowestNs()
    {
        return userTimeoutLowestNs;
    }

    /**
     * Greatest user time-out that a peer can bring about (RFC 5482, section 3.1, U_LIMIT).
     *
     * @param userTimeoutHighestNs nanoseconds.
     * @return this.
     */
    public StackContext userTimeoutHighestNs(final long userTimeoutHighestNs)
    {
        open();
        this.userTimeoutHighestNs = userTimeoutHighestNs;
        return this;
    }

    /** {@return greatest user time-out that a peer can bring about, in nanoseconds} */
    public long userTimeoutHighestNs()
    {
        return userTimeoutHighestNs;
    }

    /**
     * Bytes not yet sent below which a connection is writable ({@code net.ipv4.tcp_notsent_lowat}).
     *
     * @param notSentLowatBytes bytes, at least 1.
     * @return this.
     */
    public StackContext notSentLowatBytes(final long notSentLowatBytes)
    {
        open();
        this.notSentLowatBytes = notSentLowatBytes;
        return this;
    }

    /** {@return bytes not yet sent below which a connection is writable} */
    public long notSentLowatBytes()
    {
        return notSentLowatBytes;
    }

    /**
     * Is a received urgent pointer taken for the number of the last urgent octet, as RFC 1122 had it ({@code
     * net.ipv4.tcp_stdurg})? If not, it is the number behind it (RFC 6093, section 4; RFC 9293, MUST-62), which is what
     * is sent in any case.
     *
     * @param standardUrgentPointer false by default.
     * @return this.
     */
    public StackContext standardUrgentPointer(final boolean standardUrgentPointer)
    {
        open();
        this.standardUrgentPointer = standardUrgentPointer;
        return this;
    }

    /** {@return true when it is} */
    public boolean standardUrgentPointer()
    {
        return standardUrgentPointer;
    }

    /**
     * Are idle connections probed (RFC 9293, section 3.8.4; socket option {@code SO_KEEPALIVE})?
     *
     * @param keepAlive true when they are.
     * @return this.
     */
    public StackContext keepAlive(final boolean keepAlive)
    {
        open();
        this.keepAlive = keepAlive;
        return this;
    }

    /** {@return true when they are} */
    public boolean keepAlive()
    {
        return keepAlive;
    }

    /**
     * Idle time before the first probe ({@code net.ipv4.tcp_keepalive_time}).
     *
     * @param keepAliveIdleNs nanoseconds.
     * @return this.
     */
    public StackContext keepAliveIdleNs(final long keepAliveIdleNs)
    {
        open();
        this.keepAliveIdleNs = keepAliveIdleNs;
        return this;
    }

    /** {@return idle time before the first probe, in nanoseconds} */
    public long keepAliveIdleNs()
    {
        return keepAliveIdleNs;
    }

    /**
     * Time between probes ({@code net.ipv4.tcp_keepalive_intvl}).
     *
     * @param keepAliveIntervalNs nanoseconds.
     * @return this.
     */
    public StackContext keepAliveIntervalNs(final long keepAliveIntervalNs)
    {
        open();
        this.keepAliveIntervalNs = keepAliveIntervalNs;
        return this;
    }

    /** {@return time between probes, in nanoseconds} */
    public long keepAliveIntervalNs()
    {
        return keepAliveIntervalNs;
    }

    /**
     * Unanswered probes before a connection is given up ({@code net.ipv4.tcp_keepalive_probes}).
     *
     * @param keepAliveProbes a count.
     * @return this.
     */
    public StackContext keepAliveProbes(final int keepAliveProbes)
    {
        open();
        this.keepAliveProbes = keepAliveProbes;
        return this;
    }

    /** {@return unanswered probes before a connection is given up} */
    public int keepAliveProbes()
    {
        return keepAliveProbes;
    }

    /**
     * How long TIME-WAIT lasts, 2 MSL (RFC 9293, section 3.4.2; a constant of Linux).
     *
     * @param timeWaitNs nanoseconds.
     * @return this.
     */
    public StackContext timeWaitNs(final long timeWaitNs)
    {
        open();
        this.timeWaitNs = timeWaitNs;
        return this;
    }

    /** {@return how long TIME-WAIT lasts, in nanoseconds} */
    public long timeWaitNs()
    {
        return timeWaitNs;
    }

    /**
     * How long a closed connection waits for the peer's FIN ({@code net.ipv4.tcp_fin_timeout}).
     *
     * @param finWait2Ns nanoseconds.
     * @return this.
     */
    public StackContext finWait2Ns(final long finWait2Ns)
    {
        open();
        this.finWait2Ns = finWait2Ns;
        return this;
    }

    /** {@return how long a closed connection waits for the peer's FIN, in nanoseconds} */
    public long finWait2Ns()
    {
        return finWait2Ns;
    }

    /**
     * Upper limit of the MSS that is announced and used (route attribute {@code advmss}).
     *
     * @param maxSegmentBytes bytes; 0 takes it from the link's MTU.
     * @return this.
     */
    public StackContext maxSegmentBytes(final int maxSegmentBytes)
    {
        open();
        this.maxSegmentBytes = maxSegmentBytes;
        return this;
    }

    /** {@return upper limit of the MSS that is announced and used, in bytes} */
    public int maxSegmentBytes()
    {
        return maxSegmentBytes;
    }

    /**
     * Is window scaling offered and accepted ({@code net.ipv4.tcp_window_scaling})?
     *
     * @param windowScale true when it is.
     * @return this.
     */
    public StackContext windowScale(final boolean windowScale)
    {
        open();
        this.windowScale = windowScale;
        return this;
    }

    /** {@return true when it is} */
    public boolean windowScale()
    {
        return windowScale;
    }

    /**
     * Do the options of SYNs stand as BSD systems write them: window scale before SACK and timestamps, padding at the end?
     * Otherwise they stand in Linux's order. No sysctl; for peers, and conformance scripts, that look at it.
     *
     * @param bsdOptionOrder true for BSD's order; the default is Linux's.
     * @return this.
     */
    public StackContext bsdOptionOrder(final boolean bsdOptionOrder)
    {
        open();
        this.bsdOptionOrder = bsdOptionOrder;
        return this;
    }

    /** {@return true for BSD's order} */
    public boolean bsdOptionOrder()
    {
        return bsdOptionOrder;
    }

    /**
     * Are timestamps offered and accepted ({@code net.ipv4.tcp_timestamps})?
     *
     * @param timestamps true when they are.
     * @return this.
     */
    public StackContext timestamps(final boolean timestamps)
    {
        open();
        this.timestamps = timestamps;
        return this;
    }

    /** {@return true when they are} */
    public boolean timestamps()
    {
        return timestamps;
    }

    /**
     * Is SACK offered and accepted ({@code net.ipv4.tcp_sack})?
     *
     * @param sack true when it is.
     * @return this.
     */
    public StackContext sack(final boolean sack)
    {
        open();
        this.sack = sack;
        return this;
    }

    /** {@return true when it is} */
    public boolean sack()
    {
        return sack;
    }

    /**
     * Are duplicates reported to peers with SACK (RFC 2883; {@code net.ipv4.tcp_dsack}, on)?
     *
     * @param dsack true when it is so.
     * @return this.
     */
    public StackContext dsack(final boolean dsack)
    {
        open();
        this.dsack = dsack;
        return this;
    }

    /** {@return true when it is so} */
    public boolean dsack()
    {
        return dsack;
    }

    /**
     * Are losses of connections with SACK found by time (RFC 8985; {@code net.ipv4.tcp_recovery}, 1)? Else they are
     * found as RFC 6675 says.
     *
     * @param rack true when it is so.
     * @return this.
     */
    public StackContext rack(final boolean rack)
    {
        open();
        this.rack = rack;
        return this;
    }

    /** {@return true when it is so} */
    public boolean rack()
    {
        return rack;
    }

    /**
     * Is a lost tail probed for (RFC 8985, section 7; {@code net.ipv4.tcp_early_retrans}, 3)? Only with {@link
     * #rack(boolean)}.
     *
     * @param lossProbe true when it is so.
     * @return this.
     */
    public StackContext lossProbe(final boolean lossProbe)
    {
        open();
        this.lossProbe = lossProbe;
        return this;
    }

    /** {@return true when it is so} */
    public boolean lossProbe()
    {
        return lossProbe;
    }

    /**
     * Is it looked into whether a time-out was spurious (RFC 5682; {@code net.ipv4.tcp_frto}, 2)?
     *
     * @param forwardRto true when it is so.
     * @return this.
     */
    public StackContext forwardRto(final boolean forwardRto)
    {
        open();
        this.forwardRto = forwardRto;
        return this;
    }

    /** {@return true when it is so} */
    public boolean forwardRto()
    {
        return forwardRto;
    }

    /**
     * Is Nagle's rule off for new connections (socket option {@code TCP_NODELAY})?
     *
     * @param noDelay true when it is.
     * @return this.
     */
    public StackContext noDelay(final boolean noDelay)
    {
        open();
        this.noDelay = noDelay;
        return this;
    }

    /** {@return true when it is} */
    public boolean noDelay()
    {
        return noDelay;
    }

    /**
     * Does cwnd restart after idle time (RFC 5681, section 4.1; {@code net.ipv4.tcp_slow_start_after_idle})?
     *
     * @param slowStartAfterIdle true when it does.
     * @return this.
     */
    public StackContext slowStartAfterIdle(final boolean slowStartAfterIdle)
    {
        open();
        this.slowStartAfterIdle = slowStartAfterIdle;
        return this;
    }

    /** {@return true when it does} */
    public boolean slowStartAfterIdle()
    {
        return slowStartAfterIdle;
    }

    /**
     * Initial congestion window (RFC 6928; route attribute {@code initcwnd}).
     *
     * @param initialWindowSegments segments.
     * @return this.
     */
    public StackContext initialWindowSegments(final int initialWindowSegments)
    {
        open();
        this.initialWindowSegments = initialWindowSegments;
        return this;
    }

    /** {@return initial congestion window, in segments} */
    public int initialWindowSegments()
    {
        return initialWindowSegments;
    }

    /**
     * Congestion control of new connections ({@code net.ipv4.tcp_congestion_control}).
     *
     * @param congestionControl a name that the registry knows.
     * @return this.
     */
    public StackContext congestionControl(final String congestionControl)
    {
        open();
        this.congestionControl = congestionControl;
        return this;
    }

    /** {@return a name that the registry knows} */
    public String congestionControl()
    {
        return congestionControl;
    }

    /**
     * Explicit congestion notification ({@code net.ipv4.tcp_ecn}): what is offered when we connect, and what is agreed to
     * when a peer asks. Accurate is RFC 9768, classic RFC 3168; who agrees to accurate agrees to classic too.
     * <pre>
     *   value   peers that connect   when we connect
     *     0     none                 none
     *     1     classic              classic
     *     2     classic              none
     *     3     accurate             accurate
     *     4     accurate             classic
     *     5     accurate             none
     * </pre>
     *
     * @param ecn 0 to 5.
     * @return this.
     */
    public StackContext ecn(final int ecn)
    {
        open();
        this.ecn = ecn;
        return this;
    }

    /** {@return 0 to 5, see {@link #ecn(int)}} */
    public int ecn()
    {
        return ecn;
    }

    /**
     * Is ECN given up where the path seems not to take it ({@code net.ipv4.tcp_ecn_fallback}): handshakes that are not
     * answered, ECN fields that come out changed (RFC 3168, section 6.1.1.1; RFC 9768, sections 3.1.4 and 3.2.2)?
     *
     * @param ecnFallback true when it is.
     * @return this.
     */
    public StackContext ecnFallback(final boolean ecnFallback)
    {
        open();
        this.ecnFallback = ecnFallback;
        return this;
    }

    /** {@return true when ECN is given up where the path seems not to take it} */
    public boolean ecnFallback()
    {
        return ecnFallback;
    }

    /**
     * When the accurate ECN option is sent (RFC 9768, section 3.2.3.3; {@code net.ipv4.tcp_ecn_option}): 0 never, 1 when
     * a counter of CE or ECT(1) has changed, 2 when any has, 3 also where the path seems to drop it. It is not sent to a
     * peer that sends none.
     *
     * @param ecnOption 0 to 3.
     * @return this.
     */
    public StackContext ecnOption(final int ecnOption)
    {
        open();
        this.ecnOption = ecnOption;
        return this;
    }

    /** {@return 0 to 3, see {@link #ecnOption(int)}} */
    public int ecnOption()
    {
        return ecnOption;
    }

    /**
     * How often in a round trip the accurate ECN option is sent at least, changed or not, when there are ACKs to carry it
     * ({@code net.ipv4.tcp_ecn_option_beacon}).
     *
     * @param ecnOptionBeacons a count.
     * @return this.
     */
    public StackContext ecnOptionBeacons(final int ecnOptionBeacons)
    {
        open();
        this.ecnOptionBeacons = ecnOptionBeacons;
        return this;
    }

    /** {@return how often in a round trip the accurate ECN option is sent at least} */
    public int ecnOptionBeacons()
    {
        return ecnOptionBeacons;
    }

    /**
     * Are all connections paced, as with the queueing discipline {@code fq} on Linux ({@code net.core.default_qdisc})?
     * Off as there without it: then only those are whose congestion control sets a rate, or whose user has capped it
     * (SO_MAX_PACING_RATE).
     *
     * @param pacing true when they are.
     * @return this.
     */
    public StackContext pacing(final boolean pacing)
    {
        open();
        this.pacing = pacing;
        return this;
    }

    /** {@return true when all connections are paced} */
    public boolean pacing()
    {
        return pacing;
    }

    /**
     * Pacing rate in slow start, in percent of cwnd a round trip ({@code net.ipv4.tcp_pacing_ss_ratio}).
     *
     * @param percent 1 to 1000.
     * @return this.
     */
    public StackContext pacingSlowStartRatio(final int percent)
    {
        open();
        pacingSlowStartRatio = percent;
        return this;
    }

    /** {@return in percent} */
    public int pacingSlowStartRatio()
    {
        return pacingSlowStartRatio;
    }

    /**
     * Pacing rate in congestion avoidance, in percent of cwnd a round trip ({@code net.ipv4.tcp_pacing_ca_ratio}).
     *
     * @param percent 1 to 1000.
     * @return this.
     */
    public StackContext pacingAvoidanceRatio(final int percent)
    {
        open();
        pacingAvoidanceRatio = percent;
        return this;
    }

    /** {@return in percent} */
    public int pacingAvoidanceRatio()
    {
        return pacingAvoidanceRatio;
    }

    /**
     * Least number of segments that a paced connection may send at once ({@code net.ipv4.tcp_min_tso_segs}).
     *
     * @param segments 1 to 44.
     * @return this.
     */
    public StackContext minTsoSegments(final int segments)
    {
        open();
        minTsoSegments = segments;
        return this;
    }

    /** {@return in segments} */
    public int minTsoSegments()
    {
        return minTsoSegments;
    }

    /**
     * Mean number of challenge ACKs a second (RFC 5961, section 7; {@code net.ipv4.tcp_challenge_ack_limit}).
     *
     * @param challengeAcksPerSecond a count.
     * @return this.
     */
    public StackContext challengeAcksPerSecond(final int challengeAcksPerSecond)
    {
        open();
        this.challengeAcksPerSecond = challengeAcksPerSecond;
        return this;
    }

    /** {@return mean number of challenge ACKs a second} */
    public int challengeAcksPerSecond()
    {
        return challengeAcksPerSecond;
    }

    /**
     * First port for active opens ({@code net.ipv4.ip_local_port_range}, first value).
     *
     * @param lowestLocalPort 1 to 65535.
     * @return this.
     */
    public StackContext lowestLocalPort(final int lowestLocalPort)
    {
        open();
        this.lowestLocalPort = lowestLocalPort;
        return this;
    }

    /** {@return 1 to 65535} */
    public int lowestLocalPort()
    {
        return lowestLocalPort;
    }

    /**
     * Last port for active opens ({@code net.ipv4.ip_local_port_range}, second value).
     *
     * @param highestLocalPort 1 to 65535.
     * @return this.
     */
    public StackContext highestLocalPort(final int highestLocalPort)
    {
        open();
        this.highestLocalPort = highestLocalPort;
        return this;
    }

    /** {@return 1 to 65535} */
    public int highestLocalPort()
    {
        return highestLocalPort;
    }

    /**
     * Time to live, or hop limit, of what is sent ({@code net.ipv4.ip_default_ttl}).
     *
     * @param ttl 1 to 255.
     * @return this.
     */
    public StackContext ttl(final int ttl)
    {
        open();
        this.ttl = ttl;
        return this;
    }

    /** {@return 1 to 255} */
    public int ttl()
    {
        return ttl;
    }

    /**
     * Most UDP sockets ({@code RLIMIT_NOFILE} bounds them on Linux).
     *
     * @param maxUdpSockets a count.
     * @return this.
     */
    public StackContext maxUdpSockets(final int maxUdpSockets)
    {
        open();
        this.maxUdpSockets = maxUdpSockets;
        return this;
    }

    /** {@return most UDP sockets} */
    public int maxUdpSockets()
    {
        return maxUdpSockets;
    }

    /**
     * Bound of a new UDP socket's queue ({@code net.core.rmem_default}); each datagram counts 64 bytes besides its own.
     *
     * @param datagramBufferBytes bytes.
     * @return this.
     */
    public StackContext datagramBufferBytes(final int datagramBufferBytes)
    {
        open();
        this.datagramBufferBytes = datagramBufferBytes;
        return this;
    }

    /** {@return bound of a new UDP socket's queue, in bytes} */
    public int datagramBufferBytes()
    {
        return datagramBufferBytes;
    }

    /**
     * Most datagrams that wait at one UDP socket, however short they are; Linux bounds them by memory alone.
     *
     * @param maxQueuedDatagrams a count.
     * @return this.
     */
    public StackContext maxQueuedDatagrams(final int maxQueuedDatagrams)
    {
        open();
        this.maxQueuedDatagrams = maxQueuedDatagrams;
        return this;
    }

    /** {@return most datagrams that wait at one UDP socket} */
    public int maxQueuedDatagrams()
    {
        return maxQueuedDatagrams;
    }

    /**
     * Most packets one poll takes in ({@code net.core.dev_weight}).
     *
     * @param batchPackets packets.
     * @return this.
     */
    public StackContext batchPackets(final int batchPackets)
    {
        open();
        this.batchPackets = batchPackets;
        return this;
    }

    /** {@return most packets one poll takes in, in packets} */
    public int batchPackets()
    {
        return batchPackets;
    }

    /**
     * Bytes after which one poll takes in no more packets, so that a batch of super-segments stays in the processor's
     * cache and its sender hears of it before its window is used up. Linux bounds such a batch by packets alone.
     *
     * @param batchBytes bytes of IP packets; the packet that reaches them is the last one.
     * @return this.
     */
    public StackContext batchBytes(final int batchBytes)
    {
        open();
        this.batchBytes = batchBytes;
        return this;
    }

    /** {@return bytes after which one poll takes in no more packets} */
    public int batchBytes()
    {
        return batchBytes;
    }

    /**
     * Most packets with data one poll sends ({@code net.core.dev_weight_tx_bias} scales it on Linux).
     *
     * @param maxSegmentsOutPerPoll packets; a super-segment is one.
     * @return this.
     */
    public StackContext maxSegmentsOutPerPoll(final int maxSegmentsOutPerPoll)
    {
        open();
        this.maxSegmentsOutPerPoll = maxSegmentsOutPerPoll;
        return this;
    }

    /** {@return most packets with data one poll sends, in packets} */
    public int maxSegmentsOutPerPoll()
    {
        return maxSegmentsOutPerPoll;
    }

    /**
     * Faults after which an interceptor module is unloaded; Linux has no such thing.
     *
     * @param maxModuleFaults a count.
     * @return this.
     */
    public StackContext maxModuleFaults(final int maxModuleFaults)
    {
        open();
        this.maxModuleFaults = maxModuleFaults;
        return this;
    }

    /** {@return faults after which an interceptor module is unloaded} */
    public int maxModuleFaults()
    {
        return maxModuleFaults;
    }

    private void open()
    {
        if (concluded)
        {
            throw new IllegalStateException("the stack's context is concluded and cannot change; make a new one");
        }
    }
}
