package dev.baton.stack.ip;

/** Answers on behalf of the host: echo replies, and errors about packets that cannot be taken (RFC 1122, section 3.2.2; RFC 4443). */
public final class IcmpResponder
{
    private final IpOutput output;
    private final IcmpLimiter limiter;
    private final IpCounters counters;

    /**
     * A responder.
     *
     * @param output   to send by.
     * @param limiter  of errors.
     * @param counters to count in.
     */
    public IcmpResponder(final IpOutput output, final IcmpLimiter limiter, final IpCounters counters)
    {
        this.output = output;
        this.limiter = limiter;
        this.counters = counters;
    }

    IpOutput output()
    {
        return output;
    }

    boolean allow(final long nowNs)
    {
        final boolean allowed = limiter.allow(nowNs);
        if (!allowed)
        {
            counters.increment(IpCounter.ICMP_OUT_RATE_LIMITED);
        }
        return allowed;
    }
}
