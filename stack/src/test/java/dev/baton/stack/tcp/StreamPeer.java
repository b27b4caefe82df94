package dev.baton.stack.tcp;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.SoftError;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/** One end of a test connection: sends a pattern, checks the pattern that comes, and notes all call-backs. */
final class StreamPeer implements TcpService
{
    final List<String> events = new ArrayList<>();
    TcpConnection connection;
    CloseReason closeReason;
    long toSend;
    long sent;
    long received;
    int acceptedCount;
    boolean endOfStream;
    boolean shutdownWhenSent;
    boolean closeAtEnd;
    boolean reading = true;
    /** Whether what comes must be the pattern. */
    boolean checking = true;
    boolean recordEvents = true;
    RuntimeException throwOnReadable;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);

    StreamPeer sends(final long bytes)
    {
        toSend = bytes;
        return this;
    }

    StreamPeer thenShutsDown()
    {
        shutdownWhenSent = true;
        return this;
    }

    StreamPeer closesAtEnd()
    {
        closeAtEnd = true;
        return this;
    }

    StreamPeer pausedReading()
    {
        reading = false;
        return this;
    }

    @Override
    public void onAccepted(final TcpConnection accepted)
    {
        note("accepted");
        connection = accepted;
        acceptedCount++;
        write();
    }

    @Override
    public void onReadable(final TcpConnection readable)
    {
        note("readable");
        if (throwOnReadable != null)
        {
            throw throwOnReadable;
        }
        if (reading)
        {
            read();
        }
    }

    @Override
    public void onWritable(final TcpConnection writable)
    {
        note("writable");
        write();
    }

    @Override
    public void onClosed(final TcpConnection closed, final CloseReason reason)
    {
        note("closed " + reason);
        closeReason = reason;
    }

    @Override
    public void onLingered(final TcpConnection lingered, final boolean done)
    {
        note("lingered " + done);
    }

    @Override
    public void onSoftError(final TcpConnection troubled, final SoftError error)
    {
        note("soft error " + error);
    }

    @Override
    public void onUrgent(final TcpConnection urgent)
    {
        note("urgent " + urgent.urgentBytes());
    }

    private void note(final String event)
    {
        if (recordEvents && (events.isEmpty() || !events.get(events.size() - 1).equals(event)))
        {
            events.add(event);
        }
    }

    void resumeReading()
    {
        reading = true;
        read();
    }

    void read()
    {
        while (true)
        {
            final int count = connection.read(buffer, 0, buffer.capacity());
            if (count < 0)
            {
                endOfStream = true;
                closeWhenDone();
                return;
            }
            if (count == 0)
            {
                return;
            }
            final int wrong = !checking ? -1 : Pattern.mismatch(buffer, count, received);
            if (wrong >= 0)
            {
                throw new AssertionError("byte " + (received + wrong) + " is not what was sent");
            }
            received += count;
        }
    }

    void write()
    {
        while (sent < toSend)
        {
            final int length = (int)Math.min(toSend - sent, Pattern.PERIOD);
            final int taken = connection.write(Pattern.table(), Pattern.at(sent), length);
            sent += taken;
            if (taken < length)
            {
                return;
            }
        }
        if (shutdownWhenSent && connection != null)
        {
            shutdownWhenSent = false;
            connection.shutdownOutput();
        }
        closeWhenDone();
    }

    private void closeWhenDone()
    {
        if (closeAtEnd && endOfStream && sent == toSend)
        {
            connection.close();
        }
    }
}
