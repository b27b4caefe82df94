package dev.baton.stack.sim;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SimRandomTest
{
    /** Known values of SplitMix64 for the seed 1234567, as other implementations give them. */
    @Test
    void shouldGiveTheKnownSequence()
    {
        final SimRandom random = new SimRandom(1234567);
        assertEquals(6457827717110365317L, random.nextLong());
        assertEquals(3203168211198807973L, random.nextLong());
        assertEquals(Long.parseUnsignedLong("9817491932198370423"), random.nextLong());
        assertEquals(3, random.draws());
    }

    @Test
    void shouldStayBelowTheBound()
    {
        final SimRandom random = new SimRandom(3);
        final int[] seen = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            seen[random.nextInt(7)]++;
        }
        for (final int count : seen)
        {
            assertTrue(count > 9_000 && count < 11_000, "count " + count);
        }
        assertThrows(IllegalArgumentException.class, () -> random.nextInt(0));
    }

    @Test
    void shouldSpendNoDrawOnCertainty()
    {
        final SimRandom random = new SimRandom(3);
        assertFalse(random.chance(0));
        assertTrue(random.chance(1));
        assertEquals(0, random.draws());
        int hits = 0;
        for (int i = 0; i < 10_000; i++)
        {
            hits += random.chance(0.25) ? 1 : 0;
        }
        assertTrue(hits > 2_300 && hits < 2_700, "hits " + hits);
    }
}
