package dev.baton.stack.tcp;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** ECN where there is no half-open entry to keep what was agreed: SYN cookies (RFC 9768, section 3.2.2.1) and Fast Open. */
class EcnOpeningTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    @ParameterizedTest
    @CsvSource(
    {
        // setting, ACE of the SYN, of the SYN/ACK, of the ACK that brings the cookie back, mode
        "3, 7, 2, 2, 2", "3, 3, 1, 0, 1", "2, 7, 1, 0, 1", "2, 3, 1, 0, 1", "3, 0, 0, 0, 0", "0, 7, 0, 0, 0",
    })
    void shouldRememberThroughCookie(
        final int ecn, final int synAce, final int synAckAce, final int thirdAce, final int mode)
    {
        w.context.ecn(ecn).handshake().synCookies(2);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S | TcpHeader.aceFlags(synAce), 1000).mss(1460).timestamps(77, 0).sackPermitted().in();
        final Wire.Out synAck = w.out();
        assertEquals(0, w.stack.connectionCount(), "nothing is kept");
        assertEquals(synAckAce, synAck.ace());
        w.seg(A | TcpHeader.aceFlags(thirdAce), 1001).ack(synAck.seq() + 1)
            .timestamps(78, synAck.options().tsVal()).in();
        assertEquals(mode, w.tcbOfOnly().ecnMode);
        assertFalse(w.tcbOfOnly().ecnFallback);
    }

    @Test
    void shouldAgreeToNothingWhereCookieHasNoPlaceForIt()
    {
        w.context.ecn(3).handshake().synCookies(2);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S | TcpHeader.ACE, 1000).mss(1460).in();
        final Wire.Out synAck = w.out();
        assertEquals(0, synAck.ace(), "without timestamps");
        w.seg(A, 1001).ack(synAck.seq() + 1).in();
        assertEquals(Tcb.ECN_NONE, w.tcbOfOnly().ecnMode);
    }

    @ParameterizedTest
    @CsvSource({"3, 7, 2, 2", "3, 3, 1, 1", "2, 7, 1, 1", "0, 3, 0, 0"})
    void shouldAgreeWhenDataOfSynIsTaken(final int ecn, final int synAce, final int synAckAce, final int mode)
    {
        w.context.ecn(ecn).handshake().fastOpen(HandshakeOptions.FAST_OPEN_SERVER |
            HandshakeOptions.FAST_OPEN_SERVER_NO_COOKIE | HandshakeOptions.FAST_OPEN_ALL_LISTENERS);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S | TcpHeader.aceFlags(synAce), 1000).mss(1460).data(50).in();
        final Wire.Out synAck = w.out();
        assertEquals(1051, synAck.ack());
        assertEquals(synAckAce, synAck.ace());
        w.seg(A | TcpHeader.aceFlags(mode == Tcb.ECN_ACCURATE ? 2 : 0), 1051).ack(synAck.seq() + 1).in();
        assertEquals(mode, w.tcbOfOnly().ecnMode);
        assertEquals(mode == Tcb.ECN_ACCURATE ? 1 : 0, w.stack.counters().get(StackCounter.ECN_ACCURATE_OPENS));
    }
}
