package dev.baton.stack.socket;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static dev.baton.stack.socket.SocketConstants.*;

/**
 * A TCP socket (tcp(7)): nothing, bound, listening, connecting, connected, or what is left of a connection that has
 * ended. Its connection tells it of the end once; from then on its error and its two shut halves are all there is.
 */
final class StreamSocket extends SocketFile
{
    /** As a socket's own state on Linux: it outlives the connection's until connect is called again. */
    private enum Progress
    {
        UNCONNECTED, CONNECTING, CONNECTED
    }

    final StreamOptions options;
    IpAddress localAddress = IpAddress.ANY;
    int localPort;
    private boolean hasPort;
    private Listener listener;
    private TcpConnection connection;
    private Progress progress = Progress.UNCONNECTED;
    private boolean established;
    private boolean ended;
    private boolean readShut;
    private boolean writeShut;
    private int error;

    StreamSocket(final StackSockets sockets, final int domain)
    {
        super(sockets, domain);
        options = new StreamOptions(sockets.stack);
    }

    TcpConnection connection()
    {
        return connection;
    }

    Listener listener()
    {
        return listener;
    }

    boolean isListening()
    {
        return listener != null;
    }

    @Override
    boolean isBound()
    {
        return hasPort || connection != null;
    }

    @Override
    int type()
    {
        return SOCK_STREAM;
    }

    @Override
    int protocol()
    {
        return IPPROTO_TCP;
    }

    // What TCP tells

    void onConnected()
    {
        established = true;
    }

    void onClosed(final CloseReason reason)
    {
        final boolean peerHadClosed = StreamState.peerHasClosed(connection);
        localAddress = connection.localAddress();
        localPort = connection.localPort();
        connection = null;
        ended = true;
        readShut = true;
        writeShut = true;
        error = reason == CloseReason.RESET && peerHadClosed ? Errno.EPIPE.number() : reason.errno();
        options.detach();
    }

    // Calls

    @Override
    int bind(final SockAddr address)
    {
        final IpAddress local = address.address();
        if (hasPort || connection != null || listener != null)
        {
            return Errno.EINVAL.result();
        }
        if (!local.equals(IpAddress.ANY) && !isOurs(local))
        {
            return Errno.EADDRNOTAVAIL.result();
        }
        final int port = address.port() == 0 ? sockets.streamPorts.freePort() : address.port();
        if (port == 0 || address.port() != 0 && sockets.streamPorts.conflicts(this, local, port))
        {
            return Errno.EADDRINUSE.result();
        }
        take(local, port);
        return 0;
    }

    private boolean isOurs(final IpAddress address)
    {
        return sockets.stack.context().addresses().contains(address);
    }

    private void take(final IpAddress address, final int port)
    {
        localAddress = address;
        localPort = port;
        hasPort = true;
        sockets.streamPorts.add(this);
    }

    @Override
    int listen(final int backlog)
    {
        final int waiting = Math.max(0, backlog);
        if (listener != null)
        {
            listener.backlog(Math.min(waiting, sockets.stack.context().handshake().somaxconn()));
            return 0;
        }
        if (connection != null || progress != Progress.UNCONNECTED)
        {
            return Errno.EINVAL.result();
        }
        if (!hasPort)
        {
            final int port = sockets.streamPorts.freePort();
            if (port == 0)
            {
                return Errno.EADDRINUSE.result();
            }
            take(IpAddress.ANY, port);
        }
        if (sockets.streamPorts.isListenedOn(this))
        {
            return Errno.EADDRINUSE.result();
        }
        try
        {
            listener = sockets.stack.listen(family(), localAddress, localPort, sockets.streamEvents, waiting);
        }
        catch (final IllegalStateException ex)
        {
            return Errno.EADDRINUSE.result();
        }
        options.applyTo(listener);
        sockets.streamEvents.add(listener, this);
        return 0;
    }

    @Override
    int accept(final SockAddr peer)
    {
        if (listener == null)
        {
            return Errno.EINVAL.result();
        }
        if (sockets.isFull())
        {
            return listener.waiting() == 0 ? Errno.EAGAIN.result() : Errno.EMFILE.result();
        }
        final TcpConnection accepted = listener.accept();
        if (accepted == null)
        {
            return Errno.EAGAIN.result();
        }
        final StreamSocket child = new StreamSocket(sockets, domain);
        child.inherit(this, accepted);
        if (peer != null)
        {
            fill(peer, accepted.remoteAddress(), accepted.remotePort());
        }
        return sockets.add(child);
    }

