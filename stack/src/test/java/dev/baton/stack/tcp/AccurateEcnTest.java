package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.IpEcn;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Accurate ECN on an established connection (RFC 9768, section 3.2). */
class AccurateEcnTest
{
    private static final int MSS = 1460;
    private static final int FIRST = TcpHeader.aceFlags(5);

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();
    private int next = 1001;

    private Tcb open(final boolean option)
    {
        w.context.ecn(3).congestionControl("reno").noDelay(true);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.peer = peer;
        final Wire.Seg syn = w.seg(S | TcpHeader.ACE, 1000).mss(MSS).sackPermitted();
        (w.timestamps ? syn.timestamps(100, 0) : syn).in();
        final Wire.Out synAck = w.out();
        w.iss = synAck.seq();
        Wire.Seg ack = w.seg(A | TcpHeader.aceFlags(2), 1001).ack(w.iss + 1);
        ack = w.timestamps ? ack.timestamps(101, synAck.options().tsVal()) : ack;
        (option ? ack.accurateEcn(1, 0, 1) : ack).in();
        w.tcb().quickAcks = 0;
        return w.tcb();
    }

    private Wire.Seg data(final int ecn)
    {
        final Wire.Seg seg = w.seg(A | FIRST, next).ack(w.tcb().sndUna).data(100, next - 1001).ecn(ecn);
        next += 100;
        return seg;
    }

    private void send(final int segments)
    {
        peer.sends(peer.sent + (long)segments * MSS).write();
        w.poll();
    }

    private Wire.Seg ack(final int ace, final int segments)
    {
        return w.seg(A | TcpHeader.aceFlags(ace), next).ack(w.iss + 1 + segments * MSS);
    }

    @Test
    void shouldCountMarksOnEverySegment()
    {
        final Tcb tcb = open(true);
        data(IpEcn.CE).in();
        assertEquals(6, w.out().ace());
        data(IpEcn.CE).in();
        data(IpEcn.CE).in();
        assertEquals(0, w.out().ace());
        send(1);
        assertEquals(0, w.out().ace());
        assertEquals(3, tcb.ceReceived);
    }

    @Test
    void shouldAcknowledgeFirstMarkAtOnceThenEverySecond()
    {
        open(true);
        data(IpEcn.ECT_0).in();
        w.expectSilence();
        data(IpEcn.CE).in();
        assertEquals(6, w.out().ace());
        data(IpEcn.CE).in();
        w.expectSilence();
        data(IpEcn.CE).in();
        assertEquals(0, w.out().ace());
        data(IpEcn.ECT_0).in();
        w.expectSilence();
        data(IpEcn.CE).in();
        assertEquals(1, w.out().ace());
    }

    @Test
    void shouldAcknowledgeEveryThirdMarkedPureAck()
    {
        open(true);
        for (int i = 1; i <= 6; i++)
        {
            w.seg(A | FIRST, next).ack(w.iss + 1).ecn(IpEcn.CE).in();
            if (i % 3 == 0)
            {
                assertEquals(5 + i & 7, w.out().ace());
            }
            else
            {
                w.expectSilence();
            }
        }
    }

    @Test
    void shouldAcknowledgeBeforeTheFieldWrapsWithinOnePoll()
    {
        open(true);
        for (int i = 0; i < 17; i++)
        {
            data(IpEcn.CE).queue();
        }
        w.poll();
        int known = 0;
        int acks = 0;
        for (Wire.Out out = w.outOrNull(); out != null; out = w.outOrNull())
        {
            known += out.ace() - 5 - known & 7;
            acks++;
        }
        assertEquals(17, known);
        assertEquals(3, acks);
    }

    @Test
    void shouldCountSegmentsOfSuperSegment()
    {
        final Tcb tcb = open(true);
        w.seg(A | FIRST, next).ack(w.iss + 1).data(4_000).gso(1_000).ecn(IpEcn.CE).in();
        assertEquals(4, tcb.ceReceived);
        assertEquals(4_000, tcb.accurateEcn.receivedCeBytes);
    }

