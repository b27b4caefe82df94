package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.IpEcn;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

/**
 * Accurate ECN on the way in (RFC 9768, section 3.2): counts the marks of what comes, says when that calls for an ACK,
 * and reads what the peer's ACE field and option say about ours.
 */
final class AccurateEcnInput
{
    /** Marks after which an ACK is owed (section 3.2.2.5.1), when there is new data. */
    private static final int MARKS_WITH_DATA = 2;
    /** The same for pure ACKs: more, or two peers could answer each other's ACKs for ever. */
    private static final int MARKS_WITHOUT_DATA = 3;
    /** So many segments can set the ACE field from its first value to 0. */
    private static final int MARKS_TO_ZERO = 8 - AceField.INITIAL;
    /** So many segments without any mark, not even ours, say that the path clears the field. */
    private static final int BLEACHED_SEGMENTS = 3;
    private static final int UNSIGNED_SHIFT = 8;

    private final StackContext context;
    private final StackCounters counters;
    private final SegmentSender sender;

    AccurateEcnInput(final StackContext context, final StackCounters counters, final SegmentSender sender)
    {
        this.context = context;
        this.counters = counters;
        this.sender = sender;
    }

    /** A segment in the window has come, with or without data (sections 3.2.2.2 and 3.2.2.5.1). */
    void onSegment(final Tcb tcb, final Segment segment, final long nowNs)
    {
        final AccurateEcn state = tcb.accurateEcn;
        final boolean data = segment.payloadLength > 0;
        final boolean ce = segment.ipEcn == IpEcn.CE;
        seeOption(state, segment.options, counters);
        if (ce)
        {
            final int unsent = tcb.ceReceived - state.ceAcked;
            if (unsent > 0 && unsent + segment.wireSegments > AceField.MAX_MARKS)
            {
                // The field would wrap unseen before this poll is over.
                sender.ack(tcb, nowNs);
            }
            tcb.ceReceived += segment.wireSegments;
            final int marks = tcb.ceReceived - state.ceAcked;
            if (data && !state.lastCe || marks >= (data ? MARKS_WITH_DATA : MARKS_WITHOUT_DATA))
            {
                tcb.ackOwed = Tcb.ACK_NOW;
            }
        }
        if (data)
        {
            state.lastCe = ce;
            countBytes(state, segment);
        }
    }

    /** Section 3.2.3.1; whether a change alone has the option sent is a setting. */
    private void countBytes(final AccurateEcn state, final Segment segment)
    {
        switch (segment.ipEcn)
        {
            case IpEcn.ECT_0:
                state.receivedE0Bytes += segment.payloadLength;
                state.e0Due |= context.ecnOption() > 1;
                break;
            case IpEcn.ECT_1:
                state.receivedE1Bytes += segment.payloadLength;
                state.e1Due = true;
                break;
            case IpEcn.CE:
                state.receivedCeBytes += segment.payloadLength;
                state.ceDue = true;
                break;
            default:
                break;
        }
    }

    /**
     * The segment that completes a passive open (section 3.2.2.1, table 4): a pure ACK tells how our SYN/ACK came, which
     * was Not-ECT.
     */
    void onHandshakeAck(final Tcb tcb, final Segment segment)
    {
        takeOption(tcb, segment, counters);
        if (segment.payloadLength > 0 || segment.has(TcpHeader.SYN | TcpHeader.FIN) || segment.options.sackCount() > 0)
        {
            return;
        }
        final int ace = TcpHeader.ace(segment.flags);
        final int told = AceField.told(ace);
        tcb.accurateEcn.aceSeen = true;
        if (told == IpEcn.CE)
        {
            tcb.ceDelivered = 1;
        }
        tcb.ecnFallback |= ace == 0 || told != AceField.UNCHANGED && told != IpEcn.NOT_ECT && context.ecnFallback();
    }

