package dev.baton.stack;

import dev.baton.stack.ip.Route;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What can be set of a shard's IP layer: a part of {@link StackContext}, which validates and freezes it. Each property
 * names the sysctl that it corresponds to on Linux.
 * <p>
 * Not thread safe before the context is concluded; immutable after.
 */
public final class IpSettings
{
    private final List<Route> routes = new ArrayList<>();
    private final List<IpAddress> addresses = new ArrayList<>();
    private final List<Integer> prefixLengths = new ArrayList<>();
    private boolean frozen;
    private boolean forwarding;
    private boolean forwardingV6;
    private int maxRoutes = 4096;
    private int maxPathMtus = 2048;
    private long pathMtuExpiresNs = 600_000_000_000L;
    private int minPathMtuBytes = 552;
    private int mtuProbing = 0;
    private int baseMssBytes = 1024;
    private int mtuProbeFloorBytes = 48;
    private int mtuProbeThresholdBytes = 8;
    private long mtuProbeIntervalNs = 600_000_000_000L;
    private int retries1 = 3;
    private int icmpMessagesPerSecond = 1000;
    private int icmpMessagesBurst = 50;
    private long icmpRateLimitNs = 1_000_000_000L;
    private long fragmentTimeNs = 30_000_000_000L;
    private long fragmentTimeV6Ns = 60_000_000_000L;
    private int maxFragmentedDatagrams = 16;
    private int maxFragmentedPerSource = 8;
    private int maxFragments = 128;

    IpSettings()
    {
    }

    /**
     * Add a route; the default routes of both families are there, and one that is added for the same prefix with the
     * metric 0 takes the place of theirs.
     *
     * @param route to be added.
     * @return this.
     */
    public IpSettings route(final Route route)
    {
        open();
        routes.add(route);
        return this;
    }

    /**
     * Routes that were added.
     *
     * @return in the order in which they were added; unmodifiable.
     */
    public List<Route> routes()
    {
        return Collections.unmodifiableList(routes);
    }

    void prefixLength(final IpAddress address, final int prefixLength)
    {
        final int bits = address.isV4() ? 32 : 128;
        if (prefixLength < 1 || prefixLength > bits)
        {
            throw new IllegalArgumentException("address " + address + " has a prefix of " + prefixLength +
                " bits; it must have 1 to " + bits);
        }
        addresses.add(address);
        prefixLengths.add(prefixLength);
    }

    /**
     * Prefix length of a local address.
     *
     * @param address local.
     * @return in bits; those of the whole address when none was given.
     */
    public int prefixLength(final IpAddress address)
    {
        final int at = addresses.indexOf(address);
        return at >= 0 ? prefixLengths.get(at) : address.isV4() ? 32 : 128;
    }

    /**
     * Are IPv4 packets for others passed on ({@code net.ipv4.ip_forward})?
     *
     * @param forwarding true to pass them on.
     * @return this.
     */
    public IpSettings forwarding(final boolean forwarding)
    {
        open();
        this.forwarding = forwarding;
        return this;
    }

    /** {@return whether IPv4 packets for others are passed on} */
    public boolean forwarding()
    {
        return forwarding;
    }

    /**
     * Are IPv6 packets for others passed on ({@code net.ipv6.conf.all.forwarding})?
     *
     * @param forwardingV6 true to pass them on.
     * @return this.
     */
    public IpSettings forwardingV6(final boolean forwardingV6)
    {
        open();
        this.forwardingV6 = forwardingV6;
        return this;
    }

    /** {@return whether IPv6 packets for others are passed on} */
    public boolean forwardingV6()
    {
        return forwardingV6;
    }

    /**
     * Most routes ({@code net.ipv6.route.max_size}).
     *
     * @param maxRoutes a number, 2 to 32_768.
     * @return this.
     */
    public IpSettings maxRoutes(final int maxRoutes)
    {
        open();
        this.maxRoutes = maxRoutes;
        return this;
    }

