package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.SoftError;
import dev.baton.stack.service.TcpService;

/**
 * The calls to services, after the packets of a poll have been processed (RFC 9293, section 3.9.2: what the user is
 * told). What a service throws aborts its connection and is counted.
 */
final class ServiceCalls
{
    private static final CloseReason[] REASONS = CloseReason.values();

    private final StackContext context;
    private final StackCounters counters;
    private final InterceptorChain chain;
    private final ConnectionLife life;
    private final ServiceRegistry registry;

    ServiceCalls(
        final StackContext context,
        final StackCounters counters,
        final InterceptorChain chain,
        final ConnectionLife life,
        final ServiceRegistry registry)
    {
        this.registry = registry;
        this.context = context;
        this.counters = counters;
        this.chain = chain;
        this.life = life;
    }

    /** Tell services whose time has come. */
    int tick(final long nowNs)
    {
        int called = 0;
        for (int i = 0; i < registry.size(); i++)
        {
            final TcpService service = registry.get(i);
            try
            {
                service.onTick(nowNs);
                called++;
            }
            catch (final RuntimeException | Error ex)
            {
                fault(ex);
            }
        }
        return called;
    }

    long nextDeadlineNs()
    {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < registry.size(); i++)
        {
            earliest = Math.min(earliest, deadlineNs(registry.get(i)));
        }
        return earliest;
    }

    /** A service that cannot say when is asked again later; the shard goes on. */
    private long deadlineNs(final TcpService service)
    {
        try
        {
            return service.nextDeadlineNs();
        }
        catch (final RuntimeException | Error ex)
        {
            fault(ex);
            return Long.MAX_VALUE;
        }
    }

    /** Make the calls that are owed now; what they cause waits for the next round. */
    int run(final long nowNs)
    {
        final int count = life.ready.size();
        announce();
        for (int i = 0; i < count; i++)
        {
            final Tcb tcb = life.ready.poll();
            tcb.ready = false;
            final int events = tcb.events;
            tcb.events = 0;
            if ((events & ConnectionLife.CLOSED) != 0)
            {
                close(tcb, events, nowNs);
            }
            else
            {
                call(tcb, events);
            }
        }
        return count;
    }

    /** Tell services of accept queues that are no longer empty. */
    private void announce()
    {
        Listener listener = life.acceptQueues.takeAnnouncement();
        while (listener != null)
        {
            try
            {
                listener.service().onAcceptable(listener);
            }
            catch (final RuntimeException | Error ex)
            {
                fault(ex);
            }
            listener = life.acceptQueues.takeAnnouncement();
        }
    }

    private void call(final Tcb tcb, final int events)
    {
        try
        {
            if ((events & ConnectionLife.ACCEPTED) != 0)
            {
                tcb.accepted = true;
                tcb.service.onAccepted(tcb.handle);
            }
            if ((events & TcbAccess.RARE_CALLS) != 0)
            {
                rare(tcb, events);
            }
            if ((events & ConnectionLife.READABLE) != 0 && !tcb.userClosed)
            {
                tcb.service.onReadable(tcb.handle);
            }
            if ((events & ConnectionLife.WRITABLE) != 0 && tcb.writeBlocked && !tcb.finQueued)
            {
                tcb.writeBlocked = false;
                tcb.service.onWritable(tcb.handle);
            }
        }
        catch (final RuntimeException | Error ex)
        {
            fault(ex);
            tcb.abortRequested = true;
        }
        life.markDirty(tcb);
    }

    /** Calls that most connections never see. */
    private static void rare(final Tcb tcb, final int events)
    {
        if ((events & ConnectionLife.URGENT) != 0 && !tcb.userClosed)
        {
            tcb.service.onUrgent(tcb.handle);
        }
        if ((events & ConnectionLife.RETRANSMITTING) != 0)
        {
            tcb.service.onSoftError(tcb.handle, SoftError.RETRANSMITTING);
        }
        if ((events & ConnectionLife.SOFT_ERROR) != 0 && tcb.settings != null && tcb.settings.softErrno != 0)
        {
            tcb.service.onSoftError(tcb.handle, SoftError.byErrno(tcb.settings.softErrno));
        }
        if ((events & ConnectionLife.LINGERED) != 0)
        {
            tcb.service.onLingered(tcb.handle, Linger.isDone(tcb));
        }
    }

    private void close(final Tcb tcb, final int events, final long nowNs)
    {
        if (tcb.accepted || !tcb.passive)
        {
            try
            {
                rare(tcb, events & ConnectionLife.LINGERED);
                tcb.service.onClosed(tcb.handle, REASONS[tcb.closeReason]);
            }
            catch (final RuntimeException | Error ex)
            {
                fault(ex);
            }
        }
        final boolean known = tcb.wasEstablished || tcb.fastOpen == Tcb.FAST_OPEN_EARLY;
        if (tcb.passive && known && tcb.state == TcpState.CLOSED)
        {
            chain.disconnected(tcb.handle, nowNs);
        }
        life.recycle(tcb);
    }

    private void fault(final Throwable cause)
    {
        counters.increment(StackCounter.SERVICE_FAULTS);
        context.errorHandler().accept(cause);
    }
}
