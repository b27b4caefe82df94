package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a connection holds that does nothing, after it has sent, received and lost some: next to nothing but its Tcb. */
class IdleConnectionTest
{
    /** A Tcb with its rings, log and handle, and its share of the tables: what is measured is about 900. */
    private static final long LIMIT_BYTES = 1_000;
    private static final int CONNECTIONS = 20_000;
    private static final int AT_ONCE = 500;
    private static final IpAddress A = IpAddress.parse("10.0.0.1");
    private static final IpAddress B = IpAddress.parse("10.0.0.2");

    /** One direction of a wire. */
    private static final class Wire implements Link
    {
        private final ArrayDeque<byte[]> packets = new ArrayDeque<>();
        private Wire other;
        private int dropNext;

        @Override
        public boolean receive(final Packet packet)
        {
            final byte[] bytes = packets.poll();
            if (bytes != null)
            {
                packet.wrap(new UnsafeBuffer(bytes), Packet.HEADROOM, bytes.length - Packet.HEADROOM, 0, Packet.CHECKSUM_VERIFIED);
            }
            return bytes != null;
        }

        @Override
        public boolean transmit(final Packet packet)
        {
            if (other.dropNext > 0)
            {
                other.dropNext--;
                return true;
            }
            final byte[] bytes = new byte[Packet.HEADROOM + packet.length()];
            packet.buffer().getBytes(packet.offset(), bytes, Packet.HEADROOM, packet.length());
            other.packets.add(bytes);
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

    /** Reads what comes; keeps its connections. */
    private static final class Reader implements TcpService
    {
        private final List<TcpConnection> connections = new ArrayList<>();
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);
        private boolean reading = true;

        @Override
        public void onAccepted(final TcpConnection connection)
        {
            connections.add(connection);
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
            while (reading && connection.read(buffer, 0, buffer.capacity()) > 0)
            {
                assertTrue(connection.id() > 0);
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

    private final Wire toA = new Wire();
    private final Wire toB = new Wire();
    private final Reader client = new Reader();
    private final Reader server = new Reader();
    private NetStack a;
    private final NetStack b;
    private long nowNs = 1_000_000_000L;

    IdleConnectionTest()
    {
        toA.other = toB;
        toB.other = toA;
        a = new NetStack(context(A), toA);
        b = new NetStack(context(B), toB);
        b.listen(IpAddress.ANY, 80, server);
    }

    private static StackContext context(final IpAddress address)
    {
        return new StackContext().address(address).seed(1).maxConnections(CONNECTIONS).synBacklog(4096)
            .poolBytes(64 << 20).conclude();
    }

    private void run(final long forNs)
    {
        final long untilNs = nowNs + forNs;
        while (nowNs < untilNs)
        {
            final int work = a.poll(nowNs) + b.poll(nowNs);
            final long nextNs = Math.min(a.nextDeadlineNs(), b.nextDeadlineNs());
            nowNs = work > 0 ? nowNs + 1_000 : Math.max(nowNs + 1_000, Math.min(untilNs, nextNs));
        }
    }

    private void open(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            a.connect(A, 0, B, 80, client, nowNs);
            if (i % AT_ONCE == AT_ONCE - 1 || i == count - 1)
            {
                run(1_000_000);
            }
        }
        run(1_000_000_000L);
        assertEquals(count, server.connections.size());
    }

    private static long heapBytes()
    {
        for (int i = 0; i < 3; i++)
        {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void shouldHoldLessThanAThousandBytesWhileItIsIdle()
    {
        final long before = heapBytes();
        open(CONNECTIONS);
        client.connections.clear();
        server.connections.clear();
        a = null;
        final long bytes = (heapBytes() - before) / CONNECTIONS;
        Reference.reachabilityFence(b);
        assertEquals(CONNECTIONS, b.connectionCount());
        assertTrue(bytes < LIMIT_BYTES, () -> bytes + " bytes for each idle connection; what has grown?");
    }

    @Test
    void shouldGiveBackWhatOnlyABusyConnectionNeeds() throws ReflectiveOperationException
    {
        open(1);
        final Tcb sender = ((Connection)client.connections.get(0)).tcb();
        final Tcb receiver = ((Connection)server.connections.get(0)).tcb();
        server.reading = false;
        toB.dropNext = 1;
        client.connections.get(0).write(server.buffer, 0, 10_000);
        a.poll(nowNs);
        b.poll(nowNs);
        assertNotNull(held(sender.sentLog, "board"), "something is outstanding");
        assertNotNull(held(receiver.receiveRing, "runs"), "something is out of order");
        assertTrue(sender.sendRing.heldBytes() > 0 && receiver.receiveRing.heldBytes() > 0);
        server.reading = true;
        run(5_000_000_000L);
        assertEquals(10_000, receiver.bytesIn);
        assertNull(held(sender.sentLog, "board"));
        assertNull(held(receiver.receiveRing, "runs"));
        server.onReadable(server.connections.get(0));
        assertEquals(0, sender.sendRing.heldBytes() + receiver.receiveRing.heldBytes());
    }

    private static Object held(final Object owner, final String name) throws ReflectiveOperationException
    {
        final Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    @Test
    void shouldKeepOnlySomeOfTheScoreboardsThatHaveGrownLarge()
    {
        final SpareScoreboards spare = new SpareScoreboards();
        final List<Scoreboard> taken = new ArrayList<>();
        for (int i = 0; i < 100; i++)
        {
            taken.add(spare.take());
            taken.get(i).grow(1024);
        }
        taken.forEach(spare::giveBack);
        assertEquals(64, spare.largeCount());
        assertEquals(1024, spare.take().length(), "a busy connection goes on with what it has grown to");
        assertEquals(63, spare.largeCount());
    }
}
