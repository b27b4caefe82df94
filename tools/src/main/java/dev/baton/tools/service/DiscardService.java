package dev.baton.tools.service;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;

/** Throws away what it gets (RFC 863), counts it, and closes when the peer has closed. On the shard's thread. */
public final class DiscardService implements TcpService
{
    private long bytes;

    /**
     * What has been thrown away.
     *
     * @return bytes of all connections.
     */
    public long bytes()
    {
        return bytes;
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        onReadable(connection);
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        final int readable = connection.readable();
        connection.skip(readable);
        bytes += readable;
        if (connection.endOfStream())
        {
            connection.close();
        }
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        onReadable(connection);
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        connection.attachment(null);
    }
}
