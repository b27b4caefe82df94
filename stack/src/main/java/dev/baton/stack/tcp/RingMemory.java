package dev.baton.stack.tcp;

/**
 * What all rings of one kind share in a shard, so that a ring itself is small: where its memory comes from, what it is
 * configured to hold, and lists of runs for those that hold something out of order. Not thread safe.
 */
final class RingMemory
{
    /** Where pieces come from. */
    final BufferPool pool;
    /** What a ring holds at most before anybody has changed it, in bytes. */
    final int initialBytes;
    /** What rings of this kind leave of the pool to others, in bytes. */
    final long reserveBytes;
    /** Lists that no ring holds at present. */
    final FreeList<ReceiveRuns> spareRuns = new FreeList<>(ReceiveRuns::new);

    private RingMemory(final BufferPool pool, final int initialBytes, final long reserveBytes)
    {
        this.pool = pool;
        this.initialBytes = initialBytes;
        this.reserveBytes = reserveBytes;
    }

    /** For rings of what is received: they may use the pool up. */
    static RingMemory forReceiving(final BufferPool pool, final int initialBytes)
    {
        return new RingMemory(pool, initialBytes, 0);
    }

    /**
     * For rings of what is sent. They leave a quarter of the pool to the others: two peers that had used up everything
     * for sending could take in nothing from each other, and would stand still for ever.
     */
    static RingMemory forSending(final BufferPool pool, final int initialBytes)
    {
        return new RingMemory(pool, initialBytes, pool.budgetBytes() / 4);
    }
}
