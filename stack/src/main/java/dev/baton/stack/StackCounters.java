package dev.baton.stack;

import java.util.function.ObjLongConsumer;

/**
 * What a shard has counted since it was made. Plain numbers, written and read by the shard's own thread.
 */
public final class StackCounters
{
    private static final StackCounter[] ALL = StackCounter.values();

    private final long[] values = new long[ALL.length];

    /**
     * Add one.
     *
     * @param counter to be raised.
     */
    public void increment(final StackCounter counter)
    {
        values[counter.ordinal()]++;
    }

    /**
     * Add some.
     *
     * @param counter to be raised.
     * @param amount  by which.
     */
    public void add(final StackCounter counter, final long amount)
    {
        values[counter.ordinal()] += amount;
    }

    /**
     * Read one.
     *
     * @param counter to be read.
     * @return its value.
     */
    public long get(final StackCounter counter)
    {
        return values[counter.ordinal()];
    }

    /**
     * Set one: for who restores a shard from an image.
     *
     * @param counter to be set.
     * @param value   of it.
     */
    public void set(final StackCounter counter, final long value)
    {
        values[counter.ordinal()] = value;
    }

    /**
     * Visit all, in the order of {@link StackCounter}.
     *
     * @param visitor is given each label and value.
     */
    public void forEach(final ObjLongConsumer<String> visitor)
    {
        for (final StackCounter counter : ALL)
        {
            visitor.accept(counter.label(), values[counter.ordinal()]);
        }
    }
}
