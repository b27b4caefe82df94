package dev.baton.stack.tcp;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackCounter;
import dev.baton.stack.sim.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What loss recovery comes to in whole transfers, in virtual time. */
class RecoveryTransferTest
{
    private static final long MS = 1_000_000L;
    private static final long RATE = 100_000_000;
    /** A full segment takes so long at that rate. */
    private static final long SEGMENT_NS = 1500 * 8 * 10;

    private final StreamPeer clientPeer = new StreamPeer();
    private final StreamPeer serverPeer = new StreamPeer();

    private static long count(final NetStack stack, final StackCounter counter)
    {
        return stack.counters().get(counter);
    }

    private static TcpWorld world(final long seed)
    {
        final TcpWorld w = new TcpWorld(seed);
        w.toServer().delay(20 * MS).rate(RATE, 4 << 20);
        w.toClient().delay(20 * MS);
        return w;
    }

    @ParameterizedTest
    @CsvSource({"cubic, 1", "cubic, 3", "cubic, 9", "reno, 1", "reno, 3", "reno, 9"})
    void shouldRepairALostTailWithOneProbeAndNoTimeout(final String control, final int lost)
    {
        final TcpWorld w = world(lost);
        w.clientContext.congestionControl(control);
        w.start().listen(serverPeer);
        w.connect(clientPeer);
        w.run(100 * MS);
        w.world.after(0, () -> clientPeer.sends((10L - lost) * 1448).write());
        w.run(5 * MS);
        w.toServer().partition(true);
        w.world.after(0, () -> clientPeer.sends(10L * 1448).write());
        w.run(5 * MS);
        w.toServer().partition(false);
        w.until("all has come", 3, () -> serverPeer.received == 10L * 1448);
        w.run(TcpWorld.SECOND_NS);
        assertEquals(1, count(w.client, StackCounter.TCP_LOSS_PROBES));
        assertEquals(0, count(w.client, StackCounter.TCP_TIMEOUTS));
        assertEquals(lost, count(w.client, StackCounter.TCP_RETRANS_SEGS));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 10, 20, 30})
    void shouldHaveNoSpuriousRecoveryAfterTheFirstWhenSegmentsAreReordered(final int segments)
    {
        final TcpWorld w = world(segments);
        // No more than the path holds: in a standing queue bursts differ more in their delay than reordering does.
        w.serverContext.receiveBufferBytes(400_000);
        w.toServer().reorder(0.01, segments * SEGMENT_NS);
        w.start().listen(serverPeer);
        w.connect(clientPeer.sends(20_000_000));
        w.until("all has come", 60, () -> serverPeer.received == 20_000_000);
        assertTrue(w.toServer().reordered() > 50);
        assertEquals(0, w.toServer().dropped(DropReason.QUEUE_FULL));
        final long recoveries = count(w.client, StackCounter.TCP_SACK_RECOVERY);
        assertTrue(recoveries <= 1, () -> recoveries + " recoveries");
        assertEquals(0, count(w.client, StackCounter.TCP_TIMEOUTS));
        final long undone = count(w.client, StackCounter.TCP_FULL_UNDO) +
            count(w.client, StackCounter.TCP_PARTIAL_UNDO) + count(w.client, StackCounter.TCP_DSACK_UNDO);
        assertEquals(recoveries, undone);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeBackATimeoutOfADelaySpike(final boolean timestamps)
    {
        final TcpWorld w = world(5);
        w.serverContext.receiveBufferBytes(400_000);
        w.clientContext.timestamps(timestamps);
        w.start().listen(serverPeer);
        w.connect(clientPeer.sends(40_000_000));
        w.run(700 * MS);
        final int cwnd = ((Connection)clientPeer.connection).tcb().cwndBytes;
        w.toServer().hold();
        w.run(500 * MS);
        w.toServer().release();
        w.run(300 * MS);
        assertTrue(count(w.client, StackCounter.TCP_TIMEOUTS) > 0);
        assertTrue(count(w.client, StackCounter.TCP_LOSS_UNDO) > 0);
        final Tcb tcb = ((Connection)clientPeer.connection).tcb();
        assertEquals(Tcb.RECOVERY_OPEN, tcb.recovery);
        assertTrue(tcb.cwndBytes >= cwnd, () -> tcb.cwndBytes + " of " + cwnd);
        final long resent = count(w.client, StackCounter.TCP_RETRANS_SEGS);
        assertTrue(resent < 10, () -> resent + " segments were sent again");
    }

    @Test
    void shouldRepairLostRetransmissionsWithoutTimeout()
    {
        final TcpWorld w = world(6);
        w.toServer().loss(0.05);
        w.start().listen(serverPeer);
        w.connect(clientPeer.sends(5_000_000));
        w.until("all has come", 100, () -> serverPeer.received == 5_000_000);
        assertTrue(count(w.client, StackCounter.TCP_LOST_RETRANSMIT) > 3);
        assertTrue(count(w.client, StackCounter.TCP_TIMEOUTS) <= 2,
            () -> count(w.client, StackCounter.TCP_TIMEOUTS) + " time-outs");
    }

    /** Sixty flows of super-segments fill an inbox of 64 packets again and again: nobody may be left in a chain of time-outs. */
    @Test
    void shouldLetManyFlowsThroughASmallInbox()
    {
        final int flows = 60;
        final long bytes = 1_000_000;
        final TcpWorld w = new TcpWorld(7).offload();
        w.toServer().delay(MS);
        w.toClient().delay(MS);
        w.serverLink.inboxLimit(16);
        w.start();
        final List<StreamPeer> receivers = new ArrayList<>();
        for (int i = 0; i < flows; i++)
        {
            final StreamPeer receiver = new StreamPeer();
            receivers.add(receiver);
            w.server.listen(TcpWorld.SERVER_4, TcpWorld.PORT + i, receiver);
            final StreamPeer sender = new StreamPeer().sends(bytes);
            sender.connection = w.client.connect(
                TcpWorld.CLIENT_4, 0, TcpWorld.SERVER_4, TcpWorld.PORT + i, sender, w.world.nowNs());
        }
        final int[] most = new int[1];
        w.until("all flows are through", 30, () ->
        {
            w.client.forEachConnection((tcb) -> most[0] = Math.max(most[0], tcb.state >= TcpState.ESTABLISHED ? tcb.backoff : 0));
            return receivers.stream().allMatch((receiver) -> receiver.received == bytes);
        });
        assertTrue(most[0] <= 3, () -> "backed off " + most[0] + " times in a row");
    }
}
