package dev.baton.tools.drill.run;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.socket.SocketConstants;
import dev.baton.tools.drill.script.Action;
import dev.baton.tools.drill.script.Expr;

import java.util.List;

/** Calls by which sockets begin, open, and end. */
final class LifeCalls
{
    private final CallContext context;

    LifeCalls(final CallContext context)
    {
        this.context = context;
    }

    /** The call, or null when it is none of these. */
    Attempt of(final Action.Call call)
    {
        final List<Expr> arguments = call.arguments();
        return switch (call.name())
        {
            case "socket" -> () -> socket(arguments);
            case "bind" -> () -> bind(context.fd(arguments.get(0)), arguments.get(1));
            case "listen" -> () -> listen(context.fd(arguments.get(0)), Values.integer(arguments.get(1)));
            case "accept", "accept4" -> () -> accept(arguments);
            case "connect" -> connect(arguments);
            case "shutdown" -> () -> context.sockets().shutdown(context.fd(arguments.get(0)), Values.integer(arguments.get(1)));
            case "close" -> () -> close(context.fd(arguments.get(0)));
            case "fcntl" -> () -> fcntl(arguments);
            case "ioctl" -> ioctl(arguments);
            case "cap_set" -> () -> 0;
            default -> null;
        };
    }

    private long socket(final List<Expr> arguments)
    {
        final int domain = (int)Values.numberOr(arguments, 0, context.family());
        final int type = Values.integer(arguments.get(1));
        final int fd = context.sockets().socket(domain, type, (int)Values.numberOr(arguments, 2, 0));
        if (fd >= 0)
        {
            context.flows().opened(fd, (type & 0xF) == SocketConstants.SOCK_DGRAM);
        }
        return fd;
    }

    private long bind(final int fd, final Expr address)
    {
        final int port = (int)context.options().number("bind_port", 8080);
        final SockAddr local = address instanceof Expr.Any ? new SockAddr(context.family(), context.ends().local(), port) :
            Values.address(address, context.mode());
        final int result = context.sockets().bind(fd, local);
        context.learnPorts(fd);
        return result;
    }

    private long listen(final int fd, final int backlog)
    {
        final int result = context.sockets().listen(fd, backlog);
        final Flow flow = context.flows().ofDescriptor(fd);
        if (result == 0 && flow != null)
        {
            context.learnPorts(fd);
            flow.listen();
        }
        return result;
    }

    private long accept(final List<Expr> arguments)
    {
        final int listener = context.fd(arguments.get(0));
        final SockAddr peer = new SockAddr();
        final int fd = context.sockets().accept(listener, peer);
        if (fd == Errno.EAGAIN.result() && context.blocks(listener, 0))
        {
            return Attempt.BLOCKS;
        }
        if (fd >= 0)
        {
            final int flags = (int)Values.numberOr(arguments, 3, 0);
            if ((flags & SocketConstants.SOCK_NONBLOCK) != 0)
            {
                context.sockets().fcntl(fd, SocketConstants.F_SETFL, SocketConstants.O_NONBLOCK);
            }
            final SockAddr local = new SockAddr();
            context.sockets().getsockname(fd, local);
            final Flow flow = context.flows().ofPorts(local.port(), peer.port());
            if (flow != null)
            {
                flow.fd(fd);
            }
        }
        return fd;
    }

    private Attempt connect(final List<Expr> arguments)
    {
        final boolean[] begun = new boolean[1];
        return () ->
        {
            final int fd = context.fd(arguments.get(0));
            if (begun[0])
            {
                return connected(fd);
            }
            final Flow flow = context.flows().ofDescriptor(fd);
            final SockAddr remote = context.remote(arguments.get(1), flow);
            final int result = context.sockets().connect(fd, remote);
            context.learnPorts(fd);
            if (flow != null && (result == 0 || result == Errno.EINPROGRESS.result()))
            {
                flow.remotePort(remote.port());
            }
            begun[0] = result == Errno.EINPROGRESS.result() && context.blocks(fd, 0);
            return begun[0] ? Attempt.BLOCKS : result;
        };
    }

    private long connected(final int fd)
    {
        if (context.sockets().poll(fd, SocketConstants.POLLOUT) == 0)
        {
            return Attempt.BLOCKS;
        }
        return -context.sockets().getInt(fd, SocketConstants.SOL_SOCKET, SocketConstants.SO_ERROR);
    }

    private long close(final int fd)
    {
        return Descriptors.isFile(fd) ? context.descriptors().close(fd) : context.sockets().close(fd);
    }

    private long fcntl(final List<Expr> arguments)
    {
        final int fd = context.fd(arguments.get(0));
        final int command = Values.integer(arguments.get(1));
        if (Descriptors.isFile(fd) || command == Constants.get("F_GETFD") || command == Constants.get("F_SETFD"))
        {
            return 0;
        }
        return context.sockets().fcntl(fd, command, (int)Values.numberOr(arguments, 2, 0));
    }

    private Attempt ioctl(final List<Expr> arguments)
    {
        final long[] value = new long[1];
        return new Attempt()
        {
            @Override
            public long run()
            {
                value[0] = context.sockets().ioctl(context.fd(arguments.get(0)), Values.integer(arguments.get(1)));
                return Math.min(0, value[0]);
            }

            @Override
            public void check()
            {
                if (arguments.size() > 2 && !(arguments.get(2) instanceof Expr.Any) &&
                    value[0] != Values.number(Values.only(arguments.get(2))))
                {
                    throw new ScriptFailure("ioctl has filled in " + value[0], null, Long.toString(value[0]));
                }
            }
        };
    }
}
