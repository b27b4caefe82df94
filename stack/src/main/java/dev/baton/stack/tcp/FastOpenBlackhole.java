package dev.baton.stack.tcp;

/**
 * The memory that Fast Open runs into a black hole (RFC 7413, section 7.1; Linux's tcp_fastopen_blackhole_timeout_sec):
 * all peers get plain SYNs for a while, twice as long with each repetition, until data of a SYN is acknowledged again.
 * <p>
 * State: how often, and when last. Not thread safe.
 */
public final class FastOpenBlackhole
{
    private static final int MOST_DOUBLINGS = 6;

    private final long pauseNs;
    private int times;
    private long lastNs;

    FastOpenBlackhole(final long pauseNs)
    {
        this.pauseNs = pauseNs;
    }

    boolean isPaused(final long nowNs)
    {
        return times > 0 && nowNs - lastNs < pauseNs << Math.min(times - 1, MOST_DOUBLINGS);
    }

    /** Returns true when the memory is on. */
    boolean onBlackhole(final long nowNs)
    {
        if (pauseNs == 0)
        {
            return false;
        }
        times = Math.min(times + 1, Integer.MAX_VALUE - 1);
        lastNs = nowNs;
        return true;
    }

    void onSuccess()
    {
        times = 0;
    }

    /**
     * How often a black hole was met since Fast Open last worked.
     *
     * @return 0 or more.
     */
    public int times()
    {
        return times;
    }

    /**
     * How long ago the last one was met.
     *
     * @param nowNs now, on the shard's clock.
     * @return nanoseconds; counts only when {@link #times()} is above 0.
     */
    public long ageNs(final long nowNs)
    {
        return nowNs - lastNs;
    }

    /**
     * Go on where another shard stopped.
     *
     * @param timesMet its {@link #times()}.
     * @param ageNs    its {@link #ageNs(long)}.
     * @param nowNs    now, on this shard's clock.
     */
    public void restore(final int timesMet, final long ageNs, final long nowNs)
    {
        times = timesMet;
        lastNs = nowNs - ageNs;
    }
}
