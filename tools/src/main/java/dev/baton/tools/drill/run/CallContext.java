package dev.baton.tools.drill.run;

import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.socket.SocketConstants;
import dev.baton.stack.socket.Sockets;
import dev.baton.tools.drill.script.Expr;

import java.util.function.LongSupplier;

/**
 * What system calls of a run work on.
 *
 * @param sockets     of the stack under test.
 * @param mode        of the run.
 * @param ends        its addresses.
 * @param flows       of the run.
 * @param descriptors of the run.
 * @param options     of the script.
 * @param nowUs       time of the run, in microseconds.
 */
record CallContext(
    Sockets sockets,
    Mode mode,
    Ends ends,
    Flows flows,
    Descriptors descriptors,
    DrillOptions options,
    LongSupplier nowUs)
{
    int fd(final Expr expr)
    {
        return descriptors.live(Values.number(expr));
    }

    int family()
    {
        return mode.isV6Socket() ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;
    }

    /** Does a call on this descriptor wait? */
    boolean blocks(final int fd, final int messageFlags)
    {
        final int flags = sockets.fcntl(fd, SocketConstants.F_GETFL, 0);
        return flags >= 0 && (flags & SocketConstants.O_NONBLOCK) == 0 && (messageFlags & SocketConstants.MSG_DONTWAIT) == 0;
    }

    /** When a time-out in milliseconds that begins now ends; the end of time for a negative one. */
    long timeoutUs(final long milliseconds)
    {
        return milliseconds < 0 ? Long.MAX_VALUE : nowUs.getAsLong() + milliseconds * 1000;
    }

    /** The address of the remote end, as written or the usual one. */
    SockAddr remote(final Expr expr, final Flow flow)
    {
        if (!(expr instanceof Expr.Any))
        {
            return Values.address(expr, mode);
        }
        final int usual = (int)options.number("connect_port", 8080);
        final int port = flow == null || flow.remotePort() == 0 ? usual : flow.remotePort();
        return new SockAddr(family(), ends.remote(), port);
    }

    /** Ports of a socket may have been chosen by a call: learn them. */
    void learnPorts(final int fd)
    {
        final Flow flow = flows.ofDescriptor(fd);
        final SockAddr name = new SockAddr();
        if (flow != null && sockets.getsockname(fd, name) == 0 && name.port() != 0)
        {
            flow.localPort(name.port());
        }
    }
}