    private void inherit(final StreamSocket parent, final TcpConnection accepted)
    {
        v6Only = parent.v6Only;
        reuseAddress = parent.reuseAddress;
        reusePort = parent.reusePort;
        connection = accepted;
        accepted.attachment(this);
        localAddress = accepted.localAddress();
        localPort = accepted.localPort();
        established = true;
        progress = Progress.CONNECTED;
        options.attach(accepted);
    }

    @Override
    int connect(final SockAddr address)
    {
        if (listener != null || progress == Progress.CONNECTED)
        {
            return Errno.EISCONN.result();
        }
        if (progress == Progress.CONNECTING)
        {
            return goOnConnecting();
        }
        final int bad = checkName(address);
        if (bad != 0)
        {
            return v6Only && address.family() == domain ? Errno.ENETUNREACH.result() : bad;
        }
        return open(address, options.fastOpenConnect());
    }

    private int goOnConnecting()
    {
        if (connection != null && !established)
        {
            return Errno.EALREADY.result();
        }
        if (established)
        {
            progress = Progress.CONNECTED;
            return 0;
        }
        final int failure = error == 0 ? Errno.ECONNABORTED.number() : error;
        forgetConnection();
        return -failure;
    }

    /** After an open that failed the socket is as it was before. */
    private void forgetConnection()
    {
        progress = Progress.UNCONNECTED;
        error = 0;
        ended = false;
        readShut = false;
        writeShut = false;
        if (!hasPort)
        {
            localAddress = IpAddress.ANY;
            localPort = 0;
        }
    }

    private int open(final SockAddr to, final boolean fastOpen)
    {
        final IpAddress local = hasPort ? localAddress : IpAddress.ANY;
        try
        {
            connection = sockets.stack.connect(local, hasPort ? localPort : 0, to.address(), to.port(),
                sockets.streamEvents, fastOpen, sockets.nowNs());
        }
        catch (final IllegalArgumentException ex)
        {
            return (to.port() == 0 ? Errno.ECONNREFUSED : Errno.ENETUNREACH).result();
        }
        catch (final IllegalStateException ex)
        {
            return Errno.EADDRNOTAVAIL.result();
        }
        connection.attachment(this);
        established = false;
        ended = false;
        progress = Progress.CONNECTING;
        if (!hasPort)
        {
            localAddress = connection.localAddress();
            localPort = connection.localPort();
        }
        options.attach(connection);
        return Errno.EINPROGRESS.result();
    }

    @Override
    int receive(
        final MutableDirectBuffer dst,
        final int offset,
        final int length,
        final int flags,
        final SockAddr from,
        final MessageInfo message)
    {
        if ((flags & MSG_ERRQUEUE) != 0)
        {
            return Errno.EAGAIN.result();
        }
        if (listener != null || progress == Progress.UNCONNECTED)
        {
            return Errno.ENOTCONN.result();
        }
        if ((flags & MSG_OOB) != 0)
        {
            final boolean apart = getOption(SOL_SOCKET, SO_OOBINLINE) == 0;
            return StreamReader.takeUrgent(apart ? connection : null, dst, offset, length, message);
        }
        if (length == 0)
        {
            return 0;
        }
        if (connection != null && connection.readable() > 0)
        {
            return StreamReader.take(connection, dst, offset, Math.min(length, connection.readable()), flags);
        }
        // What has ended in order is told before an error (tcp(7)): the end of the stream is data, too.
        if (connection != null ? StreamState.peerHasClosed(connection) : error == Errno.EPIPE.number())
        {
            return 0;
        }
        if (error != 0)
        {
            return takeError();
        }
        return readShut || ended ? 0 : Errno.EAGAIN.result();
    }

