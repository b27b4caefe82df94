package dev.baton.stack.ip;

/**
 * A token bucket for ICMP errors (RFC 4443, section 2.4 (f); RFC 1812, section 4.3.2.8): a long-term average rate, with
 * bursts.
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
     * May a message be sent now? Yes takes a token.
     *
     * @param nowNs time of this poll.
     * @return true when it may.
     */
    public boolean allow(final long nowNs)
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
        if (creditNs < costNs)
        {
            return false;
        }
        creditNs -= costNs;
        return true;
    }
}
