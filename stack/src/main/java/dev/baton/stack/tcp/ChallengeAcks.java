package dev.baton.stack.tcp;

import dev.baton.stack.ShardRandom;

/**
 * The limit on challenge ACKs (RFC 5961, section 7). How many are allowed in a second is drawn anew for each, around
 * the configured mean: a fixed number would let an attacker count what is left and so learn about other connections
 * (CVE-2016-5696).
 */
final class ChallengeAcks
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
}
