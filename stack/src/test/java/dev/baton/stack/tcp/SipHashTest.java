package dev.baton.stack.tcp;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class SipHashTest
{
    private static final SipHash HASH = new SipHash(0x0706_0504_0302_0100L, 0x0f0e_0d0c_0b0a_0908L);

    /** Bytes 0, 1, 2 ... of a length, as words. */
    private static long hash(final int length)
    {
        HASH.begin();
        int at = 0;
        while (length - at >= 8)
        {
            HASH.word(bytes(at, 8));
            at += 8;
        }
        return HASH.end(bytes(at, length - at), length);
    }

    private static long bytes(final int from, final int count)
    {
        long word = 0;
        for (int i = 0; i < count; i++)
        {
            word |= (long)(from + i) << 8 * i;
        }
        return word;
    }

    @Test
    void shouldGiveThePublishedValues()
    {
        assertEquals(0x726f_db47_dd0e_0e31L, hash(0));
        assertEquals(0x74f8_39c5_93dc_67fdL, hash(1));
        assertEquals(0x93f5_f579_9a93_2462L, hash(8));
        assertEquals(0xa129_ca61_49be_45e5L, hash(15));
    }

    @Test
    void shouldTellUsesAndFlowsApart()
    {
        final long one = HASH.flow(1, 0, 1, 2, 0, 3, 4);
        assertNotEquals(one, HASH.flow(2, 0, 1, 2, 0, 3, 4));
        assertNotEquals(one, HASH.flow(1, 0, 1, 2, 0, 3, 5));
        assertNotEquals(one, HASH.flow(1, 0, 3, 4, 0, 1, 2));
        assertNotEquals(one, new SipHash(1, 2).flow(1, 0, 1, 2, 0, 3, 4));
    }

    @Test
    void shouldAdvanceIsnByOneEveryFourMicroseconds()
    {
        final IsnGenerator isn = new IsnGenerator(1, 2);
        final int first = isn.isn(0, 1, 2, 0, 3, 4, 1_000_000);
        assertEquals(first + 1, isn.isn(0, 1, 2, 0, 3, 4, 1_004_000));
        assertEquals(first + 250_000, isn.isn(0, 1, 2, 0, 3, 4, 1_001_000_000));
        assertEquals((int)new SipHash(1, 2).flow(1, 0, 1, 2, 0, 3, 4), isn.isn(0, 1, 2, 0, 3, 4, 0));
        assertNotEquals(first, isn.isn(0, 1, 2, 0, 3, 5, 1_000_000));
    }
}
