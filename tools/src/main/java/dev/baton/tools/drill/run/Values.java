package dev.baton.tools.drill.run;

import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.socket.SocketConstants;
import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.drill.script.Expr;

import java.util.List;

/** What arguments of system calls are worth. */
final class Values
{
    private Values()
    {
    }

    /** A number, a constant, or several of them joined by {@code |}. */
    static long number(final Expr expr)
    {
        if (expr instanceof Expr.Int value)
        {
            return value.value();
        }
        if (expr instanceof Expr.Word word)
        {
            return Constants.get(word.name());
        }
        if (expr instanceof Expr.Or or)
        {
            return or.parts().stream().mapToLong(Values::number).reduce(0, (a, b) -> a | b);
        }
        if (expr instanceof Expr.Apply apply && apply.arguments().size() == 1 && apply.function().matches("[hn]to[hn][sl]"))
        {
            return number(apply.arguments().get(0));
        }
        throw new UnsupportedScript(UnsupportedReason.ARGUMENT, PrintedExpr.of(expr) + " where a number is expected");
    }

    static int integer(final Expr expr)
    {
        return (int)number(expr);
    }

    /** The number of an argument; another one when the script writes {@code ...} or nothing. */
    static long numberOr(final List<Expr> arguments, final int index, final long otherwise)
    {
        return index >= arguments.size() || arguments.get(index) instanceof Expr.Any ? otherwise : number(arguments.get(index));
    }

    /** The only item of an array, or the expression itself. */
    static Expr only(final Expr expr)
    {
        return expr instanceof Expr.Array array && array.items().size() == 1 ? array.items().get(0) : expr;
    }

    /** A socket address; IPv4 ones become mapped when sockets of IPv6 are used for IPv4. */
    static SockAddr address(final Expr expr, final Mode mode)
    {
        if (!(expr instanceof Expr.Struct struct))
        {
            throw new UnsupportedScript(UnsupportedReason.ARGUMENT, PrintedExpr.of(expr) + " where an address is expected");
        }
        final Expr family = struct.get("sa_family");
        final int number = family == null ? SocketConstants.AF_INET : integer(family);
        final String kind = number == SocketConstants.AF_INET6 ? "sin6" : "sin";
        final Expr port = struct.get(kind + "_port");
        final IpAddress address = host(struct.get(kind + "_addr"));
        final boolean mapped = mode == Mode.IPV4_MAPPED_IPV6 && number == SocketConstants.AF_INET;
        return new SockAddr(mapped ? SocketConstants.AF_INET6 : number, address, port == null ? 0 : integer(port));
    }

    private static IpAddress host(final Expr expr)
    {
        if (expr == null || expr instanceof Expr.Word word && "INADDR_ANY".equals(word.name()))
        {
            return IpAddress.ANY;
        }
        if (expr instanceof Expr.Apply apply && apply.arguments().get(apply.arguments().size() - 1) instanceof Expr.Text text)
        {
            final IpAddress parsed = IpAddress.parse(text.value());
            final boolean any = "0.0.0.0".equals(text.value());
            return any ? IpAddress.ANY : parsed;
        }
        throw new UnsupportedScript(UnsupportedReason.ARGUMENT, PrintedExpr.of(expr) + " where inet_addr(\"...\") is expected");
    }
}
