package dev.baton.tests.jmh;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;

/**
 * Bulk data through the core alone: a client's shard writes, a server's shard reads, both on one thread, no device and no system
 * call between them. One operation is one full segment of 1448 bytes, sent, received, read and acknowledged: so ns/op is the
 * cost of a segment for both ends together, 1448 / (ns/op) is GB/s, and gc.alloc.rate.norm is bytes allocated per segment.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TransferBenchmark
{
    private static final int SEGMENT_BYTES = 1448;
    private static final int SEGMENTS = 4096;
    private static final int CHUNK_BYTES = 64 * 1024;

    /** MTU-sized packets with checksums by the stack, or super-segments with checksums left to the device. */
    @Param({"mtu", "super"})
    public String packets;

    private final UnsafeBuffer source = new UnsafeBuffer(new byte[CHUNK_BYTES]);
    private final Reader reader = new Reader();
    private final Writer writer = new Writer();
    private TwoStacks stacks;
    private TcpConnection connection;

    /** Reads and counts. */
    private static final class Reader implements TcpService
    {
        private final UnsafeBuffer target = new UnsafeBuffer(new byte[CHUNK_BYTES]);
        private long readBytes;

        @Override
        public void onAccepted(final TcpConnection from)
        {
        }

        @Override
        public void onReadable(final TcpConnection from)
        {
            int length = from.read(target, 0, CHUNK_BYTES);
            while (length > 0)
            {
                readBytes += length;
                length = from.read(target, 0, CHUNK_BYTES);
            }
        }

        @Override
        public void onWritable(final TcpConnection to)
        {
        }

        @Override
        public void onClosed(final TcpConnection to, final CloseReason reason)
        {
        }
    }

    /** Writes what the benchmark asks for. */
    private final class Writer implements TcpService
    {
        private boolean open;
        private long leftBytes;

        @Override
        public void onAccepted(final TcpConnection to)
        {
            open = true;
        }

        @Override
        public void onReadable(final TcpConnection from)
        {
        }

        @Override
        public void onWritable(final TcpConnection to)
        {
            write(to);
        }

        @Override
        public void onClosed(final TcpConnection to, final CloseReason reason)
        {
            throw new IllegalStateException("the benchmark's connection was closed: " + reason);
        }

        void write(final TcpConnection to)
        {
            while (leftBytes > 0)
            {
                final int want = (int)Math.min(leftBytes, CHUNK_BYTES);
                final int took = to.write(source, 0, want);
                leftBytes -= took;
                if (took < want)
                {
                    return;
                }
            }
        }
    }

    /** Open the connection. */
    @Setup(Level.Trial)
    public void open()
    {
        stacks = new TwoStacks(packets.equals("super"), 16);
        stacks.server.listen(TwoStacks.SERVER, 9, reader);
        connection = stacks.client.connect(TwoStacks.CLIENT, 0, TwoStacks.SERVER, 9, writer, stacks.nowNs());
        stacks.until(() -> writer.open);
    }

    /** The wire loses nothing; a run in which it did measured something else. */
    @TearDown(Level.Trial)
    public void check()
    {
        if (stacks.serverLink.refused() + stacks.clientLink.refused() > 0)
        {
            throw new IllegalStateException("the wire refused packets, so this run measured retransmissions");
        }
    }

    /**
     * Move the bytes of 4096 full segments.
     *
     * @return bytes read so far.
     */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public long segment()
    {
        final long until = reader.readBytes + (long)SEGMENTS * SEGMENT_BYTES;
        writer.leftBytes = (long)SEGMENTS * SEGMENT_BYTES;
        writer.write(connection);
        while (reader.readBytes < until)
        {
            stacks.step();
        }
        return reader.readBytes;
    }
}
