package dev.baton.stack.state;

import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.state.codec.ShardStateEncoder;
import dev.baton.stack.wire.IpAddress;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Images of whole shards: what is refused, and that nothing has changed then. */
class ShardImageTest
{
    private static final long BUSY_NS = 60 * ShardWorld.MS_NS;

    private final ShardWorld world = new ShardWorld(1);

    private byte[] busy()
    {
        world.run(BUSY_NS);
        return world.server.image(world.world.nowNs());
    }

    private void importInto(final NetStack stack, final byte[] image, final int length)
    {
        new Snapshot(stack).importShard(
            new UnsafeBuffer(image), 0, length, world.world.nowNs() + world.server.skewNs, 0, world.server);
    }

    private static byte[] imageOf(final NetStack stack, final long nowNs)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length = new Snapshot(stack).exportShard(nowNs, buffer, 0);
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    /** Try an image that must be refused; the shard must be as it was before. */
    private StateException refused(final NetStack stack, final byte[] image, final int length)
    {
        final long nowNs = world.world.nowNs() + world.server.skewNs;
        final byte[] before = imageOf(stack, nowNs);
        final StateException refusal =
            assertThrows(StateException.class, () -> importInto(stack, image, length));
        assertArrayEquals(before, imageOf(stack, nowNs), "the shard after a refusal: " + refusal.getMessage());
        assertEquals(0, stack.tcp().bufferPool().acquiredBytes(), "buffers");
        return refusal;
    }

