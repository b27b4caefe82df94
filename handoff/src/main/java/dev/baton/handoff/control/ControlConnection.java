package dev.baton.handoff.control;

import dev.baton.handoff.codec.HelloDecoder;
import dev.baton.handoff.codec.MessageHeaderDecoder;
import dev.baton.handoff.codec.PingDecoder;
import dev.baton.handoff.codec.PongDecoder;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One authenticated connection to a peer, from the exchange of Hellos to its end. The thread that has set it up calls
 * {@link #run()} and reads; a thread of its own writes ({@link ConnectionWriter}).
 * <p>
 * That the peer is gone is noticed by silence: each side sends a Ping every interval, so a read that gets nothing for
 * the dead-peer time means that nobody is there. Time in which the reader waits for room in the shard's ring does not
 * count.
 */
final class ControlConnection
{
    private final ControlRuntime runtime;
    private final ControlPeer peer;
    private final Socket socket;
    private final FrameReader frames;
    private final Hello hello;
    private final ConnectionWriter writer;
    private final AtomicReference<String> closeReason = new AtomicReference<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PingDecoder ping = new PingDecoder();
    private final PongDecoder pong = new PongDecoder();
    private int generation;

    /**
     * @param runtime of the plane.
     * @param peer    whose it is, by its certificate.
     * @param socket  below TLS.
     * @param frames  what comes.
     * @param out     what goes.
     * @param hello   the peer's.
     */
    ControlConnection(
        final ControlRuntime runtime,
        final ControlPeer peer,
        final Socket socket,
        final FrameReader frames,
        final OutputStream out,
        final Hello hello)
    {
        this.runtime = runtime;
        this.peer = peer;
        this.socket = socket;
        this.frames = frames;
        this.hello = hello;
        this.writer = new ConnectionWriter(this, out, peer.counters(), runtime.config());
    }

    ControlPeer peer()
    {
        return peer;
    }

    long incarnation()
    {
        return hello.incarnation();
    }

    /**
     * Which connection of its peer this is; set before any other thread can see it.
     *
     * @param number 1 for the first.
     */
    void generation(final int number)
    {
        generation = number;
    }

    int generation()
    {
        return generation;
    }

    boolean isClosed()
    {
        return closeReason.get() != null;
    }

    /**
     * Queue a frame. The shard's thread only.
     *
     * @param buffer that holds it; copied.
     * @param offset of it.
     * @param length of it in bytes.
     * @return false when the queue is full or the connection closed.
     */
    boolean offer(final DirectBuffer buffer, final int offset, final int length)
    {
        return !isClosed() && writer.offer(buffer, offset, length);
    }

    /**
     * End the connection; again is harmless, and the first reason counts. Any thread; does not wait.
     *
     * @param reason for the log.
     * @return false when it was closed already.
     */
    boolean close(final String reason)
    {
        final boolean first = closeReason.compareAndSet(null, reason);
        if (first)
        {
            runtime.release(socket);
            writer.wake();
        }
        return first;
    }

    /** Be the channel until the connection ends. */
    void run()
    {
        final String from = peer.name() + " (" + socket.getRemoteSocketAddress() + ")";
        runtime.spawn("write-" + peer.name(), writer);
        try
        {
            peer.install(this);
            runtime.log().line("control: " + from + " is up, incarnation " + Long.toHexString(incarnation()));
            socket.setSoTimeout((int)Math.max(1, TimeUnit.NANOSECONDS.toMillis(runtime.config().deadPeerNs())));
            read();
        }
        catch (final ControlProtocolException ex)
        {
            peer.counters().protocolErrors.incrementAndGet();
            close(ex.getMessage() + "; see that both nodes run builds that fit");
        }
        catch (final SocketTimeoutException ex)
        {
            peer.counters().deadPeers.incrementAndGet();
            close("nothing came for " + TimeUnit.NANOSECONDS.toMillis(runtime.config().deadPeerNs()) + " ms");
        }
        catch (final IOException ex)
        {
            close("receiving failed: " + ex.getMessage());
        }
        catch (final RuntimeException ex)
        {
            close("receiving failed: " + ex + "; report this");
        }
        finally
        {
            close("given up");
            peer.remove(this);
            runtime.log().line("control: " + from + " is down: " + closeReason.get());
        }
    }

    private void read() throws IOException
    {
        int length = frames.next();
        while (length >= 0)
        {
            peer.counters().framesIn.incrementAndGet();
            peer.counters().bytesIn.addAndGet(FrameReader.LENGTH_BYTES + length);
            if (!onFrame(length))
            {
                return;
            }
            length = frames.next();
        }
        close("the peer closed it");
    }

    private boolean onFrame(final int length) throws ControlProtocolException
    {
        final DirectBuffer buffer = frames.buffer();
        header.wrap(buffer, 0);
        MessageRules.checkSchema(header);
        MessageRules.checkVersion(header, hello.versions());
        switch (header.templateId())
        {
            case PingDecoder.TEMPLATE_ID:
                MessageRules.checkBlock(header, length, PingDecoder.BLOCK_LENGTH);
                writer.pong(ping.wrapAndApplyHeader(buffer, 0, header).token());
                return true;

            case PongDecoder.TEMPLATE_ID:
                MessageRules.checkBlock(header, length, PongDecoder.BLOCK_LENGTH);
                onPong(pong.wrapAndApplyHeader(buffer, 0, header).token());
                return true;

            case HelloDecoder.TEMPLATE_ID:
                throw new ControlProtocolException("a second Hello came");

            default:
                MessageRules.checkBlock(header, length, 0);
                return peer.deliver(this, buffer, length);
        }
    }

    private void onPong(final long token)
    {
        peer.counters().roundTripNs.set(Math.max(1, System.nanoTime() - token));
    }
}
