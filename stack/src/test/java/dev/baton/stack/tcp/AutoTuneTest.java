package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.sim.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Buffers that follow what their users and paths need: tcp_moderate_rcvbuf, tcp_rmem, tcp_wmem. */
class AutoTuneTest
{
    private static final long MS = 1_000_000L;
    private static final int FIRST_WINDOW = 66 << 10;

    private final StreamPeer client = new StreamPeer();
    private final StreamPeer server = new StreamPeer();

    private TcpWorld start(final TcpWorld w)
    {
        w.start().listen(server);
        w.connect(client);
        return w;
    }

    private static Tcb tcb(final StreamPeer peer)
    {
        return ((Connection)peer.connection).tcb();
    }

    private static TcpWorld world(final long rttNs, final long bitsPerSecond, final int queueBytes)
    {
        final TcpWorld w = new TcpWorld(3);
        w.toServer().delay(rttNs / 2).rate(bitsPerSecond, queueBytes);
        w.toClient().delay(rttNs / 2);
        return w;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFillAGigabitOverATenthOfASecond(final boolean timestamps)
    {
        final long rate = 1_000_000_000L;
        final int bdp = (int)(rate / 8 / 10);
        final TcpWorld w = world(100 * MS, rate, 2 * bdp).offload();
        w.clientContext.poolBytes(256L << 20).sendBufferBytes(64 << 20).timestamps(timestamps);
        w.serverContext.poolBytes(256L << 20).receiveBufferBytes(32 << 20).sendBufferBytes(64 << 20);
        client.sends(1L << 40);
        client.recordEvents = false;
        w.start().server.listen(TcpWorld.SERVER_4, TcpWorld.PORT, new Discarding());
        w.connect(client);
        w.run(2 * TcpWorld.SECOND_NS);
        final AtomicReference<Tcb> receiver = new AtomicReference<>();
        w.server.forEachConnection(receiver::set);
        final Tcb tcb = receiver.get();
        final long before = tcb.bytesIn;
        w.run(TcpWorld.SECOND_NS / 5);
        final double share = (tcb.bytesIn - before) * 8.0 * 5 / rate;
        assertTrue(share > 0.9, "share of the rate after two seconds: " + share + ", receive buffer " +
            tcb.receiveRing.capacityBytes() + ", send buffer " + tcb(client).sendRing.capacityBytes() +
            ", rcv_rtt " + tcb.rcvRttUs + ", cwnd " + tcb(client).cwndBytes);
        assertTrue(tcb.receiveRing.capacityBytes() >= 2 * bdp);
    }

    @Test
    void shouldNeverLetTheWindowStopSlowStart()
    {
        final TcpWorld w = world(100 * MS, 1_000_000_000L, 64 << 20);
        w.clientContext.congestionControl("reno").poolBytes(128L << 20).sendBufferBytes(16 << 20);
        w.serverContext.poolBytes(128L << 20).receiveBufferBytes(16 << 20).sendBufferBytes(16 << 20);
        client.sends(8 << 20);
        start(w);
        w.until("all has come", 20, () -> server.received == 8 << 20);
        // Ten segments, doubled in each round trip, come to 8 MB in the tenth.
        assertTrue(w.world.nowNs() < TcpWorld.SECOND_NS + 1_250 * MS, "took " + (w.world.nowNs() - TcpWorld.SECOND_NS));
    }

    @Test
    void shouldOfferASlowReaderNoMoreThanTheFirstWindow()
    {
        final TcpWorld w = world(20 * MS, 100_000_000L, 1 << 20);
        client.sends(4 << 20);
        server.pausedReading();
        start(w);
        w.run(TcpWorld.SECOND_NS);
        for (int i = 0; i < 50; i++)
        {
            server.connection.skip(Math.min(2000, server.connection.readable()));
            w.server.poll(w.world.nowNs());
            w.run(20 * MS);
        }
        assertEquals(FIRST_WINDOW, tcb(server).receiveRing.capacityBytes());
        assertTrue(tcb(server).bytesIn - 50 * 2000 <= FIRST_WINDOW);
    }

    @Test
    void shouldNotGrowWhenSwitchedOff()
    {
        final TcpWorld w = world(50 * MS, 100_000_000L, 1 << 20);
        w.serverContext.moderateReceiveBuffer(false);
        client.sends(4 << 20);
        start(w);
        w.until("all has come", 60, () -> server.received == 4 << 20);
        assertEquals(FIRST_WINDOW, tcb(server).receiveRing.capacityBytes());
    }

    @Test
    void shouldLeaveASizeAloneThatTheUserHasSet()
    {
        final TcpWorld w = world(50 * MS, 100_000_000L, 1 << 20);
        client.sends(4 << 20);
        w.start().listen(server).option(TcpOption.RECEIVE_BUFFER, 80_000);
        w.connect(client).option(TcpOption.SEND_BUFFER, 70_000);
        w.until("all has come", 60, () -> server.received == 4 << 20);
        assertEquals(80_000, tcb(server).receiveRing.capacityBytes());
        assertEquals(70_000, tcb(client).sendRing.capacityBytes());
    }

    /** Eight streams into a short queue behind a fast sender, as on a TUN device without offload. */
    private TcpWorld shortQueue(final long lowRttNs)
    {
        final TcpWorld w = world(MS / 5, 2_000_000_000L, 750_000);
        w.serverContext.receiveBufferLowRttNs(lowRttNs).poolBytes(128L << 20);
        w.clientContext.poolBytes(128L << 20);
        w.start();
        for (int i = 0; i < 8; i++)
        {
            final Discarding sink = new Discarding();
            w.server.listen(TcpWorld.SERVER_4, 1000 + i, sink);
            final StreamPeer source = new StreamPeer().sends(1L << 40);
            source.recordEvents = false;
            source.connection = w.client.connect(
                TcpWorld.CLIENT_4, 0, TcpWorld.SERVER_4, 1000 + i, source, w.world.nowNs());
        }
        w.run(TcpWorld.SECOND_NS / 20);
        return w;
    }

    private static int largest(final TcpWorld w)
    {
        final AtomicReference<Integer> largest = new AtomicReference<>(0);
        w.server.forEachConnection((tcb) -> largest.set(Math.max(largest.get(), tcb.receiveRing.capacityBytes())));
        return largest.get();
    }

    @Test
    void shouldNotOverrunAShortQueueOnALocalPath()
    {
        final TcpWorld bounded = shortQueue(MS);
        final TcpWorld free = shortQueue(0);
        final long dropped = bounded.toServer().dropped(DropReason.QUEUE_FULL);
        final long droppedFreely = free.toServer().dropped(DropReason.QUEUE_FULL);
        assertTrue(largest(bounded) < largest(free) / 2 && dropped < droppedFreely / 2,
            "largest buffer " + largest(bounded) + ", without the rule " + largest(free) + "; dropped " + dropped +
            ", without the rule " + droppedFreely);
    }

    @Test
    void shouldGrowOnALocalPathOnlyInARoundTripWithoutAHole()
    {
        final TcpWorld w = world(20 * MS, 100_000_000L, 1 << 20);
        client.sends(10);
        start(w);
        w.until("the data has come", 5, () -> server.received == 10);
        final Tcb tcb = tcb(server);
        final ReceiveAutoTune autoTune = new ReceiveAutoTune(w.server.context(), w.server.counters());
        for (final boolean hole : new boolean[]{true, false})
        {
            tcb.minRttNs = MS / 5;
            tcb.rcvRttUs = 200;
            tcb.rcvSuper = true;
            tcb.rcvHole = hole;
            tcb.rcvSpaceBytes = 1000;
            tcb.rcvSpaceSeq = tcb.receiveRing.firstSeq() - 60_000;
            autoTune.onRead(tcb, tcb.rcvSpaceAtNs + MS);
            assertEquals(hole, tcb.receiveRing.capacityBytes() == FIRST_WINDOW);
        }
    }

    @Test
    void shouldGrowOnALocalPathWithSuperSegments()
    {
        final TcpWorld w = world(MS / 5, 10_000_000_000L, 8 << 20).offload();
        client.sends(1L << 40);
        client.recordEvents = server.recordEvents = false;
        start(w);
        w.run(TcpWorld.SECOND_NS / 50);
        assertTrue(tcb(server).receiveRing.capacityBytes() > 4 * FIRST_WINDOW,
            "receive buffer " + tcb(server).receiveRing.capacityBytes());
    }

    @Test
    void shouldShrinkUnderPressureWithoutTakingAWindowBack()
    {
        final TcpWorld w = world(50 * MS, 100_000_000L, 1 << 20);
        w.serverContext.poolBytes(8 << 20).sendBufferBytes(1 << 20).receiveBufferBytes(1 << 20);
        client.sends(1L << 40);
        client.recordEvents = server.recordEvents = false;
        start(w);
        w.until("the buffer has grown", 20, () -> server.connection != null &&
            tcb(server).receiveRing.capacityBytes() > 500_000);
        final BufferPool pool = w.server.tcp().bufferPool();
        while (pool.availableBytes() >= pool.budgetBytes() / 4)
        {
            pool.acquire(1 << 20);
        }
        // What is read in a round trip must exceed the most so far for the size to be looked at again.
        tcb(server).rcvSpaceBytes = 1000;
        final int before = tcb(server).receiveRing.capacityBytes();
        w.run(200 * MS);
        assertTrue(tcb(server).receiveRing.capacityBytes() < before);
        assertTrue(w.server.counters().get(StackCounter.TCP_RCV_COLLAPSED) > 0);
        w.run(TcpWorld.SECOND_NS);
        assertTrue(server.received > 1 << 20);
    }

    @Test
    void shouldLetTheSendBufferFollowTheCongestionWindow()
    {
        final TcpWorld w = world(100 * MS, 1_000_000_000L, 64 << 20);
        client.sends(20 << 20);
        client.recordEvents = server.recordEvents = false;
        start(w);
        assertEquals(87_040, tcb(client).sendRing.capacityBytes());
        w.until("the window has grown", 20, () -> tcb(client).cwndBytes > 300_000);
        assertTrue(tcb(client).sendRing.capacityBytes() >= 4 * 300_000);
        w.until("the window is larger than a quarter of the limit", 20, () -> tcb(client).cwndBytes > 2 << 20);
        assertEquals(4 << 20, tcb(client).sendRing.capacityBytes());
    }

    @Test
    void shouldOfferAboutSixtyFourKilobytesAtFirst()
    {
        final TcpWorld w = world(20 * MS, 100_000_000L, 1 << 20);
        client.sends(10);
        start(w);
        w.until("the data has come", 5, () -> server.received == 10);
        w.run(TcpWorld.SECOND_NS);
        final int window = tcb(server).rcvAdv - tcb(server).rcvNxt;
        assertTrue(window >= 60_000 && window <= 68_000, "window " + window);
    }
}
