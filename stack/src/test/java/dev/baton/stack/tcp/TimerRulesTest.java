package dev.baton.stack.tcp;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.service.TcpInfo;
import dev.baton.stack.service.TcpInfoField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.R;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Keepalive, user time-out and delayed ACKs: RFC 9293, sections 3.8.3, 3.8.4 and 3.8.6.3; RFC 5482. */
class TimerRulesTest
{
    private static final long SECOND = 1000 * MS;

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private void accept()
    {
        w.start().accept(peer);
        w.discardOutput();
    }

    private void set(final TcpOption option, final long value)
    {
        peer.connection.option(option, value);
    }

    private void keepAlive(final int idle, final int interval, final int count)
    {
        set(TcpOption.KEEP_IDLE, idle);
        set(TcpOption.KEEP_INTERVAL, interval);
        set(TcpOption.KEEP_COUNT, count);
        set(TcpOption.KEEP_ALIVE, 1);
    }

    private int probes()
    {
        int count = 0;
        for (Wire.Out out = w.outOrNull(); out != null; out = w.outOrNull())
        {
            count += out.seq() == w.tcb().sndUna - 1 && out.length() == 0 ? 1 : 0;
        }
        return count;
    }

    @Test
    void shouldNotProbeUnlessAsked()
    {
        accept();
        w.advance(3 * 7200 * SECOND);
        w.expectSilence();
    }

