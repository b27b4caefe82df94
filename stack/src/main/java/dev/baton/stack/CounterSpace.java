package dev.baton.stack;

import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/**
 * Where a shard's counters live: two buffers in Agrona's layout, labels and values apart. Over a mapped file another process can read
 * them with {@link CountersReader} at any time, without asking the shard; over the heap nobody else sees them.
 * <p>
 * Counters are never given back, so that those of a set stand in a row. One thread allocates and writes, the shard's; any number read.
 */
public final class CounterSpace
{
    /** Most counters of a shard. */
    public static final int MAX_COUNTERS = 512;
    /** Length of the buffer of labels in bytes. */
    public static final int META_DATA_BYTES = MAX_COUNTERS * CountersReader.METADATA_LENGTH;
    /** Length of the buffer of values in bytes. */
    public static final int VALUES_BYTES = MAX_COUNTERS * CountersReader.COUNTER_LENGTH;
    /** Type id of what TCP and the interceptor chain count, {@link StackCounter}. */
    public static final int TYPE_STACK = 7100;
    /** Type id of what IP, ICMP and UDP count, {@link dev.baton.stack.ip.IpCounter}. */
    public static final int TYPE_IP = 7101;

    private final CountersManager manager;
    private final AtomicBuffer values;

    private CounterSpace()
    {
        manager = null;
        values = null;
    }

    /**
     * Counters over two buffers of zeros.
     *
     * @param metaData of {@link #META_DATA_BYTES}.
     * @param values   of {@link #VALUES_BYTES}, aligned to 8.
     * @throws IllegalArgumentException when one is too short or not aligned.
     */
    public CounterSpace(final AtomicBuffer metaData, final AtomicBuffer values)
    {
        manager = new CountersManager(metaData, values);
        this.values = values;
    }

    /**
     * Counters that only this process sees: as compact as can be, without labels.
     *
     * @return over the heap.
     */
    public static CounterSpace onHeap()
    {
        return new CounterSpace();
    }

    /**
     * A set of counters, all at 0.
     *
     * @param typeId of all of them.
     * @param labels one for each.
     * @return to be raised by its index in the labels.
     * @throws IllegalArgumentException when there is no room for them.
     */
    public Set allocate(final int typeId, final String... labels)
    {
        if (manager == null)
        {
            return new Set(new UnsafeBuffer(new byte[labels.length * Long.BYTES]), 0, Long.BYTES);
        }
        int first = 0;
        for (int i = 0; i < labels.length; i++)
        {
            final int id = manager.allocate(labels[i], typeId);
            first = i == 0 ? id : first;
        }
        return new Set(values, CountersReader.counterOffset(first), CountersReader.COUNTER_LENGTH);
    }

    /**
     * Counters of one layer, by index. Written by the shard's thread only.
     */
    public static final class Set
    {
        private final AtomicBuffer values;
        private final int first;
        private final int stride;

        private Set(final AtomicBuffer values, final int first, final int stride)
        {
            this.values = values;
            this.first = first;
            this.stride = stride;
        }

        /**
         * Add to a counter.
         *
         * @param index  of the counter.
         * @param amount by which.
         */
        public void add(final int index, final long amount)
        {
            final int offset = first + index * stride;
            values.putLongRelease(offset, values.getLong(offset) + amount);
        }

        /**
         * Read a counter.
         *
         * @param index of the counter.
         * @return its value.
         */
        public long get(final int index)
        {
            return values.getLong(first + index * stride);
        }

        /**
         * Set a counter.
         *
         * @param index of the counter.
         * @param value of it.
         */
        public void set(final int index, final long value)
        {
            values.putLongRelease(first + index * stride, value);
        }
    }
}