    @Override
    int send(
        final DirectBuffer src,
        final int offset,
        final int length,
        final int flags,
        final SockAddr to,
        final MessageInfo message)
    {
        if ((flags & MSG_FASTOPEN) != 0 && progress == Progress.UNCONNECTED && listener == null)
        {
            return sendOpening(src, offset, length, to);
        }
        if (writeShut && error == 0)
        {
            return Errno.EPIPE.result();
        }
        if (error != 0)
        {
            return takeError();
        }
        if (connection == null)
        {
            return Errno.EPIPE.result();
        }
        if (!established)
        {
            return Errno.EAGAIN.result();
        }
        if (length == 0)
        {
            return 0;
        }
        return write(src, offset, length, flags);
    }

    private int write(final DirectBuffer src, final int offset, final int length, final int flags)
    {
        final boolean more = (flags & MSG_MORE) != 0;
        options.more(connection, more);
        final int taken = (flags & MSG_OOB) != 0 ?
            connection.writeUrgent(src, offset, length) : connection.write(src, offset, length);
        return taken == 0 ? Errno.EAGAIN.result() : taken;
    }

    /** connect and the first write in one; what is written follows the handshake, or goes with it (RFC 7413). */
    private int sendOpening(final DirectBuffer src, final int offset, final int length, final SockAddr to)
    {
        if (to == null)
        {
            return Errno.EDESTADDRREQ.result();
        }
        final int bad = checkName(to);
        if (bad != 0)
        {
            return bad;
        }
        final int outcome = open(to, true);
        return outcome != Errno.EINPROGRESS.result() || length == 0 ? outcome : connection.write(src, offset, length);
    }

    @Override
    int shutdown(final int how)
    {
        if (listener != null)
        {
            if (how != SHUT_WR)
            {
                stopListening();
            }
            return 0;
        }
        if (connection == null)
        {
            return Errno.ENOTCONN.result();
        }
        if (!established)
        {
            abandon();
            forgetConnection();
            return 0;
        }
        readShut |= how != SHUT_WR;
        if (how != SHUT_RD && !writeShut)
        {
            writeShut = true;
            connection.shutdownOutput();
        }
        return 0;
    }

    private void stopListening()
    {
        sockets.streamEvents.remove(listener);
        sockets.stack.unlisten(listener);
        listener = null;
    }

    private void abandon()
    {
        connection.attachment(null);
        connection.close();
        connection = null;
        options.detach();
    }

    @Override
    void close()
    {
        if (listener != null)
        {
            stopListening();
        }
        if (connection != null)
        {
            abandon();
        }
        if (hasPort)
        {
            sockets.streamPorts.remove(this);
            hasPort = false;
        }
    }

    @Override
    int setOption(final int level, final int name, final int value)
    {
        return options.set(this, level, name, value);
    }

    @Override
    int getOption(final int level, final int name)
    {
        if (level == SOL_SOCKET && name == SO_ERROR)
        {
            return -takeError();
        }
        return options.get(this, level, name);
    }

    int congestionControl(final DirectBuffer value, final int offset, final int length)
    {
        return options.congestionControl(this, value, offset, length);
    }

    int congestionControlName(final MutableDirectBuffer value, final int offset, final int length)
    {
        return options.congestionControlName(this, value, offset, length);
    }

    int info(final MutableDirectBuffer value, final int offset, final int length)
    {
        return TcpInfoLayout.fill(connection, listener != null, value, offset, length);
    }

    private int takeError()
    {
        final int taken = error;
        error = 0;
        return -taken;
    }

    @Override
    int localName(final SockAddr local)
    {
        return fill(local, localAddress, localPort);
    }

    @Override
    int peerName(final SockAddr peer)
    {
        return connection == null || !established ? Errno.ENOTCONN.result() :
            fill(peer, connection.remoteAddress(), connection.remotePort());
    }

    @Override
    int ioctl(final int request)
    {
        return listener != null ? Errno.EINVAL.result() : StreamState.ioctl(connection, request);
    }

    @Override
    int ready()
    {
        if (listener != null)
        {
            return listener.waiting() > 0 ? POLLIN : 0;
        }
        final boolean inputOver = readShut || connection != null && StreamState.peerHasClosed(connection);
        final int told = (error == 0 ? 0 : POLLERR) | (inputOver ? POLLIN | POLLRDHUP : 0) |
            (inputOver && writeShut || connection == null ? POLLHUP : 0);
        if (connection == null)
        {
            return told | POLLOUT;
        }
        return established ? told | StreamState.ready(connection, writeShut, options.receiveLowBytes()) : told;
    }
}
