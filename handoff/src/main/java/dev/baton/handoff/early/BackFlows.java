package dev.baton.handoff.early;

import dev.baton.stack.service.TcpConnection;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The back's entries and their timers. Handoff ids are made by fronts: what two fronts happen to name alike is told
 * apart by the peer that the channel has authenticated.
 */
final class BackFlows
{
    final FlowTable<BackEntry> table;
    final Hold.Pool holds;
    final TimerQueue preparedTimers;
    final TimerQueue lingerTimers;
    final TimerQueue repeatTimers;
    private final Long2ObjectHashMap<BackEntry>[] byId;

    @SuppressWarnings({"unchecked", "rawtypes"})
    BackFlows(final EarlyConfig config, final int peerCount, final long timeWaitNs, final long k0, final long k1)
    {
        table = new FlowTable<>(config.flowLimit, k0, k1, BackEntry::new);
        holds = new Hold.Pool(config.holdLimit, config.holdBytesLimit);
        preparedTimers = new TimerQueue(config.preparedTimeoutNs);
        lingerTimers = new TimerQueue(Math.max(1, timeWaitNs / 4));
        repeatTimers = new TimerQueue(config.repeatNs);
        byId = new Long2ObjectHashMap[peerCount];
        for (int i = 0; i < peerCount; i++)
        {
            byId[i] = new Long2ObjectHashMap<>();
        }
    }

    BackEntry find(final int peer, final long handoffId)
    {
        return byId[peer].get(handoffId);
    }

    BackEntry find(final TcpConnection connection)
    {
        return table.get(
            connection.localAddress().hi(), connection.localAddress().lo(), connection.localPort(),
            connection.remoteAddress().hi(), connection.remoteAddress().lo(), connection.remotePort());
    }

    void index(final BackEntry entry)
    {
        byId[entry.peer].put(entry.handoffId, entry);
    }

    void remove(final BackEntry entry)
    {
        byId[entry.peer].remove(entry.handoffId);
        if (entry.hold != null)
        {
            holds.give(entry.hold);
            entry.hold = null;
        }
        table.remove(entry);
    }

    long nextDeadlineNs()
    {
        return Math.min(
            Math.min(preparedTimers.nextDeadlineNs(), lingerTimers.nextDeadlineNs()),
            repeatTimers.nextDeadlineNs());
    }
}
