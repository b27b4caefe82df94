package dev.baton.tests.jmh;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/**
 * Whole connections through the core alone: handshake, one byte there and back, close by the client, TIME-WAIT. Operations per
 * second are connections per second of both ends together on one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ConnectionBenchmark
{
    private static final int ECHO = 7;

    /** Connections that are open and idle at both ends meanwhile. */
    @Param({"0", "100000"})
    public int idle;

    private final UnsafeBuffer one = new UnsafeBuffer(new byte[1]);
    private final Client client = new Client();
    private TwoStacks stacks;

    /** Sends back what comes. */
    private static final class Echo implements TcpService
    {
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);

        @Override
        public void onAccepted(final TcpConnection connection)
        {
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
            final int length = connection.read(buffer, 0, 64);
            if (length > 0)
            {
                connection.write(buffer, 0, length);
            }
            else if (length < 0)
            {
                connection.close();
            }
        }

        @Override
        public void onWritable(final TcpConnection connection)
        {
        }

        @Override
        public void onClosed(final TcpConnection connection, final CloseReason reason)
        {
        }
    }

    /** Sends a byte, waits for it, and closes. */
    private final class Client implements TcpService
    {
        private boolean stays;
        private long opened;
        private long closed;

        @Override
        public void onAccepted(final TcpConnection connection)
        {
            opened++;
            if (!stays)
            {
                connection.write(one, 0, 1);
            }
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
            if (connection.read(one, 0, 1) > 0)
            {
                connection.close();
            }
        }

        @Override
        public void onWritable(final TcpConnection connection)
        {
        }

        @Override
        public void onClosed(final TcpConnection connection, final CloseReason reason)
        {
            closed++;
        }
    }

    /** Open the idle connections. */
    @Setup(Level.Trial)
    public void open()
    {
        stacks = new TwoStacks(true, idle + 131_072);
        stacks.server.listen(TwoStacks.SERVER, ECHO, new Echo());
        client.stays = true;
        stacks.openIdle(idle, client, () -> client.opened);
        client.stays = false;
    }

    /** One connection from SYN to FIN. */
    @Benchmark
    public void connection()
    {
        final long until = client.closed + 1;
        stacks.client.connect(TwoStacks.CLIENT, 0, TwoStacks.SERVER, ECHO, client, stacks.nowNs());
        stacks.until(() -> client.closed >= until);
    }
}
