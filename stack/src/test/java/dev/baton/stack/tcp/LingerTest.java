package dev.baton.stack.tcp;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpOption;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.R;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LingerTest
{
    private static final long SECOND = 1000 * MS;

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private void accept(final long linger)
    {
        w.start().accept(peer);
        w.discardOutput();
        peer.connection.option(TcpOption.LINGER, linger);
        peer.sends(100).write();
        peer.connection.close();
        w.poll();
    }

    @Test
    void shouldResetOnCloseWithLingerZero()
    {
        accept(0);
        assertTrue(w.out().is(R | A));
        w.expectSilence();
        assertEquals(CloseReason.ABORTED, peer.closeReason);
    }

    @Test
    void shouldTellOnceAllIsAcknowledged()
    {
        accept(5);
        assertTrue(w.out().is(A | F));
        assertTrue(!peer.events.contains("lingered true"));
        w.seg(A, 1001).ack(w.iss + 102).in();
        assertTrue(peer.events.contains("lingered true"));
        assertNull(peer.closeReason);
        w.advance(6 * SECOND);
        assertTrue(!peer.events.contains("lingered false"));
    }

    @Test
    void shouldTellWhenTheTimeHasPassedAndGoOnSending()
    {
        accept(5);
        w.advance(5 * SECOND - 1);
        assertTrue(!peer.events.contains("lingered false"));
        w.advance(1);
        assertTrue(peer.events.contains("lingered false"));
        assertNull(peer.closeReason);
        w.discardOutput();
        w.advance(10 * SECOND);
        assertTrue(w.out().is(A | F), "what was written is still sent again");
    }

    @Test
    void shouldTellBeforeTheEndWhenThePeerHasClosedFirst()
    {
        w.start().accept(peer);
        peer.connection.option(TcpOption.LINGER, 5);
        w.seg(A | F, 1001).ack(w.iss + 1).in();
        peer.connection.close();
        w.poll();
        w.seg(A, 1002).ack(w.iss + 2).in();
        final int told = peer.events.indexOf("lingered true");
        assertTrue(told >= 0 && told < peer.events.indexOf("closed NORMAL"), peer.events.toString());
    }

    @Test
    void shouldCloseWithResetWhenUnreadDataIsLost()
    {
        peer.pausedReading();
        w.start().accept(peer);
        w.seg(A, 1001).ack(w.iss + 1).data(10).in();
        w.discardOutput();
        final TcpConnection connection = peer.connection;
        connection.close();
        w.poll();
        assertTrue(w.out().is(R | A));
    }
}
