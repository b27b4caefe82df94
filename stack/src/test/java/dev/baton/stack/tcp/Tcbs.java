package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.tcp.congestion.CongestionControl;

import dev.baton.stack.StackContext;

/** Tcbs for tests outside of this package. */
public final class Tcbs
{
    private Tcbs()
    {
    }

    /**
     * A Tcb whose congestion control can be called; it belongs to no shard.
     *
     * @param mss effective MSS in bytes.
     * @return a new one, ESTABLISHED, with nothing sent.
     */
    public static Tcb established(final int mss)
    {
        final Tcb tcb = new Tcb(new TcbMemory(new BufferPool(1 << 17, 1 << 17), new StackContext()), null);
        tcb.state = TcpState.ESTABLISHED;
        tcb.effectiveMss = mss;
        return tcb;
    }

    /**
     * A Tcb with all that a congestion control works with; it belongs to no shard.
     *
     * @param mss     effective MSS in bytes.
     * @param control of it.
     * @param srttNs  smoothed RTT of the handshake.
     * @return a new one, ESTABLISHED, with nothing sent, at time 0.
     */
    public static Tcb established(final int mss, final CongestionControl control, final long srttNs)
    {
        final Tcb tcb = established(mss);
        tcb.sackOk = true;
        tcb.srttNs = srttNs;
        tcb.congestionControl = control;
        new CongestionSetup(new StackContext().conclude()).establish(tcb, 10, 0);
        return tcb;
    }

    /**
     * An ACK for everything before a number, and its rate sample, as input processing does it.
     *
     * @param tcb   of the connection.
     * @param seq   acknowledged.
     * @param nowNs when.
     */
    public static void ack(final Tcb tcb, final int seq, final long nowNs)
    {
        tcb.rate.onAckBegins(nowNs);
        tcb.sentLog.ackTo(seq, new AckNews());
        tcb.sndUna = seq;
        tcb.congestionControl.onRate(tcb, tcb.rate.onAckEnds(tcb.minRttNs), nowNs);
    }
}
