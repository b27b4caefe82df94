package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * From 4-tuples to small numbers: an open-addressing table whose positions come from a keyed hash, so that a peer
 * cannot choose colliding flows. A flow gets a slot; slots are reused, and what belongs to a flow is kept by its owner
 * in arrays of the same numbering. Removal moves later entries back instead of leaving marks, so that searches stay
 * short for ever.
 * <p>
 * Grows up to a limit. Not thread safe; looks up without allocating.
 */
final class FlowIndex
{
    private static final int FIRST_SLOTS = 16;
    private static final int WORDS = 5;
    private static final int USED = -2;
    private static final int NIL = -1;

    private final int limit;
    private long[] keys = new long[FIRST_SLOTS * WORDS];
    private int[] hashes = new int[FIRST_SLOTS];
    private int[] nextFree = new int[FIRST_SLOTS];
    private int[] buckets = new int[2 * FIRST_SLOTS];
    private int firstFree = NIL;
    private int slotCount;
    private int size;

    FlowIndex(final int limit)
    {
        this.limit = limit;
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
        final long ports = ports(localPort, remotePort);
        for (int i = hash & mask; buckets[i] != NIL; i = i + 1 & mask)
        {
            final int slot = buckets[i];
            final int at = slot * WORDS;
            if (hashes[slot] == hash && keys[at] == ports && keys[at + 1] == remoteLo && keys[at + 2] == localLo &&
                keys[at + 3] == remoteHi && keys[at + 4] == localHi)
            {
                return slot;
            }
        }
        return NIL;
    }

    /** Add a flow that is not there. Returns its slot, or -1 when the index is full. */
    int add(
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        if (isFull())
        {
            return NIL;
        }
        final int slot = takeSlot();
        final int at = slot * WORDS;
        keys[at] = ports(localPort, remotePort);
        keys[at + 1] = remoteLo;
        keys[at + 2] = localLo;
        keys[at + 3] = remoteHi;
        keys[at + 4] = localHi;
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
        keys = Arrays.copyOf(keys, length * WORDS);
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

    private static long ports(final int localPort, final int remotePort)
    {
        return (long)localPort << 16 | remotePort;
    }
}
