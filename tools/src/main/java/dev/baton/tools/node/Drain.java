package dev.baton.tools.node;

import dev.baton.stack.NetStack;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.tcp.TcpState;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How a node ends: the first request stops listening and lets connections, and what modules forward, come to their end
 * for a while; a second request, or the end of that while, aborts what is left, so that no client waits for a node that
 * is gone. Connections in TIME-WAIT are not waited for. Belongs to the shard's thread.
 */
final class Drain implements ShardLoop.Upkeep
{
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final NetStack stack;
    private final NodeServices services;
    private final ModuleRegistry modules;
    private final long limitNs;
    private final Consumer<String> log;
    private long nextLookNs = Long.MAX_VALUE;
    private long endNs;
    private boolean draining;

    Drain(
        final NetStack stack,
        final NodeServices services,
        final ModuleRegistry modules,
        final long limitNs,
        final Consumer<String> log)
    {
        this.stack = stack;
        this.services = services;
        this.modules = modules;
        this.limitNs = limitNs;
        this.log = log;
    }

    @Override
    public boolean run(final long nowNs, final int stopRequests)
    {
        modules.forgetThrownOut();
        if (stopRequests == 0)
        {
            return false;
        }
        if (!draining)
        {
            begin(nowNs);
        }
        if (nowNs < nextLookNs && stopRequests == 1)
        {
            return false;
        }
        final List<TcpConnection> live = live();
        final int forwarded = modules.liveEntries();
        if (live.isEmpty() && forwarded == 0)
        {
            log.accept("drained");
            return true;
        }
        if (stopRequests > 1 || nowNs >= endNs)
        {
            log.accept("stopping with " + live.size() + " connections, which are reset, and " + forwarded + " module entries");
            live.forEach(TcpConnection::abort);
            stack.poll(nowNs);
            return true;
        }
        nextLookNs = Math.min(nowNs + LOOK_NS, endNs);
        return false;
    }

    @Override
    public long nextDeadlineNs()
    {
        return draining ? nextLookNs : Long.MAX_VALUE;
    }

    private void begin(final long nowNs)
    {
        draining = true;
        endNs = nowNs + limitNs;
        nextLookNs = nowNs;
        log.accept("draining: " + live().size() + " connections have " + TimeUnit.NANOSECONDS.toMillis(limitNs) + " ms to end");
        services.drain(stack);
    }

    private List<TcpConnection> live()
    {
        final List<TcpConnection> live = new ArrayList<>();
        stack.forEachConnection((tcb) ->
        {
            if (tcb.state >= TcpState.ESTABLISHED && tcb.state != TcpState.TIME_WAIT)
            {
                live.add(tcb.handle);
            }
        });
        return live;
    }
}