    /** {@return most routes} */
    public int maxRoutes()
    {
        return maxRoutes;
    }

    /**
     * Most destinations whose path MTU is remembered; the oldest makes room (ip_rt_max_size was the like of it).
     *
     * @param maxPathMtus a number, 1 to 32_768.
     * @return this.
     */
    public IpSettings maxPathMtus(final int maxPathMtus)
    {
        open();
        this.maxPathMtus = maxPathMtus;
        return this;
    }

    /** {@return most destinations whose path MTU is remembered} */
    public int maxPathMtus()
    {
        return maxPathMtus;
    }

    /**
     * How long a path MTU is believed (RFC 1191, section 6.3; RFC 8201, section 4) ({@code
     * net.ipv4.route.mtu_expires}).
     *
     * @param pathMtuExpiresNs nanoseconds, 1 to 2^55.
     * @return this.
     */
    public IpSettings pathMtuExpiresNs(final long pathMtuExpiresNs)
    {
        open();
        this.pathMtuExpiresNs = pathMtuExpiresNs;
        return this;
    }

    /** {@return how long a path MTU is believed, in nanoseconds} */
    public long pathMtuExpiresNs()
    {
        return pathMtuExpiresNs;
    }

    /**
     * Least path MTU that is believed of IPv4; IPv6 has its own, 1280 ({@code net.ipv4.route.min_pmtu}).
     *
     * @param minPathMtuBytes bytes, 68 to 65_535.
     * @return this.
     */
    public IpSettings minPathMtuBytes(final int minPathMtuBytes)
    {
        open();
        this.minPathMtuBytes = minPathMtuBytes;
        return this;
    }

    /** {@return least path MTU that is believed of IPv4, in bytes} */
    public int minPathMtuBytes()
    {
        return minPathMtuBytes;
    }

    /**
     * Packetisation-layer path MTU discovery of TCP (RFC 4821): 0 never, 1 when a black hole shows, 2 always ({@code
     * net.ipv4.tcp_mtu_probing}).
     *
     * @param mtuProbing 0, 1 or 2, 0 to 2.
     * @return this.
     */
    public IpSettings mtuProbing(final int mtuProbing)
    {
        open();
        this.mtuProbing = mtuProbing;
        return this;
    }

    /** {@return packetisation-layer path MTU discovery of TCP} */
    public int mtuProbing()
    {
        return mtuProbing;
    }

    /**
     * Segment that a search begins with (RFC 4821, section 7.2, BASE) ({@code net.ipv4.tcp_base_mss}).
     *
     * @param baseMssBytes bytes, 48 to 65_495.
     * @return this.
     */
    public IpSettings baseMssBytes(final int baseMssBytes)
    {
        open();
        this.baseMssBytes = baseMssBytes;
        return this;
    }

    /** {@return segment that a search begins with, in bytes} */
    public int baseMssBytes()
    {
        return baseMssBytes;
    }

    /**
     * Least segment that a black hole leads to ({@code net.ipv4.tcp_mtu_probe_floor}).
     *
     * @param mtuProbeFloorBytes bytes, 48 to 65_495.
     * @return this.
     */
    public IpSettings mtuProbeFloorBytes(final int mtuProbeFloorBytes)
    {
        open();
        this.mtuProbeFloorBytes = mtuProbeFloorBytes;
        return this;
    }

    /** {@return least segment that a black hole leads to, in bytes} */
    public int mtuProbeFloorBytes()
    {
        return mtuProbeFloorBytes;
    }

    /**
     * A search ends when it has come so close ({@code net.ipv4.tcp_probe_threshold}).
     *
     * @param mtuProbeThresholdBytes bytes, 1 to 65_535.
     * @return this.
     */
    public IpSettings mtuProbeThresholdBytes(final int mtuProbeThresholdBytes)
    {
        open();
        this.mtuProbeThresholdBytes = mtuProbeThresholdBytes;
        return this;
    }

