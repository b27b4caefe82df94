package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.Wire.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class IcmpErrorsTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private void error(final int type, final int code, final int mtu, final int seq)
    {
        w.stack.tcp().icmpErrorListener().onIcmpError(4, type, code, mtu, 0, Wire.LOCAL.lo(), Wire.LOCAL_PORT,
            0, Wire.PEER.lo(), Wire.PEER_PORT, seq, w.nowNs);
        w.poll();
    }

    private int connecting()
    {
        w.start();
        peer.connection = w.stack.connect(
            IpAddress.ANY, Wire.LOCAL_PORT, Wire.PEER, Wire.PEER_PORT, peer, w.nowNs);
        w.poll();
        return w.out().seq();
    }

    @Test
    void shouldEndAnOpenOnHardErrorsThatQuoteItsSyn()
    {
        final int iss = connecting();
        error(3, 3, 0, iss + 1);
        error(3, 1, 0, iss);
        assertNull(peer.closeReason);
        error(3, 3, 0, iss);
        assertEquals(CloseReason.REFUSED, peer.closeReason);
    }

    @Test
    void shouldTellProtocolUnreachable()
    {
        error(3, 2, 0, connecting());
        assertEquals(CloseReason.UNREACHABLE, peer.closeReason);
    }

    @Test
    void shouldNotEndAnEstablishedConnection()
    {
        w.start().accept(peer.sends(1000));
        error(3, 3, 0, w.iss + 1);
        error(3, 2, 0, w.iss + 1);
        assertNull(peer.closeReason);
        assertEquals(2, w.stack.counters().get(StackCounter.ICMP_IGNORED));
    }

    @Test
    void shouldLowerTheSegmentSizeAndSendAgain()
    {
        w.start().accept(peer.sends(14_600));
        w.discardOutput();
        error(3, 4, 1000, w.iss + 1);
        assertEquals(960, w.tcb().effectiveMss);
        assertEquals(960, w.out().length());
        assertEquals(14_600, w.tcb().cwndBytes, "a smaller path is no congestion");
    }

    @Test
    void shouldNotBelieveTooBigOfWhatIsNotInFlightOrLargerOrAbsurd()
    {
        w.start().accept(peer.sends(14_600));
        w.discardOutput();
        error(3, 4, 1000, w.iss + 20_000);
        error(3, 4, 1500, w.iss + 1);
        error(3, 4, 9000, w.iss + 1);
        assertEquals(1460, w.tcb().effectiveMss);
        w.expectSilence();
        error(3, 4, 68, w.iss + 1);
        assertEquals(552 - 40, w.tcb().effectiveMss);
    }

    @Test
    void shouldStepDownWhenTheRouterDoesNotTellTheSize()
    {
        w.start().accept(peer.sends(14_600));
        w.discardOutput();
        error(3, 4, 0, w.iss + 1);
        assertEquals(1492 - 40, w.tcb().effectiveMss);
        w.discardOutput();
        w.seg(A, 1001).ack(w.iss + 1 + 14_600).in();
        assertEquals(0, w.tcb().flightBytes());
    }
}
