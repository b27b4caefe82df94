package dev.baton.handoff.early;

import dev.baton.stack.tcp.SipHash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Flows by their endpoints: a bounded table with a keyed hash, so that nobody outside can choose what collides. Entries
 * are reused; after the table has once been as full as it gets, nothing is allocated.
 *
 * @param <E> kind of entry.
 */
final class FlowTable<E extends Flow>
{
    private final Flow[] buckets;
    private final int limit;
    private final SipHash hash;
    private final List<E> free = new ArrayList<>();
    private final Supplier<E> factory;
    private int size;
    private long refusals;

    FlowTable(final int limit, final long k0, final long k1, final Supplier<E> factory)
    {
        this.limit = limit;
        this.hash = new SipHash(k0, k1);
        this.factory = factory;
        this.buckets = new Flow[Math.max(16, Integer.highestOneBit(Math.max(1, limit - 1)) << 1)];
    }

    int size()
    {
        return size;
    }

    long refusals()
    {
        return refusals;
    }

    @SuppressWarnings("unchecked")
    E get(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        Flow flow = buckets[index(localHi, localLo, localPort, remoteHi, remoteLo, remotePort)];
        while (flow != null && !flow.matches(localHi, localLo, localPort, remoteHi, remoteLo, remotePort))
        {
            flow = flow.bucketNext;
        }
        return (E)flow;
    }

    /**
     * Put in a new entry for endpoints that are not in the table.
     *
     * @return null, and counted, when the table is full.
     */
    E add(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        if (size == limit)
        {
            refusals++;
            return null;
        }
        final E flow = free.isEmpty() ? factory.get() : free.remove(free.size() - 1);
        flow.endpoints(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        final int index = index(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        flow.bucketNext = buckets[index];
        buckets[index] = flow;
        size++;
        return flow;
    }

    void remove(final E flow)
    {
        final int index = index(
            flow.localHi, flow.localLo, flow.localPort, flow.remoteHi, flow.remoteLo, flow.remotePort);
        Flow before = null;
        Flow at = buckets[index];
        while (at != flow)
        {
            before = at;
            at = at.bucketNext;
        }
        if (before == null)
        {
            buckets[index] = flow.bucketNext;
        }
        else
        {
            before.bucketNext = flow.bucketNext;
        }
        flow.bucketNext = null;
        TimerQueue.disarm(flow);
        size--;
        free.add(flow);
    }

    /**
     * A copy of the entries, ordered by the client's address and port: an order that no hash decides.
     *
     * @return a new list.
     */
    @SuppressWarnings("unchecked")
    List<E> snapshot()
    {
        final Flow[] all = new Flow[size];
        int n = 0;
        for (final Flow bucket : buckets)
        {
            for (Flow flow = bucket; flow != null; flow = flow.bucketNext)
            {
                all[n++] = flow;
            }
        }
        Arrays.sort(all, FlowTable::compare);
        return (List<E>)Arrays.asList(all);
    }

    private static int compare(final Flow a, final Flow b)
    {
        int order = Long.compareUnsigned(a.remoteHi, b.remoteHi);
        order = order != 0 ? order : Long.compareUnsigned(a.remoteLo, b.remoteLo);
        order = order != 0 ? order : Integer.compare(a.remotePort, b.remotePort);
        order = order != 0 ? order : Long.compareUnsigned(a.localHi, b.localHi);
        order = order != 0 ? order : Long.compareUnsigned(a.localLo, b.localLo);
        return order != 0 ? order : Integer.compare(a.localPort, b.localPort);
    }

    private int index(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final long hashed = hash.flow(0, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return (int)hashed & buckets.length - 1;
    }
}
