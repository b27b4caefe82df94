package dev.baton.tests.handoff;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/** A client for tests: sends its requests, checks every byte of the answers against the pattern, and remembers how it ended. */
final class PatternClient implements TcpService
{
    private final UnsafeBuffer in = new UnsafeBuffer(new byte[16 * 1024]);
    private final byte[] requestBytes;
    private final long expected;
    private final boolean halfClose;
    TcpConnection connection;
    private int sent;
    long received;
    boolean wrongByte;
    boolean ended;
    boolean closed;
    CloseReason reason;

    /**
     * A client.
     *
     * @param requests  text to send at once.
     * @param expected  bytes that the answers have in all.
     * @param halfClose send FIN behind the requests?
     */
    PatternClient(final String requests, final long expected, final boolean halfClose)
    {
        this.requestBytes = requests.getBytes(StandardCharsets.US_ASCII);
        this.expected = expected;
        this.halfClose = halfClose;
    }

    static String request(final String node, final long bytes, final boolean close)
    {
        return "GET /" + node + "/" + bytes + (close ? "/close" : "") + " HTTP/1.1\r\nHost: t\r\n\r\n";
    }

    boolean complete()
    {
        return received == expected && !wrongByte;
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        this.connection = connection;
        send();
    }

    private void send()
    {
        if (sent < requestBytes.length)
        {
            sent += connection.write(new UnsafeBuffer(requestBytes), sent, requestBytes.length - sent);
            if (sent == requestBytes.length && halfClose)
            {
                connection.shutdownOutput();
            }
        }
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        int n;
        while ((n = connection.read(in, 0, in.capacity())) > 0)
        {
            for (int i = 0; i < n; i++)
            {
                wrongByte |= in.getByte(i) != PatternService.pattern(received + i);
            }
            received += n;
        }
        if (n < 0 && !ended)
        {
            ended = true;
            connection.close();
        }
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        send();
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        closed = true;
        this.reason = reason;
    }
}
