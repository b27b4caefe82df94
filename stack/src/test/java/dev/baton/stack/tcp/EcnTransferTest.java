package dev.baton.stack.tcp;

import dev.baton.stack.EcnMarker;
import dev.baton.stack.StackCounter;
import dev.baton.stack.sim.DropReason;
import dev.baton.stack.wire.IpEcn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Transfers over a bottleneck whose router marks instead of dropping. */
class EcnTransferTest
{
    private static final long BITS_PER_SECOND = 100_000_000;
    private static final long DELAY_NS = 10_000_000;
    private static final int QUEUE_BYTES = 500_000;
    private static final int MARK_ABOVE_BYTES = 60_000;
    private static final long BYTES = 10_000_000;

    private final StreamPeer client = new StreamPeer().sends(BYTES);
    private final StreamPeer server = new StreamPeer();

    private TcpWorld world(final String congestionControl, final int ecn)
    {
        final TcpWorld w = new TcpWorld(3);
        w.clientContext.congestionControl(congestionControl).ecn(ecn);
        w.serverContext.ecn(ecn);
        w.toServer().delay(DELAY_NS).rate(BITS_PER_SECOND, QUEUE_BYTES);
        w.toClient().delay(DELAY_NS);
        return w;
    }

    private void transfer(final TcpWorld w, final boolean v4)
    {
        w.start().listen(server);
        w.connect(client, v4);
        w.until("all has come", 100, () -> server.received == BYTES);
    }

    @ParameterizedTest
    @CsvSource(
    {
        "cubic, 1, true, false", "cubic, 3, true, false", "reno, 1, true, false", "reno, 3, true, false",
        "cubic, 1, false, false", "cubic, 3, false, false", "reno, 1, false, false", "reno, 3, false, false",
        "cubic, 1, true, true", "cubic, 3, false, true", "reno, 1, false, true", "reno, 3, true, true",
    })
    void shouldLoseNothingWhereRouterMarks(
        final String congestionControl, final int ecn, final boolean v4, final boolean offload)
    {
        final TcpWorld w = world(congestionControl, ecn);
        final EcnMarker marker = EcnMarker.above(BITS_PER_SECOND, MARK_ABOVE_BYTES);
        w.toServer().filter(marker);
        transfer(offload ? w.offload() : w, v4);
        assertTrue(marker.marked > 10, "marks: " + marker.marked);
        assertEquals(0, w.toServer().dropped(DropReason.QUEUE_FULL));
        assertEquals(0, w.client.counters().get(StackCounter.TCP_RETRANS_SEGS));
        assertTrue(w.client.counters().get(StackCounter.ECN_REDUCTIONS) > 0);
        final long idealNs = BYTES * 8 * TcpWorld.SECOND_NS / BITS_PER_SECOND;
        // Reno comes back from the first mark by a segment a round trip, which takes most of such a short transfer.
        final int times = "cubic".equals(congestionControl) ? 2 : 3;
        assertTrue(w.world.nowNs() - TcpWorld.SECOND_NS < idealNs * times, "the link is used; took " +
            (w.world.nowNs() - TcpWorld.SECOND_NS) + " ns of " + idealNs);
    }

    @Test
    void shouldLoseWithoutEcnWhereItLosesNothingWithIt()
    {
        final TcpWorld w = world("reno", 0);
        final EcnMarker marker = EcnMarker.above(BITS_PER_SECOND, MARK_ABOVE_BYTES);
        w.toServer().filter(marker);
        transfer(w, true);
        assertEquals(0, marker.capable);
        assertTrue(w.toServer().dropped(DropReason.QUEUE_FULL) > 0);
    }

    /** Every mark is told, however the receiver's ACKs and super-segments fall. */
    @ParameterizedTest
    @CsvSource({"2, false", "7, false", "50, false", "1, false", "2, true", "50, true"})
    void shouldCountEveryMarkExactly(final int every, final boolean offload)
    {
        final TcpWorld w = world("reno", 3);
        final EcnMarker marker = EcnMarker.oneOf(every);
        w.toServer().filter(marker);
        client.sends(BYTES / 10);
        w.start().listen(server);
        if (offload)
        {
            w.offload();
        }
        w.connect(client, true);
        w.until("all has come", 1000, () -> server.received == BYTES / 10);
        w.run(TcpWorld.SECOND_NS);
        assertEquals(marker.marked, w.client.counters().get(StackCounter.TCP_DELIVERED_CE));
        assertEquals(marker.marked, ((Connection)client.connection).tcb().ceDelivered);
        assertEquals(marker.marked, ((Connection)server.connection).tcb().ceReceived);
    }

