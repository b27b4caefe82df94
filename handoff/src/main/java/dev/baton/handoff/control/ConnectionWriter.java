package dev.baton.handoff.control;

import dev.baton.handoff.codec.MessageHeaderEncoder;
import dev.baton.handoff.codec.PingEncoder;
import dev.baton.handoff.codec.PongEncoder;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The sending half of a connection: a queue that the shard fills, and the thread that empties it into the socket.
 * Frames that wait together go out in one write. Pings and Pongs are written here as well, never by the reader: a
 * reader that writes can block, and two that do so against each other would never end.
 * <p>
 * The queue belongs to this connection alone, so that nothing that was meant for an old connection can go out on a new
 * one.
 */
final class ConnectionWriter implements Runnable
{
    private static final int FRAME = 1;
    private static final int MAX_STEP_BYTES = FrameReader.LENGTH_BYTES + ControlPlane.MAX_FRAME_BYTES;
    private static final int STAGING_BYTES = 2 * MAX_STEP_BYTES;

    private final ControlConnection connection;
    private final OutputStream out;
    private final PeerCounters counters;
    private final long pingIntervalNs;
    private final int maxFrames;
    private final OneToOneRingBuffer queue;
    private final AtomicLong taken = new AtomicLong();
    private final byte[] bytes = new byte[STAGING_BYTES];
    private final UnsafeBuffer staging = new UnsafeBuffer(bytes);
    private final MessageHandler stage = this::stage;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final PingEncoder ping = new PingEncoder();
    private final PongEncoder pong = new PongEncoder();
    private volatile Thread thread;
    private volatile long pongToken;
    private volatile boolean pongDue;
    private long offered;
    private int stagedBytes;
    private int stagedFrames;

    ConnectionWriter(
        final ControlConnection connection, final OutputStream out, final PeerCounters counters, final ControlConfig config)
    {
        this.connection = connection;
        this.out = out;
        this.counters = counters;
        this.pingIntervalNs = config.pingIntervalNs();
        this.maxFrames = config.outboundFrames();
        this.queue = new OneToOneRingBuffer(new UnsafeBuffer(BufferUtil.allocateDirectAligned(
            config.outboundBytes() + RingBufferDescriptor.TRAILER_LENGTH, Long.BYTES * 8)));
    }

    /**
     * Queue a frame. The shard's thread only.
     *
     * @param buffer that holds it; copied.
     * @param offset of it.
     * @param length of it in bytes.
     * @return false when the queue is full.
     */
    boolean offer(final DirectBuffer buffer, final int offset, final int length)
    {
        if (offered - taken.get() >= maxFrames || !queue.write(FRAME, buffer, offset, length))
        {
            counters.queueFull.incrementAndGet();
            return false;
        }
        offered++;
        wake();
        return true;
    }

    /**
     * Have a Pong sent. The reader's thread. Of several that are due at a time only the last is sent.
     *
     * @param token of the Ping.
     */
    void pong(final long token)
    {
        pongToken = token;
        pongDue = true;
        wake();
    }

    /** Let the thread look again. Any thread. */
    void wake()
    {
        LockSupport.unpark(thread);
    }

    @Override
    public void run()
    {
        thread = Thread.currentThread();
        try
        {
            long nextPingNs = System.nanoTime() + pingIntervalNs;
            while (!connection.isClosed())
            {
                final long nowNs = System.nanoTime();
                if (nowNs - nextPingNs >= 0)
                {
                    stagePing(nowNs);
                    nextPingNs = nowNs + pingIntervalNs;
                }
                stagePong();
                stageFrames();
                if (stagedBytes > 0)
                {
                    flush();
                }
                else
                {
                    LockSupport.parkNanos(this, nextPingNs - nowNs);
                }
            }
        }
        catch (final IOException ex)
        {
            connection.close("sending failed: " + ex.getMessage());
        }
        catch (final RuntimeException ex)
        {
            connection.close("sending failed: " + ex + "; report this");
        }
    }

    private void stageFrames()
    {
        while (STAGING_BYTES - stagedBytes >= MAX_STEP_BYTES && queue.read(stage, 1) > 0)
        {
            taken.incrementAndGet();
        }
    }

    private void stage(final int type, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        staging.putBytes(stagedBytes + FrameReader.LENGTH_BYTES, buffer, offset, length);
        staged(length);
    }

    private void stagePing(final long token)
    {
        ping.wrapAndApplyHeader(staging, stagedBytes + FrameReader.LENGTH_BYTES, header).token(token);
        staged(MessageHeaderEncoder.ENCODED_LENGTH + ping.encodedLength());
    }

    private void stagePong()
    {
        if (pongDue)
        {
            pongDue = false;
            pong.wrapAndApplyHeader(staging, stagedBytes + FrameReader.LENGTH_BYTES, header).token(pongToken);
            staged(MessageHeaderEncoder.ENCODED_LENGTH + pong.encodedLength());
        }
    }

    private void staged(final int length)
    {
        staging.putInt(stagedBytes, length, ByteOrder.BIG_ENDIAN);
        stagedBytes += FrameReader.LENGTH_BYTES + length;
        stagedFrames++;
    }

    private void flush() throws IOException
    {
        out.write(bytes, 0, stagedBytes);
        counters.framesOut.addAndGet(stagedFrames);
        counters.bytesOut.addAndGet(stagedBytes);
        stagedBytes = 0;
        stagedFrames = 0;
    }
}
