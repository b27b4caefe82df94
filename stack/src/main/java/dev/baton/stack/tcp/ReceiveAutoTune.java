package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;

/**
 * The size of a receive buffer follows what its user takes (Dynamic Right-Sizing; {@code tcp_moderate_rcvbuf}). Once in
 * a round trip the bytes that were read since the last time are compared with the most so far. When there were more,
 * the buffer is made so large that the peer could send twice as many in the next one, and more where the amount has
 * grown fast: a window that is one round trip ahead never stops slow start. A user that does not read, or reads slowly,
 * is not offered more.
 * <p>
 * The round trip is the receiver's: from the timestamps that data echoes (RFC 7323, section 4), or else the time in
 * which a window of data came in, which is never too short. Its least value counts where the sender's own estimate is
 * higher.
 * <p>
 * On a path whose least round trip is very short, most of the round trip is waiting in queues, and a larger window only
 * fills them: a device takes some hundred packets, which a few windows exceed. So there what was read counts only by
 * the share that the least round trip has in the time, as long as segments come one by one; super-segments are few. And
 * a hole in what comes in says that some queue is full: the buffer does not grow in that round trip.
 * <p>
 * Under pressure on the shard's pool buffers shrink towards their first size, but never below what the peer was
 * promised.
 */
final class ReceiveAutoTune
{
    private static final int INITIAL_SPACE_SEGMENTS = 10;
    private static final int SPARE_SEGMENTS = 16;
    private static final long MICROSECOND_NS = 1000;
    private static final int MILLION = 1_000_000;

    private final StackContext context;
    private final StackCounters counters;

    ReceiveAutoTune(final StackContext context, final StackCounters counters)
    {
        this.context = context;
        this.counters = counters;
    }

    /** The first data has come in. */
    private static void begin(final Tcb tcb, final long nowNs)
    {
        tcb.rcvSpaceBytes = Math.min(Math.max(0, tcb.rcvAdv - tcb.rcvNxt), INITIAL_SPACE_SEGMENTS * tcb.localMss);
        tcb.rcvSpaceSeq = tcb.receiveRing.firstSeq();
        tcb.rcvSpaceAtNs = nowNs;
        tcb.rcvRttSeq = tcb.rcvNxt;
        tcb.rcvRttAtNs = nowNs;
    }

    /** A segment with data has come in, in order: take a sample of the round trip. */
    void onData(final Tcb tcb, final Segment segment, final long nowNs)
    {
        tcb.rcvSuper |= segment.wireSegments > 1;
        if (tcb.rcvSpaceBytes == 0)
        {
            begin(tcb, nowNs);
        }
        if (tcb.timestampsOk && segment.options.hasTimestamps())
        {
            if (segment.payloadLength >= tcb.rcvMss && Seq.geq(tcb.rcvNxt, tcb.rcvRttSeq))
            {
                final long rttNs = Timestamps.rttNs(tcb, segment.options.tsEcr(), nowNs);
                if (rttNs > 0)
                {
                    smooth(tcb, rttNs);
                }
                // One sample for each window that came in.
                tcb.rcvRttSeq = tcb.rcvAdv;
            }
        }
        else if (Seq.geq(tcb.rcvNxt, tcb.rcvRttSeq))
        {
            if (tcb.rcvRttAtNs != nowNs && tcb.rcvRttSeq != tcb.irs)
            {
                least(tcb, nowNs - tcb.rcvRttAtNs);
            }
            tcb.rcvRttSeq = Seq.max(tcb.rcvAdv, tcb.rcvNxt + 1);
            tcb.rcvRttAtNs = nowNs;
        }
    }

    private static void smooth(final Tcb tcb, final long rttNs)
    {
        final int sampleUs = micros(rttNs);
        tcb.rcvRttUs = tcb.rcvRttUs == 0 ? sampleUs : Math.max(1, tcb.rcvRttUs + (sampleUs - tcb.rcvRttUs) / 8);
    }

    private static void least(final Tcb tcb, final long rttNs)
    {
        final int sampleUs = micros(rttNs);
        tcb.rcvRttUs = tcb.rcvRttUs == 0 ? sampleUs : Math.min(tcb.rcvRttUs, sampleUs);
    }

    private static int micros(final long ns)
    {
        return (int)Math.max(1, Math.min(ns / MICROSECOND_NS, 60L * MILLION));
    }

    /** The user has read. */
    void onRead(final Tcb tcb, final long nowNs)
    {
        if (tcb.settings != null && InForce.receiveBufferLocked(tcb))
        {
            approachSetSize(tcb);
        }
        if (tcb.rcvRttUs == 0 || nowNs - tcb.rcvSpaceAtNs < tcb.rcvRttUs * MICROSECOND_NS)
        {
            return;
        }
        final int copied = counting(tcb, tcb.receiveRing.firstSeq() - tcb.rcvSpaceSeq, nowNs - tcb.rcvSpaceAtNs);
        if (copied > tcb.rcvSpaceBytes)
        {
            if (context.moderateReceiveBuffer() && !InForce.receiveBufferLocked(tcb))
            {
                adapt(tcb, copied);
            }
            tcb.rcvSpaceBytes = copied;
        }
        tcb.rcvSpaceSeq = tcb.receiveRing.firstSeq();
        tcb.rcvSpaceAtNs = nowNs;
        tcb.rcvHole = tcb.receiveRing.runCount() > 0;
        tcb.rcvSuper = false;
    }

    /** How much of what was read in a time counts. */
    private int counting(final Tcb tcb, final int copied, final long timeNs)
    {
        return isLocal(tcb) && !tcb.rcvSuper && timeNs > tcb.minRttNs ? (int)(copied * tcb.minRttNs / timeNs) : copied;
    }

    private boolean isLocal(final Tcb tcb)
    {
        return tcb.minRttNs < context.receiveBufferLowRttNs();
    }

    /** A size that the user has set below what the peer was promised is reached as that is used up. */
    private void approachSetSize(final Tcb tcb)
    {
        final int wanted = InForce.receiveBufferBytes(tcb.settings, context);
        if (tcb.receiveRing.capacityBytes() > wanted)
        {
            tcb.receiveRing.capacityBytes(Math.max(wanted, ReceiveWindow.promisedBytes(tcb)));
        }
    }

    private void adapt(final Tcb tcb, final int copied)
    {
        final ReceiveRing ring = tcb.receiveRing;
        if (ring.underPressure())
        {
            shrink(tcb);
            return;
        }
        if (tcb.rcvHole && isLocal(tcb))
        {
            return;
        }
        final long space = Math.max(1, tcb.rcvSpaceBytes);
        long window = 2L * copied + SPARE_SEGMENTS * (long)tcb.localMss;
        window += 2 * Math.min(window * (copied - space) / space, 4 * window);
        final long wanted = Math.min(context.receiveBufferBytes(), window + (window >> ReceiveWindow.SLACK_SHIFT - 1));
        if (wanted > ring.capacityBytes())
        {
            counters.increment(StackCounter.RECEIVE_BUFFER_GROWN);
            ring.capacityBytes((int)wanted);
        }
    }

    /** Half as large, not below the first size, and never below what the peer may send. */
    private void shrink(final Tcb tcb)
    {
        final ReceiveRing ring = tcb.receiveRing;
        final int least = Math.max(ring.initialBytes(), ReceiveWindow.promisedBytes(tcb));
        final int wanted = Math.max(least, ring.capacityBytes() / 2);
        if (wanted < ring.capacityBytes())
        {
            counters.increment(StackCounter.TCP_RCV_COLLAPSED);
            ring.capacityBytes(wanted);
        }
    }
}
