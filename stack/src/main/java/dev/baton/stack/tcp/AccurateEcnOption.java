package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.wire.TcpOptions;

/**
 * When the accurate ECN option is sent, and with how many counters (RFC 9768, sections 3.2.3 and 3.2.3.3).
 * <pre>
 *   8 bytes   | kind | 8  | ECT(0) or ECT(1) | CE |
 *   12 bytes  | NOP  | kind | 11 | ECT(0) | CE | ECT(1) |
 * </pre>
 * Kind 174 puts ECT(1) first. A counter that has changed goes with the next segment, whatever that is; all three go
 * with the handshake and as beacons, so many in a round trip. Timestamps and SACK blocks come first: what is left
 * decides between long, short and none, and what does not fit stays due. While nothing fits the ACE field alone tells of
 * marks.
 */
final class AccurateEcnOption
{
    /** Counters of ECT(0) and ECT(1) are sent from 1 on, so that one that was zeroed shows (section 3.2.1). */
    static final int INITIAL_ECT_BYTES = 1;
    /** With two counters. */
    static final int SHORT_LENGTH = 8;
    /** With all counters. */
    static final int LONG_LENGTH = 12;

    private static final int MAX_OPTIONS = 40;

    private AccurateEcnOption()
    {
    }

    /**
     * Length of the option in a segment that leaves now.
     *
     * @param tcb  of the connection.
     * @param used bytes of other options in the segment.
     * @return 0, {@link #SHORT_LENGTH} or {@link #LONG_LENGTH}.
     */
    static int length(final Tcb tcb, final int used)
    {
        if (tcb.ecnMode != Tcb.ECN_ACCURATE || !isWanted(tcb.accurateEcn))
        {
            return 0;
        }
        final int room = MAX_OPTIONS - used;
        final AccurateEcn state = tcb.accurateEcn;
        if (state.e1Due && state.e0Due && room >= LONG_LENGTH)
        {
            return LONG_LENGTH;
        }
        return room >= SHORT_LENGTH ? SHORT_LENGTH : 0;
    }

    private static boolean isWanted(final AccurateEcn state)
    {
        final boolean due = state.e0Due || state.ceDue || state.e1Due;
        return due && !state.optionMute && (state.optionSeen || state.reflect != AccurateEcn.NOTHING);
    }

    /** A pure ACK leaves: is a beacon due? */
    static void beacon(final Tcb tcb, final StackContext context, final long nowNs)
    {
        if (tcb.ecnMode != Tcb.ECN_ACCURATE)
        {
            return;
        }
        final AccurateEcn state = tcb.accurateEcn;
        if (state.optionSentAtNs == Tcb.NONE ||
            nowNs - state.optionSentAtNs >= tcb.srttNs / context.ecnOptionBeacons())
        {
            state.allDue();
        }
    }

    /** Write the option of a SYN/ACK, where nothing is counted yet; it comes last, and is short beside a cookie. */
    static void writeFirst(final TcpSegmentWriter writer)
    {
        final int room = MAX_OPTIONS - writer.optionsLength();
        if (room >= LONG_LENGTH)
        {
            writer.accurateEcn(INITIAL_ECT_BYTES, 0, INITIAL_ECT_BYTES);
        }
        else if (room >= SHORT_LENGTH)
        {
            writer.shortAccurateEcn(TcpOptions.ACCURATE_ECN_0, INITIAL_ECT_BYTES, 0);
        }
    }

    /** Write the option of {@link #length}; what it holds is not due any more. */
    static void write(final Tcb tcb, final TcpSegmentWriter writer, final int length, final long nowNs)
    {
        final AccurateEcn state = tcb.accurateEcn;
        final int e0 = state.receivedE0Bytes + INITIAL_ECT_BYTES;
        final int e1 = state.receivedE1Bytes + INITIAL_ECT_BYTES;
        if (length == LONG_LENGTH)
        {
            writer.accurateEcn(e0, state.receivedCeBytes, e1);
            state.e0Due = state.e1Due = false;
        }
        else if (state.e1Due)
        {
            writer.shortAccurateEcn(TcpOptions.ACCURATE_ECN_1, e1, state.receivedCeBytes);
            state.e1Due = false;
        }
        else
        {
            writer.shortAccurateEcn(TcpOptions.ACCURATE_ECN_0, e0, state.receivedCeBytes);
            state.e0Due = false;
        }
        state.ceDue = false;
        state.optionSentAtNs = nowNs;
    }
}
