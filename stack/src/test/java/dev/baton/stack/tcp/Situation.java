package dev.baton.stack.tcp;

import dev.baton.stack.wire.IpAddress;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a flow can be in when a segment comes: each state of RFC 9293, section 3.3.2, some of them with more in hand. */
enum Situation
{
    /** Nobody listens and there is no connection. */
    CLOSED(TcpState.CLOSED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
        }
    },
    /** A listener, and nothing of the flow. */
    LISTEN(TcpState.CLOSED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.stack.listen(IpAddress.ANY, Wire.LOCAL_PORT, peer);
        }
    },
    /** An entry of the SYN queue. */
    HALF_OPEN(TcpState.CLOSED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.stack.listen(IpAddress.ANY, Wire.LOCAL_PORT, peer);
            w.seg(Wire.S, w.irs).mss(MSS).sackPermitted().in();
            w.iss = w.out().seq();
        }
    },
    /** An active open, not answered. */
    SYN_SENT(TcpState.SYN_SENT)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.peer = peer;
            peer.connection =
                w.stack.connect(IpAddress.ANY, Wire.LOCAL_PORT, w.v6 ? Wire.PEER_6 : Wire.PEER, w.peerPort, peer, w.nowNs);
            w.poll();
            w.iss = w.out().seq();
        }
    },
    /** Both sides have opened at once. */
    SYN_RECEIVED(TcpState.SYN_RECEIVED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            SYN_SENT.reach(w, peer);
            w.seg(Wire.S, w.irs).mss(MSS).sackPermitted().in();
        }
    },
    /** Nothing outstanding. */
    ESTABLISHED(TcpState.ESTABLISHED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.accept(peer);
        }
    },
    /** Data outstanding, and some not yet sent. */
    SENDING(TcpState.ESTABLISHED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.accept(peer.sends(12 * MSS));
        }
    },
    /** Two runs out of order, and unread data before them. */
    HOLES(TcpState.ESTABLISHED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.accept(peer.pausedReading());
            w.seg(Wire.A, w.irs + 1).ack(w.iss + 1).data(10).in();
            w.seg(Wire.A, w.irs + 21).ack(w.iss + 1).data(10).in();
            w.seg(Wire.A, w.irs + 41).ack(w.iss + 1).data(10).in();
        }
    },
    /** The peer's window is shut, and there is data for it. */
    PERSISTING(TcpState.ESTABLISHED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.accept(peer.sends(3000));
            w.seg(Wire.A, w.irs + 1).ack(w.iss + 1 + 3000).window(0).in();
            peer.sends(6000).write();
            w.poll();
        }
    },
    /** Closed here first, with data outstanding before the FIN. */
    FIN_WAIT_1(TcpState.FIN_WAIT_1)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.accept(peer.sends(100).thenShutsDown());
        }
    },
    /** The FIN is acknowledged. */
    FIN_WAIT_2(TcpState.FIN_WAIT_2)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            FIN_WAIT_1.reach(w, peer);
            w.seg(Wire.A, w.irs + 1).ack(w.iss + 102).in();
        }
    },
    /** The peer closed first. */
    CLOSE_WAIT(TcpState.CLOSE_WAIT)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            w.accept(peer);
            w.seg(Wire.A | Wire.F, w.irs + 1).ack(w.iss + 1).in();
        }
    },
    /** Both have closed, the FIN from here is not acknowledged. */
    CLOSING(TcpState.CLOSING)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            FIN_WAIT_1.reach(w, peer);
            w.seg(Wire.A | Wire.F, w.irs + 1).ack(w.iss + 1).in();
        }
    },
    /** Closed after the peer. */
    LAST_ACK(TcpState.LAST_ACK)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            CLOSE_WAIT.reach(w, peer);
            peer.connection.close();
            w.poll();
        }
    },
    /** Over, but for late segments. */
    TIME_WAIT(TcpState.CLOSED)
    {
        @Override
        void reach(final Wire w, final StreamPeer peer)
        {
            FIN_WAIT_2.reach(w, peer);
            w.seg(Wire.A | Wire.F, w.irs + 1).ack(w.iss + 102).in();
            peer.connection.close();
            w.poll();
        }
    };

    static final int MSS = 1460;

    /** State of the connection that there is then; {@link TcpState#CLOSED} when there is no Tcb. */
    final int state;

    Situation(final int state)
    {
        this.state = state;
    }

    /** Bring the flow of the wire's ports into it; the stack is started and has nothing yet. */
    abstract void reach(Wire w, StreamPeer peer);

    /** The same, looked after, with the output so far thrown away. */
    Situation make(final Wire w, final StreamPeer peer)
    {
        reach(w, peer);
        final Numbers numbers = Numbers.of(w, this);
        assertEquals(state, numbers.state(), () -> this + " was not reached: " + String.join("\n", w.trace));
        w.discardOutput();
        return this;
    }

    /** Whether what the peer may do to it is bounded by the rules for synchronized states. */
    boolean isSynchronized()
    {
        return state >= TcpState.ESTABLISHED;
    }
}
