package dev.baton.stack.sim.check;

import dev.baton.stack.wire.Seq;

/** What one end of one connection has put on the wire, and what has reached it: told apart by its initial number. */
final class WireEnd
{
    /** Initial sequence number. */
    final int iss;
    /** End of everything sent, SYN and FIN included. */
    int maxEnd;
    /** Shift that its SYN announced; -1 when it announced none. */
    int shift = -1;
    /** Highest right edge that the peer may have meant by what was delivered here. */
    int peerEdge;
    /** Is {@link #peerEdge} known? */
    boolean peerEdgeKnown;
    /** Last TSval. */
    int tsVal;
    /** Is {@link #tsVal} known? */
    boolean tsKnown;

    WireEnd(final int iss)
    {
        this.iss = iss;
        this.maxEnd = iss;
    }

    /** Has this number been sent, or does it follow directly? */
    boolean covers(final int seq)
    {
        return Seq.geq(seq, iss) && Seq.leq(seq, maxEnd);
    }
}
