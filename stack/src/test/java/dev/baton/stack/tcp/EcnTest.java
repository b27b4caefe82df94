package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.IpEcn;
import dev.baton.stack.wire.TcpHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Classic ECN on an established connection (RFC 3168, sections 6.1.2 to 6.1.6), and what both kinds share. */
class EcnTest
{
    private static final int E = TcpHeader.ECE;
    private static final int W = TcpHeader.CWR;
    private static final int MSS = 1460;

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private Tcb open(final String congestionControl)
    {
        w.context.congestionControl(congestionControl).noDelay(true);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.peer = peer;
        w.seg(S | E | W, 1000).mss(MSS).sackPermitted().in();
        w.iss = w.out().seq();
        w.seg(A, 1001).ack(w.iss + 1).in();
        return w.tcb();
    }

    private Tcb open()
    {
        return open("reno");
    }

    private void send(final int segments)
    {
        peer.sends(peer.sent + (long)segments * MSS).write();
        w.poll();
    }

    private void ack(final int flags, final int segments)
    {
        w.seg(A | flags, 1001).ack(w.iss + 1 + segments * MSS).in();
    }

    @Test
    void shouldSendEct0WithNewDataOnly()
    {
        w.context.lossProbe(false);
        open();
        send(2);
        assertEquals(IpEcn.ECT_0, w.out().ipEcn());
        assertEquals(IpEcn.ECT_0, w.out().ipEcn());
        w.advance(1_000 * MS);
        final Wire.Out again = w.out();
        assertEquals(w.iss + 1, again.seq());
        assertEquals(IpEcn.NOT_ECT, again.ipEcn(), "a retransmission is not ECT");
        ack(0, 2);
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1 + 2 * MSS).data(100).in();
        assertEquals(IpEcn.NOT_ECT, w.out().ipEcn(), "a pure ACK is not ECT");
        peer.connection.shutdownOutput();
        w.poll();
        final Wire.Out fin = w.out();
        assertTrue(fin.is(A | F));
        assertEquals(IpEcn.NOT_ECT, fin.ipEcn());
    }

    @Test
    void shouldNotMakeWindowProbesEct()
    {
        open();
        send(1);
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1 + MSS).window(0).in();
        send(2);
        w.advance(5_000 * MS);
        assertEquals(IpEcn.NOT_ECT, w.out().ipEcn());
    }

    @Test
    void shouldEchoMarkUntilCwr()
    {
        open();
        w.seg(A, 1001).ack(w.iss + 1).data(100, 1001 - 1001).ecn(IpEcn.CE).in();
        assertTrue(w.out().is(A | E));
        w.seg(A, 1101).ack(w.iss + 1).data(100, 1101 - 1001).ecn(IpEcn.ECT_0).in();
        assertTrue(w.out().is(A | E), "the echo goes on although nothing is marked");
        send(1);
        assertTrue(w.out().is(A | E), "data carries the echo too");
        w.seg(A | W, 1201).ack(w.iss + 1).data(100, 1201 - 1001).ecn(IpEcn.ECT_0).in();
        assertTrue(w.out().is(A));
        w.seg(A | W, 1301).ack(w.iss + 1).data(100, 1301 - 1001).ecn(IpEcn.CE).in();
        assertTrue(w.out().is(A | E), "what carries CWR may be marked itself");
    }

    @Test
    void shouldAcknowledgeFirstMarkAndCwrAtOnce()
    {
        final Tcb tcb = open();
        tcb.quickAcks = 0;
        w.seg(A, 1001).ack(w.iss + 1).data(100, 1001 - 1001).ecn(IpEcn.ECT_0).in();
        w.expectSilence();
        w.seg(A, 1101).ack(w.iss + 1).data(100, 1101 - 1001).ecn(IpEcn.CE).in();
        assertTrue(w.out().is(A | E));
        w.seg(A, 1201).ack(w.iss + 1).data(100, 1201 - 1001).ecn(IpEcn.CE).in();
        w.expectSilence();
        w.seg(A | W, 1301).ack(w.iss + 1).data(100, 1301 - 1001).ecn(IpEcn.ECT_0).in();
        assertTrue(w.out().is(A));
    }

    @Test
    void shouldIgnoreMarksOutOfWindowAndOnPureAcks()
    {
        final Tcb tcb = open();
        w.seg(A, 1001 + (8 << 20)).ack(w.iss + 1).data(100).ecn(IpEcn.CE).in();
        w.seg(A, 901).ack(w.iss + 1).data(100).ecn(IpEcn.CE).in();
        w.seg(A, 1001).ack(w.iss + 1).ecn(IpEcn.CE).in();
        assertFalse(tcb.ecnEchoOwed);
    }

    @Test
    void shouldReduceOnceAWindowAndSayCwrOnce()
    {
        final Tcb tcb = open();
        send(10);
        w.discardOutput();
        final int cwnd = tcb.cwndBytes;
        ack(E, 1);
        final int reduced = tcb.cwndBytes;
        assertEquals(cwnd / 2, reduced);
        assertEquals(reduced, tcb.ssthreshBytes);
        for (int i = 2; i < 8; i++)
        {
            ack(E, i);
            assertEquals(reduced, tcb.cwndBytes, "one reduction for a window, and no growth");
        }
        send(2);
        final Wire.Out first = w.out();
        assertTrue(first.is(A | W));
        assertEquals(IpEcn.ECT_0, first.ipEcn());
        assertTrue(w.out().is(A));
        ack(0, 9);
        assertEquals(reduced, tcb.cwndBytes);
        ack(0, 10);
        assertFalse(tcb.ecnReducing);
        ack(E, 11);
        assertTrue(tcb.cwndBytes < reduced, "the next window has its own reduction");
        assertEquals(2, w.stack.counters().get(StackCounter.ECN_REDUCTIONS));
        assertEquals(8, w.stack.counters().get(StackCounter.TCP_DELIVERED_CE));
    }

    /** More is queued than cwnd lets go, so that cwnd would grow if it might. */
    @Test
    void shouldNotGrowUntilTheWindowOfTheMarkIsAcknowledged()
    {
        final Tcb tcb = open();
        peer.sends(100L * MSS).write();
        w.poll();
        ack(E, 1);
        final int reduced = tcb.cwndBytes;
        for (int i = 2; i < 10; i++)
        {
            ack(0, i);
            assertEquals(reduced, tcb.cwndBytes, "after " + i + " segments");
        }
        for (int i = 10; i < 25; i++)
        {
            ack(0, i);
        }
        assertTrue(tcb.cwndBytes > reduced, "then it grows again");
    }

    @Test
    void shouldEchoMarkOnReportOfDuplicate()
    {
        open();
        w.seg(A, 1001).ack(w.iss + 1).data(100, 0).ecn(IpEcn.CE).in();
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1).data(100, 0).in();
        final Wire.Out report = w.out();
        assertEquals(1, report.options().sackCount(), "a DSACK");
        assertTrue(report.is(A | E));
    }

    @Test
    void shouldReduceByTheFlightBeforeTheAck()
    {
        final Tcb tcb = open();
        send(10);
        ack(E, 10);
        assertEquals(5 * MSS, tcb.cwndBytes);
    }

    @Test
    void shouldReduceCubicBySevenTenths()
    {
        final Tcb tcb = open("cubic");
        send(10);
        final int cwnd = tcb.cwndBytes;
        ack(E, 1);
        assertEquals(cwnd * 7 / 10, tcb.cwndBytes);
    }

    @Test
    void shouldNotReduceForMarksWhileLossIsRepaired()
    {
        final Tcb tcb = open();
        send(10);
        for (int i = 2; i <= 5; i++)
        {
            w.seg(A, 1001).ack(w.iss + 1).sack(w.iss + 1 + MSS, w.iss + 1 + i * MSS).in();
        }
        assertEquals(Tcb.RECOVERY_FAST, tcb.recovery);
        final int ssthresh = tcb.ssthreshBytes;
        w.seg(A | E, 1001).ack(w.iss + 1).sack(w.iss + 1 + MSS, w.iss + 1 + 7 * MSS).in();
        assertEquals(ssthresh, tcb.ssthreshBytes);
        assertEquals(0, w.stack.counters().get(StackCounter.ECN_REDUCTIONS));
    }

    @Test
    void shouldNotReduceAgainForLossInTheSameWindow()
    {
        final Tcb tcb = open("cubic");
        send(10);
        for (int i = 2; i <= 6; i++)
        {
            w.seg(A | E, 1001).ack(w.iss + 1).sack(w.iss + 1 + MSS, w.iss + 1 + i * MSS).in();
        }
        assertEquals(Tcb.RECOVERY_FAST, tcb.recovery);
        assertEquals(1, w.stack.counters().get(StackCounter.ECN_REDUCTIONS));
        assertEquals(7 * MSS, tcb.ssthreshBytes, MSS, "0.7 of ten segments, once");
    }

    @Test
    void shouldSayCwrAfterLossOnNewDataOnly()
    {
        open();
        send(5);
        w.advance(1_000 * MS);
        w.discardOutput();
        ack(0, 4);
        w.discardOutput();
        ack(0, 5);
        w.discardOutput();
        send(1);
        assertTrue(w.out().is(A | W));
    }

    @Test
    void shouldNotPutCwrOnRetransmissions()
    {
        open();
        send(5);
        w.discardOutput();
        w.advance(1_000 * MS);
        assertTrue(w.out().is(A));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldLeaveEcnAloneWithoutAgreement(final int field)
    {
        w.context.ecn(0);
        w.start().accept(peer);
        w.seg(A | E | W, 1001).ack(w.iss + 1).data(100).ecn(field).in();
        assertTrue(w.out().is(A));
        send(3);
        final int cwnd = w.tcb().cwndBytes;
        assertEquals(IpEcn.NOT_ECT, w.out().ipEcn());
        w.seg(A | E, 1101).ack(w.iss + 1 + MSS).in();
        assertTrue(w.tcb().cwndBytes >= cwnd);
    }

    @Test
    void shouldWorkOverIpv6()
    {
        w.v6 = true;
        open();
        w.seg(A, 1001).ack(w.iss + 1).data(100, 1001 - 1001).ecn(IpEcn.CE).in();
        assertTrue(w.out().is(A | E));
        send(1);
        assertEquals(IpEcn.ECT_0, w.out().ipEcn());
    }

    @Test
    void shouldSendSuperSegmentWithCwrWhole()
    {
        w.gso = 65_535;
        final Tcb tcb = open();
        send(10);
        ack(E, 10);
        w.discardOutput();
        send(4);
        final Wire.Out out = w.out();
        assertEquals(4 * MSS, out.length());
        assertTrue(out.is(A | W), "devices take CWR off all segments but the first");
        assertFalse(tcb.ecnCwrOwed);
    }
}
