package dev.baton.tools.drill.run;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.MessageInfo;
import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.socket.SocketConstants;
import dev.baton.tools.drill.script.Action;
import dev.baton.tools.drill.script.Expr;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Calls that move bytes. What a script does not write itself is the pattern, and what it reads must be the pattern too. */
final class TransferCalls
{
    private static final int MOST = 64 << 20;
    private static final int UNCHECKED = SocketConstants.MSG_PEEK | SocketConstants.MSG_OOB | SocketConstants.MSG_TRUNC |
        SocketConstants.MSG_ERRQUEUE;

    private final CallContext context;

    /** Bytes between the two ends of a pipe. */
    private static final class Pipe
    {
        private long bytes;
    }

    TransferCalls(final CallContext context)
    {
        this.context = context;
    }

    /** The call, or null when it is none of these. */
    Attempt of(final Action.Call call)
    {
        final List<Expr> arguments = call.arguments();
        return switch (call.name())
        {
            case "read" -> receive(arguments, length(arguments.get(2)), 0, null);
            case "readv" -> receive(arguments, vector(arguments.get(1)), 0, null);
            case "recv", "recvfrom" -> receive(arguments, length(arguments.get(2)), (int)Values.numberOr(arguments, 3, 0), null);
            case "recvmsg" -> receive(arguments, vector(messageVector(arguments)), (int)Values.numberOr(arguments, 2, 0),
                (Expr.Struct)arguments.get(1));
            case "write", "send", "sendto" -> send(arguments, arguments.get(1), length(arguments.get(2)),
                (int)Values.numberOr(arguments, 3, 0), arguments.size() > 4 ? arguments.get(4) : null);
            case "writev" -> send(arguments, new Expr.Any(), vector(arguments.get(1)), 0, null);
            case "sendmsg" -> send(arguments, new Expr.Any(), vector(messageVector(arguments)),
                (int)Values.numberOr(arguments, 2, 0), ((Expr.Struct)arguments.get(1)).get("msg_name"));
            case "sendfile" -> send(arguments, new Expr.Any(), length(arguments.get(3)), 0, null);
            case "open" -> () -> context.descriptors().open("file");
            case "pipe" -> pipe(arguments);
            case "splice" -> splice(arguments);
            default -> null;
        };
    }

    private static int length(final Expr expr)
    {
        final long length = Values.number(expr);
        if (length < 0 || length > MOST)
        {
            throw new UnsupportedScript(UnsupportedReason.SIZE, "a transfer of " + length + " bytes");
        }
        return (int)length;
    }

    private static Expr messageVector(final List<Expr> arguments)
    {
        if (!(arguments.get(1) instanceof Expr.Struct message) || message.get("msg_iov") == null)
        {
            throw new UnsupportedScript(UnsupportedReason.ARGUMENT, "a message without msg_iov");
        }
        return message.get("msg_iov");
    }

    private static int vector(final Expr expr)
    {
        if (!(expr instanceof Expr.Array array))
        {
            throw new UnsupportedScript(UnsupportedReason.ARGUMENT, PrintedExpr.of(expr) + " where [{..., n}] is expected");
        }
        int length = 0;
        for (final Expr piece : array.items())
        {
            if (!(piece instanceof Expr.Tuple tuple) || tuple.items().size() != 2)
            {
                throw new UnsupportedScript(UnsupportedReason.ARGUMENT, PrintedExpr.of(piece) + " where {..., n} is expected");
            }
            length += length(tuple.items().get(1));
        }
        return length;
    }

    private Attempt receive(final List<Expr> arguments, final int length, final int flags, final Expr.Struct expected)
    {
        final MessageInfo message = new MessageInfo();
        return new Attempt()
        {
            @Override
            public long run()
            {
                final int fd = context.fd(arguments.get(0));
                final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Math.max(1, length)]);
                final int result = expected == null ? context.sockets().recv(fd, buffer, 0, length, flags) :
                    context.sockets().recvmsg(fd, buffer, 0, length, flags, message.clear());
                if (result == Errno.EAGAIN.result() && (flags & SocketConstants.MSG_ERRQUEUE) == 0 && context.blocks(fd, flags))
                {
                    return BLOCKS;
                }
                if (result > 0 && (flags & UNCHECKED) == 0)
                {
                    checkRead(context.flows().ofDescriptor(fd), buffer, result);
                }
                return result;
            }

