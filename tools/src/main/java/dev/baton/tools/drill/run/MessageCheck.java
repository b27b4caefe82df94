package dev.baton.tools.drill.run;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.MessageInfo;
import dev.baton.stack.socket.SocketConstants;
import dev.baton.tools.drill.script.Expr;

/** What recvmsg has filled in besides the bytes: flags and control messages. */
final class MessageCheck
{
    private MessageCheck()
    {
    }

    static void check(final Expr.Struct expected, final MessageInfo message)
    {
        final Expr flags = expected.get("msg_flags");
        if (flags != null && !(flags instanceof Expr.Any))
        {
            same("msg_flags", Values.number(flags), message.flags);
        }
        if (expected.get("msg_control") instanceof Expr.Array control)
        {
            control.items().forEach((item) -> control((Expr.Struct)item, message));
        }
    }

    private static void control(final Expr.Struct item, final MessageInfo message)
    {
        final int level = Values.integer(item.get("cmsg_level"));
        final int type = Values.integer(item.get("cmsg_type"));
        final Expr data = item.get("cmsg_data");
        final boolean v4 = level == SocketConstants.IPPROTO_IP;
        if (!v4 && level != SocketConstants.IPPROTO_IPV6)
        {
            throw new UnsupportedScript(UnsupportedReason.ARGUMENT, "control message " + PrintedExpr.of(item.get("cmsg_type")));
        }
        if (type == (v4 ? SocketConstants.IP_TTL : Constants.get("IPV6_HOPLIMIT")))
        {
            same("IP_TTL", Values.number(Values.only(data)), message.ttl);
        }
        else if (type == (v4 ? SocketConstants.IP_TOS : SocketConstants.IPV6_TCLASS))
        {
            same("IP_TOS", Values.number(Values.only(data)), message.tos);
        }
        else if (type == (v4 ? SocketConstants.IP_RECVERR : SocketConstants.IPV6_RECVERR))
        {
            error((Expr.Struct)data, message);
        }
        else
        {
            throw new UnsupportedScript(UnsupportedReason.ARGUMENT, "control message " + PrintedExpr.of(item.get("cmsg_type")));
        }
    }

    private static void error(final Expr.Struct expected, final MessageInfo message)
    {
        for (final Expr.Field field : expected.fields())
        {
            final long actual = switch (field.name())
            {
                case "ee_errno" -> message.errorNumber;
                case "ee_origin" -> message.errorOrigin;
                case "ee_type" -> message.errorType;
                case "ee_code" -> message.errorCode;
                case "ee_info" -> message.errorInfo;
                case "ee_data", "ee_pad" -> 0;
                default -> throw new UnsupportedScript(UnsupportedReason.ARGUMENT, field.name());
            };
            if (!(field.value() instanceof Expr.Any))
            {
                same(field.name(), Values.number(field.value()), actual);
            }
        }
    }

    private static void same(final String what, final long expected, final long actual)
    {
        if (expected != actual)
        {
            final Errno errno = "ee_errno".equals(what) ? Errno.of((int)actual) : null;
            throw new ScriptFailure(what + " is another", Long.toString(expected),
                errno == null ? Long.toString(actual) : errno.name());
        }
    }
}
