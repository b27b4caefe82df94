package dev.baton.handoff.early;

import dev.baton.stack.service.TcpConnection;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The front's entries and their timers: how one enters a state and how it leaves the table. What both halves of the
 * front, segments and protocol, share.
 */
final class FrontFlows
{
    final FlowTable<FrontEntry> table;
    final Long2ObjectHashMap<FrontEntry> byId = new Long2ObjectHashMap<>();
    final Hold.Pool holds;
    final TimerQueue handshakeTimers;
    final TimerQueue holdTimers;
    final TimerQueue requestTimers;
    final TimerQueue repeatTimers;
    final TimerQueue idleTimers;

    FrontFlows(final EarlyConfig config, final long k0, final long k1)
    {
        table = new FlowTable<>(config.flowLimit, k0, k1, FrontEntry::new);
        holds = new Hold.Pool(config.holdLimit, config.holdBytesLimit);
        handshakeTimers = new TimerQueue(config.handshakeTimeoutNs);
        holdTimers = new TimerQueue(config.holdTimeoutNs);
        requestTimers = new TimerQueue(config.requestTimeoutNs);
        repeatTimers = new TimerQueue(config.repeatNs);
        idleTimers = new TimerQueue(config.idleTimeoutNs);
    }

    FrontEntry find(final TcpConnection connection)
    {
        return table.get(
            connection.localAddress().hi(), connection.localAddress().lo(), connection.localPort(),
            connection.remoteAddress().hi(), connection.remoteAddress().lo(), connection.remotePort());
    }

    void remove(final FrontEntry entry)
    {
        if (entry.handoffId != 0)
        {
            byId.remove(entry.handoffId);
        }
        if (entry.hold != null)
        {
            holds.give(entry.hold);
            entry.hold = null;
        }
        entry.connection = null;
        table.remove(entry);
    }

    long nextDeadlineNs()
    {
        long deadline = handshakeTimers.nextDeadlineNs();
        deadline = Math.min(deadline, holdTimers.nextDeadlineNs());
        deadline = Math.min(deadline, requestTimers.nextDeadlineNs());
        deadline = Math.min(deadline, repeatTimers.nextDeadlineNs());
        return Math.min(deadline, idleTimers.nextDeadlineNs());
    }
}
