package dev.baton.stack.tcp;

import java.util.ArrayDeque;

/**
 * Objects that only some connections hold, for the time that they need them: settings of their own, and urgent data. An
 * idle connection has none. Used by the shard's thread only.
 */
final class SideObjects
{
    private final ArrayDeque<TcpSettings> settings = new ArrayDeque<>();
    private final ArrayDeque<UrgentState> urgent = new ArrayDeque<>();

    /** The connection's settings, taken from the pool when it has none. */
    TcpSettings settings(final Tcb tcb)
    {
        if (tcb.settings == null)
        {
            final TcpSettings pooled = settings.poll();
            tcb.settings = pooled == null ? new TcpSettings() : pooled;
        }
        return tcb.settings;
    }

    /** The connection's urgent data, taken from the pool when it has none. */
    UrgentState urgent(final Tcb tcb)
    {
        if (tcb.urgent == null)
        {
            final UrgentState pooled = urgent.poll();
            tcb.urgent = pooled == null ? new UrgentState() : pooled;
        }
        return tcb.urgent;
    }

    /** Take back what a connection holds; it needs nothing of it any more. */
    void release(final Tcb tcb)
    {
        releaseSettings(tcb);
        if (tcb.urgent != null)
        {
            tcb.urgent.clear();
            urgent.push(tcb.urgent);
            tcb.urgent = null;
        }
    }

    /** Take back settings in which there is nothing any more. */
    void releaseSettings(final Tcb tcb)
    {
        if (tcb.settings != null)
        {
            tcb.settings.clear();
            settings.push(tcb.settings);
            tcb.settings = null;
        }
    }
}
