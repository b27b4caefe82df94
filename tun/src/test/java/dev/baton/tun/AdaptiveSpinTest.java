package dev.baton.tun;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class AdaptiveSpinTest
{
    private static final long SPIN_NS = 50_000;
    private static final long SECOND_NS = 1_000_000_000;

    private final AdaptiveSpin spin = new AdaptiveSpin(SPIN_NS);
    private long nowNs = Long.MAX_VALUE - 1_000;

    @Test
    void shouldNeverSpinWhenLengthIsZero()
    {
        assertEquals(0, new AdaptiveSpin(0).budgetNs(nowNs, SECOND_NS));
    }

    @Test
    void shouldRefuseNegativeLength()
    {
        assertThrows(IllegalArgumentException.class, () -> new AdaptiveSpin(-1));
    }

    @Test
    void shouldSpinAtFirstButNotBeyondTimeout()
    {
        assertEquals(SPIN_NS, spin.budgetNs(nowNs, SECOND_NS));
        assertEquals(7, spin.budgetNs(nowNs, 7));
    }

    @Test
    void shouldSwitchOffForAWhileAfterBadTrial()
    {
        trial(AdaptiveSpin.MIN_HITS - 1);

        assertEquals(1, spin.pauses());
        assertEquals(0, spin.budgetNs(nowNs, SECOND_NS));
        nowNs += AdaptiveSpin.MIN_PAUSE_NS - 1;
        assertEquals(0, spin.budgetNs(nowNs, SECOND_NS));
        nowNs += 1;
        assertEquals(SPIN_NS, spin.budgetNs(nowNs, SECOND_NS));
    }

    @Test
    void shouldStayOnWhileTrialsPay()
    {
        trial(AdaptiveSpin.MIN_HITS);
        trial(AdaptiveSpin.TRIAL_SPINS);

        assertEquals(0, spin.pauses());
        assertEquals(SPIN_NS, spin.budgetNs(nowNs, SECOND_NS));
        assertEquals(2 * AdaptiveSpin.TRIAL_SPINS, spin.spins());
        assertEquals(AdaptiveSpin.MIN_HITS + AdaptiveSpin.TRIAL_SPINS, spin.hits());
    }

    @Test
    void shouldDoublePauseUpToLimitAndShortenItAfterGoodTrial()
    {
        long expectedNs = AdaptiveSpin.MIN_PAUSE_NS;
        for (int i = 0; i < 12; i++)
        {
            trial(0);
            assertEquals(expectedNs, pauseNs());
            expectedNs = Math.min(2 * expectedNs, AdaptiveSpin.MAX_PAUSE_NS);
        }
        assertEquals(AdaptiveSpin.MAX_PAUSE_NS, expectedNs);

        trial(AdaptiveSpin.TRIAL_SPINS);
        trial(0);

        assertEquals(AdaptiveSpin.MIN_PAUSE_NS, pauseNs());
    }

    @Test
    void shouldNotJudgeSpinsThatTheDeadlineCutShort()
    {
        for (int i = 0; i < 4 * AdaptiveSpin.TRIAL_SPINS; i++)
        {
            spin.record(false, SPIN_NS - 1, nowNs);
        }

        assertEquals(0, spin.pauses());
        assertEquals(SPIN_NS, spin.budgetNs(nowNs, SECOND_NS));
    }

    private void trial(final int hits)
    {
        for (int i = 0; i < AdaptiveSpin.TRIAL_SPINS; i++)
        {
            spin.record(i < hits, SPIN_NS, nowNs);
        }
    }

    /** Finds the end of the pause and sets the clock to it. */
    private long pauseNs()
    {
        long lowNs = 0;
        long highNs = 2 * AdaptiveSpin.MAX_PAUSE_NS;
        while (lowNs < highNs)
        {
            final long midNs = (lowNs + highNs) / 2;
            if (spin.budgetNs(nowNs + midNs, SECOND_NS) == 0)
            {
                lowNs = midNs + 1;
            }
            else
            {
                highNs = midNs;
            }
        }
        nowNs += lowNs;
        return lowNs;
    }
}
