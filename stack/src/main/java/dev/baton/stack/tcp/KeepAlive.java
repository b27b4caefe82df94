package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/**
 * When an idle connection is probed, and when it is given up (RFC 9293, section 3.8.4). Off by default (MUST-25); only
 * while nothing was received for the idle time and nothing is outstanding or waits to be sent (MUST-26); a probe has no
 * data (SHLD-12), and one that is not answered means nothing yet (MUST-29). With a user time-out, that time decides
 * instead of the number of probes, as soon as one was sent (RFC 5482, section 4.2; Linux's TCP_USER_TIMEOUT).
 */
final class KeepAlive
{
    private KeepAlive()
    {
    }

    /** The switch or a time was changed, or the connection is established. */
    static void arm(final Tcb tcb, final StackContext context, final long nowNs)
    {
        tcb.keepAliveProbes = 0;
        if (tcb.keepAlive && tcb.state >= TcpState.ESTABLISHED && tcb.closeReason < 0)
        {
            tcb.keepAliveAtNs = Math.max(nowNs, tcb.lastReceivedAtNs + InForce.keepAliveIdleNs(tcb, context));
        }
        else
        {
            tcb.keepAliveAtNs = Tcb.NONE;
        }
    }

    /** The timer ran out; it is set again. Returns false when the connection is to be given up. */
    static boolean onTimer(final Tcb tcb, final StackContext context, final long nowNs)
    {
        final long idleUntilNs = tcb.lastReceivedAtNs + InForce.keepAliveIdleNs(tcb, context);
        final boolean busy = tcb.flightBytes() > 0 || tcb.sendRing.length() > 0;
        if (busy || idleUntilNs > nowNs)
        {
            tcb.keepAliveProbes = 0;
            tcb.keepAliveAtNs = idleUntilNs > nowNs ? idleUntilNs : nowNs + InForce.keepAliveIdleNs(tcb, context);
            return true;
        }
        if (isOver(tcb, context, nowNs))
        {
            return false;
        }
        tcb.keepAliveProbes++;
        tcb.keepAliveOwed = true;
        tcb.keepAliveAtNs = nowNs + InForce.keepAliveIntervalNs(tcb, context);
        return true;
    }

    private static boolean isOver(final Tcb tcb, final StackContext context, final long nowNs)
    {
        final long userTimeoutNs = InForce.userTimeoutNs(tcb, context);
        return userTimeoutNs > 0 ?
            tcb.keepAliveProbes > 0 && nowNs - tcb.lastReceivedAtNs >= userTimeoutNs :
            tcb.keepAliveProbes >= InForce.keepAliveProbes(tcb, context);
    }
}
