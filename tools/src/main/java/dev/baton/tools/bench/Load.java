package dev.baton.tools.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A load generator on the kernel's sockets: a thread for each worker, blocking calls. What the warm-up does is not counted. Bytes are
 * counted as the client's calls return them; connections and requests when their answer is complete.
 */
final class Load
{
    private static final int BUFFER_BYTES = 128 << 10;
    private static final int HTTP_BODY_BYTES = 128;
    private static final int MAX_SAMPLES = 4 << 20;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final double BITS_PER_GIGABIT = 1e9;

    private final InetSocketAddress server;
    private final LoadKind kind;
    private final long warmUpNs;
    private final long measureNs;

    /**
     * A measurement.
     *
     * @param address of the server.
     * @param kind    what to measure.
     * @param seconds to be counted, after a quarter of that, at least half a second, to warm up.
     */
    Load(final String address, final LoadKind kind, final double seconds)
    {
        this.server = new InetSocketAddress(address, kind.port());
        this.kind = kind;
        this.measureNs = (long)(seconds * TimeUnit.SECONDS.toNanos(1));
        this.warmUpNs = Math.max(TimeUnit.MILLISECONDS.toNanos(500), measureNs / 4);
    }

    /** One worker's part: what it has counted, a sum to be added to that of the others. */
    private interface Worker
    {
        double run(long fromNs, long untilNs) throws IOException;
    }

    /**
     * Measure.
     *
     * @return in the kind's unit.
     * @throws IOException          when a connection fails.
     * @throws InterruptedException when this thread is interrupted.
     */
    double run() throws IOException, InterruptedException
    {
        final double sum = inParallel(worker());
        return switch (kind)
        {
            case TX1, RX1, TX8, RX8 -> sum * Byte.SIZE / BITS_PER_GIGABIT / seconds();
            case PP -> sum / TimeUnit.MICROSECONDS.toNanos(1);
            case CRR, HTTP -> sum / seconds();
        };
    }

    private double seconds()
    {
        return measureNs / (double)TimeUnit.SECONDS.toNanos(1);
    }

    private Worker worker()
    {
        return switch (kind)
        {
            case TX1, TX8 -> this::send;
            case RX1, RX8 -> this::receive;
            case PP -> this::pingPong;
            case CRR -> this::connections;
            case HTTP -> this::requests;
        };
    }

    private double inParallel(final Worker worker) throws IOException, InterruptedException
    {
        final ExecutorService threads = Executors.newFixedThreadPool(kind.workers());
        try
        {
            final long fromNs = System.nanoTime() + warmUpNs;
            final List<Future<Double>> parts = new ArrayList<>();
            for (int i = 0; i < kind.workers(); i++)
            {
                parts.add(threads.submit(() -> worker.run(fromNs, fromNs + measureNs)));
            }
            double sum = 0;
            for (final Future<Double> part : parts)
            {
                sum += part.get();
            }
            return sum;
        }
        catch (final ExecutionException ex)
        {
            throw new IOException(kind.title() + " against " + server + ": " + ex.getCause().getMessage(), ex.getCause());
        }
        finally
        {
            threads.shutdownNow();
        }
    }

    private SocketChannel connect() throws IOException
    {
        final SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(server);
        return channel;
    }

    private double send(final long fromNs, final long untilNs) throws IOException
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (SocketChannel channel = connect())
        {
            return count(fromNs, untilNs, () -> channel.write(buffer.clear()));
        }
    }

    private double receive(final long fromNs, final long untilNs) throws IOException
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (SocketChannel channel = connect())
        {
            return count(fromNs, untilNs, () -> channel.read(buffer.clear()));
        }
    }

    /** A step that says how much it did. */
    private interface Step
    {
        int run() throws IOException;
    }

    private double count(final long fromNs, final long untilNs, final Step step) throws IOException
    {
        double sum = 0;
        long nowNs = System.nanoTime();
        while (nowNs < untilNs)
        {
            final int done = step.run();
            if (done < 0)
            {
                throw new EOFException("the server closed the connection");
            }
            nowNs = System.nanoTime();
            sum += nowNs >= fromNs && nowNs < untilNs ? done : 0;
        }
        return sum;
    }

    /** The median in nanoseconds. */
    private double pingPong(final long fromNs, final long untilNs) throws IOException
    {
        final ByteBuffer one = ByteBuffer.allocateDirect(1);
        final long[] samples = new long[MAX_SAMPLES];
        int count = 0;
        try (SocketChannel channel = connect())
        {
            long startNs = System.nanoTime();
            while (startNs < untilNs && count < MAX_SAMPLES)
            {
                channel.write(one.clear());
                if (channel.read(one.clear()) < 0)
                {
                    throw new EOFException("the server closed the connection");
                }
                final long endNs = System.nanoTime();
                if (startNs >= fromNs)
                {
                    samples[count++] = endNs - startNs;
                }
                startNs = endNs;
            }
        }
        Arrays.sort(samples, 0, count);
        return samples[count / 2];
    }

    private double connections(final long fromNs, final long untilNs) throws IOException
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        return count(fromNs, untilNs, () ->
        {
            try (SocketChannel channel = connect())
            {
                exchange(channel, buffer);
            }
            return 1;
        });
    }

    private double requests(final long fromNs, final long untilNs) throws IOException
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (SocketChannel channel = connect())
        {
            return count(fromNs, untilNs, () ->
            {
                exchange(channel, buffer);
                return 1;
            });
        }
    }

    /** A request and its whole answer: all of the head, and a body of 128 bytes. */
    private static void exchange(final SocketChannel channel, final ByteBuffer buffer) throws IOException
    {
        buffer.clear().put(REQUEST).flip();
        while (buffer.hasRemaining())
        {
            channel.write(buffer);
        }
        buffer.clear();
        int body = -1;
        while (body < 0 || buffer.position() < body + HTTP_BODY_BYTES)
        {
            if (channel.read(buffer) < 0)
            {
                throw new EOFException("the server closed the connection in the middle of an answer");
            }
            body = body < 0 ? bodyStart(buffer) : body;
        }
    }

    private static int bodyStart(final ByteBuffer buffer)
    {
        for (int i = 3; i < buffer.position(); i++)
        {
            if (buffer.get(i) == '\n' && buffer.get(i - 2) == '\n')
            {
                return i + 1;
            }
        }
        return -1;
    }
}
