package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.ShardRandom;
import dev.baton.stack.StackContext;
import dev.baton.stack.ip.FragmentIds;
import dev.baton.stack.ip.HostLimiter;
import dev.baton.stack.ip.IcmpLimiter;
import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.ip.PathMtu;
import dev.baton.stack.ip.Route;
import dev.baton.stack.ip.RouteKind;
import dev.baton.stack.ip.RouteTable;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Codecs of the IP layer: what goes in comes out, the same image again; and damage is refused before anything acts. */
class IpLayerCodecTest
{
    private static final long CUT_NS = 5_000;
    private static final long LATER_NS = 900_000_000_000L;
    private static final IpAddress HOST_4 = IpAddress.parse("10.0.0.1");
    private static final IpAddress PEER_4 = IpAddress.parse("10.0.0.9");
    private static final IpAddress HOST_6 = IpAddress.parse("fd00::1");
    private static final IpAddress PEER_6 = IpAddress.parse("fd00::9");

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    private byte[] bytes(final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    @Test
    void shouldCarryRoutes()
    {
        final RouteTable table = new RouteTable();
        table.remove(IpAddress.v4(0), 0, 0);
        table.add(new Route(IpAddress.parse("10.0.0.0"), 8, RouteKind.PROHIBIT, HOST_4, 1400, 9, 3));
        table.add(Route.to(IpAddress.parse("2001:db8::"), 32, RouteKind.BLACKHOLE));
        final RouteCodec codec = new RouteCodec();
        final byte[] image = bytes(codec.write(table, buffer, 0));
        final RouteTable other = new RouteTable();
        codec.read(new UnsafeBuffer(image), 0, image.length, other);
        assertEquals(table.list(), other.list());
        assertArrayEquals(image, bytes(codec.write(other, buffer, 0)));
        refuseCuts(image, (length) -> codec.read(new UnsafeBuffer(image), 0, length, other));
        assertEquals(table.list(), other.list());
        image[8 + 4 + 17] = 9;
        final StateException ex = assertThrows(
            StateException.class, () -> codec.read(new UnsafeBuffer(image), 0, image.length, other));
        assertTrue(ex.getMessage().contains("entries.kind"), ex.getMessage());
    }

    @Test
    void shouldCarryPathMtusWithTheTimeThatTheyHaveLeft()
    {
        final PathMtu cache = new PathMtu(8, 1000, 1);
        cache.lower(0, IpAddress.mapped(7), 1300, CUT_NS - 900);
        cache.lower(1, 2, 1280, CUT_NS);
        final PathMtuCodec codec = new PathMtuCodec();
        final byte[] image = bytes(codec.write(cache, CUT_NS, buffer, 0));
        final PathMtu other = new PathMtu(8, 1000, 99);
        codec.read(new UnsafeBuffer(image), 0, image.length, LATER_NS, other);
        assertEquals(1300, other.get(0, IpAddress.mapped(7)));
        assertEquals(LATER_NS + 100, other.nextDeadlineNs());
        assertArrayEquals(image, bytes(codec.write(other, LATER_NS, buffer, 0)));
        refuseCuts(image, (length) -> codec.read(new UnsafeBuffer(image), 0, length, LATER_NS, other));
        assertEquals(2, other.size());
        new UnsafeBuffer(image).putShort(8 + 4 + 26 + 16, (short)1279);
        assertThrows(StateException.class, () -> codec.read(new UnsafeBuffer(image), 0, image.length, 0, other));
        assertEquals(2, other.size(), "nothing acts before all is verified");
    }

    private static IcmpLimiter limiter(final long key)
    {
        return new IcmpLimiter(1000, 50, new HostLimiter(1_000_000_000L, key), new ShardRandom(key));
    }

    @Test
    void shouldCarryLimitsAndIdentifications()
    {
        final NetStack stack = stack(77);
        final IcmpLimiter limiter = stack.icmpLimiter();
        final FragmentIds ids = stack.ipOutput().ids();
        limiter.allow(CUT_NS - 7);
        limiter.hosts().put(1, 2, 3, CUT_NS - 4);
        limiter.hosts().put(0, 9, 5, CUT_NS - 6);
        ids.next(1, 2, 3, 4, 17);
        final LimiterCodec codec = new LimiterCodec();
        final byte[] image = bytes(codec.write(limiter, ids, CUT_NS, buffer, 0));
        final IcmpLimiter other = limiter(4);
        final FragmentIds otherIds = new FragmentIds(3);
        codec.read(new UnsafeBuffer(image), 0, image.length, LATER_NS, other, otherIds);
        assertEquals(limiter.creditNs(), other.creditNs());
        assertEquals(limiter.random().state(), other.random().state());
        assertArrayEquals(image, bytes(codec.write(other, otherIds, LATER_NS, buffer, 0)));
        refuseCuts(image, (length) -> codec.read(new UnsafeBuffer(image), 0, length, 0, other, otherIds));
    }

    private static NetStack stack(final long seed)
    {
        final StackContext context = new StackContext().seed(seed).address(HOST_4).address(HOST_6);
        return new NetStack(context.conclude(), new EmptyLink());
    }

    /** Half of each of two datagrams, one that is lost, and a lone last fragment. */
    private static void sendHalves(final NetStack stack)
    {
        accept(stack, fragment4(1, 0, true, 64));
        accept(stack, fragment6(2, 0, true, 64));
        accept(stack, fragment4(3, 64, false, 40));
        accept(stack, fragment4(4, 0, true, 64));
        accept(stack, fragment4(4, 8, true, 64));
    }

    private static boolean accept(final NetStack stack, final byte[] bytes)
    {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[Packet.HEADROOM + bytes.length]);
        packet.putBytes(Packet.HEADROOM, bytes);
        return stack.ipInput().accept(
            new Packet().wrap(packet, Packet.HEADROOM, bytes.length, 0, Packet.CHECKSUM_VERIFIED), CUT_NS);
    }

