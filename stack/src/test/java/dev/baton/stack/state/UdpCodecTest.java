package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.ip.MtuDiscover;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.socket.Errno;
import dev.baton.stack.udp.Ucb;
import dev.baton.stack.udp.UdpHandle;
import dev.baton.stack.wire.IpAddress;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A UDP socket as a value. */
class UdpCodecTest
{
    private static final IpAddress CLIENT = IpAddress.parse("10.0.0.1");
    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
    private static final UdpService SILENT = (socket) -> {};

    private final SimWorld world = new SimWorld(3, 1_000_000_000L);
    private final SimLink clientLink = world.host("client").link(CLIENT);
    private final SimLink serverLink = world.host("server").link(SERVER);
    private final NetStack client = start(clientLink, CLIENT, 16 << 20);
    private final NetStack server = start(serverLink, SERVER, 16 << 20);
    private final ExpandableArrayBuffer image = new ExpandableArrayBuffer();
    private final UdpCodec codec = new UdpCodec();

    private static NetStack start(final SimLink link, final IpAddress address, final int poolBytes)
    {
        final NetStack stack = stack(link, address, poolBytes);
        link.host().start(stack);
        return stack;
    }

    private static NetStack stack(final SimLink link, final IpAddress address, final int poolBytes)
    {
        return new NetStack(new StackContext().seed(1).poolBytes(poolBytes).address(address)
            .sendBufferBytes(4096).receiveBufferBytes(4096).conclude(), link);
    }

    /** A shard that takes over; nothing is connected to it. */
    private NetStack other(final int poolBytes)
    {
        return stack(world.host("other" + poolBytes).link(), SERVER, poolBytes);
    }

    /** A socket with everything: options, a peer, datagrams, errors that wait. */
    private UdpSocket busy()
    {
        final UdpSocket socket = server.openUdp(IpFamily.DUAL, SILENT);
        socket.reuseAddress(true);
        socket.ttl(9);
        socket.tos(16);
        socket.mtuDiscovery(MtuDiscover.DO);
        socket.receiveBufferBytes(5000);
        socket.reportErrors(true);
        assertEquals(0, socket.bind(SERVER, 53));
        final UdpSocket peer = client.openUdp(IpFamily.V4, SILENT);
        assertEquals(0, peer.bind(CLIENT, 7777));
        assertEquals(0, socket.connect(CLIENT, 7777));
        for (final int length : new int[]{3, 0, 1200})
        {
            peer.sendTo(new UnsafeBuffer(new byte[1200]), 0, length, SERVER, 53);
        }
        socket.send(new UnsafeBuffer(new byte[1]), 0, 1);
        peer.close();
        world.run(world.nowNs() + 100_000_000L);
        assertEquals(3, socket.queued());
        assertTrue(socket.hasError());
        return socket;
    }

    private byte[] export(final UdpSocket socket)
    {
        final byte[] bytes = new byte[codec.export(socket, image, 0)];
        image.getBytes(0, bytes);
        return bytes;
    }

    private UdpSocket load(final NetStack stack, final byte[] bytes)
    {
        return codec.importSocket(stack, new UnsafeBuffer(bytes), 0, bytes.length, SILENT);
    }

    @Test
    void shouldBeTheSameImageAfterImport()
    {
        final byte[] first = export(busy());
        final NetStack other = other(1 << 20);
        assertArrayEquals(first, export(load(other, first)));
        assertEquals(1, other.udp().socketCount());
    }

    @Test
    void shouldGoOnInAnotherShard()
    {
        final UdpSocket socket = busy();
        final byte[] bytes = export(socket);
        socket.close();
        final UdpSocket moved = load(other(1 << 20), bytes);
        final UdpMessage message = new UdpMessage();
        final UnsafeBuffer data = new UnsafeBuffer(new byte[2000]);
        assertEquals(3, moved.receive(data, 0, 2000, message));
        assertEquals(7777, message.sourcePort);
        assertEquals(0, moved.receive(data, 0, 2000, message));
        assertEquals(1200, moved.receive(data, 0, 2000, message));
        assertEquals(Errno.ECONNREFUSED.result(), moved.takeError());
        final UdpError error = new UdpError();
        assertTrue(moved.takeQueuedError(error));
        assertEquals(7777, error.remotePort);
        assertEquals(53, moved.localPort());
        assertEquals(CLIENT, moved.remoteAddress());
        assertEquals(9, moved.ttl());
    }

    @Test
    void shouldCarryASocketThatHasNothing()
    {
        final UdpSocket socket = server.openUdp(IpFamily.V6, SILENT);
        final byte[] bytes = export(socket);
        final UdpSocket moved = load(other(1 << 20), bytes);
        assertEquals(0, moved.localPort());
        assertArrayEquals(bytes, export(moved));
    }

    @Test
    void shouldOweTheCallsThatWereOwed()
    {
        final UdpSocket socket = server.openUdp(IpFamily.V4, SILENT);
        socket.bind(SERVER, 53);
        final Ucb ucb = ((UdpHandle)socket).ucb();
        client.openUdp(IpFamily.V4, SILENT).sendTo(new UnsafeBuffer(new byte[1]), 0, 1, SERVER, 53);
        world.run(world.nowNs() + 100_000_000L);
        ucb.readableDue = true;
        final int[] calls = new int[1];
        final NetStack other = other(1 << 20);
        final byte[] bytes = export(socket);
        codec.importSocket(other, new UnsafeBuffer(bytes), 0, bytes.length, (moved) -> calls[0]++);
        other.poll(world.nowNs());
        assertEquals(1, calls[0]);
    }

