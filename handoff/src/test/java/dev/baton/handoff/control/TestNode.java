package dev.baton.handoff.control;

import dev.baton.handoff.codec.CommittedEncoder;
import dev.baton.handoff.codec.MessageHeaderDecoder;
import dev.baton.handoff.codec.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A plane whose shard is the test's own thread: events are taken while the test waits for something, and written down.
 */
final class TestNode implements AutoCloseable, ControlPlane.Handler
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);

    final List<String> events = new ArrayList<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    final AtomicInteger wakes = new AtomicInteger();
    final TlsControlPlane plane;

    TestNode(final ControlConfigBuilder config) throws IOException
    {
        plane = TlsControlPlane.start(config.conclude(), wakes::incrementAndGet, log::add);
    }

    /** Address at which it is reached. */
    String address()
    {
        return "127.0.0.1:" + plane.localPort();
    }

    boolean send(final String to, final long id)
    {
        return send(to, id, 64);
    }

    boolean send(final String to, final long id, final int length)
    {
        return plane.send(plane.peer(to), message(id, length), 0, length);
    }

    /** A message of the schema that the plane does not look into. */
    static UnsafeBuffer message(final long id, final int length)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        new CommittedEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).handoffId(id);
        return buffer;
    }

    void drain()
    {
        plane.drain(this, 64);
    }

    void await(final String what, final BooleanSupplier condition)
    {
        await(this, null, what, condition);
    }

    static void await(final TestNode one, final TestNode other, final String what, final BooleanSupplier condition)
    {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - startNs > DEADLINE_NS)
            {
                throw new AssertionError(
                    "waited in vain for: " + what + "\n" + one.story() + (other == null ? "" : other.story()));
            }
            LockSupport.parkNanos(200_000);
            one.drain();
            if (other != null)
            {
                other.drain();
            }
        }
    }

    static void awaitChannel(final TestNode one, final TestNode other)
    {
        await(one, other, "channel", () -> one.isUp(other.plane.localNode()) && other.isUp(one.plane.localNode()));
    }

    boolean isUp(final String peer)
    {
        return plane.isConnected(plane.peer(peer));
    }

    boolean logged(final String part)
    {
        return log.stream().anyMatch((line) -> line.contains(part));
    }

    void awaitLog(final String part)
    {
        await("log line with '" + part + "'", () -> logged(part));
    }

    PeerCounters counters(final String peer)
    {
        return plane.counters(plane.peer(peer));
    }

    private String story()
    {
        return plane.localNode() + ": events " + events +
            "\n  log " + String.join("\n      ", log) + "\n  " + plane.census() + "\n";
    }

    @Override
    public void onConnected(final int peer)
    {
        events.add("up " + plane.peerName(peer));
    }

    @Override
    public void onDisconnected(final int peer)
    {
        events.add("down " + plane.peerName(peer));
    }

    @Override
    public void onFrame(final int peer, final DirectBuffer buffer, final int offset, final int length)
    {
        final long id = buffer.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
        events.add(plane.peerName(peer) + " " + id);
    }

    @Override
    public void close()
    {
        plane.close();
    }
}
