package dev.baton.stack.socket;

import dev.baton.stack.service.TcpConnection;
import org.agrona.MutableDirectBuffer;

import static dev.baton.stack.socket.SocketConstants.MSG_OOB;
import static dev.baton.stack.socket.SocketConstants.MSG_PEEK;
import static dev.baton.stack.socket.SocketConstants.MSG_TRUNC;

/** The ways in which recv(2) takes bytes of a stream that has some, and the urgent octet. */
final class StreamReader
{
    private StreamReader()
    {
    }

    /** Read, look at, or throw away bytes that are there. */
    static int take(
        final TcpConnection connection,
        final MutableDirectBuffer dst,
        final int offset,
        final int length,
        final int flags)
    {
        if ((flags & MSG_PEEK) != 0)
        {
            return (flags & MSG_TRUNC) != 0 ? length : connection.peek(dst, offset, length);
        }
        if ((flags & MSG_TRUNC) != 0)
        {
            connection.skip(length);
            return length;
        }
        return connection.read(dst, offset, length);
    }

    /** Read the urgent octet; no connection means that there is none, or that it stays in the stream. */
    static int takeUrgent(
        final TcpConnection connection,
        final MutableDirectBuffer dst,
        final int offset,
        final int length,
        final MessageInfo message)
    {
        final int octet = connection == null || length == 0 ? -1 : connection.readUrgent();
        if (octet < 0)
        {
            final boolean owed = connection != null && StreamState.isUrgentOwed(connection);
            return (owed ? Errno.EAGAIN : Errno.EINVAL).result();
        }
        dst.putByte(offset, (byte)octet);
        if (message != null)
        {
            message.flags |= MSG_OOB;
        }
        return 1;
    }
}
