package dev.baton.stack.state;

import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.tcp.HalfOpen;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.TcpState;
import dev.baton.stack.tcp.TimeWait;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SnapshotTest
{
    private static final long DAY_NS = 86_400L * StateWorld.SECOND_NS;
    private static final Flow FLOW = new Flow(StateWorld.SERVER[0], Shard.PORT, StateWorld.CLIENT[0], 40_000);

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final StateWorld w = new StateWorld(41);

    private StateWorld established()
    {
        return established(5000);
    }

    private StateWorld established(final int unread)
    {
        w.clientPeer.sends(unread);
        w.serverPeer.pausedReading();
        w.connect(true);
        w.run(StateWorld.SECOND_NS);
        return w;
    }

    private long serverNowNs()
    {
        return w.world.nowNs() + w.server.skewNs;
    }

    private int export()
    {
        return new Snapshot(w.server.stack).export(FLOW, serverNowNs(), buffer, 0);
    }

    private static Tcb only(final EmptyShard shard)
    {
        return Images.tcbs(shard.stack).get(0);
    }

    private static EmptyShard shard(final long nowNs)
    {
        return new EmptyShard(nowNs, StateWorld.SERVER);
    }

    private TcpConnection importInto(final EmptyShard shard, final int length, final long elapsedNs)
    {
        return new Snapshot(shard.stack).importConnection(buffer, 0, length, shard.nowNs, elapsedNs, shard.peer);
    }

    @Test
    void shouldDetachInSilence()
    {
        established();
        final int packets = w.trace.size();
        final TcpConnection handle = w.serverPeer.connection;
        new Snapshot(w.server.stack).detach(FLOW);
        w.run(StateWorld.SECOND_NS);
        assertEquals(packets, w.trace.size(), "packets sent");
        assertEquals(0, w.serverPeer.closedCalls, "calls of onClosed");
        assertEquals(0, handle.id(), "the handle is free");
        assertEquals(0, w.server.stack.connectionCount());
        assertEquals(0, w.server.stack.tcp().bufferPool().acquiredBytes());
        assertEquals(Long.MAX_VALUE, w.server.stack.nextDeadlineNs(), "no timer is left");
    }

    @Test
    void shouldLeaveNoTimerBehindWhenDetaching() throws ReflectiveOperationException
    {
        established();
        w.serverPeer.sends(3000).write();
        w.run(StateWorld.SECOND_NS / 10_000);
        assertEquals(1, timersOf(w.server), "the retransmission timer runs");
        new Snapshot(w.server.stack).detach(FLOW);
        assertEquals(0, timersOf(w.server));
        assertEquals(Long.MAX_VALUE, w.server.stack.nextDeadlineNs());
    }

    /** A Tcb that is pooled while it stands among the timers would stand there twice when it is used again. */
    private static int timersOf(final Shard shard) throws ReflectiveOperationException
    {
        final Field timers = shard.stack.tcp().getClass().getDeclaredField("timers");
        timers.setAccessible(true);
        final Field size = timers.getType().getDeclaredField("size");
        size.setAccessible(true);
        return size.getInt(timers.get(shard.stack.tcp()));
    }

    @Test
    void shouldGiveTicksToTheServiceAsLongAsItHasTheConnection()
    {
        established();
        final int length = export();
        final EmptyShard shard = shard(0);
        final StatePeer another = new StatePeer();
        final Snapshot snapshot = new Snapshot(shard.stack);
        snapshot.importConnection(buffer, 0, length, 0, 0, another);
        shard.stack.poll(1);
        assertEquals(1, another.ticks);
        snapshot.detach(FLOW);
        shard.stack.poll(2);
        assertEquals(1, another.ticks);
    }

    @Test
    void shouldBeDueAtOnceWhereverTheClockStands()
    {
        established();
        w.serverPeer.sends(100).write();
        final int length = export();
        final EmptyShard shard = shard(-5 * DAY_NS);
        importInto(shard, length, 0);
        assertTrue(shard.stack.nextDeadlineNs() <= shard.nowNs, () -> "due at " + shard.stack.nextDeadlineNs());
        shard.stack.poll(shard.nowNs);
        assertEquals(1, shard.packetsSent(), "what was owed at the cut");
    }

    @Test
    void shouldNeitherSendNorCallWhenImporting()
    {
        established();
        final int length = export();
        final EmptyShard shard = shard(77 * DAY_NS);
        final TcpConnection connection = importInto(shard, length, 0);
        assertEquals(5000, connection.readable());
        assertEquals(0, shard.packetsSent());
        assertEquals(0, shard.peer.acceptedCalls + shard.peer.closedCalls);
        shard.runAlone(3);
        assertEquals(0, shard.peer.acceptedCalls, "the service had accepted it before the cut");
        assertEquals(0, shard.packetsSent(), "nothing was owed");
    }

    @Test
    void shouldContinueTimestampClockOfTheCut()
    {
        established();
        final Tcb before = Images.tcbs(w.server.stack).get(0);
        final int atCut = TcbAccess.tsVal(before, serverNowNs());
        final int length = export();
        for (final long clockNs : new long[] {-3 * DAY_NS - 1, 0, 999_999, 500 * DAY_NS})
        {
            final EmptyShard shard = shard(clockNs);
            importInto(shard, length, 0);
            assertEquals(atCut, TcbAccess.tsVal(only(shard), clockNs));
            assertEquals(atCut + 7, TcbAccess.tsVal(only(shard), clockNs + 7_000_000), "same rate");
        }
    }

    @Test
    void shouldLetOnlyTheClocksGoOnThatDoNotStand()
    {
        established();
        final Tcb before = Images.tcbs(w.server.stack).get(0);
        before.keepAliveAtNs = serverNowNs() + 1234;
        final long ageNs = serverNowNs() - before.tsRecentAtNs;
        final int atCut = TcbAccess.tsVal(before, serverNowNs());
        final int length = export();
        final EmptyShard shard = shard(DAY_NS);
        importInto(shard, length, 3_000_000_000L);
        final Tcb after = only(shard);
        assertEquals(atCut + 3000, TcbAccess.tsVal(after, DAY_NS), "the TSval clock went on");
        assertEquals(ageNs + 3_000_000_000L, DAY_NS - after.tsRecentAtNs, "so did the peer's");
        assertEquals(DAY_NS + 1234, after.keepAliveAtNs, "timers stood");
        assertEquals(serverNowNs() - before.lastReceivedAtNs, DAY_NS - after.lastReceivedAtNs, "ages stood");
    }

    @Test
    void shouldKeepDeadlineThatIsOverdue()
    {
        established();
        Images.tcbs(w.server.stack).get(0).keepAliveAtNs = serverNowNs() - 5000;
        final int length = export();
        final EmptyShard shard = shard(DAY_NS);
        importInto(shard, length, 0);
        assertEquals(DAY_NS - 5000, only(shard).keepAliveAtNs);
        assertEquals(DAY_NS - 5000, shard.stack.nextDeadlineNs());
    }

    @Test
    void shouldKeepIdThatTheShardHasNotGivenAndRenewOthers()
    {
        established();
        Images.tcbs(w.server.stack).get(0).id = 500;
        final int length = export();
        final EmptyShard shard = shard(0);
        assertEquals(500, importInto(shard, length, 0).id());
        new Snapshot(shard.stack).detach(FLOW);
        assertEquals(501, importInto(shard, length, 0).id(), "500 has been used here");
    }

    @Test
    void shouldRefuseFlowThatIsThere()
    {
        established();
        final int length = export();
        final EmptyShard shard = shard(0);
        importInto(shard, length, 0);
        final StateException refusal = assertThrows(StateException.class, () -> importInto(shard, length, 0));
        assertEquals("flow", refusal.field());
        assertTrue(refusal.getMessage().contains("10.0.0.2:80 <-> 10.0.0.1:40000"), refusal.getMessage());
        assertEquals(1, shard.stack.connectionCount());
    }

    @Test
    void shouldGiveAllBuffersBackWhenThePoolIsTooSmall()
    {
        established(60_000);
        w.serverPeer.connection.write(new UnsafeBuffer(new byte[30_000]), 0, 30_000);
        final int length = export();
        final EmptyShard shard = new EmptyShard(0, EmptyShard.context().poolBytes(128 << 10), StateWorld.SERVER);
        final List<Integer> pieces = new ArrayList<>();
        for (int piece = take(shard); piece >= 0; piece = take(shard))
        {
            pieces.add(piece);
        }
        final int pool = 4096 * pieces.size();
        release(shard, pieces, 0, 20);
        final StateException refusal = assertThrows(StateException.class, () -> importInto(shard, length, 0));
        assertEquals("receiveBytes.length", refusal.field(), "there was room for one ring only");
        assertEquals(pool - 20 * 4096, shard.stack.tcp().bufferPool().acquiredBytes());
        release(shard, pieces, 20, pieces.size());
        shard.assertUntouched();
        importInto(shard, length, 0);
    }

    private static int take(final EmptyShard shard)
    {
        return shard.stack.tcp().bufferPool().acquire(4096);
    }

    private static void release(final EmptyShard shard, final List<Integer> pieces, final int from, final int to)
    {
        pieces.subList(from, to).forEach((piece) -> shard.stack.tcp().bufferPool().release(piece, 4096));
    }

    @Test
    void shouldChangeNothingWhenOneOfManyRecordsIsRefused()
    {
        final StateWorld busy = Images.busy(true);
        final byte[] image = Images.image(busy);
        final EmptyShard shard = shard(Images.NOW_NS);
        final StateException refusal = assertThrows(StateException.class, () -> new Snapshot(shard.stack).importAll(
            new UnsafeBuffer(image), 0, image.length, shard.nowNs, 0,
            (flow, passive) -> flow.remotePort() == 40_004 ? null : shard.peer));
        assertEquals("flow", refusal.field());
        assertTrue(refusal.getMessage().contains("nobody serves"), refusal.getMessage());
        shard.assertUntouched();
    }

    @Test
    void shouldMoveHalfOpenAndTimeWaitConnectionsByThemselves()
    {
        final StateWorld busy = Images.busy(true);
        final long nowNs = busy.world.nowNs() + busy.server.skewNs;
        final Snapshot from = new Snapshot(busy.server.stack);
        final EmptyShard shard = shard(9 * DAY_NS);
        final Snapshot to = new Snapshot(shard.stack);
        final Flow timeWait = new Flow(StateWorld.SERVER[0], Shard.PORT, StateWorld.CLIENT[0], 40_001);
        final Flow halfOpen = new Flow(StateWorld.SERVER[0], Shard.PORT, StateWorld.CLIENT[0], 40_003);
        for (final Flow flow : List.of(timeWait, halfOpen))
        {
            final int length = from.export(flow, nowNs, buffer, 0);
            from.detach(flow);
            assertNull(to.importConnection(buffer, 0, length, shard.nowNs, 0, shard.peer));
            assertEquals("flow", assertThrows(StateException.class, () -> from.detach(flow)).field());
        }
        final List<TimeWait> timeWaits = new ArrayList<>();
        final List<HalfOpen> halfOpens = new ArrayList<>();
        shard.stack.tcp().transfers().forEachTimeWait(timeWaits::add);
        shard.stack.tcp().transfers().forEachHalfOpen(halfOpens::add);
        assertEquals(40_001, timeWaits.get(0).remotePort);
        assertEquals(40_003, halfOpens.get(0).remotePort);
        shard.runAlone(1);
        assertEquals(1, shard.packetsSent(), "the SYN/ACK is sent again when its time comes");
    }

    @Test
    void shouldLeaveHeldIndicationHeld()
    {
        established();
        final Tcb before = Images.tcbs(w.server.stack).get(0);
        before.indicated = false;
        before.accepted = false;
        final int length = export();
        final EmptyShard shard = shard(0);
        final TcpConnection connection = importInto(shard, length, 0);
        shard.runAlone(2);
        assertEquals(0, shard.peer.acceptedCalls);
        shard.stack.tcp().indicate(connection);
        shard.runAlone(2);
        assertEquals(1, shard.peer.acceptedCalls);
    }

    /**
     * For the modules a connection that is moved has not ended, and one whose indication they held is none of theirs
     * any more.
     */
    @Test
    void shouldForgetHeldIndicationOfDetachedConnection()
    {
        final HoldingModule module = new HoldingModule();
        w.server.stack.chain().add(module, Map.of(), (type) -> null, (text) -> {}, serverNowNs());
        established();
        assertEquals(1, module.held);
        new Snapshot(w.server.stack).detach(FLOW);
        w.server.stack.chain().remove("holding", false, serverNowNs());
        w.run(StateWorld.SECOND_NS);
        assertEquals(0, module.disconnects);
        assertEquals(0, w.serverPeer.acceptedCalls, "nothing is left to be accepted");
        assertEquals(0, w.serverPeer.closedCalls);
    }

    @Test
    void shouldRefuseToExportWhatIsNotThereOrHasEnded()
    {
        final Snapshot snapshot = new Snapshot(w.server.stack);
        assertEquals("flow", assertThrows(StateException.class, () -> snapshot.export(FLOW, 0, buffer, 0)).field());
        established();
        final Tcb tcb = Images.tcbs(w.server.stack).get(0);
        tcb.closeReason = 1;
        final StateException refusal = assertThrows(StateException.class, this::export);
        assertTrue(refusal.getMessage().contains(TcpState.name(TcpState.ESTABLISHED)), refusal.getMessage());
    }

    @Test
    void shouldRefuseClockBeyondItsLimits()
    {
        established();
        assertThrows(IllegalArgumentException.class,
            () -> new Snapshot(w.server.stack).export(FLOW, 1L << 61, buffer, 0));
        final int length = export();
        assertThrows(IllegalArgumentException.class, () -> importInto(shard(-(1L << 61)), length, 0));
        assertThrows(IllegalArgumentException.class, () -> importInto(shard(0), length, -1));
    }

    @Test
    void shouldFailOnBufferThatCannotGrow()
    {
        established();
        assertThrows(IndexOutOfBoundsException.class, () -> new Snapshot(w.server.stack)
            .export(FLOW, serverNowNs(), new UnsafeBuffer(new byte[1000]), 0));
    }
}
