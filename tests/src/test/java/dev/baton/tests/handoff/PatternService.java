package dev.baton.tests.handoff;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A server for tests: a request is a line {@code GET /NODE/BYTES[/close]} and an empty line; the response is BYTES bytes of the
 * pattern, numbered through the life of the connection, so that a byte that is lost, repeated or out of place shows.
 */
final class PatternService implements TcpService
{
    private static final int CHUNK = 16 * 1024;

    /** What a connection has before it. */
    private static final class Session
    {
        private final StringBuilder head = new StringBuilder();
        private long written;
        private long target;
        private boolean closing;
    }

    private final UnsafeBuffer chunk = new UnsafeBuffer(new byte[CHUNK]);
    private final UnsafeBuffer in = new UnsafeBuffer(new byte[CHUNK]);
    int accepted;
    int requests;
    int open;

    static byte pattern(final long position)
    {
        return (byte)(position * 31 + (position >>> 9) * 7 + (position >>> 17));
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        accepted++;
        open++;
        connection.attachment(new Session());
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        final Session session = (Session)connection.attachment();
        int n;
        while ((n = connection.read(in, 0, CHUNK)) > 0)
        {
            for (int i = 0; i < n; i++)
            {
                session.head.append((char)in.getByte(i));
            }
        }
        int end;
        while ((end = session.head.indexOf("\r\n\r\n")) >= 0)
        {
            final String[] parts = session.head.substring(0, end).split("[ \r\n]")[1].split("/");
            session.head.delete(0, end + 4);
            session.target += Long.parseLong(parts[2]);
            session.closing |= parts.length > 3;
            requests++;
        }
        session.closing |= n < 0;
        pump(connection, session);
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        pump(connection, (Session)connection.attachment());
    }

    private void pump(final TcpConnection connection, final Session session)
    {
        while (session.written < session.target)
        {
            final int n = (int)Math.min(CHUNK, session.target - session.written);
            for (int i = 0; i < n; i++)
            {
                chunk.putByte(i, pattern(session.written + i));
            }
            final int taken = connection.write(chunk, 0, n);
            session.written += taken;
            if (taken < n)
            {
                return;
            }
        }
        if (session.closing)
        {
            connection.close();
        }
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        open--;
    }
}
