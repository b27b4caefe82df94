package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * From 4-tuples to small numbers: an open-addressing table whose positions come from a keyed hash, so that a peer
 * cannot choose colliding flows. A flow gets a slot; slots are reused, and what belongs to a flow is kept by its owner
 * in arrays of the same numbering, the 4-tuple too, so that it is not kept twice: see {@link FlowKeys}. Removal moves later entries back instead of leaving marks, so that searches stay
 * short for ever.
 * <p>
 * Grows up to a limit. Not thread safe; looks up without allocating.
 */
final class FlowIndex
{
    private static final int FIRST_SLOTS = 16;
    private static final int USED = -2;
    private static final int NIL = -1;

    private final int limit;
    private final FlowKeys keys;
    private int[] hashes = new int[FIRST_SLOTS];
    private int[] nextFree = new int[FIRST_SLOTS];
    private int[] buckets = new int[2 * FIRST_SLOTS];
    private int firstFree = NIL;
    private int slotCount;
    private int size;

    FlowIndex(final int limit, final FlowKeys keys)
    {
        this.limit = limit;
        this.keys = keys;
        Arrays.fill(buckets, NIL);
    }

    int size()
    {
        return size;
    }

    boolean isFull()
    {
        return size >= limit;
    }

    /** Slots that have ever been used: those of flows are among 0 to this. */
    int slotCount()
    {
        return slotCount;
    }

    boolean isUsed(final int slot)
    {
        return nextFree[slot] == USED;
    }

    int find(
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int mask = buckets.length - 1;
        for (int i = hash & mask; buckets[i] != NIL; i = i + 1 & mask)
        {
            final int slot = buckets[i];
            if (hashes[slot] == hash &&
                keys.isFlow(slot, localHi, localLo, localPort, remoteHi, remoteLo, remotePort))
            {
                return slot;
            }
        }
        return NIL;
    }

    /** Add a flow that is not there; its owner keeps the 4-tuple. Returns its slot, or -1 when the index is full. */
    int add(final int hash)
    {
        if (isFull())
        {
            return NIL;
        }
        final int slot = takeSlot();
        hashes[slot] = hash;
        nextFree[slot] = USED;
        place(slot);
        size++;
        return slot;
    }

    void remove(final int slot)
    {
        final int mask = buckets.length - 1;
        int hole = hashes[slot] & mask;
        while (buckets[hole] != slot)
        {
            hole = hole + 1 & mask;
        }
        for (int i = hole + 1 & mask; buckets[i] != NIL; i = i + 1 & mask)
        {
            // An entry may move back to the hole when its own position is not between the hole and where it stands.
            final int distance = i - (hashes[buckets[i]] & mask) & mask;
            if (distance >= (i - hole & mask))
            {
                buckets[hole] = buckets[i];
                hole = i;
            }
        }
        buckets[hole] = NIL;
        nextFree[slot] = firstFree;
        firstFree = slot;
        size--;
    }

    private int takeSlot()
    {
        if (firstFree != NIL)
        {
            final int slot = firstFree;
            firstFree = nextFree[slot];
            return slot;
        }
        if (slotCount == hashes.length)
        {
            grow();
        }
        return slotCount++;
    }

    private void grow()
    {
        final int length = 2 * hashes.length;
        hashes = Arrays.copyOf(hashes, length);
        nextFree = Arrays.copyOf(nextFree, length);
        buckets = new int[2 * length];
        Arrays.fill(buckets, NIL);
        for (int slot = 0; slot < slotCount; slot++)
        {
            if (isUsed(slot))
            {
                place(slot);
            }
        }
    }

    private void place(final int slot)
    {
        final int mask = buckets.length - 1;
        int i = hashes[slot] & mask;
        while (buckets[i] != NIL)
        {
            i = i + 1 & mask;
        }
        buckets[i] = slot;
    }
}
