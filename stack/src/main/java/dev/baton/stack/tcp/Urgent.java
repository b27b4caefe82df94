package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;

/**
 * Urgent data (RFC 9293, section 3.8.5; RFC 6093). The end of it is announced in every segment before it, and the user
 * is told when the peer announces one, or a further one. An invalid pointer moves nothing.
 * <p>
 * What the user reads follows Linux: reading stops at the mark; the last urgent octet is read apart, or in its place
 * with {@link dev.baton.stack.service.TcpOption#OOB_INLINE} (RFC 6093, section 6). The octet stays in the receive ring
 * all the time, so that a moved connection takes it along.
 */
final class Urgent
{
    private static final int GREATEST_POINTER = 0xFFFF;

    private Urgent()
    {
    }

    /** Is the end of urgent data still to be announced by a segment that begins at a number? */
    static boolean covers(final Tcb tcb, final int seq)
    {
        return tcb.urgent != null && tcb.urgent.sending && Seq.gt(tcb.urgent.sndUp, seq);
    }

    /**
     * The pointer of a segment that begins at a number which {@link #covers}. An end that is further away than 16 bits
     * reach is announced as far as they do: the peer then knows that more is to come.
     */
    static int pointer(final Tcb tcb, final int seq)
    {
        return Math.min(tcb.urgent.sndUp - seq, GREATEST_POINTER);
    }

    /** The peer has acknowledged data. */
    static void onAck(final Tcb tcb)
    {
        if (tcb.urgent.sending && Seq.leq(tcb.urgent.sndUp, tcb.sndUna))
        {
            tcb.urgent.sending = false;
        }
    }

    /** Section 3.10.7.4, sixth step. Returns whether the user is to be told. */
    static boolean onSegment(
        final Tcb tcb, final Segment segment, final SideObjects sides, final StackContext context)
    {
        final int up = segment.urgentBase + segment.urgentPointer + (context.standardUrgentPointer() ? 1 : 0);
        final UrgentState known = tcb.urgent;
        final boolean further = known == null || !known.receiving || Seq.gt(up, known.rcvUp);
        if (!further || Seq.leq(up, tcb.rcvNxt) || !TcpState.receives(tcb.state) || tcb.finReceived)
        {
            return false;
        }
        final UrgentState urgent = sides.urgent(tcb);
        urgent.receiving = true;
        urgent.rcvUp = up;
        urgent.taken = false;
        return true;
    }

    /** Does a segment say anything about urgent data? */
    static boolean isAnnouncedBy(final Segment segment)
    {
        return segment.has(TcpHeader.URG);
    }

    /** Bytes that can be read now: up to the mark, or behind it; the octet that is read apart is not among them. */
    static int readable(final Tcb tcb)
    {
        final int held = tcb.receiveRing.readable();
        final int before = beforeMark(tcb);
        if (before < 0 || before >= held)
        {
            return held;
        }
        if (before > 0)
        {
            return before;
        }
        return InForce.urgentInline(tcb) ? held : held - 1;
    }

    /** Bytes to be read before the octet with the mark; -1 when there is no mark. */
    private static int beforeMark(final Tcb tcb)
    {
        return tcb.urgent == null || !tcb.urgent.receiving ? -1 : tcb.urgent.rcvUp - 1 - tcb.receiveRing.firstSeq();
    }

    /** Reading goes on: the octet with the mark is passed over when it stands at the front and is read apart. */
    static void passMark(final Tcb tcb)
    {
        if (skipped(tcb) > 0)
        {
            tcb.receiveRing.skip(1);
        }
    }

    /** Bytes have been read: behind the mark urgent mode is over. */
    static void onRead(final Tcb tcb)
    {
        if (tcb.urgent.receiving && Seq.gt(tcb.receiveRing.firstSeq(), tcb.urgent.rcvUp - 1))
        {
            tcb.urgent.receiving = false;
        }
    }

    /** Bytes up to and including the last urgent octet. */
    static int bytes(final Tcb tcb)
    {
        final int before = beforeMark(tcb);
        return before < 0 ? 0 : before + 1;
    }

    static boolean atMark(final Tcb tcb)
    {
        return beforeMark(tcb) == 0;
    }

    /** Octets at the front of what is held that reading passes over now. */
    static int skipped(final Tcb tcb)
    {
        return beforeMark(tcb) == 0 && tcb.receiveRing.readable() > 0 && !InForce.urgentInline(tcb) ? 1 : 0;
    }

    /** Read the octet that is read apart, once; -1 when it cannot be read. */
    static int take(final Tcb tcb)
    {
        final int before = beforeMark(tcb);
        if (before < 0 || before >= tcb.receiveRing.readable() || tcb.urgent.taken || InForce.urgentInline(tcb))
        {
            return -1;
        }
        tcb.urgent.taken = true;
        return tcb.receiveRing.octet(before);
    }
}
