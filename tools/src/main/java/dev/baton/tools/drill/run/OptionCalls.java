package dev.baton.tools.drill.run;

import dev.baton.stack.socket.Errno;
import dev.baton.tools.drill.script.Action;
import dev.baton.tools.drill.script.Expr;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** getsockopt and setsockopt. */
final class OptionCalls
{
    private static final int ROOM = 4096;

    private final CallContext context;
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[ROOM]);

    OptionCalls(final CallContext context)
    {
        this.context = context;
    }

    /** The call, or null when it is none of these. */
    Attempt of(final Action.Call call)
    {
        return switch (call.name())
        {
            case "setsockopt" -> () -> set(call);
            case "getsockopt" -> get(call);
            default -> null;
        };
    }

    private long set(final Action.Call call)
    {
        final List<Expr> arguments = call.arguments();
        final int length = put(arguments.get(3));
        final int given = arguments.size() > 4 ? (int)Values.numberOr(arguments, 4, length) : length;
        final int result = context.sockets().setsockopt(context.fd(arguments.get(0)), Values.integer(arguments.get(1)),
            Values.integer(arguments.get(2)), value, 0, Math.min(given, ROOM));
        return known(result, call);
    }

    /** An option that is not there is no failure of the script, unless that is what it expects. */
    private static long known(final int result, final Action.Call call)
    {
        final boolean missing = result == Errno.ENOPROTOOPT.result() || result == Errno.EOPNOTSUPP.result();
        if (missing && call.errno() == null)
        {
            throw new UnsupportedScript(UnsupportedReason.SOCKET_OPTION, PrintedExpr.of(call.arguments().get(2)));
        }
        return result;
    }

    private int put(final Expr expr)
    {
        value.setMemory(0, ROOM, (byte)0);
        if (expr instanceof Expr.Text text)
        {
            final byte[] bytes = text.value().getBytes(StandardCharsets.ISO_8859_1);
            value.putBytes(0, bytes);
            return bytes.length;
        }
        if (expr instanceof Expr.Struct struct)
        {
            int at = 0;
            for (final Expr.Field field : struct.fields())
            {
                value.putInt(at, Values.integer(field.value()), ByteOrder.nativeOrder());
                at += Integer.BYTES;
            }
            return at;
        }
        final List<Expr> items = expr instanceof Expr.Array array ? array.items() : List.of(expr);
        for (int i = 0; i < items.size(); i++)
        {
            value.putInt(i * Integer.BYTES, Values.integer(items.get(i)), ByteOrder.nativeOrder());
        }
        return items.size() * Integer.BYTES;
    }

    private Attempt get(final Action.Call call)
    {
        final List<Expr> arguments = call.arguments();
        final byte[][] found = new byte[1][];
        return new Attempt()
        {
            @Override
            public long run()
            {
                value.setMemory(0, ROOM, (byte)0);
                final int result = context.sockets().getsockopt(context.fd(arguments.get(0)), Values.integer(arguments.get(1)),
                    Values.integer(arguments.get(2)), value, 0, ROOM);
                if (result >= 0)
                {
                    found[0] = new byte[result];
                    value.getBytes(0, found[0]);
                }
                return Math.min(0, known(result, call));
            }

            @Override
            public void check()
            {
                final Expr expected = arguments.get(3);
                if (found[0] == null || expected instanceof Expr.Any)
                {
                    return;
                }
                final int length = put(expected);
                final byte[] wanted = new byte[length];
                value.getBytes(0, wanted);
                if (!Arrays.equals(wanted, Arrays.copyOf(found[0], length)))
                {
                    throw new ScriptFailure("getsockopt has filled in another value", PrintedExpr.of(expected), text(found[0]));
                }
            }
        };
    }

    private static String text(final byte[] found)
    {
        if (found.length == Integer.BYTES)
        {
            return "[" + new UnsafeBuffer(found).getInt(0, ByteOrder.nativeOrder()) + "]";
        }
        return "\"" + new String(found, StandardCharsets.ISO_8859_1).replace("\0", "") + "\"";
    }
}