    /**
     * An ACK tells something new: read the counters.
     *
     * @param tcb            of the connection, established.
     * @param segment        with the ACK.
     * @param deliveredBytes that it says have arrived, newly.
     * @return marks that it reports; 0 when they are not to be believed.
     */
    int onAck(final Tcb tcb, final Segment segment, final int deliveredBytes)
    {
        final AccurateEcn state = tcb.accurateEcn;
        final int ace = TcpHeader.ace(segment.flags);
        final int segments = (deliveredBytes + tcb.effectiveMss - 1) / tcb.effectiveMss;
        final int ceBytes = takeOption(tcb, segment, counters);
        if (!state.aceSeen)
        {
            state.aceSeen = true;
            if (ace == 0 && segments < MARKS_TO_ZERO)
            {
                // Section 3.2.2.4: something on the path zeroes the field.
                giveUp(tcb);
            }
        }
        if (tcb.ecnFallback)
        {
            return 0;
        }
        if (ceBytes >= 0 && isBleached(tcb, segment.options))
        {
            giveUp(tcb);
            return 0;
        }
        final int marks = AceField.marks(ace, tcb.ceDelivered, segments, ceBytes, tcb.effectiveMss);
        tcb.ceDelivered += marks;
        return marks;
    }

    private void giveUp(final Tcb tcb)
    {
        if (!tcb.ecnFallback)
        {
            tcb.ecnFallback = true;
            counters.increment(StackCounter.ECN_FALLBACKS);
        }
    }

    /** ECT(0) was sent, and nothing of it has ever come in as ECT(0), ECT(1) or CE: marks would not come through either. */
    private boolean isBleached(final Tcb tcb, final TcpOptions options)
    {
        final AccurateEcn state = tcb.accurateEcn;
        final int delivered = tcb.sndUna - tcb.iss - 1;
        return context.ecnFallback() && options.ect1Bytes() != TcpOptions.ABSENT && tcb.bytesRetransmitted == 0 &&
            (state.deliveredE0Bytes | state.deliveredCeBytes | state.deliveredE1Bytes) == 0 &&
            delivered >= BLEACHED_SEGMENTS * tcb.effectiveMss;
    }

    /**
     * The first option says that the peer, and the path, know options. It must not say 0 for a counter that begins at 1:
     * the path zeroes it then, and no option counts (section 3.2.3.2.4).
     */
    private static void seeOption(final AccurateEcn state, final TcpOptions options, final StackCounters counters)
    {
        if (options.hasAccurateEcn() && !state.optionSeen)
        {
            state.optionSeen = true;
            if (options.ect0Bytes() == 0 || options.ect1Bytes() == 0)
            {
                state.optionRefused = true;
                counters.increment(StackCounter.ECN_OPTION_DISCARDS);
            }
        }
    }

    /**
     * Take the counters of an option, if there is one (section 3.2.3.1).
     *
     * @param tcb      of the connection.
     * @param segment  with the option.
     * @param counters to count in.
     * @return bytes with CE that it adds, or -1 when there is nothing to be believed.
     */
    static int takeOption(final Tcb tcb, final Segment segment, final StackCounters counters)
    {
        final AccurateEcn state = tcb.accurateEcn;
        final TcpOptions options = segment.options;
        seeOption(state, options, counters);
        if (!options.hasAccurateEcn() || state.optionRefused)
        {
            return -1;
        }
        state.deliveredE0Bytes += added(
            options.ect0Bytes(), state.deliveredE0Bytes + AccurateEcnOption.INITIAL_ECT_BYTES);
        state.deliveredE1Bytes += added(
            options.ect1Bytes(), state.deliveredE1Bytes + AccurateEcnOption.INITIAL_ECT_BYTES);
        if (options.ceBytes() == TcpOptions.ABSENT)
        {
            return -1;
        }
        final int ceBytes = added(options.ceBytes(), state.deliveredCeBytes);
        state.deliveredCeBytes += ceBytes;
        return ceBytes;
    }

    /** How far a counter of 24 bits is ahead of what is known; an older one adds nothing. */
    private static int added(final int field, final int known)
    {
        return field == TcpOptions.ABSENT ? 0 : Math.max(0, field - known << UNSIGNED_SHIFT >> UNSIGNED_SHIFT);
    }
}