    @Test
    void shouldProbeByTheConnectionsOwnTimesAndResetInTheEnd()
    {
        accept();
        keepAlive(10, 2, 3);
        w.advance(10 * SECOND - 1);
        w.expectSilence();
        w.advance(1);
        assertEquals(1, probes());
        w.advance(4 * SECOND);
        assertEquals(2, probes());
        assertNull(peer.closeReason, "no failure to answer one probe ends a connection (MUST-29)");
        w.advance(2 * SECOND);
        assertTrue(w.out().is(R | A));
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    @Test
    void shouldCountTheIdleTimeFromTheLastSegment()
    {
        accept();
        keepAlive(10, 300, 3);
        w.advance(4 * SECOND);
        w.seg(A, 1001).ack(w.iss + 1).in();
        w.advance(10 * SECOND - 1);
        assertEquals(0, probes());
        w.advance(1);
        assertEquals(1, probes());
    }

    @Test
    void shouldTakeANewIdleTimeAtOnce()
    {
        accept();
        keepAlive(1000, 2, 3);
        set(TcpOption.KEEP_IDLE, 5);
        w.advance(5 * SECOND);
        assertEquals(1, probes());
        set(TcpOption.KEEP_ALIVE, 0);
        w.advance(100 * SECOND);
        w.expectSilence();
        assertNull(peer.closeReason);
    }

    @Test
    void shouldNotProbeWhileDataWaitsForTheWindow()
    {
        accept();
        keepAlive(2, 1, 2);
        w.seg(A, 1001).ack(w.iss + 1).window(0).in();
        peer.sends(10).write();
        w.advance(30 * SECOND);
        assertEquals(0, w.tcb().keepAliveProbes);
        assertNull(peer.closeReason);
    }

    @Test
    void shouldLetTheUserTimeoutDecideInsteadOfTheNumberOfProbes()
    {
        accept();
        keepAlive(10, 2, 1);
        set(TcpOption.USER_TIMEOUT, 20_000);
        w.advance(19 * SECOND);
        assertNull(peer.closeReason);
        w.advance(SECOND);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    @Test
    void shouldLetTheUserTimeoutDecideInsteadOfTheNumberOfRetransmissions()
    {
        w.context.retries2(2);
        accept();
        set(TcpOption.USER_TIMEOUT, 60_000);
        peer.sends(10).write();
        w.poll();
        w.advance(59 * SECOND);
        assertNull(peer.closeReason);
        w.advance(SECOND);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    @Test
    void shouldEndAConnectionWhoseWindowStaysShutForTheUserTimeout()
    {
        accept();
        set(TcpOption.USER_TIMEOUT, 5000);
        w.seg(A, 1001).ack(w.iss + 1).window(0).in();
        peer.sends(10).write();
        w.poll();
        for (int i = 0; i < 4; i++)
        {
            w.advance(SECOND);
            w.seg(A, 1001).ack(w.iss + 1).window(0).in();
        }
        assertNull(peer.closeReason);
        w.advance(SECOND);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    @Test
    void shouldCountTheUserTimeoutAnewWhenTheWindowHasOpened()
    {
        accept();
        set(TcpOption.USER_TIMEOUT, 5000);
        w.seg(A, 1001).ack(w.iss + 1).window(0).in();
        peer.sends(10).write();
        w.advance(4 * SECOND);
        w.seg(A, 1001).ack(w.iss + 1).window(1000).in();
        w.advance(4 * SECOND);
        assertNull(peer.closeReason);
        w.advance(SECOND);
        assertEquals(CloseReason.TIMEOUT, peer.closeReason);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1000000001, 2", "32767000000000, 32767", "32768000000000, 33315", "9000000000000000, 65535"})
    void shouldWriteTheUserTimeoutInSecondsOrMinutes(final long ns, final int field)
    {
        assertEquals(field, UserTimeout.encode(ns));
    }

    @Test
    void shouldReadWhatItWrites()
    {
        assertEquals(30_000, UserTimeout.decodeMs(UserTimeout.encode(30 * SECOND)));
        assertEquals(600 * 60_000, UserTimeout.decodeMs(UserTimeout.encode(600 * 60 * SECOND)));
        assertEquals(0, UserTimeout.decodeMs(0x8000));
    }

    @Test
    void shouldTellItsUserTimeoutAndFollowThePeersWithinBounds()
    {
        w.context.userTimeoutOption(true).userTimeoutNs(120 * SECOND);
        accept();
        w.seg(A, 1001).ack(w.iss + 1).userTimeout(300).data(10).in();
        assertEquals(120, w.out().options().userTimeout());
        assertEquals(300 * SECOND, InForce.userTimeoutNs(w.tcb(), w.stack.context()));
        w.seg(A, 1011).ack(w.iss + 1).userTimeout(10).in();
        assertEquals(120 * SECOND, InForce.userTimeoutNs(w.tcb(), w.stack.context()), "max(own, advice, lowest)");
        w.seg(A, 1011).ack(w.iss + 1).userTimeout(0xFFFF).in();
        assertEquals(86_400 * SECOND, InForce.userTimeoutNs(w.tcb(), w.stack.context()), "the highest");
        set(TcpOption.USER_TIMEOUT, 7000);
        assertEquals(7 * SECOND, InForce.userTimeoutNs(w.tcb(), w.stack.context()), "the user's own is not changed");
    }

    @Test
    void shouldNotSpeakOfUserTimeoutsByDefault()
    {
        w.context.userTimeoutNs(120 * SECOND);
        accept();
        w.seg(A, 1001).ack(w.iss + 1).userTimeout(300).data(10).in();
        assertEquals(-1, w.out().options().userTimeout());
        assertEquals(120 * SECOND, InForce.userTimeoutNs(w.tcb(), w.stack.context()));
    }

    @Test
    void shouldTellTheUserWhenR1IsReached()
    {
        accept();
        peer.sends(10).write();
        w.poll();
        while (w.tcb().retransmits < 2)
        {
            w.advance(100 * MS);
        }
        assertTrue(!peer.events.contains("soft error RETRANSMITTING"));
        while (w.tcb().retransmits < 3)
        {
            w.advance(100 * MS);
        }
        assertTrue(peer.events.contains("soft error RETRANSMITTING"));
        assertEquals(0, peer.connection.option(TcpOption.ERROR), "R1 is no pending error");
    }

    @Test
    void shouldAcknowledgeAtOnceAtTheStartAndWaitForTheAnswerInPingPongMode()
    {
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(10).in();
        assertEquals(1011, w.out().ack());
        peer.sends(10).write();
        w.poll();
        assertEquals(10, w.out().length());
        assertTrue(w.tcb().pingPong);
        w.seg(A, 1011).ack(w.iss + 11).data(10, 10).in();
        w.expectSilence();
        w.advance(40 * MS);
        assertEquals(1021, w.out().ack());
    }

    @Test
    void shouldWaitLongerWhereAnswersComeLaterButNotLongerThanTheRoundTrip()
    {
        accept();
        w.tcb().srttNs = 120 * MS;
        set(TcpOption.QUICK_ACK, 0);
        w.tcb().atoUs = 90_000;
        w.tcb().lastDataReceivedAtNs = w.nowNs - 60 * MS;
        w.seg(A, 1001).ack(w.iss + 1).data(10).in();
        assertEquals(105_000, w.tcb().atoUs);
        assertEquals(w.nowNs + 105 * MS, w.tcb().delayedAckAtNs);
        w.tcb().srttNs = 50 * MS;
        assertEquals(50 * MS, AckPolicy.delayNs(w.tcb(), w.stack.context()));
        w.tcb().pingPong = false;
        assertEquals(40 * MS, AckPolicy.delayNs(w.tcb(), w.stack.context()));
    }

    @Test
    void shouldAcknowledgeAtOnceAgainAfterALongPause()
    {
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(10).in();
        w.tcb().quickAcks = 0;
        w.discardOutput();
        w.advance(10 * SECOND);
        w.seg(A, 1011).ack(w.iss + 1).data(10, 10).in();
        assertEquals(1021, w.out().ack());
    }

    @Test
    void shouldFillTcpInfoByNameAndInLinuxsUnits()
    {
        accept();
        peer.sends(3000).write();
        w.poll();
        w.seg(A, 1001).ack(w.iss + 1 + 1460).data(7).in();
        final TcpInfo info = peer.connection.info(new TcpInfo());
        assertEquals(1, info.get("tcpi_state"));
        assertEquals(1460, info.get("tcpi_bytes_acked"));
        assertEquals(7, info.get("tcpi_bytes_received"));
        assertEquals(3000, info.get("tcpi_bytes_sent"));
        assertEquals(0, info.get("tcpi_notsent_bytes"));
        assertEquals(2, info.get("tcpi_unacked"));
        assertEquals(1460, info.get("tcpi_snd_mss"));
        assertEquals(0, info.get("tcpi_last_ack_recv"));
        assertEquals(w.tcb().rtoNs / 1000, info.get(TcpInfoField.RTO));
        assertEquals(w.tcb().cwndBytes / 1460, info.get(TcpInfoField.SND_CWND));
        assertNotEquals("", info.toString());
    }
}