    /** {@return a search ends when it has come so close, in bytes} */
    public int mtuProbeThresholdBytes()
    {
        return mtuProbeThresholdBytes;
    }

    /**
     * Time after which an ended search looks for a greater MTU again ({@code net.ipv4.tcp_probe_interval}).
     *
     * @param mtuProbeIntervalNs nanoseconds, 1 to 2^55.
     * @return this.
     */
    public IpSettings mtuProbeIntervalNs(final long mtuProbeIntervalNs)
    {
        open();
        this.mtuProbeIntervalNs = mtuProbeIntervalNs;
        return this;
    }

    /** {@return time after which an ended search looks for a greater MTU again, in nanoseconds} */
    public long mtuProbeIntervalNs()
    {
        return mtuProbeIntervalNs;
    }

    /**
     * Retransmission time-outs after which a path is suspected to be a black hole (RFC 9293, R1) ({@code
     * net.ipv4.tcp_retries1}).
     *
     * @param retries1 a number, 1 to 255.
     * @return this.
     */
    public IpSettings retries1(final int retries1)
    {
        open();
        this.retries1 = retries1;
        return this;
    }

    /** {@return retransmission time-outs after which a path is suspected to be a black hole} */
    public int retries1()
    {
        return retries1;
    }

    /**
     * Mean number of ICMP errors sent in a second ({@code net.ipv4.icmp_msgs_per_sec}).
     *
     * @param icmpMessagesPerSecond a number, 1 to 1_000_000.
     * @return this.
     */
    public IpSettings icmpMessagesPerSecond(final int icmpMessagesPerSecond)
    {
        open();
        this.icmpMessagesPerSecond = icmpMessagesPerSecond;
        return this;
    }

    /** {@return mean number of ICMP errors sent in a second} */
    public int icmpMessagesPerSecond()
    {
        return icmpMessagesPerSecond;
    }

    /**
     * Most ICMP errors sent at once ({@code net.ipv4.icmp_msgs_burst}).
     *
     * @param icmpMessagesBurst a number, 1 to 1_000_000.
     * @return this.
     */
    public IpSettings icmpMessagesBurst(final int icmpMessagesBurst)
    {
        open();
        this.icmpMessagesBurst = icmpMessagesBurst;
        return this;
    }

    /** {@return most ICMP errors sent at once} */
    public int icmpMessagesBurst()
    {
        return icmpMessagesBurst;
    }

    /**
     * Mean time between ICMP errors to one host, six at once; 0 for no limit by host ({@code
     * net.ipv4.icmp_ratelimit}).
     *
     * @param icmpRateLimitNs nanoseconds, 0 to 2^50.
     * @return this.
     */
    public IpSettings icmpRateLimitNs(final long icmpRateLimitNs)
    {
        open();
        this.icmpRateLimitNs = icmpRateLimitNs;
        return this;
    }

    /** {@return mean time between ICMP errors to one host, six at once, in nanoseconds} */
    public long icmpRateLimitNs()
    {
        return icmpRateLimitNs;
    }

    /**
     * How long IPv4 fragments wait for the others ({@code net.ipv4.ipfrag_time}).
     *
     * @param fragmentTimeNs nanoseconds, 1_000_000 to 2^45.
     * @return this.
     */
    public IpSettings fragmentTimeNs(final long fragmentTimeNs)
    {
        open();
        this.fragmentTimeNs = fragmentTimeNs;
        return this;
    }

    /** {@return how long IPv4 fragments wait for the others, in nanoseconds} */
    public long fragmentTimeNs()
    {
        return fragmentTimeNs;
    }

