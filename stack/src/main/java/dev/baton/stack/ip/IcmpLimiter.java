package dev.baton.stack.ip;

import dev.baton.stack.ShardRandom;

/**
 * A token bucket for ICMP errors (RFC 4443, section 2.4 (f); RFC 1812, section 4.3.2.8): a long-term average rate, with
 * bursts ({@code icmp_msgs_per_sec}, {@code icmp_msgs_burst}), and below it one for each host.
 * <p>
 * A message costs none, one or two tokens by chance, one in the mean: who counts the answers to his own probes must not
 * learn what others have caused. Without a random source every message costs one.
 * <p>
 * The bucket is kept as credit in nanoseconds, one message costing the average interval, so that no fraction of a token
 * is lost. Time that runs backwards earns nothing. Not thread safe.
 */
public final class IcmpLimiter
{
    /** Default average rate in messages per second. */
    public static final int DEFAULT_PER_SECOND = 1000;
    /** Default burst in messages. */
    public static final int DEFAULT_BURST = 50;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final long costNs;
    private final long maxCreditNs;
    private long creditNs;
    private final HostLimiter hosts;
    private final ShardRandom random;
    private long lastNs = Long.MIN_VALUE;

    /** A limiter of the default rate and burst. */
    public IcmpLimiter()
    {
        this(DEFAULT_PER_SECOND, DEFAULT_BURST);
    }

    /**
     * A limiter whose bucket is full.
     *
     * @param perSecond average rate in messages per second, 1 to 1,000,000.
     * @param burst     most messages at once, 1 to 1,000,000.
     * @throws IllegalArgumentException when a limit is out of range.
     */
    public IcmpLimiter(final int perSecond, final int burst)
    {
        this(perSecond, burst, null, null);
    }

    /**
     * A limiter whose buckets are full.
     *
     * @param perSecond average rate in messages per second, 1 to 1,000,000.
     * @param burst     most messages at once, 1 to 1,000,000.
     * @param hosts     limits for each host; null for none.
     * @param random    what a message costs; its own source, which is part of its state. Null: always one token.
     * @throws IllegalArgumentException when a limit is out of range.
     */
    public IcmpLimiter(final int perSecond, final int burst, final HostLimiter hosts, final ShardRandom random)
    {
        this.hosts = hosts;
        this.random = random;
        if (perSecond < 1 || perSecond > 1_000_000 || burst < 1 || burst > 1_000_000)
        {
            throw new IllegalArgumentException("ICMP rate " + perSecond + "/s with burst " + burst +
                " is out of range: both must be 1 to 1000000");
        }
        costNs = NS_PER_SECOND / perSecond;
        maxCreditNs = costNs * burst;
        creditNs = maxCreditNs;
    }

    /**
     * May a message be sent now, to whomever? Yes takes what it costs.
     *
     * @param nowNs time of this poll.
     * @return true when it may.
     */
    public boolean allow(final long nowNs)
    {
        final boolean allowed = hasToken(nowNs);
        if (allowed)
        {
            pay();
        }
        return allowed;
    }

    /**
     * May a message be sent to a host now? Yes takes what it costs.
     *
     * @param dstHi address of the host, upper half.
     * @param dstLo address of the host, lower half.
     * @param nowNs time of this poll.
     * @return null when it may; else which limit holds it back.
     */
    IpCounter refusal(final long dstHi, final long dstLo, final long nowNs)
    {
        if (!hasToken(nowNs))
        {
            return IpCounter.ICMP_OUT_RATE_LIMIT_GLOBAL;
        }
        if (hosts != null && !hosts.allow(dstHi, dstLo, nowNs))
        {
            return IpCounter.ICMP_OUT_RATE_LIMIT_HOST;
        }
        pay();
        return null;
    }

    /**
     * The limits for each host.
     *
     * @return null when there are none.
     */
    public HostLimiter hosts()
    {
        return hosts;
    }

    /**
     * What decides the cost of a message.
     *
     * @return null when it is always one token.
     */
    public ShardRandom random()
    {
        return random;
    }

    /**
     * What is in the bucket, for codecs.
     *
     * @return as time that was not used, in nanoseconds.
     */
    public long creditNs()
    {
        return creditNs;
    }

    /**
     * When the bucket was looked at last, for codecs.
     *
     * @return a time; {@link Long#MIN_VALUE} before the first.
     */
    public long lastNs()
    {
        return lastNs;
    }

    /**
     * Set the bucket, for codecs.
     *
     * @param creditNs what is in it; no more than there is room for counts.
     * @param lastNs   when it was looked at last.
     */
    public void restore(final long creditNs, final long lastNs)
    {
        this.creditNs = Math.max(0, Math.min(creditNs, maxCreditNs));
        this.lastNs = lastNs;
    }

    private void pay()
    {
        creditNs = random == null ? creditNs - costNs : Math.max(0, creditNs - costNs * random.nextInt(3));
    }

    private boolean hasToken(final long nowNs)
    {
        if (lastNs == Long.MIN_VALUE)
        {
            lastNs = nowNs;
        }
        final long elapsedNs = nowNs - lastNs;
        if (elapsedNs > 0)
        {
            creditNs = elapsedNs >= maxCreditNs ? maxCreditNs : Math.min(maxCreditNs, creditNs + elapsedNs);
            lastNs = nowNs;
        }
        return creditNs >= costNs;
    }
}
