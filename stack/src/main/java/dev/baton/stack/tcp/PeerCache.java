package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What is remembered of peers beyond their connections, by remote address (RFC 9040; Linux's tcp_metrics). Bounded: the
 * entry that was used least recently makes room. The order of use is the order of {@link #forEach}, so that it can be
 * exported. Not thread safe; allocates only to grow.
 */
public final class PeerCache
{
    /** What was learned of a path holds for an hour. */
    private static final long OUTDATED_NS = 3_600_000_000_000L;

    private final IsnGenerator isn;
    private final StackCounters counters;
    private final FlowIndex index;
    private final DeadlineLists order = new DeadlineLists(1);
    private PeerMetrics[] entries = new PeerMetrics[16];

    PeerCache(final int limit, final IsnGenerator isn, final StackCounters counters)
    {
        this.isn = isn;
        this.counters = counters;
        index = new FlowIndex(limit, this::isPeer);
    }

    /**
     * How many peers are remembered.
     *
     * @return 0 to the limit.
     */
    public int size()
    {
        return index.size();
    }

    /**
     * What is known of a peer. Looking does not count as use.
     *
     * @param hi remote address, upper half.
     * @param lo remote address, lower half.
     * @return null when nothing is.
     */
    public PeerMetrics peek(final long hi, final long lo)
    {
        final int slot = index.find(hash(hi, lo), 0, 0, 0, hi, lo, 0);
        return slot < 0 ? null : entries[slot];
    }

    private boolean isPeer(
        final int slot,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return entries[slot].remoteLo == remoteLo && entries[slot].remoteHi == remoteHi;
    }

    /** Has a connection with the peer taught a round-trip time, so that the peer is where it says? */
    boolean isProven(final long hi, final long lo)
    {
        final PeerMetrics known = peek(hi, lo);
        return known != null && known.rttNs != 0;
    }

    /** What is known of a peer, for use: what is too old is forgotten. Null when nothing is known. */
    PeerMetrics use(final long hi, final long lo, final long nowNs)
    {
        final PeerMetrics known = peek(hi, lo);
        if (known != null)
        {
            touch(known, nowNs);
        }
        return known;
    }

    /**
     * The entry of a peer, to be written to; a new one knows nothing.
     *
     * @param hi    remote address, upper half.
     * @param lo    remote address, lower half.
     * @param nowNs now.
     * @return the entry, which counts as the one used last.
     */
    public PeerMetrics learn(final long hi, final long lo, final long nowNs)
    {
        final PeerMetrics known = use(hi, lo, nowNs);
        return known != null ? known : add(hi, lo, nowNs);
    }

    private void touch(final PeerMetrics entry, final long nowNs)
    {
        order.remove(entry.slot);
        order.append(0, entry.slot, 0);
        if (nowNs - entry.learnedAtNs > OUTDATED_NS)
        {
            entry.forgetPath();
        }
    }

    private PeerMetrics add(final long hi, final long lo, final long nowNs)
    {
        if (index.isFull())
        {
            counters.increment(StackCounter.PEERS_FORGOTTEN);
            remove(order.first(0));
        }
        final int slot = index.add(hash(hi, lo));
        if (slot >= entries.length)
        {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        if (entries[slot] == null)
        {
            entries[slot] = new PeerMetrics();
        }
        final PeerMetrics entry = entries[slot];
        entry.clear();
        entry.slot = slot;
        entry.remoteHi = hi;
        entry.remoteLo = lo;
        entry.learnedAtNs = nowNs;
        order.append(0, slot, 0);
        return entry;
    }

    private void remove(final int slot)
    {
        order.remove(slot);
        index.remove(slot);
    }

    /** Forget all peers, as {@code ip tcp_metrics flush} does. */
    public void clear()
    {
        while (order.first(0) >= 0)
        {
            remove(order.first(0));
        }
    }

    /**
     * Visit all entries.
     *
     * @param visitor is called from the one used least recently to the one used last; must not change the cache.
     */
    public void forEach(final Consumer<PeerMetrics> visitor)
    {
        for (int slot = order.first(0); slot >= 0; slot = order.after(slot))
        {
            visitor.accept(entries[slot]);
        }
    }

    private int hash(final long hi, final long lo)
    {
        return isn.tableHash(0, 0, 0, hi, lo, 0);
    }
}
