package dev.baton.stack.state;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

/** Echo of streams and datagrams, or the client of it. It keeps nothing of a connection. */
final class EchoService implements TcpService, UdpService
{
    static final int REQUEST_BYTES = 12_000;
    /** A server's sockets with this port never read. */
    static final int SILENT_PORT = 9;

    private static final byte[] REQUEST = new byte[REQUEST_BYTES];

    static
    {
        for (int i = 0; i < REQUEST.length; i++)
        {
            REQUEST[i] = (byte)(i * 31 >>> 3);
        }
    }

    long echoed;
    long completed;
    long failed;
    long datagrams;
    long errors;

    private final boolean client;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[65_536]);
    private final UdpMessage message = new UdpMessage();

    EchoService(final boolean client)
    {
        this.client = client;
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        if (client)
        {
            connection.write(new UnsafeBuffer(REQUEST), 0, REQUEST.length);
            connection.shutdownOutput();
        }
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        int count = connection.readable();
        if (client)
        {
            connection.skip(count);
        }
        else
        {
            count = connection.peek(buffer, 0, Math.min(count, connection.writable()));
            final int written = count == 0 ? 0 : connection.write(buffer, 0, count);
            connection.skip(written);
            echoed += written;
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
        completed += reason == CloseReason.NORMAL ? 1 : 0;
        failed += reason == CloseReason.NORMAL ? 0 : 1;
    }

    @Override
    public void onReadable(final UdpSocket socket)
    {
        if (socket.localPort() == SILENT_PORT)
        {
            return;
        }
        while (socket.queued() > 0)
        {
            final int length = socket.receive(buffer, 0, buffer.capacity(), message);
            datagrams++;
            if (!client && length >= 0)
            {
                socket.sendTo(buffer, 0, length, new IpAddress(message.sourceHi, message.sourceLo), message.sourcePort);
            }
        }
    }

    @Override
    public void onError(final UdpSocket socket)
    {
        errors++;
        socket.takeError();
    }
}
