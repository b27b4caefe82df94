package dev.baton.stack.tcp;

/**
 * PRR, proportional rate reduction (RFC 9937): during fast recovery each ACK lets a share of what it reports as
 * delivered be sent, so that at the end as much is in flight as ssthresh says, however much was lost, and with no pause
 * and no burst.
 * <ul>
 * <li>More in flight than ssthresh: ssthresh / RecoverFS of what was delivered (section 6).</li>
 * <li>Less: what was delivered, packet conservation; and while the recovery goes well, SafeACK, a segment more for each
 * ACK, which is slow start (sections 5 and 6).</li>
 * </ul>
 */
final class ProportionalRate
{
    private ProportionalRate()
    {
    }

    /**
     * A recovery begins.
     *
     * @param ackedBytes acknowledged by the ACK that begins it.
     * @param news       of that ACK.
     */
    static void begin(final Tcb tcb, final int ackedBytes, final AckNews news)
    {
        final RecoveryState state = tcb.recoveryState();
        final int sackedBefore = Math.max(0, tcb.sentLog.sackedBytes() - news.sackedBytes());
        state.recoverFlightBytes = Math.max(1, tcb.flightBytes() - sackedBefore + ackedBytes);
        state.prrDeliveredBytes = 0;
        state.prrOutBytes = 0;
    }

    /**
     * An ACK during the recovery, or the one that begins it.
     *
     * @param deliveredBytes DeliveredData.
     * @param safe           SafeACK: has SND.UNA advanced, and was nothing more lost?
     * @param begins         does the recovery begin with it?
     */
    static void onAck(final Tcb tcb, final int deliveredBytes, final boolean safe, final boolean begins)
    {
        if (deliveredBytes <= 0 && !begins)
        {
            return;
        }
        final RecoveryState state = tcb.recoveryState();
        final int pipe = tcb.pipeBytes();
        state.prrDeliveredBytes += deliveredBytes;
        if (state.recoverFlightBytes == 0)
        {
            // An image that does not tell: the recovery goes on as if it had begun here.
            state.recoverFlightBytes = Math.max(1, tcb.flightBytes() + deliveredBytes);
        }
        long allowed = pipe > tcb.ssthreshBytes ?
            reduced(tcb, state) : conserved(tcb, state, pipe, deliveredBytes, safe);
        if (state.prrOutBytes == 0 && allowed <= 0)
        {
            allowed = tcb.effectiveMss;
        }
        tcb.cwndBytes = (int)Math.max(tcb.effectiveMss, pipe + Math.max(0, allowed));
    }

    private static long reduced(final Tcb tcb, final RecoveryState state)
    {
        final long share = (long)state.prrDeliveredBytes * tcb.ssthreshBytes + state.recoverFlightBytes - 1;
        return share / state.recoverFlightBytes - state.prrOutBytes;
    }

    private static long conserved(
        final Tcb tcb, final RecoveryState state, final int pipe, final int deliveredBytes, final boolean safe)
    {
        final long owed = Math.max(state.prrDeliveredBytes - state.prrOutBytes, deliveredBytes);
        return Math.min(tcb.ssthreshBytes - pipe, owed + (safe ? tcb.effectiveMss : 0));
    }

    /** Something is sent during the recovery. */
    static void onSent(final Tcb tcb, final int bytes)
    {
        if (tcb.recovery == Tcb.RECOVERY_FAST)
        {
            tcb.recoveryState().prrOutBytes += bytes;
        }
    }
}