            @Override
            public void check()
            {
                if (expected != null)
                {
                    MessageCheck.check(expected, message);
                }
            }
        };
    }

    private void checkRead(final Flow flow, final UnsafeBuffer buffer, final int length)
    {
        if (flow == null)
        {
            return;
        }
        final long offset = flow.isDatagrams() ? 0 : flow.readBytes();
        for (int i = 0; i < length && flow.readsChecked() && context.options().checksPayload(); i++)
        {
            if (buffer.getByte(i) != Pattern.at(offset + i))
            {
                throw new ScriptFailure("byte " + (offset + i) + " that was read is not the one that was sent");
            }
        }
        flow.countRead(length);
    }

    private Attempt send(final List<Expr> arguments, final Expr data, final int length, final int flags, final Expr to)
    {
        final int[] done = new int[1];
        return () ->
        {
            final int fd = context.fd(arguments.get(0));
            final Flow flow = context.flows().ofDescriptor(fd);
            final boolean named = to != null && !(to instanceof Expr.Int) && !(to instanceof Expr.Word);
            // A stream has its peer already, unless this call opens it.
            final boolean opens = flow == null || flow.isDatagrams() || (flags & SocketConstants.MSG_FASTOPEN) != 0;
            final SockAddr address = named && opens ? context.remote(to, flow) : null;
            final byte[] bytes = bytes(data, flow, length - done[0]);
            final int result = context.sockets().sendto(fd, new UnsafeBuffer(bytes), 0, bytes.length, flags, address);
            context.learnPorts(fd);
            if (address != null && flow != null)
            {
                flow.remotePort(address.port());
            }
            if (result > 0 && flow != null)
            {
                flow.written().add(bytes, result);
            }
            return sent(fd, flags, length, done, result);
        };
    }

    /** A call that waits takes all of its bytes. */
    private long sent(final int fd, final int flags, final int length, final int[] done, final int result)
    {
        final boolean full = result == Errno.EAGAIN.result();
        done[0] += Math.max(0, result);
        if (result < 0 && !full || done[0] == length || !context.blocks(fd, flags))
        {
            return result < 0 && done[0] > 0 ? done[0] : result < 0 ? result : done[0];
        }
        return Attempt.BLOCKS;
    }

    private static byte[] bytes(final Expr data, final Flow flow, final int length)
    {
        if (data instanceof Expr.Text text)
        {
            final byte[] written = text.value().getBytes(StandardCharsets.ISO_8859_1);
            return Arrays.copyOf(written, length);
        }
        return Pattern.bytes(flow == null || flow.isDatagrams() ? 0 : flow.written().length(), length);
    }

    private Attempt pipe(final List<Expr> arguments)
    {
        return () ->
        {
            if (!(arguments.get(0) instanceof Expr.Array ends) || ends.items().size() != 2)
            {
                throw new UnsupportedScript(UnsupportedReason.ARGUMENT, "pipe() is written pipe([a, b])");
            }
            final Pipe pipe = new Pipe();
            for (final Expr end : ends.items())
            {
                context.descriptors().map(Values.number(end), context.descriptors().open(pipe));
            }
            return 0;
        };
    }

    /** Bytes come from a pipe or go into one; what is in it is only counted, since it is the pattern. */
    private Attempt splice(final List<Expr> arguments)
    {
        final Pipe source = context.descriptors().file(context.fd(arguments.get(0)), Pipe.class);
        final Pipe sink = context.descriptors().file(context.fd(arguments.get(2)), Pipe.class);
        final int length = length(arguments.get(4));
        if (source != null)
        {
            final int most = (int)Math.min(length, source.bytes);
            final Attempt send = send(arguments.subList(2, 3), new Expr.Any(), most, 0, null);
            return () -> moved(source, send.run(), -1);
        }
        if (sink == null)
        {
            return () -> Errno.EINVAL.result();
        }
        final boolean fromFile = Descriptors.isFile(context.fd(arguments.get(0)));
        final Attempt receive = fromFile ? () -> length : receive(arguments, length, 0, null);
        return () -> moved(sink, receive.run(), 1);
    }

    private static long moved(final Pipe pipe, final long result, final int sign)
    {
        pipe.bytes += sign * Math.max(0, result);
        return result;
    }
}
