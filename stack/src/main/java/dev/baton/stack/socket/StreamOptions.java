package dev.baton.stack.socket;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.tcp.Connection;
import dev.baton.stack.tcp.Listener;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static dev.baton.stack.socket.SocketConstants.*;

/**
 * Options of a stream socket (tcp(7), socket(7), ip(7), ipv6(7)). Once there is a connection or a listener they are its
 * own; until then what was set is kept here and given to it. A socket on which nothing is set holds nothing.
 */
final class StreamOptions
{
    private static final TcpOption[] OPTIONS = TcpOption.values();
    private static final int MAX_NAME_BYTES = 16;

    private final NetStack stack;
    private long presetMask;
    private long[] presets;
    private String congestionControl;
    private int receiveLowBytes = 1;
    private boolean moreHeld;
    private int fastOpenQueue;
    private boolean fastOpenConnect;

    StreamOptions(final NetStack stack)
    {
        this.stack = stack;
    }

    /** Which option of TCP a name of Linux is; null when it is none. */
    static TcpOption option(final int level, final int name)
    {
        switch (level)
        {
            case SOL_SOCKET:
                return socketOption(name);
            case IPPROTO_TCP:
                return tcpOption(name);
            case IPPROTO_IP:
                return name == IP_TTL ? TcpOption.TTL : name == IP_TOS ? TcpOption.TOS :
                    name == IP_RECVTOS ? TcpOption.RECEIVE_TOS : null;
            case IPPROTO_IPV6:
                return name == IPV6_UNICAST_HOPS ? TcpOption.TTL : name == IPV6_TCLASS ? TcpOption.TOS :
                    name == IPV6_RECVTCLASS ? TcpOption.RECEIVE_TOS : null;
            default:
                return null;
        }
    }

    private static TcpOption socketOption(final int name)
    {
        switch (name)
        {
            case SO_KEEPALIVE:
                return TcpOption.KEEP_ALIVE;
            case SO_LINGER:
                return TcpOption.LINGER;
            case SO_SNDBUF:
                return TcpOption.SEND_BUFFER;
            case SO_RCVBUF:
                return TcpOption.RECEIVE_BUFFER;
            case SO_OOBINLINE:
                return TcpOption.OOB_INLINE;
            default:
                return null;
        }
    }

    private static TcpOption tcpOption(final int name)
    {
        switch (name)
        {
            case TCP_NODELAY:
                return TcpOption.NO_DELAY;
            case TCP_MAXSEG:
                return TcpOption.MAX_SEGMENT;
            case TCP_CORK:
                return TcpOption.CORK;
            case TCP_KEEPIDLE:
                return TcpOption.KEEP_IDLE;
            case TCP_KEEPINTVL:
                return TcpOption.KEEP_INTERVAL;
            case TCP_KEEPCNT:
                return TcpOption.KEEP_COUNT;
            case TCP_SYNCNT:
                return TcpOption.SYN_COUNT;
            case TCP_LINGER2:
                return TcpOption.LINGER2;
            case TCP_DEFER_ACCEPT:
                return TcpOption.DEFER_ACCEPT;
            case TCP_WINDOW_CLAMP:
                return TcpOption.WINDOW_CLAMP;
            case TCP_QUICKACK:
                return TcpOption.QUICK_ACK;
            case TCP_USER_TIMEOUT:
                return TcpOption.USER_TIMEOUT;
            case TCP_NOTSENT_LOWAT:
                return TcpOption.NOTSENT_LOWAT;
            default:
                return null;
        }
    }

    int set(final StreamSocket socket, final int level, final int name, final int value)
    {
        if (level == SOL_SOCKET && (name == SO_REUSEADDR || name == SO_REUSEPORT))
        {
            return 0;
        }
        if (level == SOL_SOCKET && name == SO_RCVLOWAT)
        {
            receiveLowBytes = value < 0 ? Integer.MAX_VALUE : Math.max(1, value);
            return 0;
        }
        if (level == IPPROTO_TCP && (name == TCP_FASTOPEN || name == TCP_FASTOPEN_CONNECT))
        {
            return setFastOpen(socket, name, value);
        }
        final TcpOption option = option(level, name);
        if (option == null)
        {
            return (level == SOL_SOCKET || level == IPPROTO_TCP || level == IPPROTO_IP || level == IPPROTO_IPV6 ?
                Errno.ENOPROTOOPT : Errno.EOPNOTSUPP).result();
        }
        if (level == IPPROTO_IPV6 && option == TcpOption.TOS && (value < -1 || value > 255))
        {
            return Errno.EINVAL.result();
        }
        final long taken = option.least() == 0 && option.greatest() == 1 ? value == 0 ? 0 : 1 :
            option == TcpOption.NOTSENT_LOWAT ? value & 0xFFFF_FFFFL : value;
        return set(socket, option, taken);
    }

    /** RFC 7413: how many early connections a listener has at most, and whether connect asks for a cookie or uses one. */
    private int setFastOpen(final StreamSocket socket, final int name, final int value)
    {
        if (value < 0 || socket.connection() != null || name == TCP_FASTOPEN_CONNECT && value > 1)
        {
            return Errno.EINVAL.result();
        }
        if (name == TCP_FASTOPEN_CONNECT)
        {
            fastOpenConnect = value == 1;
            return 0;
        }
        fastOpenQueue = value;
        if (socket.listener() != null)
        {
            socket.listener().fastOpenLimit(value);
        }
        return 0;
    }

    boolean fastOpenConnect()
    {
        return fastOpenConnect;
    }

