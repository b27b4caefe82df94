package dev.baton.stack.udp;

import com.sun.management.ThreadMXBean;
import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Sending, receiving and reading datagrams allocates nothing after warm-up. */
class UdpAllocationTest
{
    private static final IpAddress A = IpAddress.parse("10.0.0.1");
    private static final IpAddress B = IpAddress.parse("10.0.0.2");
    private static final int ROUNDS = 20_000;
    /** What the JVM itself may allocate on this thread meanwhile. */
    private static final long NOISE_BYTES = 64 * 1024;

    /** One packet at a time, from one end to the other. */
    private static final class Slot implements Link
    {
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
        private Slot other;
        private int length;

        @Override
        public boolean receive(final Packet packet)
        {
            if (length == 0)
            {
                return false;
            }
            packet.wrap(buffer, Packet.HEADROOM, length, 0, Packet.CHECKSUM_COMPLETE);
            length = 0;
            return true;
        }

        @Override
        public boolean transmit(final Packet packet)
        {
            other.buffer.putBytes(Packet.HEADROOM, packet.buffer(), packet.offset(), packet.length());
            other.length = packet.length();
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

    /** Reads what comes and sends it back to the peer that it is connected to. */
    private static final class Echo implements UdpService
    {
        private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[2048]);
        private final UdpMessage message = new UdpMessage();
        private long echoed;

        @Override
        public void onReadable(final UdpSocket socket)
        {
            final int count = socket.receive(bytes, 0, bytes.capacity(), message);
            socket.send(bytes, 0, count);
            echoed++;
        }
    }

    @Test
    void shouldAllocateNothingForADatagram()
    {
        final Slot linkA = new Slot();
        final Slot linkB = new Slot();
        linkA.other = linkB;
        linkB.other = linkA;
        final NetStack a = new NetStack(new StackContext().address(A).conclude(), linkA);
        final NetStack b = new NetStack(new StackContext().address(B).conclude(), linkB);
        final Echo echoA = new Echo();
        final Echo echoB = new Echo();
        final UdpSocket first = a.openUdp(IpFamily.V4, echoA);
        final UdpSocket second = b.openUdp(IpFamily.V4, echoB);
        assertEquals(0, first.bind(A, 1000));
        assertEquals(0, second.bind(B, 2000));
        assertEquals(0, first.connect(B, 2000));
        assertEquals(0, second.connect(A, 1000));
        first.send(new UnsafeBuffer(new byte[1000]), 0, 1000);
        run(a, b, 0);
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(a, b, ROUNDS);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(2 * ROUNDS, echoB.echoed);
        assertTrue(allocated < NOISE_BYTES, "allocated " + allocated + " bytes for " + 2 * ROUNDS + " datagrams");
    }

    private static void run(final NetStack a, final NetStack b, final long start)
    {
        for (long i = start; i < start + ROUNDS; i++)
        {
            b.poll(i);
            a.poll(i);
        }
    }
}
