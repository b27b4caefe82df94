package dev.baton.stack.state;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.tcp.Listener;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One end of a test connection whose state lies outside of any shard, so that its connection can go from shard to
 * shard: sends bytes that tell their offset, and checks those that come.
 */
final class StatePeer implements TcpService
{
    static final int CHUNK = 8192;

    TcpConnection connection;
    CloseReason closeReason;
    int acceptedCalls;
    int closedCalls;
    int ticks;
    long toSend;
    long sent;
    long received;
    boolean endOfStream;
    boolean reading = true;
    boolean accepting = true;
    boolean shutdownWhenSent;
    boolean closeWhenSent;
    boolean closeAtEnd;

    private final UnsafeBuffer out = new UnsafeBuffer(new byte[CHUNK]);
    private final UnsafeBuffer in = new UnsafeBuffer(new byte[CHUNK]);

    StatePeer sends(final long bytes)
    {
        toSend = bytes;
        return this;
    }

    StatePeer thenShutsDown()
    {
        shutdownWhenSent = true;
        return this;
    }

    StatePeer thenCloses()
    {
        closeWhenSent = true;
        return this;
    }

    StatePeer closesAtEnd()
    {
        closeAtEnd = true;
        return this;
    }

    StatePeer pausedReading()
    {
        reading = false;
        return this;
    }

    void resumeReading()
    {
        reading = true;
        read();
    }

    private static byte at(final long offset)
    {
        return (byte)((offset * 0x9E37_79B9_7F4A_7C15L) >>> 56);
    }

    @Override
    public void onAccepted(final TcpConnection accepted)
    {
        acceptedCalls++;
        connection = accepted;
        write();
    }

    @Override
    public void onAcceptable(final Listener listener)
    {
        if (accepting)
        {
            onAccepted(listener.accept());
        }
    }

    @Override
    public void onReadable(final TcpConnection readable)
    {
        if (reading)
        {
            read();
        }
    }

    @Override
    public void onWritable(final TcpConnection writable)
    {
        write();
    }

    @Override
    public void onClosed(final TcpConnection closed, final CloseReason reason)
    {
        closedCalls++;
        closeReason = reason;
        connection = null;
    }

    @Override
    public void onTick(final long nowNs)
    {
        ticks++;
    }

    void read()
    {
        int count = connection.read(in, 0, CHUNK);
        while (count > 0)
        {
            for (int i = 0; i < count; i++)
            {
                if (in.getByte(i) != at(received + i))
                {
                    throw new AssertionError("byte " + (received + i) + " is not what was sent");
                }
            }
            received += count;
            count = connection.read(in, 0, CHUNK);
        }
        if (count < 0)
        {
            endOfStream = true;
            closeWhenDone();
        }
    }

    void write()
    {
        while (sent < toSend)
        {
            final int length = (int)Math.min(toSend - sent, CHUNK);
            for (int i = 0; i < length; i++)
            {
                out.putByte(i, at(sent + i));
            }
            final int taken = connection.write(out, 0, length);
            sent += taken;
            if (taken < length)
            {
                return;
            }
        }
        if (shutdownWhenSent)
        {
            shutdownWhenSent = false;
            connection.shutdownOutput();
        }
        if (closeWhenSent)
        {
            closeWhenSent = false;
            connection.close();
        }
        closeWhenDone();
    }

    private void closeWhenDone()
    {
        if (closeAtEnd && endOfStream && sent == toSend)
        {
            closeAtEnd = false;
            connection.close();
        }
    }
}
