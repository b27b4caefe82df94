package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * Half-open connections of passive opens, in small entries of their own, so that a flood of SYNs does not make Tcbs.
 * Bounded: a SYN for which there is no room is dropped by the caller.
 * <p>
 * Entries that were sent the same number of SYN/ACKs wait equally long, so one list for each number keeps the deadlines
 * in order. Not thread safe.
 */
final class SynQueue implements FlowKeys
{
    private final FlowIndex index;
    private final DeadlineLists deadlines;
    private final int lists;
    private HalfOpen[] entries = new HalfOpen[16];

    SynQueue(final int backlog, final int synAckRetries)
    {
        index = new FlowIndex(backlog, this);
        lists = synAckRetries + 1;
        deadlines = new DeadlineLists(lists);
    }

    int size()
    {
        return index.size();
    }

    boolean isFull()
    {
        return index.isFull();
    }

    HalfOpen find(
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int slot = index.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return slot < 0 ? null : entries[slot];
    }

    @Override
    public boolean isFlow(
        final int slot,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final HalfOpen entry = entries[slot];
        return entry.remotePort == remotePort && entry.remoteLo == remoteLo && entry.localPort == localPort &&
            entry.localLo == localLo && entry.remoteHi == remoteHi && entry.localHi == localHi;
    }

    /** A fresh entry for a flow that is not there; the queue is not full. Its other fields are the caller's to set. */
    HalfOpen add(
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int slot = index.add(hash);
        if (slot >= entries.length)
        {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        if (entries[slot] == null)
        {
            entries[slot] = new HalfOpen();
        }
        final HalfOpen entry = entries[slot];
        entry.slot = slot;
        entry.localHi = localHi;
        entry.localLo = localLo;
        entry.localPort = localPort;
        entry.remoteHi = remoteHi;
        entry.remoteLo = remoteLo;
        entry.remotePort = remotePort;
        entry.retransmits = 0;
        entry.repeatedAtNs = HalfOpen.NEVER;
        return entry;
    }

    /** Put an entry, whose listener and {@code retransmits} are set, on its list; it counts for its listener. */
    void schedule(final HalfOpen entry, final long atNs)
    {
        entry.retransmitAtNs = atNs;
        deadlines.append(Math.min(entry.retransmits, lists - 1), entry.slot, atNs);
        count(entry, 1);
    }

    /** Take an entry off its list, to be scheduled again. */
    void unschedule(final HalfOpen entry)
    {
        deadlines.remove(entry.slot);
        count(entry, -1);
    }

    private static void count(final HalfOpen entry, final int by)
    {
        entry.listener.halfOpens += by;
        entry.listener.youngHalfOpens += entry.retransmits == 0 ? by : 0;
    }

    void remove(final HalfOpen entry)
    {
        unschedule(entry);
        index.remove(entry.slot);
        entry.listener = null;
    }

    /** The entry that is due first, when it is due; else null. */
    HalfOpen due(final long nowNs)
    {
        final int list = deadlines.earliestList();
        if (list < 0 || deadlines.deadlineNs(deadlines.first(list)) > nowNs)
        {
            return null;
        }
        return entries[deadlines.first(list)];
    }

    long nextDeadlineNs()
    {
        return deadlines.earliestNs();
    }

    /** Slots that have ever been used, for {@link #entry(int)}. */
    int slotCount()
    {
        return index.slotCount();
    }

    /** The entry of a slot, or null when it is free. */
    HalfOpen entry(final int slot)
    {
        return index.isUsed(slot) ? entries[slot] : null;
    }
}
