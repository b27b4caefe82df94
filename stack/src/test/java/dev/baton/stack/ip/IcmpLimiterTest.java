package dev.baton.stack.ip;

import dev.baton.stack.ShardRandom;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IcmpLimiterTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldAllowABurstAndThenTheAverageRate()
    {
        final IcmpLimiter limiter = new IcmpLimiter(10, 5);
        assertEquals(5, allowedAt(limiter, 0, 20));
        assertEquals(0, allowedAt(limiter, SECOND_NS / 10 - 1, 20));
        assertEquals(1, allowedAt(limiter, SECOND_NS / 10, 20));
        assertEquals(5, allowedAt(limiter, 100 * SECOND_NS, 20), "the bucket holds no more than a burst");
    }

    @Test
    void shouldNotExceedTheAverageOverALongTime()
    {
        final IcmpLimiter limiter = new IcmpLimiter(1000, 50);
        int allowed = 0;
        for (long nowNs = 0; nowNs < 10 * SECOND_NS; nowNs += 333_333)
        {
            allowed += limiter.allow(nowNs) ? 1 : 0;
        }
        assertTrue(allowed >= 9_990 && allowed <= 10_050, "allowed " + allowed);
    }

    @Test
    void shouldEarnNothingWhenTimeRunsBackwards()
    {
        final IcmpLimiter limiter = new IcmpLimiter(1, 1);
        assertTrue(limiter.allow(5 * SECOND_NS));
        assertFalse(limiter.allow(SECOND_NS));
        assertFalse(limiter.allow(5 * SECOND_NS + SECOND_NS / 2));
        assertTrue(limiter.allow(6 * SECOND_NS));
    }

    @Test
    void shouldStartFullAtAnyTime()
    {
        assertEquals(3, allowedAt(new IcmpLimiter(1, 3), -7 * SECOND_NS, 9));
        assertEquals(3, allowedAt(new IcmpLimiter(1, 3), 7 * SECOND_NS, 9));
    }

    @Test
    void shouldRefuseLimitsOutOfRange()
    {
        assertThrows(IllegalArgumentException.class, () -> new IcmpLimiter(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new IcmpLimiter(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new IcmpLimiter(1_000_001, 1));
    }

    private static int allowedAt(final IcmpLimiter limiter, final long nowNs, final int tries)
    {
        int allowed = 0;
        for (int i = 0; i < tries; i++)
        {
            allowed += limiter.allow(nowNs) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void shouldLimitEachHostByItself()
    {
        final IcmpLimiter limiter = new IcmpLimiter(1_000_000, 1_000_000, new HostLimiter(SECOND_NS, 5), null);
        for (int i = 0; i < 20; i++)
        {
            assertEquals(i < 6 ? null : IpCounter.ICMP_OUT_RATE_LIMIT_HOST, limiter.refusal(0, 1, i));
        }
        assertEquals(null, limiter.refusal(0, 2, 20));
        assertEquals(null, limiter.refusal(0, 1, SECOND_NS));
        assertEquals(IpCounter.ICMP_OUT_RATE_LIMIT_HOST, limiter.refusal(0, 1, SECOND_NS + 1));
        assertEquals(null, limiter.refusal(0, 1, 100 * SECOND_NS));
    }

    /** What one message costs cannot be told from outside, and is one token in the mean. */
    @Test
    void shouldTakeATokenInTheMeanButNotEachTime()
    {
        final IcmpLimiter limiter = new IcmpLimiter(1, 100_000, null, new ShardRandom(3));
        int allowed = 0;
        while (allowed < 200_000 && limiter.allow(0))
        {
            allowed++;
        }
        assertTrue(allowed > 95_000 && allowed < 105_000, "allowed " + allowed);
        final IcmpLimiter small = new IcmpLimiter(1, 50, null, new ShardRandom(3));
        final IcmpLimiter other = new IcmpLimiter(1, 50, null, new ShardRandom(4));
        assertNotEquals(allowedAt(small, 0, 1000), allowedAt(other, 0, 1000));
    }
}
