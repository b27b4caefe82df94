package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.IpEcn;
import dev.baton.stack.wire.TcpHeader;
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

/** What SYNs agree about ECN (RFC 3168, section 6.1.1; RFC 9768, section 3.1). ACE values are AE CWR ECE as a number. */
class EcnHandshakeTest
{
    private static final int NONE = Tcb.ECN_NONE;
    private static final int CLASSIC = Tcb.ECN_CLASSIC;
    private static final int ACCURATE = Tcb.ECN_ACCURATE;

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private static int ace(final int number)
    {
        return TcpHeader.aceFlags(number);
    }

    private Wire.Out listen(final int ecn, final int synAce, final int synEcn)
    {
        w.context.ecn(ecn);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S | ace(synAce), 1000).ecn(synEcn).mss(1460).sackPermitted().in();
        return w.out();
    }

    private Tcb complete(final Wire.Out synAck, final int thirdAce)
    {
        w.seg(A | ace(thirdAce), 1001).ack(synAck.seq() + 1).in();
        return ((Connection)peer.connection).tcb();
    }

    private Wire.Out connect(final int ecn)
    {
        w.context.ecn(ecn);
        w.start();
        w.peer = peer;
        peer.connection = w.stack.connect(IpAddress.ANY, 80, Wire.PEER, Wire.PEER_PORT, peer, w.nowNs);
        w.poll();
        return w.out();
    }

    private Wire.Out answer(final Wire.Out syn, final int synAckAce, final int synAckEcn)
    {
        w.seg(S | A | ace(synAckAce), 1000).ack(syn.seq() + 1).ecn(synAckEcn).mss(1460).sackPermitted().in();
        return w.out();
    }

    @ParameterizedTest
    @CsvSource(
    {
        // setting, ACE of the SYN, its ECN field, ACE of the SYN/ACK, mode
        "0, 7, 0, 0, 0", "0, 3, 0, 0, 0", "0, 0, 0, 0, 0",
        "1, 3, 0, 1, 1", "2, 3, 0, 1, 1", "2, 0, 0, 0, 0", "2, 7, 0, 1, 1", "2, 1, 0, 0, 0", "2, 2, 0, 0, 0",
        "2, 4, 0, 0, 0", "2, 5, 0, 0, 0", "2, 6, 0, 0, 0",
        "2, 3, 1, 0, 0", "2, 3, 2, 0, 0", "2, 3, 3, 0, 0",
        "3, 7, 0, 2, 2", "3, 7, 1, 3, 2", "3, 7, 2, 4, 2", "3, 7, 3, 6, 2", "4, 7, 0, 2, 2", "5, 7, 0, 2, 2",
        "3, 3, 0, 1, 1", "3, 0, 0, 0, 0", "3, 0, 2, 0, 0",
        "3, 1, 0, 2, 2", "3, 2, 0, 2, 2", "3, 4, 0, 2, 2", "3, 5, 0, 2, 2", "3, 6, 0, 2, 2",
    })
    void shouldAnswerSynAsTheTableSays(
        final int ecn, final int synAce, final int synEcn, final int synAckAce, final int mode)
    {
        final Wire.Out synAck = listen(ecn, synAce, synEcn);
        assertEquals(synAckAce, synAck.ace());
        assertEquals(IpEcn.NOT_ECT, synAck.ipEcn());
        assertEquals(mode == ACCURATE, synAck.options().hasAccurateEcn());
        final Tcb tcb = complete(synAck, mode == ACCURATE ? 2 : 0);
        assertEquals(mode, tcb.ecnMode);
        assertFalse(tcb.ecnFallback);
        assertEquals(mode == CLASSIC ? 1 : 0, w.stack.counters().get(StackCounter.ECN_CLASSIC_OPENS));
        assertEquals(mode == ACCURATE ? 1 : 0, w.stack.counters().get(StackCounter.ECN_ACCURATE_OPENS));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 3", "2, 0", "3, 7", "4, 3", "5, 0"})
    void shouldAskForWhatTheSettingSays(final int ecn, final int synAce)
    {
        final Wire.Out syn = connect(ecn);
        assertEquals(synAce, syn.ace());
        assertEquals(IpEcn.NOT_ECT, syn.ipEcn());
        assertFalse(syn.options().hasAccurateEcn(), "the option does not go with a SYN");
    }

    @ParameterizedTest
    @CsvSource(
    {
        // setting, ACE of the SYN/ACK, mode, does it refrain from ECT?
        "0, 1, 0, false",
        "1, 0, 0, false", "1, 1, 1, false", "1, 2, 0, false", "1, 3, 0, false", "1, 4, 0, false", "1, 5, 1, false",
        "1, 6, 0, false", "1, 7, 0, false",
        "3, 0, 0, false", "3, 1, 1, false", "3, 2, 2, false", "3, 3, 2, true", "3, 4, 2, true", "3, 5, 2, false",
        "3, 6, 2, true", "3, 7, 0, false",
    })
    void shouldTakeSynAckAsTheTableSays(final int ecn, final int synAckAce, final int mode, final boolean fallback)
    {
        final Wire.Out ack = answer(connect(ecn), synAckAce, IpEcn.NOT_ECT);
        assertEquals(mode, w.tcb().ecnMode);
        assertEquals(fallback, w.tcb().ecnFallback);
        assertEquals(mode == ACCURATE ? 2 : 0, ack.ace());
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 0", "1, 3, 0", "2, 4, 0", "3, 6, 1"})
    void shouldTellHowSynAckCame(final int synAckEcn, final int thirdAce, final int marks)
    {
        final Wire.Out ack = answer(connect(3), 2, synAckEcn);
        assertTrue(ack.is(A | ace(thirdAce)));
        assertEquals(0, ack.length());
        assertTrue(ack.options().hasAccurateEcn());
        assertEquals(1, ack.options().ect0Bytes());
        assertEquals(0, ack.options().ceBytes());
        assertEquals(1, ack.options().ect1Bytes());
        assertEquals(marks, w.tcb().ceReceived);
        peer.sends(100).write();
        w.poll();
        assertEquals(5 + marks, w.out().ace(), "after the handshake the field is a counter");
    }

    @ParameterizedTest
    @CsvSource(
    {
        // ACE of the ACK, marks of ours that it tells of, does it refrain from ECT?
        "0, 0, true", "1, 0, false", "2, 0, false", "3, 0, true", "4, 0, true", "5, 0, false", "6, 1, true", "7, 0, false",
    })
    void shouldTakeAckOfSynAckAsTheTableSays(final int thirdAce, final int marks, final boolean fallback)
    {
        final Tcb tcb = complete(listen(3, 7, IpEcn.NOT_ECT), thirdAce);
        assertEquals(ACCURATE, tcb.ecnMode);
        assertEquals(marks, tcb.ceDelivered);
        assertEquals(fallback, tcb.ecnFallback);
        assertEquals(fallback ? 1 : 0, w.stack.counters().get(StackCounter.ECN_FALLBACKS));
        peer.sends(100).write();
        w.poll();
        assertEquals(fallback ? IpEcn.NOT_ECT : IpEcn.ECT_0, w.out().ipEcn());
    }

    @Test
    void shouldKeepFeedingBackWhenItHasFallenBack()
    {
        final Tcb tcb = complete(listen(3, 7, IpEcn.NOT_ECT), 0);
        assertTrue(tcb.ecnFallback);
        w.seg(A | ace(5), 1001).ack(tcb.sndUna).data(100).ecn(IpEcn.CE).in();
        assertEquals(6, w.out().ace());
    }

    @Test
    void shouldTakeDataInPlaceOfTheAckAsCounter()
    {
        final Wire.Out synAck = listen(3, 7, IpEcn.NOT_ECT);
        w.seg(A | ace(5), 1001).ack(synAck.seq() + 1).data(100).in();
        final Tcb tcb = ((Connection)peer.connection).tcb();
        assertEquals(ACCURATE, tcb.ecnMode);
        assertFalse(tcb.ecnFallback);
        assertEquals(0, tcb.ceDelivered);
    }

    @Test
    void shouldBelieveManglingWhenFallbackIsOff()
    {
        w.context.ecnFallback(false);
        answer(connect(3), 4, IpEcn.NOT_ECT);
        assertFalse(w.tcb().ecnFallback);
    }

    @Test
    void shouldSendSynWithoutFlagsAfterOneClassicTimeout()
    {
        assertEquals(3, connect(1).ace());
        w.advance(1_000 * MS);
        final Wire.Out again = w.out();
        assertEquals(0, again.ace());
        answer(again, 1, IpEcn.NOT_ECT);
        assertEquals(CLASSIC, w.tcb().ecnMode);
        assertTrue(w.tcb().ecnFallback, "a SYN without flags was sent, so nothing may be ECT");
    }

    @Test
    void shouldSendSynWithoutFlagsAfterTwoAccurateTimeouts()
    {
        assertEquals(7, connect(3).ace());
        w.advance(1_000 * MS);
        assertEquals(7, w.out().ace(), "the first retransmission asks again");
        w.advance(2_000 * MS);
        final Wire.Out third = w.out();
        assertEquals(0, third.ace());
        w.advance(4_000 * MS);
        assertEquals(0, w.out().ace());
        answer(third, 2, IpEcn.NOT_ECT);
        assertEquals(ACCURATE, w.tcb().ecnMode, "the answer is to an earlier SYN");
        assertTrue(w.tcb().ecnFallback);
        peer.sends(100).write();
        w.poll();
        assertEquals(IpEcn.NOT_ECT, w.out().ipEcn());
    }

    @Test
    void shouldBeWithoutEcnWhenOnlySynWithoutFlagsIsAnswered()
    {
        connect(3);
        w.advance(3_000 * MS);
        w.discardOutput();
        final Wire.Out last = lastSyn();
        answer(last, 0, IpEcn.NOT_ECT);
        assertEquals(NONE, w.tcb().ecnMode);
        assertFalse(w.tcb().ecnFallback);
    }

    private Wire.Out lastSyn()
    {
        w.advance(4_000 * MS);
        return w.out();
    }

    @Test
    void shouldAskOnWhenFallbackIsOff()
    {
        w.context.ecnFallback(false);
        connect(3);
        for (int i = 0; i < 3; i++)
        {
            w.advance((1_000L << i) * MS);
            assertEquals(7, w.out().ace());
        }
    }

    @Test
    void shouldSendSynAckWithoutOptionThenWithoutFlags()
    {
        final Wire.Out first = listen(3, 7, IpEcn.NOT_ECT);
        assertTrue(first.options().hasAccurateEcn());
        w.advance(1_000 * MS);
        final Wire.Out second = w.out();
        assertEquals(2, second.ace());
        assertFalse(second.options().hasAccurateEcn(), "it may be what the path does not take");
        w.advance(2_000 * MS);
        assertEquals(0, w.out().ace());
        final Tcb tcb = complete(first, 2);
        assertEquals(ACCURATE, tcb.ecnMode, "the first SYN/ACK may be the one that came");
        assertTrue(tcb.ecnFallback);
        assertTrue(tcb.accurateEcn.optionMute);
    }

    @Test
    void shouldSendOptionAgainWhenToldTo()
    {
        w.context.ecnOption(3);
        listen(3, 7, IpEcn.NOT_ECT);
        w.advance(1_000 * MS);
        assertTrue(w.out().options().hasAccurateEcn());
    }

    @Test
    void shouldSendNoOptionWhenItIsOff()
    {
        w.context.ecnOption(0);
        final Wire.Out synAck = listen(3, 7, IpEcn.NOT_ECT);
        assertFalse(synAck.options().hasAccurateEcn());
        final Tcb tcb = complete(synAck, 2);
        w.seg(A | ace(5), 1001).ack(tcb.sndUna).data(100).ecn(IpEcn.CE).accurateEcn(1, 0, 1).in();
        assertFalse(w.out().options().hasAccurateEcn());
    }

    @Test
    void shouldTellHowRepeatedSynCame()
    {
        assertEquals(2, listen(3, 7, IpEcn.NOT_ECT).ace());
        w.seg(S | ace(7), 1000).ecn(IpEcn.ECT_0).mss(1460).in();
        assertEquals(4, w.out().ace());
    }

    @ParameterizedTest
    @CsvSource({"3, 7, 2, true", "2, 3, 0, false"})
    void shouldAnswerRepeatedSynWithoutFlagsWithoutFlags(
        final int ecn, final int synAce, final int mode, final boolean fallback)
    {
        final Wire.Out first = listen(ecn, synAce, IpEcn.NOT_ECT);
        w.seg(S, 1000).mss(1460).in();
        assertEquals(0, w.out().ace());
        final Tcb tcb = complete(first, mode == ACCURATE ? 2 : 0);
        assertEquals(mode, tcb.ecnMode);
        assertEquals(fallback, tcb.ecnFallback);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldTellAgainHowRepeatedSynAckCame(final int ecn)
    {
        final Wire.Out syn = connect(3);
        answer(syn, 2, IpEcn.NOT_ECT);
        w.seg(S | A | ace(2), 1000).ack(syn.seq() + 1).ecn(ecn).mss(1460).in();
        assertEquals(new int[]{2, 3, 4, 6}[ecn], w.out().ace());
    }

    @ParameterizedTest
    @CsvSource({"3, 7, 2, 2", "3, 3, 1, 1", "3, 0, 0, 0", "1, 7, 1, 1", "1, 3, 1, 1", "0, 7, 0, 0"})
    void shouldAgreeWhenBothSidesOpen(final int ecn, final int synAce, final int synAckAce, final int mode)
    {
        final Wire.Out syn = connect(ecn);
        w.seg(S | ace(synAce), 1000).mss(1460).in();
        final Wire.Out synAck = w.out();
        assertEquals(synAckAce, synAck.ace());
        w.seg(S | A | ace(synAckAce), 1000).ack(syn.seq() + 1).mss(1460).in();
        assertEquals(mode, w.tcb().ecnMode);
        assertEquals(TcpState.ESTABLISHED, w.tcb().state);
    }

    @ParameterizedTest
    @CsvSource({"3, 7, 2, 2", "2, 3, 1, 1", "0, 3, 0, 0"})
    void shouldAgreeWhenSynCarriesData(final int ecn, final int synAce, final int synAckAce, final int mode)
    {
        w.context.ecn(ecn);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S | ace(synAce), 1000).mss(1460).data(50).in();
        final Wire.Out synAck = w.out();
        assertEquals(1001, synAck.ack(), "without Fast Open the data of a SYN is not kept");
        assertEquals(synAckAce, synAck.ace());
        w.seg(A | (mode == ACCURATE ? ace(2) : 0), 1001).ack(synAck.seq() + 1).in();
        assertEquals(mode, ((Connection)peer.connection).tcb().ecnMode);
    }

    @Test
    void shouldSendFeedbackOfHandshakeBeforeFirstData()
    {
        peer.sends(1_000);
        final Wire.Out syn = connect(3);
        peer.write();
        final Wire.Out ack = answer(syn, 2, IpEcn.NOT_ECT);
        assertEquals(0, ack.length());
        assertEquals(2, ack.ace());
        final Wire.Out data = w.out();
        assertEquals(1_000, data.length());
        assertEquals(5, data.ace());
        assertEquals(IpEcn.ECT_0, data.ipEcn());
    }

    @Test
    void shouldChallengeWithCounterInHalfOpenConnection()
    {
        listen(3, 7, IpEcn.NOT_ECT);
        w.seg(A, 900_000).ack(5).in();
        assertEquals(5, w.out().ace(), "0 would tell the peer that the path zeroes the field");
    }
}
