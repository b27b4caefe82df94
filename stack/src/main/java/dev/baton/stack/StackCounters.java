package dev.baton.stack;

import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;

/**
 * What a shard has counted since it was made. Written by the shard's own thread; where they
 * live, and who else may read them, is the {@link CounterSpace}'s.
 */
public final class StackCounters
{
    private static final StackCounter[] ALL = StackCounter.values();

    private final CounterSpace.Set values;

    /** Counters that only this process sees. */
    public StackCounters()
    {
        this(CounterSpace.onHeap());
    }

    /**
     * Counters in a space.
     *
     * @param space that has room for them.
     */
    public StackCounters(final CounterSpace space)
    {
        values = space.allocate(CounterSpace.TYPE_STACK, Stream.of(ALL).map(StackCounter::label).toArray(String[]::new));
    }

    /**
     * Add one.
     *
     * @param counter to be raised.
     */
    public void increment(final StackCounter counter)
    {
        values.add(counter.ordinal(), 1);
    }

    /**
     * Add some.
     *
     * @param counter to be raised.
     * @param amount  by which.
     */
    public void add(final StackCounter counter, final long amount)
    {
        values.add(counter.ordinal(), amount);
    }

    /**
     * Read one.
     *
     * @param counter to be read.
     * @return its value.
     */
    public long get(final StackCounter counter)
    {
        return values.get(counter.ordinal());
    }

    /**
     * Set one: for who restores a shard from an image.
     *
     * @param counter to be set.
     * @param value   of it.
     */
    public void set(final StackCounter counter, final long value)
    {
        values.set(counter.ordinal(), value);
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
            visitor.accept(counter.label(), values.get(counter.ordinal()));
        }
    }
}
