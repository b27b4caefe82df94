package dev.baton.tools.service;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends back what it gets (RFC 862) and closes when the peer has closed. What does not fit into the send buffer stays
 * in the receive buffer, so that the peer's window closes. On the shard's thread; keeps nothing per connection.
 */
public final class EchoService implements TcpService
{
    private static final int PIECE_BYTES = 64 * 1024;

    private final UnsafeBuffer piece = new UnsafeBuffer(new byte[PIECE_BYTES]);

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        onReadable(connection);
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        boolean room = true;
        while (room && connection.readable() > 0)
        {
            final int length = connection.peek(piece, 0, PIECE_BYTES);
            final int taken = connection.write(piece, 0, length);
            connection.skip(taken);
            room = taken == length;
        }
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
