package dev.baton.stack;

import java.util.BitSet;

/**
 * How connections are opened and what is remembered of them: the part of a {@link StackContext} about handshakes,
 * queues, cookies, ports and TIME-WAIT. Each property names its sysctl, and has Linux's default.
 * <p>
 * Not thread safe before the context is concluded; immutable after.
 */
public final class HandshakeOptions
{
    /** {@link #fastOpen(int)}: connections that ask for it use it. */
    public static final int FAST_OPEN_CLIENT = 1;
    /** {@link #fastOpen(int)}: listeners with a Fast Open queue offer it. */
    public static final int FAST_OPEN_SERVER = 2;
    /** {@link #fastOpen(int)}: data goes with a SYN even without a cookie. */
    public static final int FAST_OPEN_CLIENT_NO_COOKIE = 4;
    /** {@link #fastOpen(int)}: data of a SYN is taken even without a cookie. */
    public static final int FAST_OPEN_SERVER_NO_COOKIE = 0x200;
    /** {@link #fastOpen(int)}: every listener has a Fast Open queue, as long as its backlog. */
    public static final int FAST_OPEN_ALL_LISTENERS = 0x400;

    private static final int FAST_OPEN_ALL = FAST_OPEN_CLIENT | FAST_OPEN_SERVER | FAST_OPEN_CLIENT_NO_COOKIE |
        FAST_OPEN_SERVER_NO_COOKIE | FAST_OPEN_ALL_LISTENERS;
    private static final int MAX_PORT = 65_535;
    private static final long MAX_NS = 1L << 50;

    private final BitSet reservedPorts = new BitSet();
    private boolean frozen;
    private int synCookies = 1;
    private int somaxconn = 4096;
    private boolean abortOnOverflow;
    private int fastOpen = 1;
    private long fastOpenBlackholeNs;
    private long fastOpenKeyNs = 3_600_000_000_000L;
    private int maxPeers = 4096;
    private boolean noMetricsSave;
    private boolean noSsthreshMetricsSave = true;
    private int twReuse = 2;
    private boolean rfc1337;

    /**
     * Keep local ports back from the choice of active opens ({@code net.ipv4.ip_local_reserved_ports}); they can still
     * be asked for.
     *
     * @param first 1 to 65535.
     * @param last  not before the first.
     * @return this.
     * @throws IllegalArgumentException when that is no range of ports.
     */
    public HandshakeOptions reservePorts(final int first, final int last)
    {
        open();
        if (first < 1 || last < first || last > MAX_PORT)
        {
            throw new IllegalArgumentException("reserved ports " + first + " to " + last +
                " are no range; give the first and the last, from 1 to 65535");
        }
        reservedPorts.set(first, last + 1);
        return this;
    }

    /**
     * Is a local port kept back?
     *
     * @param port 1 to 65535.
     * @return true when it is not to be chosen.
     */
    public boolean isReserved(final int port)
    {
        return reservedPorts.get(port);
    }

    /**
     * When a SYN is answered without keeping anything of it (RFC 4987, section 3.6): never, when the queue of half-open
     * connections is full, or always ({@code net.ipv4.tcp_syncookies}).
     *
     * @param synCookies 0, 1 or 2.
     * @return this.
     */
    public HandshakeOptions synCookies(final int synCookies)
    {
        open();
        this.synCookies = synCookies;
        return this;
    }

    /** {@return 0 never, 1 when the queue is full, 2 always} */
    public int synCookies()
    {
        return synCookies;
    }

    /**
     * Greatest backlog that a listener gets, whatever it asks for ({@code net.core.somaxconn}).
     *
     * @param somaxconn a count.
     * @return this.
     */
    public HandshakeOptions somaxconn(final int somaxconn)
    {
        open();
        this.somaxconn = somaxconn;
        return this;
    }

    /** {@return greatest backlog of a listener} */
    public int somaxconn()
    {
        return somaxconn;
    }

    /**
     * Reset a connection for which the accept queue has no room, instead of letting its peer try again ({@code
     * net.ipv4.tcp_abort_on_overflow}).
     *
     * @param abortOnOverflow true to reset.
     * @return this.
     */
    public HandshakeOptions abortOnOverflow(final boolean abortOnOverflow)
    {
        open();
        this.abortOnOverflow = abortOnOverflow;
        return this;
    }

    /** {@return is a connection reset when the accept queue is full?} */
    public boolean abortOnOverflow()
    {
        return abortOnOverflow;
    }

    /**
     * TCP Fast Open (RFC 7413), a sum of {@link #FAST_OPEN_CLIENT} and its companions ({@code net.ipv4.tcp_fastopen}).
     *
     * @param fastOpen bits.
     * @return this.
     */
    public HandshakeOptions fastOpen(final int fastOpen)
    {
        open();
        this.fastOpen = fastOpen;
        return this;
    }

    /** {@return what of Fast Open is on} */
    public int fastOpen()
    {
        return fastOpen;
    }

