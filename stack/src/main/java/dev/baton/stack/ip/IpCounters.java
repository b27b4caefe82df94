package dev.baton.stack.ip;

import dev.baton.stack.CounterSpace;

import java.util.stream.Stream;

/**
 * The counters of one shard's IP layer: one per {@link IpCounter}. Written by the shard's thread only; who else may
 * read them is the {@link CounterSpace}'s.
 */
public final class IpCounters
{
    private final CounterSpace.Set values;

    /** Counters that all stand at 0, and that only this process sees. */
    public IpCounters()
    {
        this(CounterSpace.onHeap());
    }

    /**
     * Counters in a space, which all stand at 0.
     *
     * @param space that has room for them.
     */
    public IpCounters(final CounterSpace space)
    {
        values = space.allocate(
            CounterSpace.TYPE_IP, Stream.of(IpCounter.values()).map(IpCounter::mibName).toArray(String[]::new));
    }

    /**
     * Count one.
     *
     * @param counter to be increased.
     */
    public void increment(final IpCounter counter)
    {
        values.add(counter.ordinal(), 1);
    }

    /**
     * Count some.
     *
     * @param counter to be increased.
     * @param amount  by which.
     */
    public void add(final IpCounter counter, final long amount)
    {
        values.add(counter.ordinal(), amount);
    }

    /**
     * Set a counter: for who restores a shard from an image.
     *
     * @param counter to be set.
     * @param value   of it.
     */
    public void set(final IpCounter counter, final long value)
    {
        values.set(counter.ordinal(), value);
    }

    /**
     * Value of a counter.
     *
     * @param counter which one.
     * @return how often it was counted.
     */
    public long get(final IpCounter counter)
    {
        return values.get(counter.ordinal());
    }
}
