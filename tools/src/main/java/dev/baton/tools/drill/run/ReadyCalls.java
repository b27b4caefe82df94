package dev.baton.tools.drill.run;

import dev.baton.stack.socket.Errno;
import dev.baton.tools.drill.script.Action;
import dev.baton.tools.drill.script.Expr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** poll and epoll over what {@link dev.baton.stack.socket.Sockets#poll} tells. */
final class ReadyCalls
{
    private static final long ONE_SHOT = 0x4000_0000L;
    private static final long EDGE = 0x8000_0000L;
    private static final int ADD = 1;
    private static final int DELETE = 2;

    private final CallContext context;
    private final List<Epoll> epolls = new ArrayList<>();

    /** A descriptor that an epoll watches. */
    private static final class Watch
    {
        private long events;
        private Expr.Struct data;
        private boolean fresh = true;
    }

    /** What an epoll watches, in the order of registration. */
    private static final class Epoll
    {
        private final Map<Integer, Watch> watches = new LinkedHashMap<>();
    }

    ReadyCalls(final CallContext context)
    {
        this.context = context;
    }

    /** A socket has news: edges may be told again. */
    void onReady(final int fd)
    {
        for (final Epoll epoll : epolls)
        {
            final Watch watch = epoll.watches.get(fd);
            if (watch != null)
            {
                watch.fresh = true;
            }
        }
    }

    /** The call, or null when it is none of these. */
    Attempt of(final Action.Call call)
    {
        final List<Expr> arguments = call.arguments();
        return switch (call.name())
        {
            case "poll" -> poll(arguments);
            case "epoll_create", "epoll_create1" -> this::create;
            case "epoll_ctl" -> () -> control(arguments);
            case "epoll_wait" -> await(arguments);
            default -> null;
        };
    }

    private Attempt poll(final List<Expr> arguments)
    {
        final List<Expr> entries = ((Expr.Array)arguments.get(0)).items();
        final long[] found = new long[entries.size()];
        final long untilUs = context.timeoutUs(Values.number(arguments.get(2)));
        return new Attempt()
        {
            @Override
            public long run()
            {
                int ready = 0;
                for (int i = 0; i < found.length; i++)
                {
                    final Expr.Struct entry = (Expr.Struct)entries.get(i);
                    found[i] = context.sockets().poll(context.fd(entry.get("fd")), Values.integer(entry.get("events")));
                    ready += found[i] != 0 ? 1 : 0;
                }
                return ready == 0 && context.nowUs().getAsLong() < untilUs ? BLOCKS : ready;
            }

            @Override
            public long givesUpAtUs()
            {
                return untilUs;
            }

            @Override
            public void check()
            {
                for (int i = 0; i < found.length; i++)
                {
                    final Expr expected = ((Expr.Struct)entries.get(i)).get("revents");
                    if (expected != null && Values.number(expected) != found[i])
                    {
                        throw new ScriptFailure("revents is another", PrintedExpr.of(expected),
                            "0x" + Long.toHexString(found[i]));
                    }
                }
            }
        };
    }

    private long create()
    {
        final Epoll epoll = new Epoll();
        epolls.add(epoll);
        return context.descriptors().open(epoll);
    }

    private long control(final List<Expr> arguments)
    {
        final Epoll epoll = context.descriptors().file(context.fd(arguments.get(0)), Epoll.class);
        final int fd = context.fd(arguments.get(2));
        if (epoll == null || context.sockets().poll(fd, 0) == Constants.get("POLLNVAL"))
        {
            return Errno.EBADF.result();
        }
        final int operation = Values.integer(arguments.get(1));
        final boolean known = epoll.watches.containsKey(fd);
        if (operation == DELETE)
        {
            return epoll.watches.remove(fd) == null ? Errno.ENOENT.result() : 0;
        }
        if (operation == ADD && known)
        {
            return -17;
        }
        if (operation != ADD && !known)
        {
            return Errno.ENOENT.result();
        }
        final Watch watch = epoll.watches.computeIfAbsent(fd, (key) -> new Watch());
        watch.data = (Expr.Struct)arguments.get(3);
        watch.events = Values.number(watch.data.get("events"));
        watch.fresh = true;
        return 0;
    }

    private Attempt await(final List<Expr> arguments)
    {
        final List<Expr.Struct> told = new ArrayList<>();
        final List<Long> events = new ArrayList<>();
        final long untilUs = context.timeoutUs(Values.number(arguments.get(3)));
        return new Attempt()
        {
            @Override
            public long run()
            {
                final Epoll epoll = context.descriptors().file(context.fd(arguments.get(0)), Epoll.class);
                if (epoll == null)
                {
                    return Errno.EBADF.result();
                }
                epoll.watches.forEach((fd, watch) -> tell(fd, watch, told, events, Values.number(arguments.get(2))));
                return told.isEmpty() && context.nowUs().getAsLong() < untilUs ? BLOCKS : told.size();
            }

            @Override
            public long givesUpAtUs()
            {
                return untilUs;
            }

            @Override
            public void check()
            {
                final Expr expected = Values.only(arguments.get(1));
                if (expected instanceof Expr.Struct first && !told.isEmpty())
                {
                    checkEvents(first, events.get(0));
                }
                else if (expected instanceof Expr.Array array)
                {
                    for (int i = 0; i < Math.min(array.items().size(), told.size()); i++)
                    {
                        checkEvents((Expr.Struct)array.items().get(i), events.get(i));
                    }
                }
            }
        };
    }

    private void tell(
        final int fd, final Watch watch, final List<Expr.Struct> told, final List<Long> events, final long most)
    {
        final long ready = context.sockets().poll(fd, (int)(watch.events & 0xFFFF));
        if (watch.events != 0 && ready != 0 && told.size() < most && (watch.fresh || (watch.events & EDGE) == 0))
        {
            told.add(watch.data);
            events.add(ready);
            watch.fresh = false;
            watch.events = (watch.events & ONE_SHOT) != 0 ? 0 : watch.events;
        }
    }

    private static void checkEvents(final Expr.Struct expected, final long found)
    {
        final Expr events = expected.get("events");
        final long flags = ONE_SHOT | EDGE;
        if (events != null && (Values.number(events) & ~flags) != found)
        {
            throw new ScriptFailure("the events are others", PrintedExpr.of(events), "0x" + Long.toHexString(found));
        }
    }
}
