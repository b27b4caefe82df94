package dev.baton.tools.drill.run;

import dev.baton.stack.socket.Errno;
import dev.baton.tools.drill.script.Action;
import dev.baton.tools.drill.script.Expr;

import java.util.Set;

/** System calls of a script: which they are, and whether they have ended as it expects. */
final class Calls
{
    private static final Set<String> MAKE_DESCRIPTORS =
        Set.of("socket", "accept", "accept4", "epoll_create", "epoll_create1", "open");

    private final CallContext context;
    private final LifeCalls life;
    private final TransferCalls transfers;
    private final OptionCalls options;
    private final ReadyCalls ready;

    Calls(final CallContext context, final ReadyCalls ready)
    {
        this.context = context;
        this.ready = ready;
        life = new LifeCalls(context);
        transfers = new TransferCalls(context);
        options = new OptionCalls(context);
    }

    /** The call, ready to be made. */
    Attempt of(final Action.Call call)
    {
        try
        {
            Attempt attempt = life.of(call);
            attempt = attempt == null ? transfers.of(call) : attempt;
            attempt = attempt == null ? options.of(call) : attempt;
            attempt = attempt == null ? ready.of(call) : attempt;
            if (attempt == null)
            {
                throw new UnsupportedScript(UnsupportedReason.SYSTEM_CALL, call.name());
            }
            return guarded(attempt, call);
        }
        catch (final IndexOutOfBoundsException | ClassCastException ex)
        {
            throw wrong(call);
        }
    }

    /** Arguments that are missing or of another form show when the call is made. */
    private static Attempt guarded(final Attempt attempt, final Action.Call call)
    {
        return new Attempt()
        {
            @Override
            public long run()
            {
                try
                {
                    return attempt.run();
                }
                catch (final IndexOutOfBoundsException | ClassCastException ex)
                {
                    throw wrong(call);
                }
            }

            @Override
            public long givesUpAtUs()
            {
                return attempt.givesUpAtUs();
            }

            @Override
            public void check()
            {
                try
                {
                    attempt.check();
                }
                catch (final IndexOutOfBoundsException | ClassCastException ex)
                {
                    throw wrong(call);
                }
            }
        };
    }

    private static UnsupportedScript wrong(final Action.Call call)
    {
        return new UnsupportedScript(UnsupportedReason.ARGUMENT, call.name() + " with " + call.arguments().size() +
            " arguments of this form");
    }

    /** A call has ended: compare. */
    void ended(final Action.Call call, final Attempt attempt, final long result)
    {
        final boolean anything = call.result() instanceof Expr.Any;
        final long expected = anything ? result : Values.number(call.result());
        final boolean descriptor = MAKE_DESCRIPTORS.contains(call.name()) && expected >= 0;
        if (result >= 0 && descriptor)
        {
            context.descriptors().map(expected, (int)result);
        }
        else if (Math.max(-1, result) != expected)
        {
            throw new ScriptFailure(call.name() + " has returned " + described(result),
                expected + errno(call), described(result));
        }
        if (result < 0 && call.errno() != null)
        {
            final Errno errno = Errno.of((int)result);
            if (errno == null || !errno.name().equals(linux(call.errno())))
            {
                throw new ScriptFailure(call.name() + " has failed otherwise", expected + errno(call), described(result));
            }
        }
        if (result >= 0)
        {
            attempt.check();
        }
    }

    private static String linux(final String errno)
    {
        return "EWOULDBLOCK".equals(errno) ? "EAGAIN" : "ENOTSUP".equals(errno) ? "EOPNOTSUPP" : errno;
    }

    private static String errno(final Action.Call call)
    {
        return call.errno() == null ? "" : " " + call.errno();
    }

    private static String described(final long result)
    {
        return result < 0 ? "-1 " + Errno.describe((int)result) : Long.toString(result);
    }
}
