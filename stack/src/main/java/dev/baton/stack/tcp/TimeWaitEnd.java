package dev.baton.stack.tcp;

import dev.baton.stack.intercept.InterceptorChain;

/** The end of TIME-WAIT: the entry goes, and modules are told that the connection is gone. */
final class TimeWaitEnd
{
    private final InterceptorChain chain;
    private final TimeWaitTable table;
    private final EndedConnection ended = new EndedConnection();

    TimeWaitEnd(final InterceptorChain chain, final TimeWaitTable table)
    {
        this.chain = chain;
        this.table = table;
    }

    void end(final TimeWait entry, final long nowNs)
    {
        final boolean known = entry.passive;
        ended.set(entry);
        table.remove(entry);
        if (known)
        {
            chain.disconnected(ended, nowNs);
        }
    }

    /** End all whose time has come. Returns how many. */
    int expire(final long nowNs)
    {
        int count = 0;
        TimeWait oldest = table.oldest();
        while (oldest != null && oldest.expiresAtNs <= nowNs)
        {
            end(oldest, nowNs);
            count++;
            oldest = table.oldest();
        }
        return count;
    }
}
