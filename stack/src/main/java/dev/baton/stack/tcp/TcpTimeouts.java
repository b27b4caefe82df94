package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.service.CloseReason;

/**
 * What happens when a timer of a connection runs out (RFC 9293, section 3.10.8, and the sections of each timer).
 * Deadlines that are due together run in a fixed order.
 */
final class TcpTimeouts
{
    private final StackContext context;
    private final StackCounters counters;
    private final LossRecovery recovery;
    private final ConnectionLife life;
    private final Resets resets;
    private final FastOpenClient fastOpen;

    TcpTimeouts(
        final StackContext context,
        final StackCounters counters,
        final LossRecovery recovery,
        final ConnectionLife life,
        final Resets resets,
        final FastOpenClient fastOpen)
    {
        this.context = context;
        this.counters = counters;
        this.recovery = recovery;
        this.life = life;
        this.resets = resets;
        this.fastOpen = fastOpen;
    }

    /** Run what is due of a connection; every deadline that ran is later than now afterwards, or not set. */
    void run(final Tcb tcb, final long nowNs)
    {
        if (tcb.rate != null)
        {
            tcb.rate.checkAppLimited();
        }
        if (tcb.userTimeoutAtNs <= nowNs)
        {
            userTimeout(tcb, nowNs);
        }
        if (tcb.closeReason < 0 && tcb.finWait2AtNs <= nowNs)
        {
            tcb.finWait2AtNs = Tcb.NONE;
            life.terminate(tcb, CloseReason.TIMEOUT, nowNs);
        }
        if (tcb.closeReason < 0 && tcb.rackAtNs <= nowNs)
        {
            recovery.onRackTimer(tcb, nowNs);
        }
        if (tcb.closeReason < 0 && tcb.retransmitAtNs <= nowNs)
        {
            retransmit(tcb, nowNs);
        }
        if (tcb.closeReason < 0 && tcb.persistAtNs <= nowNs)
        {
            persist(tcb, nowNs);
        }
        if (tcb.closeReason < 0 && tcb.keepAliveAtNs <= nowNs)
        {
            if (!KeepAlive.onTimer(tcb, context, nowNs))
            {
                resets.abort(tcb, nowNs);
                giveUp(tcb, nowNs);
            }
        }
        if (tcb.closeReason < 0 && tcb.settings != null)
        {
            settings(tcb, nowNs);
        }
        if (tcb.closeReason < 0 && tcb.delayedAckAtNs <= nowNs)
        {
            tcb.delayedAckAtNs = Tcb.NONE;
            tcb.ackOwed = Tcb.ACK_NOW;
            counters.increment(StackCounter.DELAYED_ACKS);
        }
        if (tcb.pacing != null && tcb.pacing.timerAtNs <= nowNs)
        {
            tcb.pacing.timerAtNs = Tcb.NONE;
        }
        life.markDirty(tcb);
    }

    /** Timers that only a connection with settings of its own has. */
    private void settings(final Tcb tcb, final long nowNs)
    {
        if (tcb.settings.corkAtNs <= nowNs)
        {
            Cork.onTimer(tcb);
        }
        if (tcb.settings.lingerAtNs <= nowNs)
        {
            life.lingered(tcb);
        }
    }

    /** RFC 9293, section 3.8.3: R2 by time. */
    private void userTimeout(final Tcb tcb, final long nowNs)
    {
        tcb.userTimeoutAtNs = Tcb.NONE;
        if (tcb.flightBytes() > 0 || tcb.persistAtNs != Tcb.NONE)
        {
            giveUp(tcb, nowNs);
        }
    }

    private void giveUp(final Tcb tcb, final long nowNs)
    {
        counters.increment(StackCounter.TCP_ABORT_ON_TIMEOUT);
        // What the network said about the path is the better reason (RFC 1122, section 4.2.3.9).
        life.terminate(tcb, tcb.icmpError == 0 ? CloseReason.TIMEOUT : CloseReason.UNREACHABLE, nowNs);
    }

    private void retransmit(final Tcb tcb, final long nowNs)
    {
        tcb.retransmitAtNs = Tcb.NONE;
        if (tcb.flightBytes() == 0)
        {
            return;
        }
        if (tcb.state < TcpState.ESTABLISHED)
        {
            handshake(tcb, nowNs);
            return;
        }
        fastOpen.onTimeout(tcb, tcb.retransmits >= context.retries2(), nowNs);
        // A window that is shut and still answered is no failure, however often (RFC 9293, section 3.8.6, SHLD-17).
        final boolean shut = tcb.sndWnd == 0 && nowNs - tcb.lastReceivedAtNs <= 2 * context.maxRtoNs();
        final boolean counted = InForce.userTimeoutNs(tcb, context) == 0;
        if (counted && tcb.retransmits >= context.retries2() && !shut)
        {
            giveUp(tcb, nowNs);
            return;
        }
        tcb.totalTimeouts++;
        recovery.onTimeout(tcb, nowNs);
        if (tcb.retransmits == context.retries1())
        {
            life.raise(tcb, ConnectionLife.RETRANSMITTING);
        }
    }

    private void handshake(final Tcb tcb, final long nowNs)
    {
        final int limit = tcb.state == TcpState.SYN_SENT ? InForce.synRetries(tcb, context) : context.synAckRetries();
        fastOpen.onTimeout(tcb, tcb.retransmits >= limit, nowNs);
        if (tcb.retransmits >= limit)
        {
            giveUp(tcb, nowNs);
            return;
        }
        counters.increment(StackCounter.TCP_TIMEOUTS);
        tcb.retransmits++;
        tcb.backoff++;
        tcb.synOwed = true;
        tcb.retransmitAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.backoff, context);
    }

    private void persist(final Tcb tcb, final long nowNs)
    {
        if (tcb.persistProbes >= context.retries2())
        {
            giveUp(tcb, nowNs);
            return;
        }
        tcb.persistProbes++;
        tcb.persistBackoff++;
        tcb.persistAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.persistBackoff, context);
        tcb.probeOwed = true;
    }
}
