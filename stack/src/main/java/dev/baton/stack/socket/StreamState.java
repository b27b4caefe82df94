package dev.baton.stack.socket;

import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.tcp.Connection;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.UrgentState;

import static dev.baton.stack.socket.SocketConstants.*;

/** What poll(2) and ioctl(2) tell of an established connection. */
final class StreamState
{
    private StreamState()
    {
    }

    /** Has the peer sent FIN, whether or not what is before it has been read? */
    static boolean peerHasClosed(final TcpConnection connection)
    {
        return tcb(connection).finReceived;
    }

    /** Readable, writable and urgent, as tcp_poll on Linux judges them. */
    static int ready(final TcpConnection connection, final boolean writeShut, final int receiveLowBytes)
    {
        final int in = connection.readable() >= receiveLowBytes ? POLLIN : 0;
        final int out = writeShut || connection.writable() > 0 ? POLLOUT : 0;
        return in | out | (isUrgentHere(connection) ? POLLPRI : 0);
    }

    /** A value of SIOC*; without a connection there is nothing to count. */
    static int ioctl(final TcpConnection connection, final int request)
    {
        switch (request)
        {
            case SIOCINQ:
                return connection == null ? 0 : connection.readable();
            case SIOCOUTQ:
                return connection == null ? 0 : tcb(connection).sendRing.length();
            case SIOCOUTQNSD:
                return connection == null ? 0 : TcpInfoLayout.unsentBytes(connection);
            case SIOCATMARK:
                return CommonOptions.number(connection != null && connection.atUrgentMark());
            default:
                return Errno.ENOTTY.result();
        }
    }

    /** Has the peer announced an urgent octet that has not been read? */
    static boolean isUrgentOwed(final TcpConnection connection)
    {
        final UrgentState urgent = tcb(connection).urgent;
        return urgent != null && urgent.receiving && !urgent.taken;
    }

    /** Has that octet come, too (POLLPRI)? */
    private static boolean isUrgentHere(final TcpConnection connection)
    {
        return isUrgentOwed(connection) && connection.urgentBytes() <= tcb(connection).receiveRing.readable();
    }

    private static Tcb tcb(final TcpConnection connection)
    {
        return ((Connection)connection).tcb();
    }
}
