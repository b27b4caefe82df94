package dev.baton.stack.tcp;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;

/** A service that reads everything at once and forgets it. */
final class Discarding implements TcpService
{
    @Override
    public void onAccepted(final TcpConnection connection)
    {
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        connection.skip(connection.readable());
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
    }
}
