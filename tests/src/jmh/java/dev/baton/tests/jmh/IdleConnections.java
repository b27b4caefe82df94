package dev.baton.tests.jmh;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;

/**
 * What idle connections cost one shard: live heap and off-heap memory after collection, for each of them, and how long a poll
 * with nothing to do takes with and without them. The other ends are let go before anything is measured.
 */
public final class IdleConnections
{
    private static final int POLLS = 2_000_000;
    private static final int ROUNDS = 4;

    private IdleConnections()
    {
    }

    /**
     * Measure.
     *
     * @param arguments how many connections; 1000000 when there is none.
     */
    public static void main(final String[] arguments)
    {
        final int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        final TwoStacks few = new TwoStacks(false, 16);
        final Opened opened = new Opened();
        final long withoutBytes = liveBytes(few);
        final TwoStacks stacks = new TwoStacks(false, count);
        stacks.openIdle(count, opened, () -> opened.count);
        stacks.client = null;
        final long withBytes = liveBytes(stacks);
        for (int round = 0; round < ROUNDS; round++)
        {
            System.out.printf("poll with nothing to do: %.1f ns without connections, %.1f ns with %d idle ones%n",
                pollNs(few), pollNs(stacks), count);
        }
        System.out.printf("a shard with %d connections: %d MB of heap and direct memory, %d bytes for each connection%n",
            stacks.server.connectionCount(), withBytes - withoutBytes >> 20, (withBytes - withoutBytes) / count);
    }

    private static double pollNs(final TwoStacks stacks)
    {
        final long nowNs = stacks.nowNs();
        final long startNs = System.nanoTime();
        for (int i = 0; i < POLLS; i++)
        {
            stacks.server.poll(nowNs + i);
            stacks.server.nextDeadlineNs();
        }
        return (System.nanoTime() - startNs) / (double)POLLS;
    }

    private static long liveBytes(final TwoStacks kept)
    {
        for (int i = 0; i < 3; i++)
        {
            System.gc();
        }
        long bytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        for (final BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class))
        {
            bytes += pool.getMemoryUsed();
        }
        Reference.reachabilityFence(kept);
        return bytes;
    }

    /** Counts what has been opened. */
    private static final class Opened implements TcpService
    {
        private long count;

        @Override
        public void onAccepted(final TcpConnection connection)
        {
            count++;
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
