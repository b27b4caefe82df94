package dev.baton.handoff.early;

import org.agrona.collections.Long2ObjectHashMap;

/**
 * CANCELs that a back has not yet answered: repeated while its channel is up, dropped when it goes down, since the
 * inventories that follow a reconnect say the same. Bounded; what does not fit is left to the back's own time-out.
 */
final class Cancels
{
    private static final class Pending extends Flow
    {
        private long handoffId;
        private int epoch;
        private int peer;
    }

    private static final int LIMIT = 4096;

    private final Long2ObjectHashMap<Pending> byId = new Long2ObjectHashMap<>();
    private final TimerQueue timers;
    private final ControlMessages out;
    private final EarlyCounters counters;

    Cancels(final long repeatNs, final ControlMessages out, final EarlyCounters counters)
    {
        this.timers = new TimerQueue(repeatNs);
        this.out = out;
        this.counters = counters;
    }

    void add(final int peer, final long handoffId, final int epoch, final long nowNs)
    {
        out.cancel(peer, handoffId, epoch);
        if (byId.containsKey(handoffId))
        {
            return;
        }
        if (byId.size() == LIMIT)
        {
            counters.cancelsNotRepeated++;
        }
        else
        {
            final Pending pending = new Pending();
            pending.peer = peer;
            pending.handoffId = handoffId;
            pending.epoch = epoch;
            byId.put(handoffId, pending);
            timers.arm(pending, nowNs);
        }
    }

    void answered(final int peer, final long handoffId)
    {
        final Pending pending = byId.get(handoffId);
        if (pending != null && pending.peer == peer)
        {
            TimerQueue.disarm(pending);
            byId.remove(handoffId);
        }
    }

    void channelDown(final int peer, final long nowNs)
    {
        int left = byId.size();
        Pending pending;
        while (left-- > 0 && (pending = (Pending)timers.pollDue(Long.MAX_VALUE)) != null)
        {
            if (pending.peer == peer)
            {
                byId.remove(pending.handoffId);
            }
            else
            {
                timers.arm(pending, nowNs);
            }
        }
    }

    int poll(final long nowNs)
    {
        int work = 0;
        Pending pending;
        while ((pending = (Pending)timers.pollDue(nowNs)) != null)
        {
            out.cancel(pending.peer, pending.handoffId, pending.epoch);
            timers.arm(pending, nowNs);
            work++;
        }
        return work;
    }

    int size()
    {
        return byId.size();
    }

    long nextDeadlineNs()
    {
        return timers.nextDeadlineNs();
    }
}
