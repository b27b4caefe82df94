package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.IpAddress;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** A sender whose peer is the test, over a path of 100 ms; segments are counted from 0. */
final class RecoveryWire
{
    static final int MSS = 1460;
    static final long RTT_NS = 100 * MS;

    final Wire w = new Wire();
    final StreamPeer peer = new StreamPeer();

    /** Open passively, with a handshake of one round trip, and let the first window go. */
    RecoveryWire accept(final int segments)
    {
        w.start();
        w.stack.listen(IpAddress.ANY, Wire.LOCAL_PORT, peer.sends((long)segments * MSS));
        final Wire.Seg syn = w.seg(Wire.S, w.irs).mss(MSS).sackPermitted();
        (w.timestamps ? syn.timestamps(w.tsVal, 0) : syn).in();
        final Wire.Out synAck = w.out();
        w.iss = synAck.seq();
        w.peer = peer;
        w.nowNs += RTT_NS;
        final Wire.Seg ack = w.seg(A, 1001).ack(w.iss + 1);
        (w.timestamps ? ack.timestamps(w.tsVal, synAck.options().tsVal()) : ack).in();
        assertEquals(RTT_NS, tcb().srttNs);
        return this;
    }

    Tcb tcb()
    {
        return w.tcb();
    }

    /** Acknowledge so many segments, with SACK blocks as pairs of segments. */
    void ack(final int acked, final int... blocks)
    {
        segment(acked, blocks).in();
    }

    private Wire.Seg segment(final int acked, final int... blocks)
    {
        final Wire.Seg seg = w.seg(A, 1001).ack(seq(acked));
        if (blocks.length > 0)
        {
            final int[] edges = new int[blocks.length];
            for (int i = 0; i < blocks.length; i++)
            {
                edges[i] = seq(blocks[i]);
            }
            seg.sack(edges);
        }
        return seg;
    }

    int seq(final int segment)
    {
        return w.iss + 1 + segment * MSS;
    }

    void expect(final int segment)
    {
        final Wire.Out out = w.out();
        assertEquals(segment, (out.seq() - w.iss - 1) / MSS, "segment");
        assertEquals(MSS, out.length());
    }

    void write(final int segments)
    {
        peer.sends(peer.toSend + (long)segments * MSS).write();
        w.poll();
    }

    void assertCount(final long expected, final StackCounter counter)
    {
        assertEquals(expected, w.stack.counters().get(counter), counter.label());
    }
}
