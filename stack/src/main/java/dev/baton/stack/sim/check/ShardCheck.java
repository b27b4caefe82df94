package dev.baton.stack.sim.check;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.tcp.BufferPool;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.Transfers;

import java.util.function.Consumer;

/**
 * What must hold of a shard after every event: of each of its connections, of its pool of buffers, and of its tables.
 * One instance serves all shards of a world, so that connections are followed from owner to owner.
 */
public final class ShardCheck
{
    private final ConnectionCheck connections = new ConnectionCheck();
    private final Consumer<Tcb> visitor = this::visit;
    private long nowNs;
    private long heldBytes;
    private long earliestNs;
    private long digest;
    private int count;

    /** A checker that knows no connection yet. */
    public ShardCheck()
    {
    }

    /**
     * Check a shard between two polls.
     *
     * @param stack the shard.
     * @param nowNs on its clock.
     * @return a digest of its state.
     * @throws Violation when something does not hold.
     */
    public long check(final NetStack stack, final long nowNs)
    {
        this.nowNs = nowNs;
        heldBytes = 0;
        earliestNs = Long.MAX_VALUE;
        digest = 0;
        count = 0;
        final Transfers transfers = stack.tcp().transfers();
        transfers.forEachConnection(visitor);
        pool(stack.tcp().bufferPool());
        that(stack.nextDeadlineNs() <= Math.max(earliestNs, nowNs), Violation.PROGRESS,
            "a connection's timer is due at " + earliestNs + ", the shard wants to be polled at " +
            stack.nextDeadlineNs());
        final StackContext context = stack.context();
        that(count <= context.maxConnections(), Violation.BOUNDED,
            count + " connections, the limit is " + context.maxConnections());
        final int limit = context.maxConnections() + context.synBacklog() + context.maxTimeWait();
        that(stack.connectionCount() <= limit, Violation.BOUNDED,
            stack.connectionCount() + " entries in all tables of connections, the limit is " + limit);
        return digest * 31 + heldBytes;
    }

    private void visit(final Tcb tcb)
    {
        count++;
        digest = digest * 31 + connections.check(tcb, nowNs);
        heldBytes += tcb.sendRing.heldBytes() + tcb.receiveRing.heldBytes();
        earliestNs = Math.min(earliestNs, tcb.earliestDeadlineNs());
    }

    private void pool(final BufferPool pool)
    {
        // What is over but not yet read is not visited, so there may be more out than was counted.
        that(heldBytes <= pool.acquiredBytes(), Violation.BOUNDED,
            "rings hold " + heldBytes + " bytes, of the pool " + pool.acquiredBytes() + " are out");
        that(pool.acquiredBytes() <= pool.budgetBytes(), Violation.BOUNDED,
            pool.acquiredBytes() + " bytes of a pool of " + pool.budgetBytes() + " are out");
    }

    private static void that(final boolean holds, final String invariant, final String what)
    {
        if (!holds)
        {
            throw new Violation(invariant, what);
        }
    }
}
