package dev.baton.tun;

import com.sun.management.ThreadMXBean;
import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Tag("tun")
@Timeout(60)
class TunQueueTest
{
    private static final int EIO = 5;
    private static final long WAIT_NS = 50_000_000;
    private static final int MAX_WAITS = 200;
    private static final int PAYLOAD_OFFSET = Packets.OFFSET + 40;

    private final Packet packet = new Packet();
    private final IcmpHeader icmp = new IcmpHeader();
    private final Ip4Header ip = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();

    @ParameterizedTest
    @ValueSource(strings = {"multi_queue vnet_hdr", "vnet_hdr", ""})
    void shouldAnswerPingOfTheKernel(final String flags) throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", flags);
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0"));
                Waiter waiter = new Waiter(device.queue(0)))
            {
                final TunQueue queue = device.queue(0);
                NetNs.awaitLink("t0");
                final Process ping = NetNs.start("ping -c 3 -i 0.2 -W 5 198.18.0.2");
                ping.onExit().thenRun(waiter::wake);
                for (int i = 0; i < MAX_WAITS && ping.isAlive(); i++)
                {
                    while (queue.receive(packet))
                    {
                        answer(queue);
                    }
                    waiter.await(WAIT_NS);
                }
                final String output = new String(ping.getInputStream().readAllBytes());
                assertTrue(output.contains("3 received"), output);
                assertEquals(3, queue.counters().txPackets());
                assertEquals(3 * 84, queue.counters().txBytes());
                assertEquals(queue.counters().rxPackets() * 84, queue.counters().rxBytes());
                assertEquals(0, queue.counters().txCopies());
            }
        });
    }

    @Test
    void shouldAnswerPingOfTheKernelOverIp6() throws Exception
    {
        NetNs.run(() ->
        {
            device6();
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0"));
                Waiter waiter = new Waiter(device.queue(0)))
            {
                NetNs.awaitLink("t0");
                final Process ping = NetNs.start("ping -6 -c 2 -i 0.2 -W 5 fd00::2");
                ping.onExit().thenRun(waiter::wake);
                for (int i = 0; i < MAX_WAITS && ping.isAlive(); i++)
                {
                    while (device.queue(0).receive(packet))
                    {
                        answer6(device.queue(0));
                    }
                    waiter.await(WAIT_NS);
                }
                final String output = new String(ping.getInputStream().readAllBytes());
                assertTrue(output.contains("2 received"), output);
            }
        });
    }

    @Test
    void shouldHaveTheKernelSegmentAndChecksumForAnotherDeviceOverIp6() throws Exception
    {
        forwarded(TunConfig.attach("t1").withoutOffload(), queue ->
        {
            for (int i = 0; i < 3; i++)
            {
                assertTrue(i == 0 || receiveTcp6(queue), "segment " + i);
                final int l4Length = packet.length() - Ip6Header.LENGTH;
                assertEquals(TcpHeader.LENGTH + (i < 2 ? 1440 : 1439), l4Length);
                assertEquals(0, packet.gsoSize());
                final int from = packet.offset();
                final long sum = Checksum.pseudoHeader(
                    packet.buffer(), from + Ip6Header.SRC_OFFSET, 32, TcpHeader.PROTOCOL, l4Length);
                final int l4 = from + Ip6Header.LENGTH;
                assertEquals(0, Checksum.finish(sum + Checksum.sum(packet.buffer(), l4, l4Length)), "checksum " + i);
            }
            assertFalse(receiveTcp6(queue));
        });
    }

    @Test
    void shouldReadSuperSegmentOverIp6() throws Exception
    {
        forwarded(TunConfig.attach("t1"), queue ->
        {
            assertEquals(1440, packet.gsoSize());
            assertEquals(60 + 3 * 1440 - 1, packet.length());
            assertEquals(Packet.CHECKSUM_PARTIAL, packet.checksum());
            assertFalse(receiveTcp6(queue));
        });
    }

    @Test
    void shouldReadSuperSegmentOfTheKernel() throws Exception
    {
        connected((queue, peer, client, buffer) ->
        {
            final byte[] data = bytes(64 * 1024);
            assertTrue(client.write(ByteBuffer.wrap(data)) > 10 * TinyPeer.MSS);

            final Packet segment = peer.awaitSegment(TcpHeader.ACK);

            assertEquals(TinyPeer.MSS, segment.gsoSize());
            assertTrue(segment.length() > queue.mtu(), () -> segment.length() + " bytes");
            assertEquals(Packet.CHECKSUM_PARTIAL, segment.checksum());
            assertTrue(segment.offset() >= Packet.HEADROOM);
            assertEquals(segment.length(), ip.wrap(segment.buffer(), segment.offset()).totalLength());
            final byte[] payload = new byte[segment.length() - 40];
            segment.buffer().getBytes(segment.offset() + 40, payload);
            assertArrayEquals(Arrays.copyOf(data, payload.length), payload);
            assertTrue(queue.counters().rxSupers() >= 1);
        });
    }

    @Test
    void shouldWriteSuperSegmentThatTheKernelTakesApartAndReads() throws Exception
    {
        connected((queue, peer, client, buffer) ->
        {
            final byte[] data = bytes(40 * TinyPeer.MSS + 17);
            buffer.putBytes(PAYLOAD_OFFSET, data);

            assertTrue(queue.transmit(peer.data(data.length).gsoSize(TinyPeer.MSS)));

            assertArrayEquals(data, read(client, data.length));
            assertEquals(1, queue.counters().txSupers());
            assertEquals(0, queue.counters().txCopies());
        });
    }

    @Test
    void shouldCopyWhatIsOnTheHeapOrHasNoHeadroom() throws Exception
    {
        connected((queue, peer, client, buffer) ->
        {
            final byte[] data = bytes(777);
            buffer.putBytes(PAYLOAD_OFFSET, data);
            final Packet direct = peer.data(data.length);
            final MutableDirectBuffer heap = new ExpandableArrayBuffer();
            heap.putBytes(Packet.HEADROOM, buffer, direct.offset(), direct.length());
            assertTrue(queue.transmit(at(heap, Packet.HEADROOM, direct.length())));
            assertArrayEquals(data, read(client, data.length));
            assertEquals(1, queue.counters().txCopies());

            final MutableDirectBuffer tight = new UnsafeBuffer(ByteBuffer.allocateDirect(direct.length()));
            tight.putBytes(0, buffer, direct.offset(), direct.length());
            assertTrue(queue.transmit(at(tight, 0, direct.length())));
            assertEquals(2, queue.counters().txCopies());
            assertEquals(0, queue.counters().txSupers());
        });
    }

    @Test
    void shouldRefuseWhatNeedsAHeaderOnADeviceWithoutOne() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0")))
            {
                final TunQueue queue = device.queue(0);
                assertFalse(queue.transmit(segment(100)));
                assertFalse(queue.transmit(segment(0).length(0)));
                assertFalse(queue.transmit(segment(0).length(65536).checksum(Packet.CHECKSUM_COMPLETE)));
                assertEquals(3, queue.counters().txRefused());
                assertEquals(0, queue.counters().errors());
                assertTrue(queue.transmit(segment(100).checksum(Packet.CHECKSUM_COMPLETE)));
                assertEquals(1, queue.counters().txPackets());
            }
        });
    }

    @Test
    void shouldNeverReadBeyondTheBufferOfAPacket() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0")))
            {
                final Packet wrong = segment(100).length(4000);
                assertThrows(IndexOutOfBoundsException.class, () -> device.queue(0).transmit(wrong));
                assertEquals(0, device.queue(0).counters().txPackets());
            }
        });
    }

    @Test
    void shouldCountWritesToADeviceThatIsDownAndGoOnWhenItIsUp() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0")))
            {
                final TunQueue queue = device.queue(0);
                NetNs.sh("ip link set dev t0 down");
                assertFalse(queue.transmit(segment(100)));
                assertFalse(queue.receive(packet));
                assertEquals(1, queue.counters().errors());
                assertEquals(1, queue.counters().errors(EIO));
                assertNull(queue.failure());
                NetNs.sh("ip link set dev t0 up");
                assertTrue(queue.transmit(segment(100)));
            }
        });
    }

    @Test
    void shouldExposeThatTheDeviceWasDeletedWhileOpen() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0"));
                Waiter waiter = new Waiter(device.queue(0)))
            {
                final TunQueue queue = device.queue(0);
                assertFalse(queue.receive(packet));
                assertNull(queue.failure());
                NetNs.sh("ip link del dev t0");

                assertEquals(Waiter.READY, waiter.await(WAIT_NS), "the deletion is reported");
                assertFalse(queue.receive(packet));
                final TunException failure = queue.failure();
                assertNotNull(failure);
                assertEquals("EBADFD", failure.errnoName());
                assertEquals(1, queue.counters().errors(TunErrors.EBADFD));
                assertFalse(queue.transmit(segment(100)));
                assertFalse(queue.receive(packet));
                assertEquals(1, queue.counters().errors(), "the kernel is asked no more");
                assertEquals(Waiter.TIMEOUT, waiter.await(1_000_000), "the deletion is reported once");
            }
        });
    }

    @Test
    void shouldDoNothingAfterClose() throws Exception
    {
        NetNs.run(() ->
        {
            final TunDevice device = TunDevice.open(TunConfig.create("t0"));
            device.close();
            device.close();
            assertFalse(device.queue(0).receive(packet));
            assertFalse(device.queue(0).transmit(segment(100)));
            assertEquals(0, device.queue(0).counters().errors());
        });
    }

    @Test
    void shouldNotAllocateOnThePacketPath() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0"));
                Waiter waiter = new Waiter(device.queue(0)))
            {
                final TunQueue queue = device.queue(0);
                final Packet out = segment(1000);
                final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
                final int rounds = 20_000;
                pass(queue, waiter, out, rounds);
                final long before = threads.getCurrentThreadAllocatedBytes();
                pass(queue, waiter, out, rounds);
                final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
                assertTrue(bytes < rounds, () -> bytes + " bytes in " + rounds + " rounds");
                assertEquals(2 * rounds, queue.counters().txPackets());
            }
        });
    }

    @FunctionalInterface
    private interface Conversation
    {
        void run(TunQueue queue, TinyPeer peer, SocketChannel client, MutableDirectBuffer buffer) throws Exception;
    }

    @FunctionalInterface
    private interface Outcome
    {
        void check(TunQueue queue);
    }

    private static void connected(final Conversation conversation) throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(Packets.OFFSET + 65536));
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0"));
                Waiter waiter = new Waiter(device.queue(0)))
            {
                final TinyPeer peer = new TinyPeer(device.queue(0), waiter, buffer);
                try (SocketChannel client = peer.connect())
                {
                    conversation.run(device.queue(0), peer, client, buffer);
                }
            }
        });
    }

    private static void pass(final TunQueue queue, final Waiter waiter, final Packet out, final int rounds)
    {
        final Packet in = new Packet();
        for (int i = 0; i < rounds; i++)
        {
            queue.transmit(out);
            queue.receive(in);
            waiter.wake();
            waiter.await(0);
            waiter.await(0);
        }
    }

    private void answer(final TunQueue queue)
    {
        final MutableDirectBuffer buffer = packet.buffer();
        final int l4 = packet.offset() + Ip4Header.LENGTH;
        ip.wrap(buffer, packet.offset());
        icmp.wrap(buffer, l4);
        assertEquals(4, ip.version());
        assertEquals(IcmpHeader.ECHO_REQUEST, icmp.type());
        assertEquals(Packet.CHECKSUM_COMPLETE, packet.checksum());
        assertEquals(0, Checksum.finish(Checksum.sum(buffer, l4, packet.length() - Ip4Header.LENGTH)));
        ip.src(Packets.OURS).dst(Packets.KERNEL).computeChecksum();
        icmp.typeAndCode(IcmpHeader.ECHO_REPLY, 0)
            .checksum(Checksum.update(icmp.checksum(), IcmpHeader.ECHO_REQUEST << 8, IcmpHeader.ECHO_REPLY << 8));
        assertTrue(queue.transmit(packet));
    }

    private static Packet at(final MutableDirectBuffer buffer, final int offset, final int length)
    {
        return new Packet().wrap(buffer, offset, length, TinyPeer.MSS, Packet.CHECKSUM_PARTIAL)
            .l4(4, offset + Ip4Header.LENGTH, TcpHeader.PROTOCOL);
    }

    /** Neighbours are not asked for on a TUN; what else the kernel says unasked is passed over. */
    private void answer6(final TunQueue queue)
    {
        final int l4 = packet.offset() + Ip6Header.LENGTH;
        ip6.wrap(packet.buffer(), packet.offset());
        icmp.wrap(packet.buffer(), l4);
        if (ip6.nextHeader() == IcmpHeader.PROTOCOL_V6 && icmp.type() == IcmpHeader.ECHO_REQUEST_V6)
        {
            ip6.src(Packets.NET6, 2).dst(Packets.NET6, 1);
            final int change = IcmpHeader.ECHO_REPLY_V6 << 8;
            icmp.typeAndCode(IcmpHeader.ECHO_REPLY_V6, 0)
                .checksum(Checksum.update(icmp.checksum(), IcmpHeader.ECHO_REQUEST_V6 << 8, change));
            assertTrue(queue.transmit(packet.l4(6, l4, IcmpHeader.PROTOCOL_V6)));
        }
    }

    /** The next TCP segment that is there; what the kernel says unasked is passed over. */
    private boolean receiveTcp6(final TunQueue queue)
    {
        while (queue.receive(packet))
        {
            if (ip6.wrap(packet.buffer(), packet.offset()).nextHeader() == TcpHeader.PROTOCOL)
            {
                return true;
            }
        }
        return false;
    }

    private static void device6() throws Exception
    {
        NetNs.sh("ip tuntap add dev t0 mode tun multi_queue vnet_hdr; ip -6 addr add fd00::1/64 dev t0 nodad;" +
            " ip link set dev t0 up");
    }

    /** A super-segment of three goes in at t0, and through the kernel to the given end at t1, where the first is read. */
    private void forwarded(final TunConfig config, final Outcome outcome) throws Exception
    {
        NetNs.run(() ->
        {
            device6();
            NetNs.sh("sysctl -qw net.ipv6.conf.all.forwarding=1; ip tuntap add dev t1 mode tun vnet_hdr;" +
                " sysctl -qw net.ipv6.conf.t1.addr_gen_mode=1; ip link set dev t1 up; ip -6 route add fd01::/64 dev t1");
            try (TunDevice in = TunDevice.open(TunConfig.attach("t0"));
                TunDevice out = TunDevice.open(config);
                Waiter waiter = new Waiter(out.queue(0)))
            {
                final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(Packets.OFFSET + 8192));
                final Packet segment = Packets.tcp6(buffer, TcpHeader.ACK, 3 * 1440 - 1).gsoSize(1440);
                NetNs.awaitLink("t1");
                assertTrue(in.queue(0).transmit(segment));
                boolean passed = false;
                for (int i = 0; i < MAX_WAITS && !passed; i++)
                {
                    waiter.await(WAIT_NS);
                    passed = receiveTcp6(out.queue(0));
                }
                assertTrue(passed, "no segment came through");
                outcome.check(out.queue(0));
            }
        });
    }

    private static Packet segment(final int payloadLength)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(Packets.OFFSET + 2048));
        return Packets.tcp4(buffer, 1 << 16 | 2, 0, 0, TcpHeader.RST, TcpHeader.LENGTH, payloadLength);
    }

    private static byte[] bytes(final int length)
    {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(i * 31 + (i >> 8));
        }
        return bytes;
    }

    private static byte[] read(final SocketChannel client, final int length) throws Exception
    {
        final ByteBuffer bytes = ByteBuffer.allocate(length);
        client.configureBlocking(true);
        while (bytes.hasRemaining() && client.read(bytes) >= 0)
        {
            Thread.onSpinWait();
        }
        return bytes.array();
    }
}
