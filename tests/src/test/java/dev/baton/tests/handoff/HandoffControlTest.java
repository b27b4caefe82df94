package dev.baton.tests.handoff;

import dev.baton.handoff.codec.CommitEncoder;
import dev.baton.handoff.codec.EntryState;
import dev.baton.handoff.codec.Flag;
import dev.baton.handoff.codec.HandoffAckEncoder;
import dev.baton.handoff.codec.HandoffRequestEncoder;
import dev.baton.handoff.codec.InventoryEncoder;
import dev.baton.handoff.codec.MessageHeaderEncoder;
import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.sim.FrameFaults;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static dev.baton.tests.handoff.PatternClient.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Control frames that are damaged, out of turn, or from a peer that lies: nothing that is not their own may change. */
final class HandoffControlTest
{
    private static final int BODY = MessageHeaderEncoder.ENCODED_LENGTH;

    private static void assertNothingLeft(final HandoffWorld cluster)
    {
        cluster.runMs(100_000);
        assertEquals(List.of(), cluster.speaker.violations);
        assertTrue(cluster.idle(), () -> cluster.census("front") + cluster.census("back1"));
        cluster.everyNode(node ->
        {
            assertEquals(0, node.stack.connectionCount(), node.name);
            assertEquals(0, node.stack.counters().get(StackCounter.MODULE_FAULTS), () -> cluster.logs.toString());
            assertEquals(1, node.stack.chain().modules().size());
        });
    }

    private static void assertNextRequestWorks(final HandoffWorld cluster)
    {
        final long before = cluster.counter("front", "handoffs");
        final PatternClient next = cluster.get(false, request("back1", 5000, true), 5000);
        assertTrue(cluster.runUntilClosed(next, 60) && next.complete());
        assertEquals(before + 1, cluster.counter("front", "handoffs"), () -> cluster.census("front"));
    }

    /** One frame of every kind that is seen on the channel of a cluster in which things go well, badly and not at all. */
    private static Map<Integer, UnsafeBuffer> everyKind()
    {
        final Map<Integer, UnsafeBuffer> kinds = new TreeMap<>();
        for (final int lost : new int[] {0, 11, 13})
        {
            final HandoffWorld cluster = new HandoffWorld(800, 1)
                .setting("timeout.commit.ms", "400").setting("timeout.prepared.ms", "401").start();
            Frames.watch(cluster, 1, lost, frame -> kinds.merge(
                Frames.kind(frame), frame, (known, fresh) -> fresh.capacity() > known.capacity() ? fresh : known));
            Frames.deliver(cluster, "back1", "front", Frames.commit(5));
            cluster.get(false, request("back1", 100, true), 100);
            if (lost == 0)
            {
                cluster.runMs(50);
                cluster.get(false, request("back1", 100, false), 100);
                cluster.runMs(35_000);
                cluster.back(1).stack.unlisten(cluster.back(1).listener);
                cluster.get(false, request("back1", 100, true), 100);
            }
            cluster.runMs(3_000);
        }
        return kinds;
    }

    @Test
    void shouldCountFramesThatAreCutAndChangeNothing()
    {
        final Map<Integer, UnsafeBuffer> kinds = everyKind();
        assertEquals("[10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]", kinds.keySet().toString());
        final HandoffWorld cluster = new HandoffWorld(801, 1).start();
        for (final UnsafeBuffer frame : kinds.values())
        {
            for (int length = 0; length < frame.capacity(); length++)
            {
                for (final String[] way : new String[][] {{"front", "back1"}, {"back1", "front"}})
                {
                    final long bad = cluster.counter(way[0], "bad_frames");
                    cluster.nodes.get(way[0]).plane.forge(way[1], frame, length);
                    Frames.poll(cluster, way[0]);
                    final String what = "kind " + Frames.kind(frame) + " cut to " + length + " at " + way[0];
                    assertEquals(bad + 1, cluster.counter(way[0], "bad_frames"), what);
                    assertEquals(0, cluster.nodes.get(way[0]).module().liveEntries(), what);
                }
            }
        }
        assertNextRequestWorks(cluster);
        assertNothingLeft(cluster);
    }

