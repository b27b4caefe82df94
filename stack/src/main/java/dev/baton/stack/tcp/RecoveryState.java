package dev.baton.stack.tcp;

/**
 * What only a connection has that has lost something, or was told that it resent too much: state of RACK's reordering
 * window, of the rate during a recovery, of F-RTO, and what is needed to take a reduction of the window back. A
 * connection gets one with its first recovery; state only, and all of it is in the connection's image.
 * <p>
 * Used by the shard's thread only.
 */
public final class RecoveryState
{
    /** Greatest {@link #reoWndMult}: the window is limited by the smoothed RTT long before. */
    public static final int MAX_REO_WND_MULT = 1 << 16;
    /** {@link #frto}: not under way. */
    public static final int FRTO_OFF = 0;
    /** {@link #frto}: the first segment was sent again, and its ACK is awaited. */
    public static final int FRTO_FIRST = 1;
    /** {@link #frto}: new data is to be sent. */
    public static final int FRTO_SEND = 2;
    /** {@link #frto}: new data was sent, and the next ACK decides. */
    public static final int FRTO_SECOND = 3;

    // RACK's reordering window (RFC 8985, section 6.2, step 4)

    /** RACK.reordering_seen: has anything been delivered out of order? */
    public boolean reorderingSeen;
    /** RACK.reo_wnd_mult: quarters of the least RTT. */
    public int reoWndMult;
    /** RACK.reo_wnd_persist: recoveries until {@link #reoWndMult} goes back to 1. */
    public int reoWndPersist;
    /** Is {@link #dsackRound} set? */
    public boolean dsackRoundOpen;
    /** RACK.dsack_round: a DSACK counts again when this is acknowledged. */
    public int dsackRound;

    // Proportional rate reduction (RFC 9937)

    /** RecoverFS: bytes in flight when the recovery began. */
    public int recoverFlightBytes;
    /** prr_delivered: bytes delivered during the recovery. */
    public int prrDeliveredBytes;
    /** prr_out: bytes sent during the recovery. */
    public int prrOutBytes;

    // Undo (RFC 3522, RFC 4015, RFC 2883)

    /** Can the last reduction be taken back? */
    public boolean undoable;
    /** SND.UNA when the recovery began. */
    public int undoFrom;
    /** SND.NXT when the recovery ended: when it is acknowledged nothing is undone any more. */
    public int undoTo;
    /** Bytes sent again in the recovery. */
    public int resentBytes;
    /** Bytes of these that DSACK has reported. */
    public int dsackedBytes;
    /** TSval of the first segment sent again; counts with {@link #resentBytes}. */
    public int resentTsVal;
    /** cwnd before the reduction, in bytes. */
    public int priorCwndBytes;
    /** ssthresh before the reduction, in bytes. */
    public int priorSsthreshBytes;
    /** First word of the congestion control before the reduction. */
    public long priorWord0;
    /** Second word. */
    public long priorWord1;
    /** Third word. */
    public long priorWord2;
    /** Fourth word. */
    public long priorWord3;

    // F-RTO (RFC 5682)

    /** {@link #FRTO_OFF}, {@link #FRTO_FIRST}, {@link #FRTO_SEND} or {@link #FRTO_SECOND}. */
    public int frto;

    /** State of a connection that has lost nothing. */
    public RecoveryState()
    {
        reset();
    }

    /** Set every field to what it is in a new connection. */
    void reset()
    {
        reorderingSeen = dsackRoundOpen = false;
        reoWndMult = 1;
        reoWndPersist = dsackRound = 0;
        forgetRate();
        forgetUndo();
        frto = FRTO_OFF;
    }

    /** The recovery is over. */
    void forgetRate()
    {
        recoverFlightBytes = prrDeliveredBytes = prrOutBytes = 0;
    }

    /** Nothing can be undone any more. */
    void forgetUndo()
    {
        undoable = false;
        undoFrom = undoTo = resentBytes = dsackedBytes = resentTsVal = 0;
        priorCwndBytes = priorSsthreshBytes = 0;
        priorWord0 = priorWord1 = priorWord2 = priorWord3 = 0;
    }

    /**
     * Is every field as in a new connection?
     *
     * @return true when there is nothing to be remembered.
     */
    public boolean isFresh()
    {
        final boolean window = !reorderingSeen && !dsackRoundOpen && reoWndMult == 1 && (reoWndPersist | dsackRound) == 0;
        final boolean rate = (recoverFlightBytes | prrDeliveredBytes | prrOutBytes) == 0;
        final boolean undo = !undoable && (undoFrom | undoTo | resentBytes | dsackedBytes | resentTsVal) == 0 &&
            (priorCwndBytes | priorSsthreshBytes | priorWord0 | priorWord1 | priorWord2 | priorWord3) == 0;
        return window && rate && undo && frto == FRTO_OFF;
    }
}
