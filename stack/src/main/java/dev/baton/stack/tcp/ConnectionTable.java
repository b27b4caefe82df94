package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * Connections that have a Tcb, found by 4-tuple. Bounded; looks up without allocating. Not thread safe.
 */
final class ConnectionTable implements FlowKeys
{
    private final FlowIndex index;
    private Tcb[] tcbs = new Tcb[16];

    ConnectionTable(final int limit)
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

    Tcb find(
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int slot = index.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return slot < 0 ? null : tcbs[slot];
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
        final Tcb entry = tcbs[slot];
        return entry.remotePort == remotePort && entry.remoteLo == remoteLo && entry.localPort == localPort &&
            entry.localLo == localLo && entry.remoteHi == remoteHi && entry.localHi == localHi;
    }

    /** Add a connection; its addresses are set, and it is not there. The table is not full. */
    void add(final int hash, final Tcb tcb)
    {
        final int slot = index.add(hash);
        if (slot >= tcbs.length)
        {
            tcbs = Arrays.copyOf(tcbs, 2 * tcbs.length);
        }
        tcbs[slot] = tcb;
        tcb.tableSlot = slot;
    }

    void remove(final Tcb tcb)
    {
        if (tcb.tableSlot >= 0)
        {
            index.remove(tcb.tableSlot);
            tcbs[tcb.tableSlot] = null;
            tcb.tableSlot = -1;
        }
    }

    /** Write all connections to an array from a place on; returns the place after the last. */
    int copyTo(final Object[] all, final int from)
    {
        int at = from;
        for (int slot = 0; slot < index.slotCount(); slot++)
        {
            if (index.isUsed(slot))
            {
                all[at++] = tcbs[slot];
            }
        }
        return at;
    }
}
