package dev.baton.handoff.control;

/**
 * Waits between attempts: each twice the one before, up to a cap, and shortened by up to a half at random, so that
 * nodes that lost the same peer do not come back in step.
 */
final class Backoff
{
    private final long minNs;
    private final long maxNs;
    private long waitNs;

    Backoff(final long minNs, final long maxNs)
    {
        this.minNs = minNs;
        this.maxNs = maxNs;
        this.waitNs = minNs;
    }

    /**
     * Next wait.
     *
     * @param random any 64 bits.
     * @return in nanoseconds, more than half of the wait without jitter and at most that.
     */
    long nextNs(final long random)
    {
        final long full = waitNs;
        waitNs = Math.min(maxNs, 2 * waitNs);
        return full - Long.remainderUnsigned(random, full / 2 + 1);
    }

    /** Begin with the least wait again. */
    void reset()
    {
        waitNs = minNs;
    }
}
