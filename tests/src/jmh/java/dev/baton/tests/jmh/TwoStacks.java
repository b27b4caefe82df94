package dev.baton.tests.jmh;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;

import java.util.function.LongSupplier;

/**
 * Two shards with a wire between them, and their clock. The wire has no delay, so time goes on only when both have nothing to
 * do: to the next deadline, as an idle machine would wait for it.
 */
final class TwoStacks
{
    static final IpAddress CLIENT = IpAddress.parse("10.9.0.1");
    static final IpAddress SERVER = IpAddress.parse("10.9.0.2");
    private static final long STEP_NS = 1_000;
    private static final int MAX_IDLE_STEPS = 100_000;
    private static final int FIRST_IDLE_PORT = 20_000;
    private static final int FIRST_CLIENT_PORT = 1024;
    private static final int IDLE_PER_PORT = 30_000;
    private static final int IDLE_AT_ONCE = 1000;
    private static final long TIME_WAIT_NS = 10_000_000L;
    private static final TcpService SILENT = new Silent();

    /** Null once it has been let go. */
    NetStack client;
    final NetStack server;
    final PairLink clientLink;
    final PairLink serverLink;
    private long nowNs = 1_000_000_000L;

    /**
     * Two shards.
     *
     * @param superSegments does the wire take super-segments and partial checksums?
     * @param connections   most connections of each.
     */
    TwoStacks(final boolean superSegments, final int connections)
    {
        final PairLink[] ends = PairLink.pair(1500, superSegments ? 65_535 : 0);
        clientLink = ends[0];
        serverLink = ends[1];
        client = new NetStack(context(CLIENT, 1, connections), clientLink);
        server = new NetStack(context(SERVER, 2, connections), serverLink);
    }

    private static StackContext context(final IpAddress address, final long seed, final int connections)
    {
        return new StackContext().address(address).seed(seed).secret(seed, ~seed).maxConnections(connections)
            .maxTimeWait(connections).synBacklog(4096)
            .poolBytes(256L << 20).timeWaitNs(TIME_WAIT_NS).conclude();
    }

    long nowNs()
    {
        return nowNs;
    }

    /** Poll both once; when neither had anything to do, time goes on to the next deadline. */
    void step()
    {
        nowNs += STEP_NS;
        final int work = client.poll(nowNs) + server.poll(nowNs);
        if (work == 0 && clientLink.isEmpty() && serverLink.isEmpty())
        {
            final long nextNs = Math.min(client.nextDeadlineNs(), server.nextDeadlineNs());
            if (nextNs != Long.MAX_VALUE && nextNs > nowNs)
            {
                nowNs = nextNs;
            }
        }
    }

    /**
     * Open connections that stay idle, a thousand at a time.
     *
     * @param count   how many.
     * @param handler of the client's ends.
     * @param opened  tells how many of the handler's connections have been opened so far.
     */
    void openIdle(final int count, final TcpService handler, final LongSupplier opened)
    {
        final long before = opened.getAsLong();
        for (int i = 0; i < count; i++)
        {
            final int port = FIRST_IDLE_PORT + i / IDLE_PER_PORT;
            if (i % IDLE_PER_PORT == 0)
            {
                server.listen(SERVER, port, SILENT);
            }
            client.connect(CLIENT, FIRST_CLIENT_PORT + i % IDLE_PER_PORT, SERVER, port, handler, nowNs);
            if (i % IDLE_AT_ONCE == IDLE_AT_ONCE - 1 || i == count - 1)
            {
                final long until = before + i + 1;
                until(() -> opened.getAsLong() >= until);
            }
        }
        while (server.poll(nowNs) > 0 || client.poll(nowNs) > 0)
        {
            step();
        }
    }

    /** A condition that a benchmark waits for. */
    interface Condition
    {
        boolean holds();
    }

    /** Step until a condition holds; it is a defect when that takes far more steps than any benchmark needs. */
    void until(final Condition condition)
    {
        for (int i = 0; !condition.holds(); i++)
        {
            if (i == MAX_IDLE_STEPS)
            {
                throw new IllegalStateException("the benchmark makes no progress: client " + client.counters() + ", server " +
                    server.counters());
            }
            step();
        }
    }

    /** Accepts, and leaves it at that. */
    private static final class Silent implements TcpService
    {
        @Override
        public void onAccepted(final TcpConnection connection)
        {
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
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
}