    private int set(final StreamSocket socket, final TcpOption option, final long value)
    {
        final long bounded = bounded(option, value);
        try
        {
            if (socket.connection() != null)
            {
                socket.connection().option(option, bounded);
            }
            else if (socket.listener() != null)
            {
                socket.listener().option(option, bounded);
            }
            stack.tcp().checkedOption(option, bounded);
        }
        catch (final IllegalArgumentException ex)
        {
            return Errno.EINVAL.result();
        }
        if (presets == null)
        {
            presets = new long[OPTIONS.length];
        }
        presets[option.ordinal()] = bounded;
        presetMask |= 1L << option.ordinal();
        return 0;
    }

    /** Linux cuts these values instead of refusing them. */
    private static long bounded(final TcpOption option, final long value)
    {
        switch (option)
        {
            case LINGER:
                return Math.min(value, option.greatest());
            case TOS:
                return value < 0 ? 0 : value & 0xFF;
            case SEND_BUFFER:
            case RECEIVE_BUFFER:
                return Math.max(0, value);
            default:
                return value;
        }
    }

    int get(final StreamSocket socket, final int level, final int name)
    {
        if (level == SOL_SOCKET && name == SO_ACCEPTCONN)
        {
            return CommonOptions.number(socket.isListening());
        }
        if (level == SOL_SOCKET && name == SO_RCVLOWAT)
        {
            return receiveLowBytes;
        }
        if ((level == IPPROTO_IP && name == IP_MTU || level == IPPROTO_IPV6 && name == IPV6_MTU))
        {
            return socket.connection() == null ? Errno.ENOTCONN.result() :
                ((Connection)socket.connection()).tcb().pathMtu;
        }
        if (level == IPPROTO_TCP && (name == TCP_FASTOPEN || name == TCP_FASTOPEN_CONNECT))
        {
            return name == TCP_FASTOPEN ? fastOpenQueue : CommonOptions.number(fastOpenConnect);
        }
        final TcpOption option = option(level, name);
        if (option == null)
        {
            return (level == SOL_SOCKET || level == IPPROTO_TCP || level == IPPROTO_IP || level == IPPROTO_IPV6 ?
                Errno.ENOPROTOOPT : Errno.EOPNOTSUPP).result();
        }
        if (option == TcpOption.RECEIVE_TOS)
        {
            return (int)(isPreset(option) ? presets[option.ordinal()] : 0);
        }
        final long value = socket.connection() != null ? socket.connection().option(option) :
            socket.listener() != null ? socket.listener().option(option) : preset(option);
        return (int)(option == TcpOption.TTL && value < 0 ? stack.tcp().defaultOption(option) : value);
    }

    private boolean isPreset(final TcpOption option)
    {
        return (presetMask & 1L << option.ordinal()) != 0;
    }

    private long preset(final TcpOption option)
    {
        return isPreset(option) ? stack.tcp().checkedOption(option, presets[option.ordinal()]) :
            stack.tcp().defaultOption(option);
    }

    /** The connection begins with what was set. */
    void attach(final TcpConnection connection)
    {
        for (int i = 0; i < OPTIONS.length; i++)
        {
            if ((presetMask & 1L << i) != 0)
            {
                connection.option(OPTIONS[i], presets[i]);
            }
        }
        if (congestionControl != null)
        {
            connection.congestionControl(congestionControl);
        }
    }

    void applyTo(final Listener listener)
    {
        if (fastOpenQueue > 0)
        {
            listener.fastOpenLimit(fastOpenQueue);
        }
        for (int i = 0; i < OPTIONS.length; i++)
        {
            if ((presetMask & 1L << i) != 0)
            {
                listener.option(OPTIONS[i], presets[i]);
            }
        }
        if (congestionControl != null)
        {
            listener.congestionControl(congestionControl);
        }
    }

    void detach()
    {
        moreHeld = false;
    }

    /** MSG_MORE is a cork for one call: the next one without it takes it out, unless TCP_CORK is set as well. */
    void more(final TcpConnection connection, final boolean more)
    {
        final boolean corked = isPreset(TcpOption.CORK) && presets[TcpOption.CORK.ordinal()] != 0;
        if (!corked && more != moreHeld)
        {
            moreHeld = more;
            connection.option(TcpOption.CORK, more ? 1 : 0);
        }
    }

    int receiveLowBytes()
    {
        return receiveLowBytes;
    }

    int congestionControl(
        final StreamSocket socket, final DirectBuffer value, final int offset, final int length)
    {
        int end = 0;
        while (end < Math.min(length, MAX_NAME_BYTES) && value.getByte(offset + end) != 0)
        {
            end++;
        }
        final String name = value.getStringWithoutLengthAscii(offset, end);
        if (length < 1)
        {
            return Errno.EINVAL.result();
        }
        if (!StackContext.congestionControls().contains(name))
        {
            return Errno.ENOENT.result();
        }
        if (socket.connection() != null)
        {
            socket.connection().congestionControl(name);
        }
        else if (socket.listener() != null)
        {
            socket.listener().congestionControl(name);
        }
        congestionControl = name;
        return 0;
    }

    int congestionControlName(
        final StreamSocket socket, final MutableDirectBuffer value, final int offset, final int length)
    {
        final String name = socket.connection() != null ? socket.connection().congestionControl() :
            socket.listener() != null ? socket.listener().congestionControl() :
            congestionControl != null ? congestionControl : stack.context().congestionControl();
        final int filled = Math.min(length, MAX_NAME_BYTES);
        value.setMemory(offset, filled, (byte)0);
        value.putStringWithoutLengthAscii(offset, name, 0, Math.min(name.length(), filled));
        return filled;
    }
}
