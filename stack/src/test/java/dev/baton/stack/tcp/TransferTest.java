package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.sim.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TransferTest
{
    private final StreamPeer clientPeer = new StreamPeer();
    private final StreamPeer serverPeer = new StreamPeer();

    private void transfer(final TcpWorld w, final long up, final long down, final boolean v4, final long limitSeconds)
    {
        clientPeer.sends(up).thenShutsDown().closesAtEnd();
        serverPeer.sends(down).thenShutsDown().closesAtEnd();
        w.listen(serverPeer);
        w.connect(clientPeer, v4);
        w.until("both streams end", limitSeconds, () -> clientPeer.endOfStream && serverPeer.endOfStream);
        assertEquals(down, clientPeer.received);
        assertEquals(up, serverPeer.received);
        w.until("both are closed", 120, () -> clientPeer.closeReason != null && serverPeer.closeReason != null);
        assertEquals(CloseReason.NORMAL, clientPeer.closeReason);
        assertEquals(CloseReason.NORMAL, serverPeer.closeReason);
        w.run(130 * TcpWorld.SECOND_NS);
        w.assertNothingLeft();
    }

    @Test
    void shouldTransferBothWaysOverLossFreeLink()
    {
        final TcpWorld w = new TcpWorld(1).start();
        transfer(w, 3_000_001, 2_000_003, true, 20);
        assertEquals(0, w.client.counters().get(StackCounter.TCP_RETRANS_SEGS));
        assertEquals(0, w.server.counters().get(StackCounter.TCP_RETRANS_SEGS));
    }

    @Test
    void shouldTransferOverIp6()
    {
        transfer(new TcpWorld(2).start(), 1_000_001, 1_000_003, false, 20);
    }

    @Test
    void shouldTransferSuperSegments()
    {
        final TcpWorld w = new TcpWorld(3).offload().start();
        transfer(w, 20_000_001, 20_000_003, true, 20);
        assertEquals(0, w.client.counters().get(StackCounter.TCP_RETRANS_SEGS));
        assertTrue(w.clientLink.sent() < w.client.counters().get(StackCounter.TCP_OUT_SEGS) / 4,
            "segments should leave in super-segments");
    }

    private TcpWorld faulty(final long seed)
    {
        final TcpWorld w = new TcpWorld(seed);
        w.toServer().delay(5_000_000).loss(0.02).reorder(0.02, 3_000_000).duplicate(0.02);
        w.toClient().delay(5_000_000).loss(0.02).reorder(0.02, 3_000_000).duplicate(0.02);
        return w;
    }

    @Test
    void shouldSurviveLossReorderingAndDuplication()
    {
        transfer(faulty(10).start(), 8_000_000, 8_000_000, true, 600);
    }

    @Test
    void shouldSurviveFaultsOverIp6()
    {
        transfer(faulty(11).start(), 8_000_000, 8_000_000, false, 600);
    }

    @Test
    void shouldSurviveFaultsWithSuperSegments()
    {
        transfer(faulty(12).offload().start(), 25_000_000, 25_000_000, true, 600);
    }

    @Test
    void shouldMoveFiftyMegabytesByteForByte()
    {
        final TcpWorld w = faulty(9).offload();
        transfer(w.start(), 50_000_000, 0, true, 600);
        final long lost = w.toServer().dropped(DropReason.LOSS);
        final long timeouts = w.client.counters().get(StackCounter.TCP_TIMEOUTS);
        assertTrue(timeouts * 5 < lost, () -> timeouts + " time-outs for " + lost + " losses");
    }

    @Test
    void shouldSurviveFaultsWithoutSack()
    {
        final TcpWorld w = faulty(13);
        w.clientContext.sack(false);
        transfer(w.start(), 4_000_000, 4_000_000, true, 900);
    }

    @Test
    void shouldSurviveFaultsWithoutTimestamps()
    {
        final TcpWorld w = faulty(14);
        w.serverContext.timestamps(false);
        transfer(w.start(), 4_000_000, 4_000_000, true, 900);
    }

    @Test
    void shouldSurviveFaultsWithoutAnyOption()
    {
        final TcpWorld w = faulty(15);
        w.serverContext.timestamps(false).sack(false).windowScale(false);
        transfer(w.start(), 2_000_000, 2_000_000, true, 900);
    }

    @ParameterizedTest
    @CsvSource({"reno, 2000", "cubic, 2000"})
    void shouldSurviveHeavyLoss(final String congestionControl, final int seconds)
    {
        final TcpWorld w = new TcpWorld(16);
        w.serverContext.congestionControl(congestionControl);
        w.clientContext.congestionControl(congestionControl);
        w.toServer().delay(5_000_000).loss(0.15);
        w.toClient().delay(5_000_000).loss(0.15);
        transfer(w.start(), 300_000, 300_000, true, seconds);
    }

    @Test
    void shouldSurviveBurstLossOnSlowLink()
    {
        final TcpWorld w = new TcpWorld(17);
        w.toServer().delay(20_000_000).rate(10_000_000, 64_000).burstLoss(0.005, 0.3, 0.9);
        w.toClient().delay(20_000_000).rate(10_000_000, 64_000).burstLoss(0.005, 0.3, 0.9);
        transfer(w.start(), 3_000_000, 3_000_000, true, 2000);
    }
}
