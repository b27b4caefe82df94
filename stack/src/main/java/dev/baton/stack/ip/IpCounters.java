package dev.baton.stack.ip;

/**
 * The counters of one shard's IP layer: a plain {@code long} per {@link IpCounter}. Written by the shard's thread only;
 * not thread safe.
 */
public final class IpCounters
{
    private final long[] values = new long[IpCounter.values().length];

    /** Counters that all stand at 0. */
    public IpCounters()
    {
    }

    /**
     * Count one.
     *
     * @param counter to be increased.
     */
    public void increment(final IpCounter counter)
    {
        values[counter.ordinal()]++;
    }

    /**
     * Count some.
     *
     * @param counter to be increased.
     * @param amount  by which.
     */
    public void add(final IpCounter counter, final long amount)
    {
        values[counter.ordinal()] += amount;
    }

    /**
     * Value of a counter.
     *
     * @param counter which one.
     * @return how often it was counted.
     */
    public long get(final IpCounter counter)
    {
        return values[counter.ordinal()];
    }
}