    @Test
    void shouldKeepItsIdOrGetAFreshOne()
    {
        final UdpSocket socket = busy();
        final byte[] bytes = export(socket);
        final NetStack other = other(1 << 20);
        assertEquals(socket.id(), load(other, bytes).id());
        final NetStack used = other(2 << 20);
        final UdpSocket own = used.openUdp(IpFamily.V4, SILENT);
        assertTrue(load(used, bytes).id() > own.id());
    }

    /** Every field of a Ucb changes the image, or is on the list of those that need not. */
    @Test
    void shouldForgetNoField() throws ReflectiveOperationException
    {
        final Set<String> elsewhere = Set.of("queue", "errors", "handle", "service", "attachment", "ready",
            "previousById", "nextById", "family", "local", "remote");
        final Set<String> forgotten = new TreeSet<>();
        final UdpSocket socket = busy();
        final Ucb ucb = ((UdpHandle)socket).ucb();
        final byte[] before = export(socket);
        for (final Field field : Ucb.class.getDeclaredFields())
        {
            if (Modifier.isStatic(field.getModifiers()) || elsewhere.contains(field.getName()))
            {
                continue;
            }
            field.setAccessible(true);
            final Object value = field.get(ucb);
            field.set(ucb, value instanceof Boolean flag ? (Object)!flag :
                value instanceof Integer number ? (Object)(number + 1) : (Object)((Long)value + 1));
            if (Arrays.equals(before, export(socket)))
            {
                forgotten.add(field.getName());
            }
            field.set(ucb, value);
        }
        assertTrue(forgotten.isEmpty(), () -> "not in the image: " + forgotten);
        assertNotEquals(0, before.length);
    }

    private void refused(final String field, final Consumer<Ucb> damage)
    {
        final UdpSocket socket = busy();
        damage.accept(((UdpHandle)socket).ucb());
        final byte[] bytes = export(socket);
        final NetStack other = other(1 << 20);
        final StateException ex = assertThrows(StateException.class, () -> load(other, bytes));
        assertTrue(ex.getMessage().contains(field), ex.getMessage());
        assertEquals(0, other.udp().socketCount());
    }

    @Test
    void shouldRefuseATimeToLiveThatThereIsNot()
    {
        refused("ttl", (ucb) -> ucb.ttl = 256);
    }

    @Test
    void shouldRefuseAnUnknownWayOfMtuDiscovery()
    {
        refused("mtuDiscovery", (ucb) -> ucb.mtuDiscovery = 4);
    }

    @Test
    void shouldRefuseAnAddressThatIsNotOurs()
    {
        refused("local address", (ucb) -> ucb.local = CLIENT);
    }

    @Test
    void shouldRefuseAPeerWithoutAPort()
    {
        refused("remotePort", (ucb) -> ucb.remotePort = 0);
    }

    @Test
    void shouldRefuseAPortThatIsTaken()
    {
        final byte[] bytes = export(busy());
        final NetStack other = other(1 << 20);
        final UdpSocket holder = other.openUdp(IpFamily.V4, SILENT);
        assertEquals(0, holder.bind(SERVER, 53));
        final StateException ex = assertThrows(StateException.class, () -> load(other, bytes));
        assertTrue(ex.getMessage().contains("localPort"), ex.getMessage());
        assertEquals(1, other.udp().socketCount());
        final UdpSocket next = other.openUdp(IpFamily.V4, SILENT);
        assertEquals(holder.id() + 1, next.id(), "nothing has changed");
    }

    @Test
    void shouldRefuseWhatThePoolHasNoRoomFor()
    {
        final UdpSocket socket = server.openUdp(IpFamily.V4, SILENT);
        socket.bind(SERVER, 53);
        final UdpSocket peer = client.openUdp(IpFamily.V4, SILENT);
        for (int i = 0; i < 3; i++)
        {
            peer.sendTo(new UnsafeBuffer(new byte[1200]), 0, 1200, SERVER, 53);
        }
        world.run(world.nowNs() + 100_000_000L);
        final byte[] bytes = export(socket);
        final NetStack small = other(8192);
        final UdpSocket other = small.openUdp(IpFamily.V4, SILENT);
        other.bind(SERVER, 54);
        small.tcp().bufferPool().acquire(4096);
        small.tcp().bufferPool().acquire(4096);
        final StateException ex = assertThrows(StateException.class, () -> load(small, bytes));
        assertTrue(ex.getMessage().contains("poolBytes"), ex.getMessage());
        assertEquals(1, small.udp().socketCount());
    }

    @Test
    void shouldRefuseEveryRecordThatIsCutOff()
    {
        final byte[] bytes = export(busy());
        final NetStack other = other(1 << 20);
        for (int length = 0; length < bytes.length; length++)
        {
            final byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(StateException.class, () -> load(other, cut), "length " + length);
        }
        assertEquals(0, other.udp().socketCount());
        assertFalse(bytes.length > 1700, "no more than what it holds");
    }

    @Test
    void shouldRefuseOrTakeEveryRecordWithADamagedByte()
    {
        final byte[] bytes = export(busy());
        final NetStack other = other(1 << 20);
        for (int at = 0; at < 300; at++)
        {
            for (final int value : new int[]{0, 1, 0x7F, 0x80, 0xFF})
            {
                final byte[] damaged = bytes.clone();
                damaged[at] = (byte)value;
                try
                {
                    load(other, damaged).close();
                }
                catch (final StateException expected)
                {
                    assertFalse(expected.getMessage().isEmpty());
                }
            }
        }
        assertEquals(0, other.udp().socketCount());
        assertEquals(0, other.tcp().bufferPool().acquiredBytes());
    }

    @Test
    void shouldNotExportASocketThatIsClosed()
    {
        final UdpSocket socket = server.openUdp(IpFamily.V4, SILENT);
        socket.close();
        assertThrows(StateException.class, () -> codec.export(socket, image, 0));
    }
}
