package dev.baton.tools.service;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A client inside a stack: sends a text, collects what comes, as fast or as slowly as the test wants. */
final class HttpClientStub implements TcpService
{
    private final UnsafeBuffer piece = new UnsafeBuffer(new byte[16_384]);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final byte[] request;
    private int sent;
    TcpConnection connection;
    CloseReason closed;
    boolean reads = true;

    HttpClientStub(final String request)
    {
        this.request = request.getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] received()
    {
        return received.toByteArray();
    }

    int receivedLength()
    {
        return received.size();
    }

    /** Take at most so many bytes now. */
    void take(final int limit)
    {
        int left = limit;
        while (left > 0 && connection.readable() > 0)
        {
            final int length = connection.read(piece, 0, Math.min(left, piece.capacity()));
            final byte[] bytes = new byte[length];
            piece.getBytes(0, bytes);
            received.writeBytes(bytes);
            left -= length;
        }
    }

    @Override
    public void onAccepted(final TcpConnection accepted)
    {
        connection = accepted;
        onWritable(accepted);
    }

    @Override
    public void onReadable(final TcpConnection from)
    {
        if (reads)
        {
            take(Integer.MAX_VALUE);
            if (from.endOfStream())
            {
                from.close();
            }
        }
    }

    @Override
    public void onWritable(final TcpConnection to)
    {
        if (sent < request.length)
        {
            sent += to.write(new UnsafeBuffer(request), sent, request.length - sent);
        }
    }

    @Override
    public void onClosed(final TcpConnection from, final CloseReason reason)
    {
        closed = reason;
    }
}
