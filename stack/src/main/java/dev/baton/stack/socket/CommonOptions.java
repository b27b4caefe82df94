package dev.baton.stack.socket;

import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

import static dev.baton.stack.socket.SocketConstants.*;

/** Options that every socket has, whatever its type (socket(7)), and the form of all those that are an int. */
final class CommonOptions
{
    private CommonOptions()
    {
    }

    static int set(final SocketFile file, final int level, final int name, final int value)
    {
        if (level == SOL_SOCKET)
        {
            switch (name)
            {
                case SO_REUSEADDR:
                    file.reuseAddress = value != 0;
                    return file.setOption(level, name, value);
                case SO_REUSEPORT:
                    file.reusePort = value != 0;
                    return file.setOption(level, name, value);
                case SO_BROADCAST:
                    file.broadcast = value != 0;
                    return 0;
                case SO_TYPE:
                case SO_PROTOCOL:
                case SO_DOMAIN:
                case SO_ERROR:
                case SO_ACCEPTCONN:
                    return Errno.ENOPROTOOPT.result();
                default:
                    return file.setOption(level, name, value);
            }
        }
        if (level == IPPROTO_IPV6 && file.domain != AF_INET6)
        {
            return Errno.ENOPROTOOPT.result();
        }
        if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY)
        {
            if (file.isBound())
            {
                return Errno.EINVAL.result();
            }
            file.v6Only = value != 0;
            return 0;
        }
        return file.setOption(level, name, value);
    }

    /** Fill an int; a shorter room gets its first bytes, as on Linux. */
    static int get(
        final SocketFile file,
        final int level,
        final int name,
        final MutableDirectBuffer value,
        final int offset,
        final int length)
    {
        final int missing = Integer.MIN_VALUE;
        final int own = own(file, level, name, missing);
        final int result = own != missing ? own : file.getOption(level, name);
        // No option has a value below -1, which is "not set" where it occurs.
        if (result < -1)
        {
            return result;
        }
        if (length >= Integer.BYTES)
        {
            value.putInt(offset, result, ByteOrder.nativeOrder());
            return Integer.BYTES;
        }
        for (int i = 0; i < length; i++)
        {
            final int shift = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 8 * i : 24 - 8 * i;
            value.putByte(offset + i, (byte)(result >>> shift));
        }
        return Math.max(0, length);
    }

    private static int own(final SocketFile file, final int level, final int name, final int missing)
    {
        if (level == IPPROTO_IPV6)
        {
            return file.domain != AF_INET6 ? Errno.ENOPROTOOPT.result() :
                name == IPV6_V6ONLY ? number(file.v6Only) : missing;
        }
        if (level != SOL_SOCKET)
        {
            return missing;
        }
        switch (name)
        {
            case SO_REUSEADDR:
                return number(file.reuseAddress);
            case SO_REUSEPORT:
                return number(file.reusePort);
            case SO_BROADCAST:
                return number(file.broadcast);
            case SO_TYPE:
                return file.type();
            case SO_PROTOCOL:
                return file.protocol();
            case SO_DOMAIN:
                return file.domain;
            default:
                return missing;
        }
    }

    static int number(final boolean value)
    {
        return value ? 1 : 0;
    }
}