    /** Lost ACKs carry nothing that a later one does not tell: the option resolves what the field cannot. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldCountMarksWhenManyAcksAreLost(final int option)
    {
        final TcpWorld w = world("cubic", 3);
        w.serverContext.ecnOption(option);
        final EcnMarker marker = EcnMarker.oneOf(300);
        w.toServer().filter(marker);
        w.start().listen(server);
        w.connect(client);
        w.until("accepted", 1, () -> server.acceptedCount == 1);
        w.toClient().loss(0.3);
        w.until("all has come", 100, () -> server.received == BYTES);
        w.toClient().loss(0);
        w.run(TcpWorld.SECOND_NS);
        assertTrue(marker.marked > 10, "marks: " + marker.marked);
        final long told = w.client.counters().get(StackCounter.TCP_DELIVERED_CE);
        // Where the option is spared, one that was lost leaves the field alone: wraps that are possible are assumed.
        assertTrue(option == 1 ? told >= marker.marked && (told - marker.marked) % 8 == 0 : told == marker.marked,
            told + " of " + marker.marked);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0", "1, 3, 1", "3, 1, 1", "3, 0, 0", "3, 2, 1", "3, 5, 2", "4, 5, 1", "1, 5, 1"})
    void shouldAgreeWithPeerOfAnotherSetting(final int clientEcn, final int serverEcn, final int mode)
    {
        final TcpWorld w = world("cubic", 0);
        w.clientContext.ecn(clientEcn);
        w.serverContext.ecn(serverEcn);
        w.toServer().filter(EcnMarker.oneOf(20));
        transfer(w, true);
        assertEquals(mode, ((Connection)client.connection).tcb().ecnMode);
        assertEquals(mode, ((Connection)server.connection).tcb().ecnMode);
        assertEquals(mode == 0, w.client.counters().get(StackCounter.ECN_REDUCTIONS) == 0);
    }

    /** A path that clears ECN fields, sets them or drops what has ECN flags does no more harm than a few round trips. */
    @ParameterizedTest
    @CsvSource({"1, 0", "3, 0", "3, 1", "3, 3", "1, 3"})
    void shouldGetThroughPathThatChangesFields(final int ecn, final int field)
    {
        final TcpWorld w = world("cubic", ecn);
        w.toServer().filter((packet, nowNs) ->
        {
            EcnMarker.set(packet, field);
            return false;
        });
        client.sends(BYTES / 10);
        w.start().listen(server);
        w.connect(client, true);
        w.until("all has come", 1000, () -> server.received == BYTES / 10);
        final boolean accurate = ecn == 3;
        assertEquals(accurate, ((Connection)client.connection).tcb().ecnFallback, "accurate ECN finds out");
        if (accurate)
        {
            assertEquals(1, w.client.counters().get(StackCounter.ECN_FALLBACKS));
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "3"})
    void shouldConnectThroughPathThatDropsEcnSetup(final int ecn)
    {
        final TcpWorld w = world("cubic", ecn);
        w.toServer().filter((packet, nowNs) ->
        {
            final int flags = packet.buffer().getByte(packet.l4Offset() + 13);
            return (flags & 2) != 0 && (flags & 0xC0) != 0;
        });
        transfer(w, true);
        assertEquals(Tcb.ECN_NONE, ((Connection)client.connection).tcb().ecnMode);
    }

    /** Thinned ACKs without the option do not look like marks. */
    @Test
    void shouldNotReduceForLostAcksAlone()
    {
        final TcpWorld w = world("cubic", 3);
        w.serverContext.ecnOption(0);
        w.toClient().loss(0.4);
        transfer(w, true);
        assertEquals(0, w.client.counters().get(StackCounter.ECN_REDUCTIONS));
    }

    @Test
    void shouldMarkNothingThatIsNotNewData()
    {
        final TcpWorld w = world("cubic", 3);
        final long[] wrong = {0};
        w.toServer().loss(0.02);
        w.toClient().filter((packet, nowNs) ->
        {
            wrong[0] += packet.ecn() != IpEcn.NOT_ECT ? 1 : 0;
            return false;
        });
        transfer(w, true);
        assertEquals(0, wrong[0], "ACKs that were ECT");
    }
}
