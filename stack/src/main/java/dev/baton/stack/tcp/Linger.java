package dev.baton.stack.tcp;

/**
 * What close does with {@link dev.baton.stack.service.TcpOption#LINGER} (socket(7), SO_LINGER): nothing, a reset, or
 * waiting for what was written to be acknowledged. Nothing blocks here: the service is told when the wait is over, and
 * the connection goes on alone.
 */
final class Linger
{
    private static final long SECOND_NS = 1_000_000_000L;

    private Linger()
    {
    }

    /** The user has closed. */
    static void onClose(final Tcb tcb, final long nowNs)
    {
        final long seconds = InForce.lingerSeconds(tcb);
        if (seconds == 0)
        {
            tcb.abortRequested = true;
        }
        else if (seconds > 0 && tcb.state >= TcpState.ESTABLISHED && tcb.state != TcpState.FIN_WAIT_2)
        {
            tcb.settings.lingerAtNs = nowNs + seconds * SECOND_NS;
        }
    }

    /** Our FIN is acknowledged, or the time has passed. Returns whether somebody waited for it. */
    static boolean end(final Tcb tcb)
    {
        if (tcb.settings == null || tcb.settings.lingerAtNs == Tcb.NONE)
        {
            return false;
        }
        tcb.settings.lingerAtNs = Tcb.NONE;
        return true;
    }

    /** Has the peer acknowledged all that was written, and our FIN? */
    static boolean isDone(final Tcb tcb)
    {
        return tcb.finSent && tcb.sndUna == tcb.sndNxt;
    }
}
