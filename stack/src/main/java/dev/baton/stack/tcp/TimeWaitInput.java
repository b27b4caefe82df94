package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;

/**
 * TIME-WAIT (RFC 9293, section 3.10.7.4): the peer's FIN is acknowledged again, an exact RST ends it unless RFC 1337 is
 * followed, and a SYN that cannot be an old one ends the waiting (RFC 9293, section 3.6.1, MAY-2; RFC 6191).
 */
final class TimeWaitInput
{
    private final StackContext context;
    private final StackCounters counters;
    private final IsnGenerator isn;
    private final TimeWaitTable table;
    private final TimeWaitEnd end;
    private final Listeners listeners;
    private final ChallengeAcks challenges;
    private final TcpSegmentWriter writer;

    TimeWaitInput(
        final StackContext context,
        final StackCounters counters,
        final IsnGenerator isn,
        final TimeWaitTable table,
        final TimeWaitEnd end,
        final Listeners listeners,
        final ChallengeAcks challenges,
        final TcpSegmentWriter writer)
    {
        this.context = context;
        this.counters = counters;
        this.isn = isn;
        this.table = table;
        this.end = end;
        this.listeners = listeners;
        this.challenges = challenges;
        this.writer = writer;
    }

    /**
     * A segment of a connection in TIME-WAIT. Returns true when the entry is gone and the segment is a SYN for a
     * listener.
     */
    boolean onSegment(final TimeWait entry, final Segment segment, final long nowNs)
    {
        if (segment.has(TcpHeader.RST))
        {
            reset(entry, segment, nowNs);
            return false;
        }
        final boolean syn = segment.has(TcpHeader.SYN) && !segment.has(TcpHeader.ACK);
        if (syn && isNew(entry, segment) &&
            listeners.find(segment.localHi, segment.localLo, segment.localPort) != null)
        {
            counters.increment(StackCounter.TW_RECYCLED);
            end.end(entry, nowNs);
            return true;
        }
        final boolean fin = segment.has(TcpHeader.FIN) && segment.seq + segment.length() == entry.rcvNxt;
        if (fin)
        {
            table.restart(entry, nowNs + context.timeWaitNs());
        }
        final boolean silent = segment.length() == 0 && segment.seq == entry.rcvNxt;
        if (fin || !silent && challenges.allow(nowNs))
        {
            acknowledge(entry, nowNs);
        }
        return false;
    }

    /** Only the exact number counts, as RFC 5961, section 3.2 has it everywhere; RFC 1337 would have none count. */
    private void reset(final TimeWait entry, final Segment segment, final long nowNs)
    {
        if (context.handshake().rfc1337() || segment.seq != entry.rcvNxt)
        {
            counters.increment(StackCounter.TW_RST_IGNORED);
        }
        else
        {
            end.end(entry, nowNs);
        }
    }

    /** RFC 6191, section 2: newer by timestamp where both have them, else by sequence number. */
    private static boolean isNew(final TimeWait entry, final Segment segment)
    {
        if (entry.timestampsOk && segment.options.hasTimestamps())
        {
            final int tsVal = segment.options.tsVal();
            return Seq.gt(tsVal, entry.tsRecent) ||
                tsVal == entry.tsRecent && Seq.gt(segment.seq, entry.rcvNxt);
        }
        return Seq.gt(segment.seq, entry.rcvNxt);
    }

    private void acknowledge(final TimeWait entry, final long nowNs)
    {
        counters.increment(StackCounter.TCP_OUT_SEGS);
        writer.begin(entry.localHi, entry.localLo, entry.localPort, entry.remoteHi, entry.remoteLo,
            entry.remotePort, entry.flowLabel);
        if (entry.timestampsOk)
        {
            writer.timestamps(Timestamps.value(entry.tsOffset, nowNs + isn.timestampPhaseNs()), entry.tsRecent);
        }
        writer.send(entry.sndNxt, entry.rcvNxt, TcpHeader.ACK, entry.windowField, 0, 1, nowNs);
    }
}
