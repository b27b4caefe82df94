package dev.baton.tests.node;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/** Answers what comes first with one HTTP response, and closes. */
final class GreetingService implements TcpService
{
    static final String BODY = "hello\n";
    private static final UnsafeBuffer RESPONSE = new UnsafeBuffer(
        ("HTTP/1.0 200 OK\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY).getBytes(StandardCharsets.US_ASCII));

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        onReadable(connection);
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        if (connection.readable() > 0)
        {
            connection.skip(connection.readable());
            if (connection.attachment() == null)
            {
                connection.attachment(BODY);
                connection.write(RESPONSE, 0, RESPONSE.capacity());
                connection.shutdownOutput();
            }
        }
        if (connection.endOfStream())
        {
            connection.close();
        }
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