    @Test
    void shouldReadNothingBehindAFrameWhateverLengthsItStates()
    {
        final HandoffWorld cluster = new HandoffWorld(802, 1).start();
        final UnsafeBuffer commit = Frames.commit(5);
        commit.putShort(0, (short)(CommitEncoder.BLOCK_LENGTH - 1), ByteOrder.LITTLE_ENDIAN);
        final UnsafeBuffer inventory = new UnsafeBuffer(new byte[BODY + 7]);
        new InventoryEncoder().wrapAndApplyHeader(inventory, 0, new MessageHeaderEncoder())
            .part(0).last(Flag.YES).entriesCount(0);
        for (final int[] group : new int[][] {{0, 9}, {13, 1}, {12, 0}, {65535, 65535}})
        {
            final UnsafeBuffer changed = Frames.copy(inventory, 0, inventory.capacity());
            changed.putShort(BODY + 3, (short)group[0], ByteOrder.LITTLE_ENDIAN);
            changed.putShort(BODY + 5, (short)group[1], ByteOrder.LITTLE_ENDIAN);
            Frames.deliver(cluster, "back1", "front", changed);
        }
        Frames.deliver(cluster, "back1", "front", commit);
        assertEquals(5, cluster.counter("back1", "bad_frames"));
        Frames.deliver(cluster, "back1", "front", inventory);
        assertEquals(5, cluster.counter("back1", "bad_frames"));
        assertNextRequestWorks(cluster);
    }

    /** Every byte of every kind, with a few values each, in a cluster that is serving. */
    @Test
    void shouldOutliveEveryByteOfEveryMessageBeingChanged()
    {
        final Map<Integer, UnsafeBuffer> kinds = everyKind();
        final HandoffWorld cluster = new HandoffWorld(803, 1).start();
        cluster.everyPath(path -> path.rate(400_000, 1 << 20));
        final PatternClient living = cluster.get(true, request("back1", 1_000_000, true), 1_000_000);
        cluster.runMs(200);
        int injected = 0;
        for (final UnsafeBuffer frame : kinds.values())
        {
            for (int at = 0; at < frame.capacity(); at++)
            {
                for (final int change : new int[] {0x01, 0x80, 0xFF})
                {
                    final UnsafeBuffer changed = Frames.copy(frame, 0, frame.capacity());
                    changed.putByte(at, (byte)(changed.getByte(at) ^ change));
                    Frames.deliver(cluster, "front", "back1", changed);
                    Frames.deliver(cluster, "back1", "front", changed);
                    injected++;
                    if (injected % 64 == 0)
                    {
                        cluster.runMs(1);
                    }
                }
            }
        }
        cluster.everyNode(node ->
            assertEquals(0, node.stack.counters().get(StackCounter.MODULE_FAULTS), () -> cluster.logs.toString()));
        assertTrue(cluster.counter("back1", "bad_frames") > 100);
        assertTrue(cluster.runUntilClosed(living, 200));
        assertTrue(living.complete() || living.reason == CloseReason.RESET);
        assertNothingLeft(cluster);
        assertNextRequestWorks(cluster);
    }

    /** A REQUEST of a client that goes no further: neither its answer nor its CANCEL gets through. */
    private static UnsafeBuffer caught(final HandoffWorld cluster)
    {
        final UnsafeBuffer[] caught = new UnsafeBuffer[1];
        Frames.watch(cluster, 1, HandoffRequestEncoder.TEMPLATE_ID, frame ->
        {
            if (Frames.kind(frame) == HandoffRequestEncoder.TEMPLATE_ID)
            {
                caught[0] = frame;
            }
        });
        final PatternClient client = cluster.get(false, request("back1", 100, true), 100);
        assertTrue(cluster.runUntilClosed(client, 20) && client.complete());
        cluster.channel(1).faults(FrameFaults.NONE);
        cluster.runMs(5_000);
        return caught[0];
    }

