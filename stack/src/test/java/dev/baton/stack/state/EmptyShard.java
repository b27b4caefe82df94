package dev.baton.stack.state;

import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.wire.IpAddress;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A shard with nothing in it over a link that leads nowhere, to import into. */
final class EmptyShard
{
    final StatePeer peer = new StatePeer().pausedReading();
    final NetStack stack;
    long nowNs;

    private final Transmitted link = new Transmitted();

    /**
     * A shard.
     *
     * @param nowNs     its clock.
     * @param addresses its own.
     */
    EmptyShard(final long nowNs, final IpAddress... addresses)
    {
        this(nowNs, context(), addresses);
    }

    EmptyShard(final long nowNs, final StackContext context, final IpAddress... addresses)
    {
        this.nowNs = nowNs;
        Arrays.stream(addresses).forEach(context::address);
        stack = new NetStack(context.conclude(), link);
        stack.listen(IpAddress.ANY, Shard.PORT, peer);
    }

    static StackContext context()
    {
        return new StackContext().sendBufferBytes(64 << 10).receiveBufferBytes(64 << 10).poolBytes(1 << 20)
            .errorHandler((error) ->
            {
                throw new AssertionError("a service failed", error);
            });
    }

    int packetsSent()
    {
        return link.count;
    }

    /** Let it run with nobody on the other side, as far as its own deadlines lead it. */
    void runAlone(final int polls)
    {
        stack.poll(nowNs);
        for (int i = 0; i < polls && stack.nextDeadlineNs() != Long.MAX_VALUE; i++)
        {
            nowNs = Math.max(nowNs, stack.nextDeadlineNs());
            stack.poll(nowNs);
        }
    }

    void assertUntouched()
    {
        assertEquals(0, stack.connectionCount(), "connections");
        assertEquals(0, stack.tcp().bufferPool().acquiredBytes(), "buffers");
        assertEquals(stack.context().maxConnections(), stack.tcp().transfers().connectionRoom(), "room for connections");
        assertEquals(1, stack.tcp().transfers().nextId(), "next id");
        assertEquals(Long.MAX_VALUE, stack.nextDeadlineNs(), "deadline");
        assertEquals(0, link.count, "packets sent");
    }

    private static final class Transmitted implements Link
    {
        private int count;

        @Override
        public boolean receive(final Packet packet)
        {
            return false;
        }

        @Override
        public boolean transmit(final Packet packet)
        {
            count++;
            return true;
        }

        @Override
        public int mtu()
        {
            return 1500;
        }

        @Override
        public int maxGsoBytes()
        {
            return 0;
        }

        @Override
        public boolean checksumOffload()
        {
            return false;
        }
    }
}
