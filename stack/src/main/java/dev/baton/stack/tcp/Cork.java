package dev.baton.stack.tcp;

/**
 * TCP_CORK (tcp(7)): a segment below full size is held back until it is filled, the cork is taken out, or 200 ms have
 * passed. The clock runs from the first small segment that was held; FIN does not wait.
 */
final class Cork
{
    private static final long CEILING_NS = 200_000_000L;

    private Cork()
    {
    }

    /** Must a small segment wait? Only a connection with settings of its own is asked. */
    static boolean holds(final Tcb tcb, final long nowNs)
    {
        if (!InForce.corked(tcb) || tcb.finQueued || tcb.settings.corkDue)
        {
            tcb.settings.corkAtNs = Tcb.NONE;
            tcb.settings.corkDue = false;
            return false;
        }
        if (tcb.settings.corkAtNs == Tcb.NONE)
        {
            tcb.settings.corkAtNs = nowNs + CEILING_NS;
        }
        return true;
    }

    /** The small segment has waited for long enough: the next one goes. */
    static void onTimer(final Tcb tcb)
    {
        tcb.settings.corkAtNs = Tcb.NONE;
        tcb.settings.corkDue = true;
    }
}
