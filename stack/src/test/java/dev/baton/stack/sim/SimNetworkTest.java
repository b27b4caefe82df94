package dev.baton.stack.sim;

import dev.baton.stack.Packet;
import dev.baton.stack.ip.IcmpLimiter;
import dev.baton.stack.ip.IcmpResponder;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.IpInput;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.ip.LocalAddresses;
import dev.baton.stack.ip.Reassembler;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SimNetworkTest
{
    private static final IpAddress A4 = IpAddress.parse("10.0.0.1");
    private static final IpAddress B4 = IpAddress.parse("10.0.0.2");
    private static final IpAddress A6 = IpAddress.parse("fd00::1");
    private static final IpAddress B6 = IpAddress.parse("fd00::2");
    private static final long SECOND_NS = 1_000_000_000L;

    private final SimWorld world = new SimWorld(42);
    private final SimHost hostA = world.host("a");
    private final SimHost hostB = world.host("b");
    private final SimLink linkA = hostA.link(A4, A6);
    private final SimLink linkB = hostB.link(B4, B6);
    private final ProbeNode a = new ProbeNode(world, linkA);
    private final ProbeNode b = new ProbeNode(world, linkB);
    private final SimPath path = world.network().path(linkA, linkB);

    SimNetworkTest()
    {
        hostA.start(a);
        hostB.start(b);
    }

    @AfterEach
    void shouldGiveEveryBufferBack()
    {
        world.checkPoolBalance();
        hostA.crash();
        hostB.crash();
        world.checkPoolBalance();
    }

    @Test
    void shouldDeliverInOrderAfterTheDelay()
    {
        path.delay(1_000_000);
        a.send(A4, B4, 3, 10);
        a.send(A6, B6, 1, 10);
        world.run(SECOND_NS);
        assertEquals(List.of(0, 1, 2, 3), b.received);
        assertEquals(Collections.nCopies(4, 1_000_000L), b.receivedAtNs);
        assertEquals(0, world.packetsOut());
    }

    @Test
    void shouldCountAndTellOfPacketsForNobody()
    {
        final List<String> told = new ArrayList<>();
        world.network().onUnrouted((from, packet, nowNs) ->
            told.add(from.name() + " " + IpAddress.toString(packet.dstHi(), packet.dstLo())));
        a.send(A4, IpAddress.parse("10.0.0.9"), 1, 10);
        world.network().unroute(B6);
        a.send(A6, B6, 1, 10);
        assertEquals(List.of("a/0 10.0.0.9", "a/0 fd00::2"), told);
        assertEquals(2, world.network().dropped(DropReason.UNROUTED));
    }

    @Test
    void shouldMoveAnAddressToAnotherLink()
    {
        final SimLink linkC = world.host("c").link();
        world.network().route(B4, linkC);
        a.send(A4, B4, 1, 10);
        world.run(SECOND_NS);
        assertTrue(b.received.isEmpty());
        assertEquals(1, world.network().dropped(DropReason.HOST_DOWN));
    }

    @Test
    void shouldKeepTheOrderUnderJitter()
    {
        path.delay(1000, 1_000_000);
        a.send(A4, B4, 500, 10);
        world.run(SECOND_NS);
        assertEquals(500, b.received.size());
        for (int i = 0; i < 500; i++)
        {
            assertEquals(i, b.received.get(i));
        }
        assertTrue(new HashSet<>(b.receivedAtNs).size() > 3);
    }

    @Test
    void shouldLoseAboutAsManyAsAskedFor()
    {
        path.loss(0.1);
        sendPaced(5000);
        final long lost = path.dropped(DropReason.LOSS);
        assertTrue(lost > 400 && lost < 600, "lost " + lost);
        assertEquals(5000 - lost, b.received.size());
    }

    @Test
    void shouldLoseInBursts()
    {
        path.burstLoss(0.01, 0.1, 1);
        sendPaced(20_000);
        final long lost = path.dropped(DropReason.BURST);
        assertTrue(lost > 1000 && lost < 2800, "lost " + lost);
        int bursts = 0;
        for (int i = 1; i < b.received.size(); i++)
        {
            bursts += b.received.get(i) > b.received.get(i - 1) + 1 ? 1 : 0;
        }
        assertTrue(lost > 5L * bursts, lost + " lost in " + bursts + " bursts");
    }

    @Test
    void shouldReorderDuplicateAndCorrupt()
    {
        path.reorder(0.05, 300_000).duplicate(0.03).corrupt(0.02);
        sendPaced(5000);
        assertEquals(5000 + path.duplicated(), b.received.size());
        assertTrue(path.reordered() > 150 && path.reordered() < 400, "reordered " + path.reordered());
        assertTrue(path.duplicated() > 80 && path.duplicated() < 250, "duplicated " + path.duplicated());
        assertTrue(path.corrupted() > 40 && path.corrupted() < 200, "corrupted " + path.corrupted());
        int late = 0;
        for (int i = 1; i < b.received.size(); i++)
        {
            late += b.received.get(i) < b.received.get(i - 1) ? 1 : 0;
        }
        assertTrue(late > 100, "late " + late);
    }

    @Test
    void shouldLeaveCorruptionToBeFoundByTheChecksum()
    {
        linkA.offload(65535, true);
        linkB.offload(65535, true);
        path.corrupt(1);
        final Receiver receiver = new Receiver(B4);
        for (int i = 0; i < 200; i++)
        {
            a.sendOne(A4, B4, 50, 0);
        }
        world.run(SECOND_NS);
        for (final byte[] bytes : b.bytes)
        {
            assertFalse(receiver.accepts(bytes));
        }
        assertEquals(Collections.nCopies(200, Packet.CHECKSUM_COMPLETE), b.checksums, "the receiver has to verify");
    }

    @Test
    void shouldServeARateFromALimitedQueue()
    {
        path.delay(0).rate(8_000_000, 10_000);
        a.send(A4, B4, 20, 960);
        world.run(SECOND_NS);
        assertEquals(11, b.received.size(), "one on the wire and ten in the queue");
        assertEquals(1_000_000, b.receivedAtNs.get(0));
        assertEquals(11_000_000, b.receivedAtNs.get(10));
        assertEquals(9, path.dropped(DropReason.QUEUE_FULL));
    }

    @Test
    void shouldHoldAndReleaseInOrder()
    {
        path.hold();
        a.send(A4, B4, 5, 10);
        world.run(SECOND_NS);
        assertTrue(b.received.isEmpty());
        world.checkPoolBalance();
        assertEquals(5, world.packetsOut());
        path.release();
        world.run(2 * SECOND_NS);
        assertEquals(List.of(0, 1, 2, 3, 4), b.received);
    }

    @Test
    void shouldPartitionAndRepair()
    {
        world.network().partition(linkA, linkB);
        a.send(A4, B4, 3, 10);
        b.send(B4, A4, 2, 10);
        world.network().repair(linkA, linkB);
        a.send(A4, B4, 1, 10);
        world.run(SECOND_NS);
        assertEquals(List.of(3), b.received);
        assertTrue(a.received.isEmpty());
        assertEquals(5, world.network().dropped(DropReason.PARTITION));
    }

    @Test
    void shouldLoseThePacketsThatAFilterChooses()
    {
        path.filter(PacketFilter.dropNth(2, (packet) -> packet.version() == 6));
        a.send(A4, B4, 2, 10);
        a.send(A6, B6, 3, 10);
        world.run(SECOND_NS);
        assertEquals(List.of(0, 1, 2, 4), b.received);
        path.filter(PacketFilter.dropFirst(2, (packet) -> true));
        a.send(A4, B4, 3, 10);
        world.run(2 * SECOND_NS);
        assertEquals(List.of(0, 1, 2, 4, 7), b.received);
    }

    @Test
    void shouldCarryASuperSegmentWholeWhereNothingHappensToIt()
    {
        linkA.offload(65535, true);
        linkB.offload(65535, true);
        assertTrue(a.sendOne(A6, B6, 20_000, 1000));
        world.run(SECOND_NS);
        assertEquals(List.of(1000), b.gsoSizes);
        assertEquals(List.of(Packet.CHECKSUM_PARTIAL), b.checksums);
        assertEquals(20_060, b.bytes.get(0).length);
    }

    @Test
    void shouldSplitASuperSegmentBeforeFaultsHitIt()
    {
        linkA.offload(65535, true);
        linkB.offload(65535, true);
        path.filter(PacketFilter.dropNth(3, (packet) -> true));
        a.sendOne(A4, B4, 10_000, 1000);
        world.run(SECOND_NS);
        assertEquals(List.of(0, 1000, 3000, 4000, 5000, 6000, 7000, 8000, 9000), b.received);
        assertEquals(1, linkA.sent());
        final Receiver receiver = new Receiver(B4);
        b.bytes.forEach((bytes) -> assertTrue(receiver.accepts(bytes)));
    }

    @Test
    void shouldSplitForAReceiverThatTakesNoSuperSegments()
    {
        linkA.offload(65535, true);
        a.sendOne(A4, B4, 3000, 1000);
        a.sendOne(A4, B4, 100, 0);
        world.run(SECOND_NS);
        assertEquals(4, b.received.size());
        assertEquals(Collections.nCopies(4, Packet.CHECKSUM_COMPLETE), b.checksums);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldTellTheSenderThatAPacketIsTooBig(final int version)
    {
        final IpAddress src = version == 4 ? A4 : A6;
        final IpAddress dst = version == 4 ? B4 : B6;
        path.mtu(1300, true);
        a.send(src, dst, 1, 1400);
        a.send(src, dst, 1, 1000);
        world.run(SECOND_NS);
        assertEquals(List.of(1), b.received);
        assertEquals(1, path.dropped(DropReason.TOO_BIG));
        assertEquals(1, a.bytes.size());
        final List<String> errors = new Receiver(src).icmpErrors(a.bytes.get(0));
        assertEquals(List.of(version + " " + (version == 4 ? "3/4" : "2/0") + " mtu 1300 seq 0"), errors);
    }

    @Test
    void shouldSwallowWhatIsTooBigForABlackHole()
    {
        path.mtu(1300, false);
        a.send(A4, B4, 1, 1400);
        world.run(SECOND_NS);
        assertTrue(a.bytes.isEmpty() && b.bytes.isEmpty());
    }

    @Test
    void shouldShowTapsWholePacketsWithCompleteChecksums()
    {
        linkA.offload(65535, true);
        linkB.offload(65535, true);
        final List<String> seen = new ArrayList<>();
        final Receiver receiver = new Receiver(B4);
        world.network().tap((link, sent, packet, nowNs) ->
        {
            final byte[] bytes = new byte[packet.length()];
            packet.buffer().getBytes(packet.offset(), bytes);
            seen.add(link.name() + (sent ? " sent " : " got ") + packet.length() + " at " + nowNs);
            assertEquals(Packet.CHECKSUM_COMPLETE, packet.checksum());
            assertTrue(receiver.accepts(bytes));
        });
        a.sendOne(A4, B4, 5000, 1000);
        world.run(SECOND_NS);
        assertEquals(List.of("a/0 sent 5040 at 0", "b/0 got 5040 at 500000"), seen);
        assertEquals(List.of(Packet.CHECKSUM_PARTIAL), b.checksums, "what the host gets stays as it was");
    }

    @Test
    void shouldTellTapsOfLosses()
    {
        final List<DropReason> losses = new ArrayList<>();
        world.network().tap(new Tap()
        {
            @Override
            public void onPacket(final SimLink link, final boolean sent, final Packet packet, final long nowNs)
            {
                assertTrue(sent);
            }

            @Override
            public void onDropped(
                final SimLink from, final Packet packet, final DropReason reason, final long nowNs)
            {
                losses.add(reason);
            }
        });
        path.loss(1);
        a.send(A4, B4, 2, 10);
        world.run(SECOND_NS);
        assertEquals(List.of(DropReason.LOSS, DropReason.LOSS), losses);
    }

    @Test
    void shouldLetPacketsWaitForAPausedHost()
    {
        hostB.pause();
        linkB.inboxLimit(3);
        a.send(A4, B4, 5, 10);
        world.run(SECOND_NS);
        assertEquals(0, b.polls);
        hostB.resume();
        world.run(2 * SECOND_NS);
        assertEquals(List.of(0, 1, 2), b.received);
        assertEquals(2, world.network().dropped(DropReason.INBOX_FULL));
        assertEquals(SECOND_NS, b.receivedAtNs.get(0));
    }

    @Test
    void shouldLoseWhatACrashedHostHeldAndServeItsSuccessor()
    {
        hostB.pause();
        a.send(A4, B4, 2, 10);
        world.run(SECOND_NS);
        a.send(A4, B4, 1, 10);
        hostB.crash();
        world.run(2 * SECOND_NS);
        assertEquals(3, world.network().dropped(DropReason.HOST_DOWN));
        assertEquals(0, world.packetsOut());
        final ProbeNode successor = new ProbeNode(world, linkB);
        hostB.start(successor);
        a.send(A4, B4, 1, 10);
        world.run(3 * SECOND_NS);
        assertEquals(List.of(3), successor.received);
        assertTrue(b.received.isEmpty());
    }

    @Test
    void shouldStartPathsWithTheDefaults()
    {
        world.network().defaults().delay(7000).loss(0);
        final SimLink linkC = world.host("c").link(IpAddress.parse("10.0.0.3"));
        linkC.host().start(new ProbeNode(world, linkC));
        final ProbeNode c = new ProbeNode(world, linkC);
        c.send(IpAddress.parse("10.0.0.3"), B4, 1, 10);
        world.run(SECOND_NS);
        assertEquals(List.of(7000L), b.receivedAtNs);
    }

    @Test
    void shouldRefuseSettingsThatMakeNoSense()
    {
        assertThrows(IllegalArgumentException.class, () -> path.loss(1.1));
        assertThrows(IllegalArgumentException.class, () -> path.loss(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> path.delay(-1));
        assertThrows(IllegalArgumentException.class, () -> linkA.mtu(67));
        assertThrows(IllegalArgumentException.class, () -> linkA.offload(65535, false));
        final Packet nothing = new Packet().wrap(new UnsafeBuffer(new byte[99]), 64, 20, 0, 0);
        assertThrows(IllegalArgumentException.class, () -> linkA.transmit(nothing));
    }

    @Test
    void shouldGiveTheSameHistoryForTheSameSeedAndAnotherForAnother()
    {
        final long once = history(7);
        assertEquals(once, history(7));
        assertNotEquals(once, history(8));
    }

    private static long history(final long seed)
    {
        final SimWorld world = new SimWorld(seed);
        world.network().defaults().delay(1000, 5000).loss(0.05).reorder(0.1, 100_000).duplicate(0.05).corrupt(0.05)
            .burstLoss(0.01, 0.2, 0.8).rate(100_000_000, 100_000);
        final SimHost x = world.host("x");
        final SimHost y = world.host("y");
        final ProbeNode nodeX = new ProbeNode(world, x.link(A4));
        final ProbeNode nodeY = new ProbeNode(world, y.link(B4));
        x.start(nodeX);
        y.start(nodeY);
        for (int i = 0; i < 200; i++)
        {
            final int length = i;
            world.at(i * 10_000L, () ->
            {
                nodeX.send(A4, B4, 1, length);
                nodeY.send(B4, A4, 2, length);
            });
        }
        world.run(SECOND_NS);
        world.checkPoolBalance();
        assertTrue(world.random().draws() > 1000);
        return world.hash();
    }

    @Test
    void shouldLoseSomeBeforeTheQueueIsFull()
    {
        path.rate(8_000_000, 1_000_000).earlyDetection(2_000, 20_000, 0.5);
        for (int i = 0; i < 500; i++)
        {
            world.at(i * 20_000L, () -> a.send(A4, B4, 1, 100));
        }
        world.run(10 * SECOND_NS);
        assertEquals(0, path.dropped(DropReason.QUEUE_FULL));
        assertTrue(path.dropped(DropReason.QUEUE_EARLY) > 10, () -> "early: " + path.dropped(DropReason.QUEUE_EARLY));
        assertEquals(500, b.received.size() + path.dropped(DropReason.QUEUE_EARLY));
    }

    @Test
    void shouldMarkOnlyWhatIsEcnCapable()
    {
        path.markEcn(1);
        a.send(A4, B4, 1, 10);
        world.run(SECOND_NS);
        assertEquals(0, path.marked());
        final EcnMark mark = new EcnMark();
        for (final boolean v4 : new boolean[] {true, false})
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
            final Packet packet = new Packet().wrap(buffer, 0, 60, 0, Packet.CHECKSUM_COMPLETE);
            packet.l4(v4 ? 4 : 6, v4 ? 20 : 40, 6);
            buffer.putByte(0, (byte)(v4 ? 0x45 : 0x60));
            assertFalse(mark.mark(packet));
            buffer.putByte(1, (byte)(v4 ? 0x02 : 0x20));
            assertTrue(mark.mark(packet));
            assertEquals(v4 ? 0x03 : 0x30, buffer.getByte(1));
            assertTrue(!v4 || new Ip4Header().wrap(buffer, 0).checksumHolds());
        }
    }

    @Test
    void shouldSteerBeforeItRoutes()
    {
        world.network().steer((packet) -> packet.dstLo() == B4.lo() ? linkA.id() : Steering.NOWHERE);
        a.send(A4, B4, 1, 10);
        b.send(B6, A6, 1, 10);
        world.run(SECOND_NS);
        assertEquals(1, a.received.size());
        assertEquals(0, b.received.size());
        assertEquals(1, world.network().dropped(DropReason.UNROUTED));
        world.network().steer((packet) -> Steering.BY_ROUTE);
        a.send(A4, B4, 1, 10);
        world.run(2 * SECOND_NS);
        assertEquals(1, b.received.size());
    }

    @Test
    void shouldTellOfEveryEventAndCountNotedValues()
    {
        final int[] events = {0};
        world.afterEvent(() -> events[0]++);
        a.send(A4, B4, 3, 10);
        world.run(SECOND_NS);
        assertEquals(world.events(), events[0]);
        final long before = world.hash();
        world.note(1);
        assertNotEquals(before, world.hash());
    }

    private void sendPaced(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            world.at(i * 10_000L, () -> a.send(A4, B4, 1, 10));
        }
        world.run(count * 10_000L + SECOND_NS);
    }

    /** The IP layer of a host, to judge bytes of the wire. */
    private static final class Receiver
    {
        private final List<String> errors = new ArrayList<>();
        private final IpInput input;

        Receiver(final IpAddress address)
        {
            final LocalAddresses local = new LocalAddresses();
            local.add(address);
            final IpCounters counters = new IpCounters();
            final SimWorld elsewhere = new SimWorld(0);
            final IcmpResponder responder = new IcmpResponder(
                new IpOutput(elsewhere.host("nobody").link(), counters), new IcmpLimiter(), counters);
            input = new IpInput(local, responder, new Reassembler(responder, counters), counters);
            input.icmpErrorListener((version, type, code, mtu, lh, ll, lp, rh, rl, rp, seq, nowNs) ->
                errors.add(version + " " + type + "/" + code + " mtu " + mtu + " seq " + seq));
        }

        boolean accepts(final byte[] bytes)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + bytes.length]);
            buffer.putBytes(Packet.HEADROOM, bytes);
            return input.accept(new Packet().wrap(buffer, Packet.HEADROOM, bytes.length, 0, 0), 0);
        }

        List<String> icmpErrors(final byte[] bytes)
        {
            accepts(bytes);
            return errors;
        }
    }
}
