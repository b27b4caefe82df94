package dev.baton.stack.tcp.congestion;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CubicFunctionTest
{
    private static final double C = 0.4;

    /** W_cubic and K as RFC 9438, section 4.2 writes them, in segments and seconds. */
    private static double reference(final double tSeconds, final double wMax, final double start)
    {
        final double k = Math.cbrt((wMax - start) / C);
        return C * Math.pow(tSeconds - k, 3) + wMax;
    }

    @Test
    void shouldFollowTheCurveOfADoublePrecisionReference()
    {
        for (final int mss : new int[]{48, 536, 1448, 8948, 65_483})
        {
            for (final int segments : new int[]{2, 10, 87, 1000, 10_000})
            {
                final int wMax = segments * mss;
                final int start = wMax / 10 * 7;
                final int k = CubicFunction.kMicros(wMax, start, mss);
                for (long t = 0; t < 3L * k; t += k / 40 + 1)
                {
                    // A 2^12th of a second in K, and two bytes.
                    final double allowed = 3 * C * Math.pow((t - k) / 1e6, 2) / 4096 + 2.0 / mss + 1e-3;
                    final double expected = reference(t / 1e6, segments, (double)start / mss);
                    final double actual = (double)CubicFunction.windowBytes(t, k, wMax, mss) / mss;
                    assertEquals(expected, actual, allowed,
                        () -> "mss " + mss + ", W_max " + segments + " segments");
                }
            }
        }
    }

    @Test
    void shouldReachWMaxAtK()
    {
        // 0.4 * K^3 = 1250 * 0.3 - 0.2 is K = 9.787 s.
        final int k = CubicFunction.kMicros(1_250_000, 875_000, 1000);
        assertEquals(9_787_000, k, 1000);
        assertEquals(1_250_000, CubicFunction.windowBytes(k, k, 1_250_000, 1000));
    }

    @Test
    void shouldHaveNoKWhenTheEpochStartsAtWMaxOrAbove()
    {
        assertEquals(0, CubicFunction.kMicros(100_000, 100_000, 1000));
        assertEquals(0, CubicFunction.kMicros(50_000, 100_000, 1000));
    }

    @Test
    void shouldTakeExactCubeRoots()
    {
        final long most = (1L << 21) - 1;
        for (long root = 0; root <= most; root += 1 + root / 50)
        {
            final long cube = root * root * root;
            assertEquals(root, CubicFunction.cubeRoot(cube));
            assertEquals(root, CubicFunction.cubeRoot(cube + 3 * root * root + 3 * root));
            assertTrue(root == 0 || CubicFunction.cubeRoot(cube - 1) == root - 1, () -> "below the cube");
        }
        assertEquals(most, CubicFunction.cubeRoot(Long.MAX_VALUE));
    }

    @Test
    void shouldStayMonotonicAtTheEndsOfItsRange()
    {
        final int wMax = CongestionWindow.MAX_BYTES;
        for (final int mss : new int[]{36, 1448, 65_535})
        {
            final int k = CubicFunction.kMicros(wMax, mss, mss);
            assertTrue(k > 0);
            long before = Long.MIN_VALUE;
            for (long t = 0; t <= Integer.MAX_VALUE; t += 10_000_000)
            {
                final long window = CubicFunction.windowBytes(t, k, wMax, mss);
                assertTrue(window >= before, "falls");
                before = window;
            }
            assertTrue(before > wMax);
        }
    }
}
