package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.TcpHeader;

/** RSTs (RFC 9293, section 3.5.2): to segments that belong to no connection, and for connections that are given up. */
final class Resets
{
    private final TcpSegmentWriter writer;
    private final StackCounters counters;

    Resets(final TcpSegmentWriter writer, final StackCounters counters)
    {
        this.writer = writer;
        this.counters = counters;
    }

    /** The answer to a segment that does not fit any connection: a RST takes the number that the segment expects. */
    void answer(final Segment segment, final long nowNs)
    {
        if (segment.has(TcpHeader.RST))
        {
            return;
        }
        if (segment.has(TcpHeader.ACK))
        {
            send(segment, segment.ack, 0, TcpHeader.RST, nowNs);
        }
        else
        {
            send(segment, 0, segment.seq + segment.length(), TcpHeader.RST | TcpHeader.ACK, nowNs);
        }
    }

    private void send(final Segment segment, final int seq, final int ack, final int flags, final long nowNs)
    {
        counters.increment(StackCounter.TCP_OUT_RSTS);
        writer.begin(segment.localHi, segment.localLo, segment.localPort,
            segment.remoteHi, segment.remoteLo, segment.remotePort, 0);
        writer.send(seq, ack, flags, 0, 0, 1, nowNs);
    }

    /** The RST of a connection that is given up (RFC 9293, section 3.10.5). */
    void abort(final Tcb tcb, final long nowNs)
    {
        counters.increment(StackCounter.TCP_OUT_RSTS);
        writer.begin(tcb.localHi, tcb.localLo, tcb.localPort, tcb.remoteHi, tcb.remoteLo, tcb.remotePort,
            tcb.flowLabel).marks(tcb.settings);
        if (tcb.timestampsOk)
        {
            writer.timestamps(Timestamps.value(tcb, nowNs), tcb.tsRecent);
        }
        writer.send(tcb.sndNxt, tcb.rcvNxt, TcpHeader.RST | TcpHeader.ACK, 0, 0, 1, nowNs);
    }
}