    /**
     * How long IPv6 fragments wait for the others (RFC 8200, section 4.5) ({@code net.ipv6.ip6frag_time}).
     *
     * @param fragmentTimeV6Ns nanoseconds, 1_000_000 to 2^45.
     * @return this.
     */
    public IpSettings fragmentTimeV6Ns(final long fragmentTimeV6Ns)
    {
        open();
        this.fragmentTimeV6Ns = fragmentTimeV6Ns;
        return this;
    }

    /** {@return how long IPv6 fragments wait for the others, in nanoseconds} */
    public long fragmentTimeV6Ns()
    {
        return fragmentTimeV6Ns;
    }

    /**
     * Most datagrams that are put together at once, 64 KB each ({@code net.ipv4.ipfrag_high_thresh}).
     *
     * @param maxFragmentedDatagrams a number, 1 to 1024.
     * @return this.
     */
    public IpSettings maxFragmentedDatagrams(final int maxFragmentedDatagrams)
    {
        open();
        this.maxFragmentedDatagrams = maxFragmentedDatagrams;
        return this;
    }

    /** {@return most datagrams that are put together at once, 64 KB each} */
    public int maxFragmentedDatagrams()
    {
        return maxFragmentedDatagrams;
    }

    /**
     * Most of them from one source; its oldest makes room ({@code net.ipv4.ipfrag_max_dist}).
     *
     * @param maxFragmentedPerSource a number, 1 to 1024.
     * @return this.
     */
    public IpSettings maxFragmentedPerSource(final int maxFragmentedPerSource)
    {
        open();
        this.maxFragmentedPerSource = maxFragmentedPerSource;
        return this;
    }

    /** {@return most of them from one source} */
    public int maxFragmentedPerSource()
    {
        return maxFragmentedPerSource;
    }

    /**
     * Most fragments of a datagram (a limit of Baton's own).
     *
     * @param maxFragments a number, 2 to 8192.
     * @return this.
     */
    public IpSettings maxFragments(final int maxFragments)
    {
        open();
        this.maxFragments = maxFragments;
        return this;
    }

    /** {@return most fragments of a datagram} */
    public int maxFragments()
    {
        return maxFragments;
    }

    /** Validate everything and allow no more changes. */
    void freeze()
    {
        range("maxRoutes", maxRoutes, 2, 32_768);
        range("maxPathMtus", maxPathMtus, 1, 32_768);
        range("pathMtuExpiresNs", pathMtuExpiresNs, 1, 1L << 55);
        range("minPathMtuBytes", minPathMtuBytes, 68, 65_535);
        range("mtuProbing", mtuProbing, 0, 2);
        range("baseMssBytes", baseMssBytes, 48, 65_495);
        range("mtuProbeFloorBytes", mtuProbeFloorBytes, 48, 65_495);
        range("mtuProbeThresholdBytes", mtuProbeThresholdBytes, 1, 65_535);
        range("mtuProbeIntervalNs", mtuProbeIntervalNs, 1, 1L << 55);
        range("retries1", retries1, 1, 255);
        range("icmpMessagesPerSecond", icmpMessagesPerSecond, 1, 1_000_000);
        range("icmpMessagesBurst", icmpMessagesBurst, 1, 1_000_000);
        range("icmpRateLimitNs", icmpRateLimitNs, 0, 1L << 50);
        range("fragmentTimeNs", fragmentTimeNs, 1_000_000, 1L << 45);
        range("fragmentTimeV6Ns", fragmentTimeV6Ns, 1_000_000, 1L << 45);
        range("maxFragmentedDatagrams", maxFragmentedDatagrams, 1, 1024);
        range("maxFragmentedPerSource", maxFragmentedPerSource, 1, 1024);
        range("maxFragments", maxFragments, 2, 8192);
        if (routes.size() > maxRoutes - 2)
        {
            throw new IllegalStateException("there are " + routes.size() + " routes beside the default routes, and " +
                "maxRoutes is " + maxRoutes + "; raise maxRoutes");
        }
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
            throw new IllegalStateException("the stack's context is concluded; set the IP layer's values before");
        }
    }
}
