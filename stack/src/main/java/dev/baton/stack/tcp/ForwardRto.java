package dev.baton.stack.tcp;

/**
 * F-RTO, was the time-out spurious (RFC 5682, section 2.1 and, with SACK, section 3.1)? After a time-out the first
 * segment is sent again; when that is acknowledged, and more is outstanding, new data goes out instead of more old data,
 * and the next ACK decides:
 * <pre>
 *                      SND.UNA advances,            new data was sent
 *     time-out         not past the end
 *     ---------> FIRST ------------------> SEND ------------------> SECOND
 *                  |                        |                         |
 *                  | all, or (no SACK)      | none may be sent        | delivered: sent before the time-out,
 *                  | a duplicate ACK        |                         | and only once: it was spurious
 *                  v                        v                         v else
 *                 OFF: the time-out was right, or that cannot be told; what is lost is sent again
 * </pre>
 * Only the first time-out is looked at, and only when no recovery was going on.
 */
final class ForwardRto
{
    /** Section 2.1, step 2b: at most two new segments. */
    static final int NEW_SEGMENTS = 2;

    /** Section 2.1, step 3a: the window when the time-out was right. */
    private static final int MOST_SEGMENTS = 3;

    private ForwardRto()
    {
    }

    /** Step 1. */
    static void begin(final Tcb tcb)
    {
        tcb.recoveryState().frto = RecoveryState.FRTO_FIRST;
    }

    static void end(final Tcb tcb)
    {
        if (tcb.recoveryStateOrNull() != null)
        {
            tcb.recoveryState().frto = RecoveryState.FRTO_OFF;
        }
    }

    private static int step(final Tcb tcb)
    {
        final RecoveryState state = tcb.recoveryStateOrNull();
        return state == null ? RecoveryState.FRTO_OFF : state.frto;
    }

    /** Is new data to go before what is lost (step 2b)? */
    static boolean wantsNewData(final Tcb tcb)
    {
        return step(tcb) == RecoveryState.FRTO_SEND;
    }

    /** Is nothing to be sent until the next ACK decides (step 3)? */
    static boolean isWaiting(final Tcb tcb)
    {
        return step(tcb) == RecoveryState.FRTO_SECOND;
    }

    /** Was new data sent instead of lost data, as it was wanted? */
    static void onNewData(final Tcb tcb, final boolean sent)
    {
        tcb.recoveryState().frto = sent ? RecoveryState.FRTO_SECOND : RecoveryState.FRTO_OFF;
    }

    /**
     * An ACK during the repair of a time-out.
     *
     * @param advances  does SND.UNA advance?
     * @param whole     has all been acknowledged that was outstanding at the time-out?
     * @param duplicate a duplicate ACK?
     * @param news      of the ACK.
     * @return true when the time-out was spurious.
     */
    static boolean onAck(
        final Tcb tcb, final boolean advances, final boolean whole, final boolean duplicate, final AckNews news)
    {
        switch (step(tcb))
        {
            case RecoveryState.FRTO_FIRST:
                if (advances)
                {
                    tcb.recoveryState().frto = whole ? RecoveryState.FRTO_OFF : RecoveryState.FRTO_SEND;
                }
                else if (duplicate && !tcb.sackOk)
                {
                    end(tcb);
                }
                return false;
            case RecoveryState.FRTO_SEND:
            case RecoveryState.FRTO_SECOND:
                final boolean spurious = news.isOriginal();
                if (spurious || advances || duplicate || news.isBeyond())
                {
                    tcb.cwndBytes = Math.min(tcb.cwndBytes + tcb.effectiveMss, MOST_SEGMENTS * tcb.effectiveMss);
                    end(tcb);
                }
                return spurious;
            default:
                return false;
        }
    }
}
