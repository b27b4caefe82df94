package dev.baton.stack.wire;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SeqTest
{
    @Test
    void shouldOrderAcrossTheWrap()
    {
        assertTrue(Seq.lt(0xFFFF_FFFF, 0));
        assertTrue(Seq.gt(0, 0xFFFF_FFFF));
        assertTrue(Seq.lt(0x7FFF_FFFF, 0x8000_0000));
        assertFalse(Seq.lt(5, 5));
        assertTrue(Seq.leq(5, 5));
        assertTrue(Seq.geq(5, 5));
        assertFalse(Seq.gt(5, 5));
    }

    @Test
    void shouldAgreeWithDistanceFromEveryAnchor()
    {
        final int[] anchors = {0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1234_5678};
        final int[] steps = {1, 2, 1000, 0x3FFF_FFFF, 0x7FFF_FFFF};
        for (final int a : anchors)
        {
            for (final int step : steps)
            {
                final int b = a + step;
                assertTrue(Seq.lt(a, b) && Seq.gt(b, a) && Seq.leq(a, b) && Seq.geq(b, a));
                assertEquals(b, Seq.max(a, b));
                assertEquals(a, Seq.min(a, b));
                assertEquals(step, Seq.diff(b, a));
                assertEquals(-step, Seq.diff(a, b));
            }
        }
    }

    @Test
    void shouldFindNumbersInAWindowThatWraps()
    {
        final int from = 0xFFFF_FFF0;
        assertTrue(Seq.inWindow(from, from, 0x20));
        assertTrue(Seq.inWindow(0xF, from, 0x20));
        assertFalse(Seq.inWindow(0x10, from, 0x20));
        assertFalse(Seq.inWindow(from - 1, from, 0x20));
        assertFalse(Seq.inWindow(from, from, 0));
        assertTrue(Seq.inWindow(from - 2, from, 0xFFFF_FFFF));
    }
}
