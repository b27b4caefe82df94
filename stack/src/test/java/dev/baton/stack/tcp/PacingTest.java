package dev.baton.stack.tcp;

import dev.baton.stack.Packet;
import dev.baton.stack.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Paced senders on a path of 40 ms without a bottleneck, so that only they decide when a packet leaves. */
class PacingTest
{
    private static final long MS = 1_000_000L;
    private static final int MSS = 1448;
    private static final int QUANTUM = 2 * MSS;

    private final TcpWorld w = new TcpWorld(1);
    private long lastNs;
    private int burst;
    private int greatestBurst;
    private boolean started;

    /** A sender of so many bytes; its data packets that leave at one time are counted together. */
    private Connection transfer(final long bytes)
    {
        w.toServer().delay(20 * MS);
        w.toClient().delay(20 * MS);
        w.world.network().tap(this::note);
        final StreamPeer receiver = new StreamPeer();
        final StreamPeer sender = new StreamPeer().sends(bytes);
        w.start().listen(receiver);
        w.connect(sender);
        return (Connection)sender.connection;
    }

    private void note(final SimLink link, final boolean sent, final Packet packet, final long nowNs)
    {
        if (sent && link == w.clientLink && packet.length() > 200 && started)
        {
            burst = nowNs == lastNs ? burst + packet.length() - 52 : packet.length() - 52;
            lastNs = nowNs;
            greatestBurst = Math.max(greatestBurst, burst);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reno", "cubic", "bbr"})
    void shouldNotBurst(final String control)
    {
        w.clientContext.congestionControl(control).pacing(true);
        final Connection connection = transfer(1L << 40);
        w.run(60 * MS);
        started = true;
        w.run(100 * MS);
        final long most = Math.max(QUANTUM, connection.tcb().pacing.effectiveRate() / 1000);
        assertTrue(greatestBurst <= most, () -> greatestBurst + " bytes at once, quantum " + most);
        assertTrue(connection.tcb().bytesOut > 20 * MSS);
    }

    @Test
    void shouldBurstWithoutPacing()
    {
        final Connection connection = transfer(1L << 40);
        started = true;
        w.run(50 * MS);
        assertNull(connection.tcb().pacing);
        assertEquals(10 * MSS, greatestBurst);
    }

    @Test
    void shouldKeepToTheRateThatTheUserAllows()
    {
        final Connection connection = transfer(1L << 40);
        connection.maxPacingRate(1_000_000);
        w.run(1_000 * MS);
        final long before = connection.tcb().bytesOut;
        w.run(2_000 * MS);
        assertEquals(2_000_000, connection.tcb().bytesOut - before, 2 * QUANTUM);
        connection.maxPacingRate(Pacing.UNLIMITED);
        w.run(1_000 * MS);
        assertTrue(connection.tcb().bytesOut - before > 10_000_000);
    }

    @Test
    void shouldRefuseARateOfZero()
    {
        final Connection connection = transfer(1);
        assertThrows(IllegalArgumentException.class, () -> connection.maxPacingRate(0));
    }

    /** Pacing is no reason not to grow: cwnd doubles in each round trip of slow start as it does without. */
    @Test
    void shouldNotHinderSlowStart()
    {
        w.clientContext.congestionControl("reno").pacing(true);
        final Connection connection = transfer(1L << 40);
        w.run(300 * MS);
        assertTrue(connection.tcb().cwndBytes >= 10 * MSS << 4, () -> "cwnd " + connection.tcb().cwndBytes / MSS);
    }

    @Test
    void shouldSendSuperSegmentsOfAMillisecond()
    {
        final Pacing pacing = new Pacing();
        pacing.begin(0, 0);
        pacing.rate = 40_000_000;
        assertEquals(40_000 / MSS * MSS, pacing.quantumBytes(MSS, 2));
        pacing.rate = 100;
        assertEquals(QUANTUM, pacing.quantumBytes(MSS, 2));
        pacing.rate = Pacing.UNLIMITED;
        assertEquals(65_536 / MSS * MSS, pacing.quantumBytes(MSS, 2));
    }

    @Test
    void shouldMakeGoodHalfOfWhatItCameLate()
    {
        final Pacing pacing = new Pacing();
        pacing.begin(0, 0);
        pacing.rate = 1_000_000;
        pacing.onSent(1000, 0);
        assertEquals(MS, pacing.nextSendAtNs);
        pacing.onSent(1000, MS + MS / 4);
        assertEquals(2 * MS, pacing.nextSendAtNs);
        pacing.onSent(1000, 10 * MS);
        assertEquals(10 * MS + MS / 2, pacing.nextSendAtNs);
    }

    /** {@code tcp_pacing_ss_ratio} below half of ssthresh, {@code tcp_pacing_ca_ratio} from there on. */
    @Test
    void shouldPaceAWindowARoundTripWithRoomToGrow()
    {
        final Connection connection = transfer(1);
        w.run(100 * MS);
        final Tcb tcb = connection.tcb();
        connection.maxPacingRate(1L << 40);
        tcb.srttNs = 100 * MS;
        tcb.cwndBytes = 100_000;
        tcb.ssthreshBytes = 1 << 30;
        WindowPacing.update(tcb, w.clientContext);
        assertEquals(2_000_000, tcb.pacing.rate);
        tcb.ssthreshBytes = 100_000;
        WindowPacing.update(tcb, w.clientContext);
        assertEquals(1_200_000, tcb.pacing.rate);
    }

    /** TCP_CONGESTION: each takes over the windows of the one before, and nothing else. */
    @Test
    void shouldChangeTheControlOfAConnection()
    {
        final Connection connection = transfer(1L << 40);
        w.run(200 * MS);
        final Tcb tcb = connection.tcb();
        final int cwndBytes = tcb.cwndBytes;
        connection.congestionControl("bbr");
        assertEquals(cwndBytes, tcb.cwndBytes);
        final long before = tcb.bytesOut;
        w.run(500 * MS);
        assertTrue(tcb.rate.deliveredBytes > cwndBytes && tcb.bytesOut - before > 2 * cwndBytes);
        tcb.ssthreshBytes = tcb.cwndBytes = 20 * MSS;
        connection.congestionControl("cubic");
        assertEquals(20 * MSS, tcb.ccWord0, "no W_max, and cwnd_prior is what cwnd is");
        assertNull(tcb.ccWords);
        assertNull(tcb.rate);
        assertNull(tcb.pacing);
    }

    @Test
    void shouldGiveEverythingBack()
    {
        w.clientContext.congestionControl("bbr");
        w.toServer().delay(MS);
        w.toClient().delay(MS);
        final StreamPeer receiver = new StreamPeer().closesAtEnd();
        final StreamPeer sender = new StreamPeer().sends(100_000).thenShutsDown().closesAtEnd();
        w.start().listen(receiver);
        w.connect(sender);
        final Tcb tcb = ((Connection)sender.connection).tcb();
        w.until("closed", 10, () -> sender.closeReason != null && receiver.closeReason != null);
        w.run(MS);
        assertNull(tcb.pacing);
        assertNull(tcb.rate);
        assertNull(tcb.ccWords);
    }
}
