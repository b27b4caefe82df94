package dev.baton.stack.socket;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.tcp.Listener;
import org.agrona.collections.Object2ObjectHashMap;

/** What TCP tells the socket layer: one service for all stream sockets, which it finds by the attachment. */
final class StreamEvents implements TcpService
{
    private final StackSockets sockets;
    private final Object2ObjectHashMap<Listener, StreamSocket> listening = new Object2ObjectHashMap<>();

    StreamEvents(final StackSockets sockets)
    {
        this.sockets = sockets;
    }

    void add(final Listener listener, final StreamSocket socket)
    {
        listening.put(listener, socket);
    }

    void remove(final Listener listener)
    {
        listening.remove(listener);
    }

    private void changed(final TcpConnection connection)
    {
        if (connection.attachment() instanceof StreamSocket socket)
        {
            sockets.changed(socket);
        }
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        if (connection.attachment() instanceof StreamSocket socket)
        {
            socket.onConnected();
            sockets.changed(socket);
        }
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        changed(connection);
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        changed(connection);
    }

    @Override
    public void onUrgent(final TcpConnection connection)
    {
        changed(connection);
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        if (connection.attachment() instanceof StreamSocket socket)
        {
            socket.onClosed(reason);
            sockets.changed(socket);
        }
    }

    @Override
    public void onAcceptable(final Listener listener)
    {
        final StreamSocket socket = listening.get(listener);
        if (socket != null)
        {
            sockets.changed(socket);
        }
    }
}
