package dev.baton.handoff.early;

/**
 * Deadlines that all lie the same period after they were armed. As time never steps back, the order of arming is the
 * order of the deadlines, so that arming, moving and cancelling cost the same few stores for any number of flows.
 */
final class TimerQueue
{
    private final long periodNs;
    private Flow head;
    private Flow tail;

    TimerQueue(final long periodNs)
    {
        this.periodNs = periodNs;
    }

    void arm(final Flow flow, final long nowNs)
    {
        disarm(flow);
        flow.timers = this;
        flow.deadlineNs = nowNs + periodNs;
        flow.timerPrevious = tail;
        if (tail == null)
        {
            head = flow;
        }
        else
        {
            tail.timerNext = flow;
        }
        tail = flow;
    }

    static void disarm(final Flow flow)
    {
        final TimerQueue queue = flow.timers;
        if (queue == null)
        {
            return;
        }
        if (flow.timerPrevious == null)
        {
            queue.head = flow.timerNext;
        }
        else
        {
            flow.timerPrevious.timerNext = flow.timerNext;
        }
        if (flow.timerNext == null)
        {
            queue.tail = flow.timerPrevious;
        }
        else
        {
            flow.timerNext.timerPrevious = flow.timerPrevious;
        }
        flow.timerPrevious = null;
        flow.timerNext = null;
        flow.timers = null;
    }

    long nextDeadlineNs()
    {
        return head == null ? Long.MAX_VALUE : head.deadlineNs;
    }

    /**
     * Take the first flow whose deadline has passed out of the queue.
     *
     * @return null when none is due.
     */
    Flow pollDue(final long nowNs)
    {
        final Flow flow = head;
        if (flow == null || flow.deadlineNs > nowNs)
        {
            return null;
        }
        disarm(flow);
        return flow;
    }
}
