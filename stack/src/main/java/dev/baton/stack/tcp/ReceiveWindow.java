package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;

/**
 * The window that we advertise (RFC 9293, section 3.8.6.2.2; RFC 7323, section 2.3). The right edge never retreats
 * (SHLD-14), and it moves forward only by a segment or half of the buffer, so that the peer is not drawn into sending
 * small ones (MUST-39).
 * <p>
 * A scaled window can only be told in units of 2^shift bytes. An edge that must be kept is rounded up; what that adds,
 * ack after ack, is taken from a slice of the ring that is not advertised otherwise. Only when that slice is used up
 * too the window is rounded down.
 */
final class ReceiveWindow
{
    private static final int MAX_FIELD = 65_535;
    /** A slice of 2^-SLACK_SHIFT of the ring is not advertised. */
    static final int SLACK_SHIFT = 6;

    private ReceiveWindow()
    {
    }

    /** The least shift that lets a whole receive buffer be advertised. */
    static int shiftFor(final int capacityBytes)
    {
        int shift = 0;
        while (capacityBytes - (capacityBytes >>> SLACK_SHIFT) >>> shift > MAX_FIELD)
        {
            shift++;
        }
        return shift;
    }

    /** The greatest window of a connection in bytes. */
    static int limit(final int capacityBytes, final int shift)
    {
        final int limit = shift == 0 ? capacityBytes : capacityBytes - (capacityBytes >>> SLACK_SHIFT);
        return Math.min(limit, MAX_FIELD << shift);
    }

    /** The window of a SYN: not scaled. */
    static int initial(final int capacityBytes)
    {
        return Math.min(capacityBytes, MAX_FIELD);
    }

    /** Choose the window that goes out now, and return its field. */
    static int select(final Tcb tcb)
    {
        return advertise(tcb, available(tcb) - current(tcb) >= step(tcb) ? floor(tcb, available(tcb)) : 0);
    }

    /** The field for the edge that was advertised before: for duplicate ACKs, whose window must not change. */
    static int unchanged(final Tcb tcb)
    {
        return advertise(tcb, 0);
    }

    /** Is it worth a segment of its own to tell the peer of more room? Like Linux: when the window at least doubles. */
    static boolean updateDue(final Tcb tcb)
    {
        final int current = current(tcb);
        return available(tcb) - current >= Math.max(step(tcb), current);
    }

    /**
     * From the next byte to be read on, what the peer was promised room for, with what rounding of its edge may add.
     */
    static int promisedBytes(final Tcb tcb)
    {
        return Math.max(0, tcb.rcvAdv - tcb.receiveRing.firstSeq()) + (1 << tcb.rcvShift);
    }

    private static int advertise(final Tcb tcb, final int wanted)
    {
        final int unit = 1 << tcb.rcvShift;
        final int current = current(tcb);
        int window = Math.max(wanted, current + unit - 1 & -unit);
        if (tcb.rcvNxt + window - tcb.receiveRing.firstSeq() > tcb.receiveRing.capacityBytes())
        {
            window = floor(tcb, current);
        }
        window = Math.min(window, MAX_FIELD << tcb.rcvShift);
        tcb.rcvAdv = Seq.max(tcb.rcvAdv, tcb.rcvNxt + window);
        return window >>> tcb.rcvShift;
    }

    private static int floor(final Tcb tcb, final int window)
    {
        return window & -(1 << tcb.rcvShift);
    }

    /** What the peer may send now by what we have told it. */
    private static int current(final Tcb tcb)
    {
        return Math.max(0, tcb.rcvAdv - tcb.rcvNxt);
    }

    /** What there is room for now. */
    private static int available(final Tcb tcb)
    {
        final ReceiveRing ring = tcb.receiveRing;
        final int clamp = tcb.settings == null ? Integer.MAX_VALUE : InForce.windowClamp(tcb);
        final int limit = Math.min(limit(ring.capacityBytes(), tcb.rcvShift), clamp);
        final int room = Math.min(limit, ring.reachableBytes());
        return Math.max(0, room - ring.readable());
    }

    private static int step(final Tcb tcb)
    {
        return Math.max(1, Math.min(limit(tcb.receiveRing.capacityBytes(), tcb.rcvShift) / 2, tcb.localMss));
    }
}