    @Test
    void shouldNotTakeTheEndOfACancelledConnectionForThatOfItsSuccessor()
    {
        final HandoffWorld cluster = new HandoffWorld(804, 1).start();
        final UnsafeBuffer request = caught(cluster);
        final long first = Frames.handoffId(request);
        Frames.deliver(cluster, "back1", "front", request);
        assertEquals(1, cluster.back(1).stack.connectionCount());
        Frames.deliver(cluster, "back1", "front", Frames.cancel(first), Frames.renamed(request, first + 1));
        assertEquals(1, cluster.back(1).module().liveEntries(), () -> cluster.census("back1"));
        assertEquals(1, cluster.back(1).stack.connectionCount());
        Frames.deliver(cluster, "back1", "front", Frames.cancel(first + 1));
        assertEquals(0, cluster.back(1).stack.connectionCount());
        assertNothingLeft(cluster);
    }

    @Test
    void shouldRejectARequestForAnAddressOfTheOtherFamilyOrOfTheNodeItself()
    {
        final HandoffWorld cluster = new HandoffWorld(805, 1).start();
        final UnsafeBuffer request = caught(cluster);
        final UnsafeBuffer other = Frames.copy(request, 0, request.capacity());
        other.putLong(BODY + HandoffRequestEncoder.backHiEncodingOffset(), cluster.back(1).v6.hi(), ByteOrder.LITTLE_ENDIAN);
        other.putLong(BODY + HandoffRequestEncoder.backLoEncodingOffset(), cluster.back(1).v6.lo(), ByteOrder.LITTLE_ENDIAN);
        final UnsafeBuffer foreign = Frames.copy(request, 0, request.capacity());
        foreign.putLong(BODY + HandoffRequestEncoder.backLoEncodingOffset(), cluster.front().v4.lo(), ByteOrder.LITTLE_ENDIAN);
        final UnsafeBuffer self = Frames.copy(request, 0, request.capacity());
        self.putLong(BODY + HandoffRequestEncoder.clientLoEncodingOffset(), cluster.back(1).v4.lo(), ByteOrder.LITTLE_ENDIAN);
        Frames.deliver(cluster, "back1", "front", other, foreign, self);
        assertEquals(3, cluster.counter("back1", "rejects_sent"));
        assertEquals(0, cluster.back(1).stack.connectionCount());
        assertEquals(0, cluster.back(1).module().liveEntries());
        assertNothingLeft(cluster);
    }

    @Test
    void shouldLeaveNoEntryBehindARequestThatSaysNonsense()
    {
        final HandoffWorld cluster = new HandoffWorld(806, 1).start();
        final UnsafeBuffer request = caught(cluster);
        for (final int at : new int[] {
            HandoffRequestEncoder.sackPermittedEncodingOffset(), HandoffRequestEncoder.timestampsEncodingOffset(),
            HandoffRequestEncoder.ecnEncodingOffset()})
        {
            for (final int value : new int[] {7, 255})
            {
                final UnsafeBuffer changed = Frames.copy(request, 0, request.capacity());
                changed.putByte(BODY + at, (byte)value);
                Frames.deliver(cluster, "back1", "front", changed);
            }
        }
        assertEquals(6, cluster.counter("back1", "bad_frames"));
        for (final int scale : new int[] {15, 100, -2})
        {
            final UnsafeBuffer changed = Frames.copy(request, 0, request.capacity());
            changed.putByte(BODY + HandoffRequestEncoder.frontWindowScaleEncodingOffset(), (byte)scale);
            Frames.deliver(cluster, "back1", "front", changed);
        }
        assertEquals(3, cluster.counter("back1", "rejects_sent"));
        final UnsafeBuffer ecn = Frames.copy(request, 0, request.capacity());
        ecn.putByte(BODY + HandoffRequestEncoder.ecnEncodingOffset(), (byte)1);
        Frames.deliver(cluster, "back1", "front", ecn);
        assertEquals(4, cluster.counter("back1", "rejects_sent"), "ECN was agreed to, but the SYN does not ask for it");
        assertEquals(0, cluster.back(1).module().liveEntries(), () -> cluster.census("back1"));
        assertEquals(0, cluster.back(1).stack.connectionCount());
        assertNothingLeft(cluster);
    }

