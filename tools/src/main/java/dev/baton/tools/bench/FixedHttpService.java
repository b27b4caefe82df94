package dev.baton.tools.bench;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * Answers every empty line that it reads with the same 200 OK of {@value #BODY_BYTES} bytes, and keeps the connection
 * until the peer closes. What a request asks for is not looked at: this measures TCP, not HTTP. On the shard's thread;
 * what it remembers of a connection is used again for another.
 */
final class FixedHttpService implements TcpService
{
    /** Length of the answer's body. */
    static final int BODY_BYTES = 128;

    private static final String HEAD =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n";
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final int PIECE_BYTES = 64 * 1024;

    private final UnsafeBuffer answer =
        new UnsafeBuffer((HEAD + "x".repeat(BODY_BYTES)).getBytes(StandardCharsets.US_ASCII));
    private final UnsafeBuffer piece = new UnsafeBuffer(new byte[PIECE_BYTES]);
    private final ArrayDeque<Progress> unused = new ArrayDeque<>();

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        final Progress progress = unused.isEmpty() ? new Progress() : unused.pop();
        progress.matched = 0;
        progress.unsent = 0;
        connection.attachment(progress);
        serve(connection);
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        serve(connection);
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        serve(connection);
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        if (connection.attachment() instanceof Progress progress)
        {
            unused.push(progress);
        }
        connection.attachment(null);
    }

    /** Nothing is read before an answer is wholly written, or a peer that does not read would be answered without end. */
    private void serve(final TcpConnection connection)
    {
        final Progress progress = (Progress)connection.attachment();
        boolean room = send(connection, progress);
        while (room && connection.readable() > 0)
        {
            final int length = connection.peek(piece, 0, PIECE_BYTES);
            int used = 0;
            while (room && used < length)
            {
                if (endsHead(progress, piece.getByte(used)))
                {
                    progress.unsent = answer.capacity();
                    room = send(connection, progress);
                }
                used++;
            }
            connection.skip(used);
        }
        if (room && connection.endOfStream())
        {
            connection.close();
        }
    }

    private boolean send(final TcpConnection connection, final Progress progress)
    {
        if (progress.unsent > 0)
        {
            progress.unsent -= connection.write(answer, answer.capacity() - progress.unsent, progress.unsent);
        }
        return progress.unsent == 0;
    }

    private static boolean endsHead(final Progress progress, final byte next)
    {
        if (next == END_OF_HEAD[progress.matched])
        {
            progress.matched++;
        }
        else
        {
            progress.matched = next == '\r' ? 1 : 0;
        }
        if (progress.matched < END_OF_HEAD.length)
        {
            return false;
        }
        progress.matched = 0;
        return true;
    }

    /** How far a connection is: in the end of a request's head, and in the answer. */
    private static final class Progress
    {
        private int matched;
        private int unsent;
    }
}