    private static void seal(final byte[] image)
    {
        final CRC32C crc = new CRC32C();
        final int at = ShardFrame.CHECKSUM_AT;
        crc.update(image, 0, at);
        crc.update(image, at + 4, image.length - at - 4);
        new UnsafeBuffer(image).putInt(at, (int)crc.getValue(), ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void shouldRefuseEveryTruncation()
    {
        final byte[] image = busy();
        final NetStack stack = world.server.newStack();
        for (int length = 0; length < image.length; length += length < 1000 ? 1 : 97)
        {
            refused(stack, image, length);
        }
    }

    @Test
    void shouldRefuseEveryBitFlip()
    {
        final byte[] image = busy();
        final NetStack stack = world.server.newStack();
        for (int at = 0; at < image.length; at += at < 400 ? 1 : 53)
        {
            final byte right = image[at];
            image[at] ^= (byte)(1 << at % 8);
            refused(stack, image, image.length);
            image[at] = right;
        }
        importInto(stack, image, image.length);
    }

    /** With the right checksum a changed record is refused, or it is the image of another shard, which works. */
    @Test
    void shouldRefuseOrKeepWhatWasChangedOnPurpose()
    {
        final byte[] image = busy();
        int refused = 0;
        int kept = 0;
        NetStack stack = world.server.newStack();
        for (int at = ShardFrame.FIRST_RECORD; at < image.length; at += at < 6000 ? 5 : 61)
        {
            final byte right = image[at];
            image[at] ^= (byte)(1 << at % 8);
            seal(image);
            try
            {
                importInto(stack, image, image.length);
                kept++;
                world.server.stack = stack;
                final byte[] again = world.server.image(world.world.nowNs());
                assertEquals(image.length, again.length, "changed at " + at);
                stack = world.server.newStack();
            }
            catch (final StateException ex)
            {
                refused++;
                assertEquals(0, stack.connectionCount() + stack.udp().socketCount(), ex.getMessage());
            }
            image[at] = right;
        }
        assertTrue(refused > 100 && kept > 100, "refused " + refused + ", kept " + kept);
    }

    @Test
    void shouldRefuseShardThatIsNotEmpty()
    {
        final byte[] image = busy();
        final NetStack listening = world.server.newStack();
        listening.listen(IpAddress.ANY, 99, world.server.service);
        assertEquals("listeners", refused(listening, image, image.length).field());
        final NetStack used = world.server.newStack();
        used.openUdp(IpFamily.DUAL, world.server.service);
        assertEquals("UDP sockets", refused(used, image, image.length).field());
    }

    private NetStack otherwise(final UnaryOperator<StackContext> settings, final String... addresses)
    {
        final SimHost host = new SimWorld(9).host("other");
        final Link link = host.link(IpAddress.parse("10.0.0.2"));
        final StackContext context = settings.apply(new StackContext().synBacklog(8).challengeAcksPerSecond(8)
            .sendBufferBytes(64 << 10).receiveBufferBytes(64 << 10).poolBytes(4 << 20).maxUdpSockets(16));
        context.handshake().maxPeers(64);
        for (final String address : addresses)
        {
            context.address(IpAddress.parse(address));
        }
        return new NetStack(context.conclude(), link);
    }

    @Test
    void shouldRefuseOtherConfigurationWithItsName()
    {
        final byte[] image = busy();
        final String[] own = {"10.0.0.2", "fd00::2"};
        assertEquals("timeWaitNs",
            refused(otherwise((context) -> context.timeWaitNs(1_000_000_000L), own), image, image.length).field());
        assertEquals("challengeAcksPerSecond",
            refused(otherwise((context) -> context.challengeAcksPerSecond(9), own), image, image.length).field());
        assertEquals("sack",
            refused(otherwise((context) -> context.sack(false), own), image, image.length).field());
        assertEquals("address 1",
            refused(otherwise(UnaryOperator.identity(), own[0]), image, image.length).field());
        assertEquals("address 0",
            refused(otherwise(UnaryOperator.identity(), own[1], own[0]), image, image.length).field());
        assertEquals("addresses", refused(
            otherwise(UnaryOperator.identity(), own[0], own[1], "10.0.0.3"), image, image.length).field());
        final NetStack same = otherwise(UnaryOperator.identity(), own);
        importInto(same, image, image.length);
        assertTrue(same.connectionCount() > 0, "connections");
    }

    @Test
    void shouldRefuseWhereThereIsNoRoom()
    {
        final byte[] image = busy();
        final String[] own = {"10.0.0.2", "fd00::2"};
        refused(otherwise((context) -> context.maxUdpSockets(1), own), image, image.length);
        refused(otherwise((context) -> context.maxConnections(1), own), image, image.length);
    }

    @Test
    void shouldRefuseWhenAServiceIsMissing()
    {
        final byte[] image = busy();
        final NetStack stack = world.server.newStack();
        final MovingHost all = world.server;
        final ShardServices none = new ShardServices()
        {
            @Override
            public TcpService serviceFor(final Flow flow, final boolean passive)
            {
                return all.service;
            }

            @Override
            public TcpService listenerFor(final IpAddress address, final int port)
            {
                return port == ShardWorld.QUEUED_PORT ? null : all.service;
            }

            @Override
            public UdpService socketFor(final IpAddress address, final int port)
            {
                return all.service;
            }
        };
        final StateException refusal = assertThrows(StateException.class, () -> new Snapshot(stack).importShard(
            new UnsafeBuffer(image), 0, image.length, world.world.nowNs(), 0, none));
        assertEquals("listener", refusal.field());
        assertTrue(refusal.getMessage().contains("start the service first"), refusal.getMessage());
        assertEquals(0, stack.tcp().transfers().listenerCount());
    }

    @Test
    void shouldRefuseIdsThatWouldBeGivenTwice()
    {
        final byte[] image = busy();
        final UnsafeBuffer buffer = new UnsafeBuffer(image);
        final long nextId = world.server.stack.tcp().transfers().nextId();
        int at = ShardFrame.FIRST_RECORD;
        while (buffer.getShort(at + 6, ByteOrder.LITTLE_ENDIAN) != ShardStateEncoder.TEMPLATE_ID)
        {
            at += 4 + buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
        }
        final int field = at + 12 + ShardStateEncoder.nextIdEncodingOffset();
        assertEquals(nextId, buffer.getLong(field, ByteOrder.LITTLE_ENDIAN));
        buffer.putLong(field, 1, ByteOrder.LITTLE_ENDIAN);
        seal(image);
        assertEquals("nextId", refused(world.server.newStack(), image, image.length).field());
    }
}
