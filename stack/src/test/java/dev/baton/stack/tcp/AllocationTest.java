package dev.baton.stack.tcp;

import com.sun.management.ThreadMXBean;
import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AllocationTest
{
    private static final IpAddress A = IpAddress.parse("10.0.0.1");
    private static final IpAddress B = IpAddress.parse("10.0.0.2");

    /** One direction of a wire that allocates nothing: a ring of packet slots. */
    private static final class Pipe implements Link
    {
        private static final int SLOTS = 1024;
        private static final int SLOT_BYTES = 2048;

        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[SLOTS * SLOT_BYTES]);
        private final int[] length = new int[SLOTS];
        private Pipe other;
        private int head;
        private int tail;

        @Override
        public boolean receive(final Packet packet)
        {
            if (head == tail)
            {
                return false;
            }
            final int slot = head++ % SLOTS;
            packet.wrap(buffer, slot * SLOT_BYTES + Packet.HEADROOM, length[slot], 0, Packet.CHECKSUM_VERIFIED);
            return true;
        }

        @Override
        public boolean transmit(final Packet packet)
        {
            if (other.tail - other.head == SLOTS)
            {
                return false;
            }
            final int slot = other.tail++ % SLOTS;
            other.length[slot] = packet.length();
            other.buffer.putBytes(slot * SLOT_BYTES + Packet.HEADROOM, packet.buffer(), packet.offset(), packet.length());
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
            return true;
        }
    }

    /** Writes as much as it can, reads all that comes, and counts; allocates nothing. */
    private static final class Pump implements TcpService
    {
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);
        private long received;
        private int accepted;
        private int closed;
        private long writes;
        private boolean sending;

        @Override
        public void onAccepted(final TcpConnection connection)
        {
            accepted++;
            onWritable(connection);
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
            int count = connection.read(buffer, 0, buffer.capacity());
            while (count > 0)
            {
                received += count;
                count = connection.read(buffer, 0, buffer.capacity());
            }
            if (count < 0)
            {
                connection.close();
            }
        }

        @Override
        public void onWritable(final TcpConnection connection)
        {
            while (sending && connection.write(buffer, 0, buffer.capacity()) == buffer.capacity())
            {
                writes++;
            }
        }

        @Override
        public void onClosed(final TcpConnection connection, final CloseReason reason)
        {
            closed++;
        }
    }

    private final Pipe toA = new Pipe();
    private final Pipe toB = new Pipe();
    private final Pump client = new Pump();
    private final Pump server = new Pump();
    private final NetStack a;
    private final NetStack b;
    private long nowNs = 1_000_000_000L;

    AllocationTest()
    {
        toA.other = toB;
        toB.other = toA;
        a = new NetStack(new StackContext().address(A).seed(1).poolBytes(32 << 20).timeWaitNs(1_000_000).conclude(), toA);
        b = new NetStack(new StackContext().address(B).seed(2).poolBytes(32 << 20).initialReceiveBufferBytes(4 << 20)
            .timeWaitNs(1_000_000).conclude(), toB);
        b.listen(IpAddress.ANY, 80, server);
    }

    private void poll()
    {
        a.poll(nowNs);
        b.poll(nowNs);
        nowNs += 50_000;
    }

    private static long allocated()
    {
        return ((ThreadMXBean)ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void shouldNotAllocateForSegments()
    {
        client.sending = true;
        a.connect(IpAddress.ANY, 0, B, 80, client, nowNs);
        while (b.counters().get(StackCounter.TCP_IN_SEGS) < 100_000)
        {
            poll();
        }
        final long before = allocated();
        while (b.counters().get(StackCounter.TCP_IN_SEGS) < 200_000)
        {
            poll();
        }
        final long bytes = allocated() - before;
        assertTrue(server.received > 200_000_000L);
        assertTrue(a.counters().get(StackCounter.TCP_RETRANS_SEGS) > 0, "the pipe is short, so that recovery is measured too");
        assertTrue(bytes < 10_000, () -> bytes + " bytes for 100000 segments");
    }

    @Test
    void shouldNotAllocateForConnections()
    {
        connections(3_000);
        final long before = allocated();
        connections(3_000);
        final long bytes = allocated() - before;
        assertEquals(6_000, client.closed);
        assertEquals(6_000, server.closed);
        assertTrue(bytes < 3_000 * 40, () -> bytes + " bytes for 3000 connections");
    }

    private void connections(final int count)
    {
        final int target = client.closed + count;
        while (client.closed < target)
        {
            final int before = client.closed;
            final TcpConnection connection = a.connect(A, 0, B, 80, client, nowNs);
            connection.shutdownOutput();
            while (client.closed == before || server.closed == before)
            {
                poll();
            }
        }
    }
}
