package dev.baton.stack.tcp;

import dev.baton.stack.ShardRandom;

/**
 * The limit on challenge ACKs (RFC 5961, section 7). How many are allowed in a second is drawn anew for each, around
 * the configured mean: a fixed number would let an attacker count what is left and so learn about other connections
 * (CVE-2016-5696).
 * <p>
 * State: when the second began, and how many are left of it. Used by the shard's thread only.
 */
public final class ChallengeAcks
{
    private static final long SECOND_NS = 1_000_000_000L;

    private final int perSecond;
    private final ShardRandom random;
    private long secondBeganNs = Long.MIN_VALUE;
    private int left;

    ChallengeAcks(final int perSecond, final ShardRandom random)
    {
        this.perSecond = perSecond;
        this.random = random;
    }

    /** May one be sent now? */
    boolean allow(final long nowNs)
    {
        if (secondBeganNs == Long.MIN_VALUE || nowNs - secondBeganNs >= SECOND_NS)
        {
            secondBeganNs = nowNs;
            left = perSecond / 2 + random.nextInt(perSecond);
        }
        if (left == 0)
        {
            return false;
        }
        left--;
        return true;
    }

    /**
     * When the second that counts began.
     *
     * @return a time of the shard's clock; {@link Long#MIN_VALUE} before the first challenge.
     */
    public long secondBeganNs()
    {
        return secondBeganNs;
    }

    /**
     * How many more are allowed in this second.
     *
     * @return 0 or more.
     */
    public int left()
    {
        return left;
    }

    /**
     * Go on where another shard stopped.
     *
     * @param beganNs   its {@link #secondBeganNs()}, on this shard's clock.
     * @param challenges its {@link #left()}.
     */
    public void restore(final long beganNs, final int challenges)
    {
        secondBeganNs = beganNs;
        left = challenges;
    }
}