    @Test
    void shouldIgnoreMarksOutOfWindow()
    {
        final Tcb tcb = open(true);
        w.seg(A | FIRST, 1001 + (8 << 20)).ack(w.iss + 1).data(100).ecn(IpEcn.CE).in();
        assertEquals(0, tcb.ceReceived);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0, 101", "2, 101, 0, 1", "3, 1, 100, 1"})
    void shouldTellBytesByField(final int field, final int e0, final int ce, final int e1)
    {
        final Tcb tcb = open(true);
        tcb.quickAcks = 1;
        data(field).in();
        final TcpOptions options = w.out().options();
        assertTrue(options.hasAccurateEcn());
        assertEquals(ce, options.ceBytes());
        if (field != IpEcn.ECT_1)
        {
            assertEquals(e0, options.ect0Bytes());
        }
        if (field == IpEcn.ECT_1)
        {
            assertEquals(e1, options.ect1Bytes());
        }
    }

    @Test
    void shouldSendShortOptionUnlessAllCountersAreDue()
    {
        final Tcb tcb = open(true);
        tcb.srttNs = 1_000_000 * MS;
        tcb.accurateEcn.optionSentAtNs = w.nowNs;
        tcb.quickAcks = 4;
        data(IpEcn.ECT_0).in();
        assertEquals(TcpOptions.ABSENT, w.out().options().ect1Bytes());
        data(IpEcn.NOT_ECT).in();
        assertFalse(w.out().options().hasAccurateEcn(), "nothing has changed");
        data(IpEcn.ECT_1).in();
        final TcpOptions second = w.out().options();
        assertEquals(TcpOptions.ABSENT, second.ect0Bytes());
        assertEquals(101, second.ect1Bytes());
    }

    @Test
    void shouldSendAllCountersAsBeacon()
    {
        final Tcb tcb = open(true);
        tcb.srttNs = 300 * MS;
        tcb.accurateEcn.optionSentAtNs = w.nowNs;
        tcb.quickAcks = 4;
        w.advance(90 * MS);
        data(IpEcn.NOT_ECT).in();
        assertFalse(w.out().options().hasAccurateEcn());
        w.advance(10 * MS);
        data(IpEcn.NOT_ECT).in();
        assertEquals(1, w.out().options().ect1Bytes(), "three times in a round trip");
    }

    @Test
    void shouldSendOptionForMarksOnlyWhenSparing()
    {
        w.context.ecnOption(1);
        final Tcb tcb = open(true);
        tcb.srttNs = 1_000_000 * MS;
        tcb.accurateEcn.optionSentAtNs = w.nowNs;
        tcb.quickAcks = 4;
        data(IpEcn.ECT_0).in();
        assertFalse(w.out().options().hasAccurateEcn());
        data(IpEcn.CE).in();
        assertEquals(100, w.out().options().ceBytes());
    }

    @Test
    void shouldNotSendOptionToPeerThatSendsNone()
    {
        open(false);
        data(IpEcn.CE).in();
        assertFalse(w.out().options().hasAccurateEcn());
        data(IpEcn.CE).accurateEcn(1, 0, 1).in();
        data(IpEcn.CE).in();
        assertTrue(w.out().options().hasAccurateEcn());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, false", "3, false"})
    void shouldLetSackAndTimestampsGoFirst(final int holes, final boolean fits)
    {
        w.timestamps = true;
        final Tcb tcb = open(true);
        tcb.quickAcks = 20;
        for (int i = 1; i <= holes; i++)
        {
            w.seg(A | FIRST, 1001 + 200 * i).ack(w.iss + 1).timestamps(102, 0).data(100).ecn(IpEcn.ECT_0).in();
        }
        w.discardOutput();
        w.seg(A | FIRST, 1001 + 200 * holes + 150).ack(w.iss + 1).timestamps(103, 0).data(10).ecn(IpEcn.CE).in();
        final TcpOptions options = w.out().options();
        assertEquals(fits, options.hasAccurateEcn());
        assertEquals(Math.min(3, holes + 1), options.sackCount());
        assertFalse(options.malformed());
        assertEquals(!fits, tcb.accurateEcn.ceDue, "what did not fit stays due");
    }

    @Test
    void shouldTakeOptionOutOfThePayloadOfData()
    {
        open(true);
        data(IpEcn.CE).queue();
        peer.sends(5 * MSS).write();
        w.poll();
        final Wire.Out first = w.out();
        assertTrue(first.options().hasAccurateEcn());
        assertEquals(MSS - 8, first.length());
        assertEquals(MSS, w.out().length());
    }

    @Test
    void shouldReduceOnceForMarksThatThePeerCounts()
    {
        final Tcb tcb = open(true);
        send(10);
        w.discardOutput();
        final int cwnd = tcb.cwndBytes;
        ack(6, 2).in();
        assertEquals(cwnd / 2, tcb.cwndBytes);
        ack(0, 4).in();
        ack(0, 6).in();
        assertEquals(cwnd / 2, tcb.cwndBytes);
        assertEquals(3, tcb.ceDelivered);
        assertEquals(3, w.stack.counters().get(StackCounter.TCP_DELIVERED_CE));
        assertEquals(1, w.stack.counters().get(StackCounter.ECN_REDUCTIONS));
        send(1);
        assertEquals(5, w.out().ace(), "there is no CWR: its bit is part of the counter");
    }

    @Test
    void shouldNotReadOldAcks()
    {
        final Tcb tcb = open(true);
        send(6);
        ack(6, 4).in();
        ack(5, 2).in();
        assertEquals(1, tcb.ceDelivered);
    }

    @ParameterizedTest
    @CsvSource({"false, 9", "true, 1"})
    void shouldAssumeWrapOfThinnedAckUnlessTheOptionTellsBetter(final boolean option, final int marks)
    {
        final Tcb tcb = open(option);
        send(10);
        final Wire.Seg ack = ack(6, 10);
        (option ? ack.accurateEcn(1 + 9 * MSS, MSS, 1) : ack).in();
        assertEquals(marks, tcb.ceDelivered);
    }

    @Test
    void shouldFindAllMarksOfThinnedAckWithOption()
    {
        final Tcb tcb = open(true);
        send(10);
        ack(5 + 9 & 7, 10).accurateEcn(1 + MSS, 9 * MSS, 1).in();
        assertEquals(9, tcb.ceDelivered);
        assertEquals(9 * MSS, tcb.accurateEcn.deliveredCeBytes);
        assertEquals(MSS, tcb.accurateEcn.deliveredE0Bytes);
    }

    @Test
    void shouldTellWrapOfByteCountersFromOlderOnes()
    {
        final Tcb tcb = open(true);
        tcb.accurateEcn.deliveredE0Bytes = (1 << 24) - 1_001;
        send(10);
        ack(5, 2).accurateEcn(2_000, 0, 1).in();
        assertEquals((1 << 24) + 1_999, tcb.accurateEcn.deliveredE0Bytes);
        ack(5, 4).accurateEcn(1_900, 0, 1).in();
        assertEquals((1 << 24) + 1_999, tcb.accurateEcn.deliveredE0Bytes);
    }

    @Test
    void shouldRefuseOptionsWhoseFirstCounterIsZeroed()
    {
        final Tcb tcb = open(false);
        send(10);
        ack(5, 1).accurateEcn(0, 0, 0).in();
        assertTrue(tcb.accurateEcn.optionRefused);
        assertEquals(1, w.stack.counters().get(StackCounter.ECN_OPTION_DISCARDS));
        ack(6, 10).accurateEcn(1 + 9 * MSS, MSS, 1).in();
        assertEquals(9, tcb.ceDelivered, "the option would have said that it is one mark");
    }

    @ParameterizedTest
    @CsvSource({"2, true", "3, false"})
    void shouldGiveUpWhenFirstFieldIsZeroed(final int segments, final boolean fallback)
    {
        final Tcb tcb = openActively();
        send(10);
        w.discardOutput();
        ack(0, segments).in();
        assertEquals(fallback, tcb.ecnFallback, "three marks could have made it 0");
        ack(0, 10).in();
        w.discardOutput();
        send(1);
        assertEquals(fallback ? IpEcn.NOT_ECT : IpEcn.ECT_0, w.out().ipEcn());
    }

    private Tcb openActively()
    {
        w.context.ecn(3).congestionControl("reno").noDelay(true);
        w.start();
        w.peer = peer;
        peer.connection = w.stack.connect(IpAddress.ANY, 80, Wire.PEER, Wire.PEER_PORT, peer, w.nowNs);
        w.poll();
        w.iss = w.out().seq();
        w.seg(S | A | TcpHeader.aceFlags(2), 1000).ack(w.iss + 1).mss(MSS).sackPermitted().in();
        w.discardOutput();
        return w.tcb();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStopSettingEctWhenNothingOfItComesThrough(final boolean bleached)
    {
        final Tcb tcb = open(true);
        send(10);
        w.discardOutput();
        ack(5, 2).accurateEcn(bleached ? 1 : 1 + 2 * MSS, 0, 1).in();
        assertFalse(tcb.ecnFallback);
        ack(5, 4).accurateEcn(bleached ? 1 : 1 + 4 * MSS, 0, 1).in();
        assertEquals(bleached, tcb.ecnFallback);
        assertEquals(bleached ? 1 : 0, w.stack.counters().get(StackCounter.ECN_FALLBACKS));
    }

    @Test
    void shouldNotSendSuperSegmentsWhileTheCounterHasTheBitOfCwr()
    {
        w.gso = 65_535;
        open(true);
        send(4);
        assertEquals(4 * MSS, w.out().length());
        data(IpEcn.CE).in();
        w.discardOutput();
        send(4);
        for (int i = 0; i < 4; i++)
        {
            final Wire.Out out = w.out();
            assertEquals(6, out.ace());
            assertTrue(out.length() <= MSS, "a device would clear the bit in all segments but the first");
        }
    }

    @Test
    void shouldWorkOverIpv6()
    {
        w.v6 = true;
        open(true);
        data(IpEcn.CE).in();
        assertEquals(6, w.out().ace());
        send(1);
        assertEquals(IpEcn.ECT_0, w.out().ipEcn());
    }
}
