package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;

import static dev.baton.stack.tcp.TcpWorld.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Path MTU discovery over a path whose MTU changes: RFC 1191, 8201, 5927 section 7.2, 4821. */
class PathMtuDiscoveryTest
{
    private static final int BYTES = 8_000_000;

    private final TcpWorld w = new TcpWorld(11);
    private final StreamPeer sender = new StreamPeer();
    private final StreamPeer receiver = new StreamPeer();

    private void transfer(final boolean v4)
    {
        w.toServer().delay(10_000_000).rate(50_000_000, 1 << 20);
        w.toClient().delay(10_000_000);
        w.clientContext.sendBufferBytes(256 << 10);
        w.start();
        w.listen(receiver);
        w.connect(sender.sends(BYTES), v4);
    }

    private Tcb tcb()
    {
        final Tcb[] found = new Tcb[1];
        w.client.forEachConnection((tcb) -> found[0] = tcb);
        return found[0];
    }

    private long count(final StackCounter counter)
    {
        return w.client.counters().get(counter);
    }

    private void half()
    {
        w.until("half", 30, () -> receiver.received > BYTES / 2);
    }

    private void all(final int seconds)
    {
        w.until("all", seconds, () -> receiver.received == BYTES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGoOnWhenTheMtuDropsAndARouterTells(final boolean v4)
    {
        transfer(v4);
        half();
        w.toServer().mtu(1300, true);
        all(10);
        assertEquals(1, count(StackCounter.TCP_PMTU_CHANGES));
        assertEquals(1300, tcb().pathMtu);
        assertTrue(count(StackCounter.TCP_TIMEOUTS) <= 1, "the claim is believed with the first loss at the latest");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFindABlackHoleAndFallBackToTheBase(final boolean v4)
    {
        w.clientContext.ip().mtuProbing(1);
        transfer(v4);
        half();
        assertEquals(1500, tcb().pathMtu, "no search before there is a reason");
        w.toServer().mtu(1350, false);
        all(60);
        assertTrue(tcb().mtuSearchLow > 0);
        assertTrue(tcb().pathMtu <= 1350);
        assertTrue(tcb().pathMtu >= 1280 - 216, "the base, or what was found above it");
    }

    @Test
    void shouldStallInABlackHoleWhenItMayNotProbe()
    {
        transfer(true);
        half();
        w.toServer().mtu(1350, false);
        w.run(60 * SECOND_NS);
        assertTrue(receiver.received < BYTES);
        assertEquals(1500, tcb().pathMtu);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSearchUpFromTheBaseWithoutAnySignOfCongestion(final boolean v4)
    {
        w.clientContext.ip().mtuProbing(2);
        w.toServer().mtu(1400, false);
        transfer(v4);
        all(30);
        assertTrue(tcb().pathMtu <= 1400 && tcb().pathMtu > 1400 - 8, "found " + tcb().pathMtu);
        assertTrue(count(StackCounter.TCP_MTUP_SUCCESS) >= 2);
        assertTrue(count(StackCounter.TCP_MTUP_FAIL) >= 2);
        assertEquals(0, count(StackCounter.TCP_TIMEOUTS));
        assertEquals(0, count(StackCounter.TCP_SACK_RECOVERY), "the loss of a probe is no congestion");
    }

    @Test
    void shouldTakeTheWholeLinkWithOneProbeWhereThePathCarriesIt()
    {
        w.clientContext.ip().mtuProbing(2);
        transfer(true);
        all(30);
        assertEquals(1500, tcb().pathMtu);
        assertEquals(1, count(StackCounter.TCP_MTUP_SUCCESS));
        assertEquals(0, count(StackCounter.TCP_MTUP_FAIL));
    }

    @Test
    void shouldLookForAGreaterMtuAgainAfterTheInterval()
    {
        w.clientContext.ip().mtuProbing(2).mtuProbeIntervalNs(5 * SECOND_NS);
        w.toServer().mtu(1300, false);
        transfer(true);
        all(30);
        final int found = tcb().pathMtu;
        assertTrue(found <= 1300 && found > 1292, "found " + found);
        w.toServer().mtu(1500, false);
        w.run(6 * SECOND_NS);
        sender.sends(2 * BYTES).write();
        w.until("all again", 30, () -> receiver.received == 2 * BYTES);
        assertEquals(1500, tcb().pathMtu);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldForgetAPathMtuAfterItsTimeAndUseTheGreaterOne(final boolean v4)
    {
        transfer(v4);
        w.toServer().mtu(1300, true);
        all(30);
        assertEquals(1300, tcb().pathMtu);
        w.toServer().mtu(65_535, false);
        w.run(601 * SECOND_NS);
        sender.sends(2 * BYTES).write();
        w.until("all again", 30, () -> receiver.received == 2 * BYTES);
        assertEquals(1500, tcb().pathMtu);
        assertEquals(0, w.client.paths().pathMtu().size());
    }

    @Test
    void shouldTellOtherConnectionsOfTheSamePath()
    {
        transfer(true);
        half();
        final StreamPeer second = new StreamPeer();
        w.connect(second);
        w.until("second", 5, () -> second.acceptedCount == 1);
        w.toServer().mtu(1300, true);
        w.run(5 * SECOND_NS);
        receiver.pausedReading();
        second.sends(100).write();
        w.run(SECOND_NS);
        w.client.forEachConnection((tcb) -> assertEquals(1300, tcb.pathMtu));
        assertEquals(1, count(StackCounter.TCP_PMTU_CHANGES));
        final StreamPeer third = new StreamPeer();
        w.connect(third);
        w.client.forEachConnection((tcb) -> assertEquals(1300, tcb.pathMtu));
    }

    @Test
    void shouldNotBelieveAClaimAboutASizeThatIsAcknowledged()
    {
        transfer(true);
        half();
        final Tcb tcb = tcb();
        assertEquals(1500, tcb.mtuProven);
        forge(tcb, tcb.sndUna + 1, 600);
        assertEquals(1, count(StackCounter.PMTU_CLAIMS_PENDING));
        assertEquals(1500, tcb.pathMtu);
        all(30);
        assertEquals(1500, tcb.pathMtu);
        assertEquals(0, tcb.mtuClaim);
        assertEquals(0, count(StackCounter.TCP_PMTU_CHANGES));
    }

    @Test
    void shouldNotBelieveAForgeryAboutWhatIsNotInFlight()
    {
        transfer(true);
        half();
        final Tcb tcb = tcb();
        for (int i = 0; i < 64; i++)
        {
            forge(tcb, tcb.sndNxt + (i << 25), 600);
            forge(tcb, tcb.sndUna - 1 - (i << 20), 600);
        }
        assertEquals(0, count(StackCounter.PMTU_CLAIMS_PENDING));
        assertEquals(1500, tcb.pathMtu);
        assertEquals(0, tcb.mtuClaim);
    }

    @Test
    void shouldBelieveAPendingClaimWhenWhatItQuotesIsLost()
    {
        transfer(true);
        half();
        final int[] lost = new int[1];
        w.toServer().filter((packet, nowNs) ->
        {
            final boolean drop = lost[0] == 0 && packet.length() == 1500;
            lost[0] = drop ? packet.buffer().getInt(packet.offset() + 24, ByteOrder.BIG_ENDIAN) : lost[0];
            return drop;
        });
        w.until("one is lost", 5, () -> lost[0] != 0);
        forge(tcb(), lost[0], 1300);
        assertEquals(1500, tcb().pathMtu);
        all(30);
        assertEquals(1300, tcb().pathMtu);
        assertEquals(1, count(StackCounter.TCP_PMTU_CHANGES));
        assertEquals(0, count(StackCounter.TCP_TIMEOUTS), "SACK tells of the loss");
    }

    private void forge(final Tcb tcb, final int seq, final int mtu)
    {
        w.client.tcp().icmpErrorListener().onIcmpError(4, 3, 4, mtu, tcb.localHi, tcb.localLo, tcb.localPort,
            tcb.remoteHi, tcb.remoteLo, tcb.remotePort, seq, w.world.nowNs());
    }

    @Test
    void shouldTellTheSoftErrorWhenAConnectionIsGivenUp()
    {
        transfer(true);
        half();
        final Tcb tcb = tcb();
        w.toServer().partition(true);
        w.run(SECOND_NS);
        w.client.tcp().icmpErrorListener().onIcmpError(4, 3, 1, 0, tcb.localHi, tcb.localLo, tcb.localPort,
            tcb.remoteHi, tcb.remoteLo, tcb.remotePort, tcb.sndUna, w.world.nowNs());
        assertNull(sender.closeReason, "a soft error ends nothing");
        assertEquals(4 << 16 | 3 << 8 | 1, tcb.icmpError);
        w.run(3000 * SECOND_NS);
        assertEquals("UNREACHABLE", String.valueOf(sender.closeReason));
    }
}
