package dev.baton.stack.ip;

import com.sun.management.ThreadMXBean;
import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

import static dev.baton.stack.ip.TestPackets.pattern;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The packet path allocates nothing, errors and fragments included. */
class IpAllocationTest
{
    private static final int ROUNDS = 5_000;

    @Test
    void shouldNotAllocatePerPacket()
    {
        final IpCounters counters = new IpCounters();
        final LocalAddresses local = new LocalAddresses();
        local.add(TestPackets.HOST_4);
        local.add(TestPackets.HOST_6);
        final IpOutput output = new IpOutput(new NullLink(), counters);
        final IcmpResponder responder = new IcmpResponder(output, new IcmpLimiter(1_000_000, 1_000_000), counters);
        final IpInput input = new IpInput(local, responder, new Reassembler(responder, counters), counters);
        final byte[][] packets = packets();
        final Packet[] receive = new Packet[packets.length];
        for (int i = 0; i < packets.length; i++)
        {
            receive[i] = TestPackets.packet(packets[i]);
        }
        final Packet packet = new Packet();
        for (int i = 0; i < ROUNDS; i++)
        {
            feed(input, receive, packets, packet);
        }
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++)
        {
            feed(input, receive, packets, packet);
        }
        final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < ROUNDS, bytes + " bytes allocated for " + ROUNDS * packets.length + " packets");
        assertTrue(counters.get(IpCounter.REASM_OKS) >= 2 * ROUNDS);
        assertTrue(counters.get(IpCounter.ICMP_OUT_ECHO_REPS) >= 2 * ROUNDS);
    }

    private static void feed(
        final IpInput input, final Packet[] receive, final byte[][] packets, final Packet packet)
    {
        for (int i = 0; i < receive.length; i++)
        {
            packet.wrap(receive[i].buffer(), Packet.HEADROOM, packets[i].length, 0, Packet.CHECKSUM_COMPLETE);
            input.accept(packet, 0);
        }
    }

    private static byte[][] packets()
    {
        final byte[] segment = TestPackets.tcp(4, 1, 16, pattern(100));
        final byte[] segment6 = TestPackets.tcp(6, 1, 16, pattern(100));
        return new byte[][] {
            TestPackets.tcpPacket(4, pattern(500)),
            TestPackets.tcpPacket(6, pattern(500)),
            TestPackets.echo(4, pattern(50)),
            TestPackets.echo(6, pattern(50)),
            TestPackets.ip(4, 17, TestPackets.udp(4, pattern(50), true)),
            TestPackets.fragment(4, 1, 6, 0, true, Arrays.copyOf(segment, 64)),
            TestPackets.fragment(4, 1, 6, 64, false, Arrays.copyOfRange(segment, 64, 120)),
            TestPackets.fragment(6, 1, 6, 0, true, Arrays.copyOf(segment6, 64)),
            TestPackets.fragment(6, 1, 6, 64, false, Arrays.copyOfRange(segment6, 64, 120)),
        };
    }

    private static final class NullLink implements Link
    {
        @Override
        public boolean receive(final Packet packet)
        {
            return false;
        }

        @Override
        public boolean transmit(final Packet packet)
        {
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