    private static byte[] fragment4(final int id, final int at, final boolean more, final int length)
    {
        final byte[] bytes = new byte[20 + length];
        Arrays.fill(bytes, 20, bytes.length, (byte)0x50);
        new Ip4Header().wrap(new UnsafeBuffer(bytes), 0)
            .encode(0, bytes.length, id, at >>> 3 | (more ? 0x2000 : 0), 64, 6, (int)PEER_4.lo(), (int)HOST_4.lo());
        return bytes;
    }

    private static byte[] fragment6(final int id, final int at, final boolean more, final int length)
    {
        final byte[] bytes = new byte[48 + length];
        Arrays.fill(bytes, 48, bytes.length, (byte)0x50);
        new Ip6Header().wrap(new UnsafeBuffer(bytes), 0)
            .encode(0, 0, 8 + length, 44, 64, PEER_6.hi(), PEER_6.lo(), HOST_6.hi(), HOST_6.lo());
        bytes[40] = 6;
        bytes[42] = (byte)(at >>> 8);
        bytes[43] = (byte)(at | (more ? 1 : 0));
        bytes[47] = (byte)id;
        return bytes;
    }

    @Test
    void shouldCarryHalfReassembledDatagramsThatThenBecomeWhole()
    {
        final NetStack stack = stack(1);
        sendHalves(stack);
        final ReassemblyCodec codec = new ReassemblyCodec();
        final byte[] image = bytes(codec.write(stack.reassembler(), CUT_NS, buffer, 0));
        final NetStack other = stack(2);
        codec.read(new UnsafeBuffer(image), 0, image.length, CUT_NS, other.reassembler());
        assertArrayEquals(image, bytes(codec.write(other.reassembler(), CUT_NS, buffer, 0)));
        assertEquals(stack.reassembler().nextDeadlineNs(), other.reassembler().nextDeadlineNs());
        for (final NetStack each : List.of(stack, other))
        {
            accept(each, fragment4(1, 64, false, 40));
            accept(each, fragment6(2, 64, false, 40));
            accept(each, fragment4(3, 0, true, 64));
            accept(each, fragment4(4, 64, false, 40));
            assertEquals(3, each.ipCounters().get(IpCounter.REASM_OKS), "the fourth had an overlap");
        }
        assertEquals(1, other.reassembler().waiting().size());
    }

    @Test
    void shouldRefuseDamagedFragments()
    {
        final NetStack stack = stack(1);
        sendHalves(stack);
        final ReassemblyCodec codec = new ReassemblyCodec();
        final byte[] image = bytes(codec.write(stack.reassembler(), CUT_NS, buffer, 0));
        final List<Integer> whole = new ArrayList<>(List.of(0));
        for (int at = 0; at < image.length; at += 4 + new UnsafeBuffer(image).getInt(at))
        {
            whole.add(at);
        }
        final NetStack other = stack(2);
        for (int length = 1; length < image.length; length++)
        {
            if (!whole.contains(length))
            {
                final int cut = length;
                assertThrows(StateException.class,
                    () -> codec.read(new UnsafeBuffer(image), 0, cut, CUT_NS, other.reassembler()), "cut at " + cut);
            }
        }
        assertTrue(other.reassembler().waiting().isEmpty());
        int refused = 0;
        for (int bit = 0; bit < image.length * 8; bit++)
        {
            final byte[] damaged = image.clone();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            final NetStack fresh = stack(2);
            try
            {
                codec.read(new UnsafeBuffer(damaged), 0, damaged.length, CUT_NS, fresh.reassembler());
                accept(fresh, fragment4(1, 64, false, 40));
                accept(fresh, fragment6(2, 64, false, 40));
                accept(fresh, fragment4(3, 0, true, 64));
                fresh.reassembler().expire(Long.MAX_VALUE);
            }
            catch (final StateException ex)
            {
                refused++;
                assertTrue(fresh.reassembler().waiting().isEmpty());
            }
        }
        assertTrue(refused > 500, "refused " + refused);
    }

    private static void refuseCuts(final byte[] image, final IntConsumer read)
    {
        for (int length = 0; length < image.length; length++)
        {
            final int cut = length;
            assertThrows(StateException.class, () -> read.accept(cut), "cut at " + cut);
        }
    }
}