    /**
     * How long Fast Open pauses for all peers after it has run into a path that swallows it; the pause doubles with each
     * repetition, up to 64 times; 0 turns the memory off ({@code net.ipv4.tcp_fastopen_blackhole_timeout_sec}).
     *
     * @param fastOpenBlackholeNs nanoseconds, 0 for never.
     * @return this.
     */
    public HandshakeOptions fastOpenBlackholeNs(final long fastOpenBlackholeNs)
    {
        open();
        this.fastOpenBlackholeNs = fastOpenBlackholeNs;
        return this;
    }

    /** {@return first pause of Fast Open in nanoseconds; 0 when there is none} */
    public long fastOpenBlackholeNs()
    {
        return fastOpenBlackholeNs;
    }

    /**
     * How long a secret makes Fast Open cookies; they are taken for as long again (RFC 7413, section 4.1.2; on Linux an
     * operator rotates {@code net.ipv4.tcp_fastopen_key} by hand).
     *
     * @param fastOpenKeyNs nanoseconds.
     * @return this.
     */
    public HandshakeOptions fastOpenKeyNs(final long fastOpenKeyNs)
    {
        open();
        this.fastOpenKeyNs = fastOpenKeyNs;
        return this;
    }

    /** {@return life of a Fast Open secret in nanoseconds} */
    public long fastOpenKeyNs()
    {
        return fastOpenKeyNs;
    }

    /**
     * Peers whose round-trip time, path MTU and Fast Open cookie are remembered; above it the one used least recently goes
     * (Linux: {@code tcpmhash_entries}).
     *
     * @param maxPeers a count.
     * @return this.
     */
    public HandshakeOptions maxPeers(final int maxPeers)
    {
        open();
        this.maxPeers = maxPeers;
        return this;
    }

    /** {@return most peers that are remembered} */
    public int maxPeers()
    {
        return maxPeers;
    }

    /**
     * Do not learn round-trip times, thresholds and path MTUs from connections that end ({@code
     * net.ipv4.tcp_no_metrics_save}).
     *
     * @param noMetricsSave true to learn nothing.
     * @return this.
     */
    public HandshakeOptions noMetricsSave(final boolean noMetricsSave)
    {
        open();
        this.noMetricsSave = noMetricsSave;
        return this;
    }

    /** {@return is nothing learned from connections that end?} */
    public boolean noMetricsSave()
    {
        return noMetricsSave;
    }

    /**
     * Neither learn nor use slow-start thresholds ({@code net.ipv4.tcp_no_ssthresh_metrics_save}).
     *
     * @param noSsthreshMetricsSave true to leave them out.
     * @return this.
     */
    public HandshakeOptions noSsthreshMetricsSave(final boolean noSsthreshMetricsSave)
    {
        open();
        this.noSsthreshMetricsSave = noSsthreshMetricsSave;
        return this;
    }

    /** {@return are slow-start thresholds left out?} */
    public boolean noSsthreshMetricsSave()
    {
        return noSsthreshMetricsSave;
    }

    /**
     * May an active open take a local port whose last connection to the same place is in TIME-WAIT (RFC 6191): 0 never, 1
     * when timestamps make it safe, 2 only on loopback, which a shard has not ({@code net.ipv4.tcp_tw_reuse}).
     *
     * @param twReuse 0, 1 or 2.
     * @return this.
     */
    public HandshakeOptions twReuse(final int twReuse)
    {
        open();
        this.twReuse = twReuse;
        return this;
    }

    /** {@return 0 never, 1 when timestamps make it safe, 2 on loopback} */
    public int twReuse()
    {
        return twReuse;
    }

    /**
     * Ignore RSTs in TIME-WAIT (RFC 1337, fix F1). Else the exact one ends it, as RFC 9293, section 3.10.7.4 says ({@code
     * net.ipv4.tcp_rfc1337}).
     *
     * @param rfc1337 true to ignore them.
     * @return this.
     */
    public HandshakeOptions rfc1337(final boolean rfc1337)
    {
        open();
        this.rfc1337 = rfc1337;
        return this;
    }

    /** {@return are RSTs ignored in TIME-WAIT?} */
    public boolean rfc1337()
    {
        return rfc1337;
    }

    /** Validate all and freeze it. */
    void conclude()
    {
        range("synCookies", synCookies, 0, 2);
        range("somaxconn", somaxconn, 0, 1 << 20);
        if ((fastOpen & ~FAST_OPEN_ALL) != 0)
        {
            throw new IllegalStateException("fastOpen is 0x" + Integer.toHexString(fastOpen) +
                "; it may have the bits 0x" + Integer.toHexString(FAST_OPEN_ALL) + " only");
        }
        range("fastOpenBlackholeNs", fastOpenBlackholeNs, 0, MAX_NS);
        range("fastOpenKeyNs", fastOpenKeyNs, 1, MAX_NS);
        range("maxPeers", maxPeers, 1, 1 << 20);
        range("twReuse", twReuse, 0, 2);
        frozen = true;
    }

    private static void range(final String name, final long value, final long low, final long high)
    {
        if (value < low || value > high)
        {
            throw new IllegalStateException(name + " is " + value + "; it must be from " + low + " to " + high);
        }
    }

    private void open()
    {
        if (frozen)
        {
            throw new IllegalStateException("the handshake options are concluded; set them before conclude()");
        }
    }
}
