package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * Connections in TIME-WAIT, in small entries of their own (RFC 9293, section 3.3.2). Bounded: when it is full the
 * caller ends the oldest one early. Not thread safe.
 */
final class TimeWaitTable implements FlowKeys
{
    private final FlowIndex index;
    private final DeadlineLists deadlines = new DeadlineLists(1);
    private TimeWait[] entries = new TimeWait[16];

    TimeWaitTable(final int limit)
    {
        index = new FlowIndex(limit, this);
    }

    int size()
    {
        return index.size();
    }

    boolean isFull()
    {
        return index.isFull();
    }

    TimeWait find(
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
        final TimeWait entry = entries[slot];
        return entry.remotePort == remotePort && entry.remoteLo == remoteLo && entry.localPort == localPort &&
            entry.localLo == localLo && entry.remoteHi == remoteHi && entry.localHi == localHi;
    }

    /** A fresh entry for a flow that is not there; the table is not full. */
    TimeWait add(
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final long expiresAtNs)
    {
        final int slot = index.add(hash);
        if (slot >= entries.length)
        {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        if (entries[slot] == null)
        {
            entries[slot] = new TimeWait();
        }
        final TimeWait entry = entries[slot];
        entry.slot = slot;
        entry.localHi = localHi;
        entry.localLo = localLo;
        entry.localPort = localPort;
        entry.remoteHi = remoteHi;
        entry.remoteLo = remoteLo;
        entry.remotePort = remotePort;
        entry.expiresAtNs = expiresAtNs;
        deadlines.append(0, slot, expiresAtNs);
        return entry;
    }

    /** Begin the waiting again. */
    void restart(final TimeWait entry, final long expiresAtNs)
    {
        entry.expiresAtNs = expiresAtNs;
        deadlines.remove(entry.slot);
        deadlines.append(0, entry.slot, expiresAtNs);
    }

    void remove(final TimeWait entry)
    {
        deadlines.remove(entry.slot);
        index.remove(entry.slot);
    }

    /** The one that has waited longest; null when there is none. */
    TimeWait oldest()
    {
        final int slot = deadlines.first(0);
        return slot < 0 ? null : entries[slot];
    }

    long nextDeadlineNs()
    {
        return deadlines.earliestNs();
    }

    int slotCount()
    {
        return index.slotCount();
    }

    /** The entry of a slot, or null when it is free. */
    TimeWait entry(final int slot)
    {
        return index.isUsed(slot) ? entries[slot] : null;
    }
}