    @Test
    void shouldNotLetOnePeerDecideOverTheHandoffOfAnother()
    {
        final HandoffWorld cluster = new HandoffWorld(807, 2).start();
        final UnsafeBuffer request = caught(cluster);
        final long id = Frames.handoffId(request);
        Frames.deliver(cluster, "back1", "front", request);
        Frames.deliver(cluster, "back1", "back2", Frames.commit(id), Frames.cancel(id));
        assertTrue(cluster.census("back1").contains("\"phase\":\"prepared\""), () -> cluster.census("back1"));
        final long rejects = cluster.counter("back1", "rejects_sent");
        Frames.deliver(cluster, "back1", "back2", Frames.renamed(request, 77));
        assertEquals(rejects + 1, cluster.counter("back1", "rejects_sent"), "two fronts, one client port: a collision");
        Frames.deliver(cluster, "back1", "front", Frames.cancel(id));
        assertNothingLeft(cluster);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResetTheClientOfABackThatAnswersTwiceWithDifferentNumbers(final boolean sameAnswer)
    {
        final HandoffWorld cluster = new HandoffWorld(808, 2).start();
        final UnsafeBuffer[] ack = new UnsafeBuffer[1];
        Frames.watch(cluster, 1, 0, frame -> ack[0] = Frames.kind(frame) == HandoffAckEncoder.TEMPLATE_ID ? frame : ack[0]);
        final PatternClient client = cluster.get(false, request("back1", 1000, false), 1000);
        cluster.runMs(500);
        assertTrue(client.complete());
        final long id = Frames.handoffId(ack[0]);
        Frames.deliver(cluster, "front", "back2", Frames.ack(id, 12345));
        cluster.runMs(100);
        assertFalse(client.closed, "not back2's to say");
        Frames.deliver(cluster, "front", "back1", sameAnswer ? ack[0] : Frames.ack(id, 12345));
        cluster.runMs(100);
        assertEquals(!sameAnswer, client.closed);
        if (sameAnswer)
        {
            client.connection.close();
            client.connection.abort();
        }
        assertNothingLeft(cluster);
        assertNextRequestWorks(cluster);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1001})
    void shouldKeepEveryConnectionThroughInventories(final int count)
    {
        final HandoffWorld cluster = new HandoffWorld(809, 1).start();
        for (int i = 0; i < count; i++)
        {
            cluster.connect(i % 2 == 0, 20_000 + i, new PatternClient(request("back1", 10, false), 10, false));
        }
        cluster.runMs(2_000);
        assertEquals(count, cluster.counter("front", "handoffs"));
        cluster.runMs(70_000);
        cluster.channel(1).disconnect();
        cluster.runMs(5_000);
        assertEquals(0, cluster.counter("front", "clients_reset"));
        assertEquals(0, cluster.counter("back1", "orphans_ended"));
        assertEquals(count, cluster.front().module().liveEntries());
        assertEquals(count, cluster.back(1).stack.connectionCount());
        cluster.restartClient();
        assertEquals(0, cluster.counter("front", "bad_frames"));
    }

    @Test
    void shouldKeepConnectionsWhenAnInventoryIsCutInTheMiddle()
    {
        final HandoffWorld cluster = new HandoffWorld(810, 1).start();
        final PatternClient client = cluster.get(false, request("back1", 1000, false), 1000);
        cluster.runMs(5_000);
        final UnsafeBuffer first = new UnsafeBuffer(new byte[BODY + 7 + 13]);
        final var entries = new InventoryEncoder()
            .wrapAndApplyHeader(first, 0, new MessageHeaderEncoder())
            .part(0).last(Flag.NO).entriesCount(1);
        entries.next().handoffId(1).epoch(2).state(EntryState.ACTIVE);
        first.putByte(BODY + 7 + 12, (byte)99);
        final UnsafeBuffer last = new UnsafeBuffer(new byte[BODY + 7]);
        new InventoryEncoder().wrapAndApplyHeader(last, 0, new MessageHeaderEncoder())
            .part(1).last(Flag.YES).entriesCount(0);
        Frames.deliver(cluster, "front", "back1", first, last);
        cluster.runMs(100);
        assertFalse(client.closed, () -> cluster.census("front"));
        assertEquals(2, cluster.counter("front", "bad_frames"));
    }
}
