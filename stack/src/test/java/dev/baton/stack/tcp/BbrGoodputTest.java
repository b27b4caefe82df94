package dev.baton.stack.tcp;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** BBR fills a pipe that loses one packet in a hundred at random, whatever its rate and its length. */
class BbrGoodputTest
{
    private static final double LOSS = 0.01;
    private static final double LEAST_SHARE = 0.85;
    private static final long MS = 1_000_000L;
    private static final long MBIT = 1_000_000L;
    private static final int SECONDS = 12;

    @ParameterizedTest
    @CsvSource({"10, 20", "10, 100", "50, 40", "100, 10", "100, 100", "200, 40"})
    void shouldFillAPipeThatLosesOnePercent(final int mbit, final int rttMs)
    {
        final GoodputRun run = new GoodputRun("bbr", LOSS, rttMs * MS, mbit * MBIT);
        for (final long seed : new long[]{1, 2})
        {
            run.transfer(seed, mbit * MBIT / 8 * SECONDS);
        }
        final double share = run.windowSegments() / run.linkSegments();
        assertTrue(share >= LEAST_SHARE, () -> "share of the link: " + share + ", time-outs " + run.timeouts);
    }
}
