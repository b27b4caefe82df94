package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.IpEcn;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;

/**
 * Explicit congestion notification of a connection (RFC 3168, sections 6.1.2 to 6.1.6), with the classic feedback; the
 * accurate one is in {@link AccurateEcnInput}.
 * <pre>
 *   sender    ECT(0) -&gt; router: CE -&gt; receiver, echo owed
 *             reduce once a window &lt;- ECE ... ECE
 *             CWR on the next new data -&gt; echo no longer owed
 * </pre>
 * Only data that is sent for the first time is ECT. A mark counts as a loss, but the window is reduced at most once a
 * round trip for both: not while a reduction of this kind or a recovery is on its way, and a recovery that begins
 * meanwhile does not reduce again. Until all that was sent before the reduction is acknowledged the window does not grow.
 * <p>
 * The window never falls below two segments, so the rule for a window of one (section 6.1.2) has no case. The same fall
 * as for a loss is used; RFC 8511 would make it smaller, as an experiment.
 */
final class Ecn
{
    private final StackCounters counters;
    private final AccurateEcnInput accurate;

    Ecn(final StackContext context, final StackCounters counters, final SegmentSender sender)
    {
        this.counters = counters;
        this.accurate = new AccurateEcnInput(context, counters, sender);
    }

    /** The ECN field of a segment with data. */
    static int field(final Tcb tcb, final boolean fresh)
    {
        return fresh && tcb.ecnMode != Tcb.ECN_NONE && !tcb.ecnFallback ? IpEcn.ECT_0 : IpEcn.NOT_ECT;
    }

    /**
     * The ECN flags of a segment that is no SYN; what they tell counts as told.
     *
     * @param tcb   of the connection.
     * @param fresh does it carry data for the first time?
     * @param pure  is it an ACK without data and SACK blocks?
     * @return a set of {@link TcpHeader#AE}, {@link TcpHeader#CWR} and {@link TcpHeader#ECE}.
     */
    static int flags(final Tcb tcb, final boolean fresh, final boolean pure)
    {
        if (tcb.ecnMode == Tcb.ECN_CLASSIC)
        {
            final boolean cwr = fresh && tcb.ecnCwrOwed;
            tcb.ecnCwrOwed &= !cwr;
            return (tcb.ecnEchoOwed ? TcpHeader.ECE : 0) | (cwr ? TcpHeader.CWR : 0);
        }
        return tcb.ecnMode == Tcb.ECN_ACCURATE ? aceFlags(tcb, pure) : 0;
    }

    private static int aceFlags(final Tcb tcb, final boolean pure)
    {
        final AccurateEcn state = tcb.accurateEcn;
        final int reflect = state.reflect;
        state.ceAcked = tcb.ceReceived;
        if (pure && reflect != AccurateEcn.NOTHING)
        {
            state.reflect = AccurateEcn.NOTHING;
            return TcpHeader.aceFlags(AceField.tell(reflect));
        }
        return TcpHeader.aceFlags(AceField.count(tcb.ceReceived));
    }

    /**
     * May data leave as super-segments? Devices clear CWR on all but the first segment of one (RFC 3168, section 6.1.2),
     * which would spoil an ACE field that has that bit (RFC 9768, section 3.3).
     */
    static boolean allowsSuperSegments(final Tcb tcb)
    {
        return tcb.ecnMode != Tcb.ECN_ACCURATE ||
            (TcpHeader.aceFlags(AceField.count(tcb.ceReceived)) & TcpHeader.CWR) == 0;
    }

    /** A segment in the window has come, untrimmed. What is out of the window never gets here (section 6.1.5). */
    void onSegment(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (tcb.ecnMode == Tcb.ECN_ACCURATE)
        {
            accurate.onSegment(tcb, segment, nowNs);
        }
        else if (tcb.ecnMode == Tcb.ECN_CLASSIC && segment.payloadLength > 0)
        {
            onClassicData(tcb, segment);
        }
    }

    /**
     * Section 6.1.3. The sender hears at once of the first mark, and of an echo that has ended: it may have a small
     * window.
     */
    private static void onClassicData(final Tcb tcb, final Segment segment)
    {
        final boolean before = tcb.ecnEchoOwed;
        if (segment.has(TcpHeader.CWR))
        {
            tcb.ecnEchoOwed = false;
            tcb.ackOwed = Tcb.ACK_NOW;
        }
        if (segment.ipEcn == IpEcn.CE)
        {
            tcb.ecnEchoOwed = true;
            tcb.ackOwed = before ? tcb.ackOwed : Tcb.ACK_NOW;
        }
    }

    /** The segment that acknowledges our SYN/ACK. */
    void onHandshakeAck(final Tcb tcb, final Segment segment)
    {
        if (tcb.ecnMode == Tcb.ECN_ACCURATE && tcb.passive)
        {
            accurate.onHandshakeAck(tcb, segment);
        }
    }

    /**
     * An ACK has been taken in that is not older than SND.UNA.
     *
     * @param tcb            of the connection; SND.UNA and the SACK marks are up to date.
     * @param segment        with the ACK.
     * @param news           does it acknowledge anything, or is it a duplicate that reports an arrival?
     * @param ackedBytes     newly acknowledged.
     * @param deliveredBytes that it says have arrived, newly.
     * @param nowNs          now.
     */
    void onAck(
        final Tcb tcb,
        final Segment segment,
        final boolean news,
        final int ackedBytes,
        final int deliveredBytes,
        final long nowNs)
    {
        if (tcb.ecnMode == Tcb.ECN_NONE || tcb.state < TcpState.ESTABLISHED)
        {
            return;
        }
        if (tcb.ecnReducing && Seq.geq(tcb.sndUna, tcb.ecnReducePoint))
        {
            tcb.ecnReducing = false;
        }
        if (!news)
        {
            return;
        }
        final int marks = tcb.ecnMode == Tcb.ECN_ACCURATE ?
            accurate.onAck(tcb, segment, deliveredBytes) : classicMarks(tcb, segment, deliveredBytes);
        if (marks > 0)
        {
            counters.add(StackCounter.TCP_DELIVERED_CE, marks);
            reduce(tcb, tcb.flightBytes() + ackedBytes, nowNs);
        }
    }

    private static int classicMarks(final Tcb tcb, final Segment segment, final int deliveredBytes)
    {
        if (!segment.has(TcpHeader.ECE) || tcb.ecnFallback)
        {
            return 0;
        }
        final int marks = Math.max(1, (deliveredBytes + tcb.effectiveMss - 1) / tcb.effectiveMss);
        tcb.ceDelivered += marks;
        return marks;
    }

    /** Section 6.1.2: as for a loss, and once a window. */
    private void reduce(final Tcb tcb, final int flightBytes, final long nowNs)
    {
        if (tcb.ecnReducing || tcb.recovery != Tcb.RECOVERY_OPEN)
        {
            return;
        }
        counters.increment(StackCounter.ECN_REDUCTIONS);
        tcb.congestionControl.onEcn(tcb, flightBytes, nowNs);
        tcb.ecnReducing = true;
        tcb.ecnReducePoint = tcb.sndNxt;
        tcb.ecnCwrOwed = tcb.ecnMode == Tcb.ECN_CLASSIC;
    }

    /** The window has been reduced for a loss, or would have been: the peer is told (section 6.1.2). */
    static void onLoss(final Tcb tcb)
    {
        tcb.ecnReducing = false;
        tcb.ecnCwrOwed |= tcb.ecnMode == Tcb.ECN_CLASSIC && !tcb.ecnFallback;
    }
}
