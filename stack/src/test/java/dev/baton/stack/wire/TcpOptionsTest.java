package dev.baton.stack.wire;

import dev.baton.stack.sim.SimRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TcpOptionsTest
{
    private final TcpOptions options = new TcpOptions();

    @Test
    void shouldReadTheOptionsOfALinuxSyn()
    {
        parse(2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 1, 3, 3, 7);
        assertEquals(1460, options.mss());
        assertTrue(options.sackPermitted());
        assertTrue(options.hasTimestamps());
        assertEquals(7, options.tsVal());
        assertEquals(9, options.tsEcr());
        assertEquals(6, options.tsOffset());
        assertEquals(7, options.windowScale());
        assertFalse(options.malformed());
    }

    @Test
    void shouldReadUpToFourSackBlocks()
    {
        final int[] bytes = new int[36];
        bytes[0] = 1;
        bytes[1] = 1;
        bytes[2] = 5;
        bytes[3] = 34;
        for (int i = 4; i < 36; i++)
        {
            bytes[i] = i;
        }
        parse(bytes);
        assertEquals(4, options.sackCount());
        assertEquals(2, options.sackOffset());
        assertEquals(0x04050607, options.sackStart(0));
        assertEquals(0x20212223, options.sackEnd(3));
    }

    @Test
    void shouldStopAtEndOfList()
    {
        parse(0, 2, 4, 5, 0xB4);
        assertEquals(0, options.mss());
        assertFalse(options.malformed());
    }

    @Test
    void shouldSkipUnknownKindsByTheirLength()
    {
        parse(99, 6, 2, 4, 1, 1, 2, 4, 2, 0);
        assertEquals(512, options.mss());
        assertEquals(1, options.unknownCount());
    }

    @Test
    void shouldReadAShiftAboveFourteenAsFourteen()
    {
        parse(3, 3, 15);
        assertEquals(14, options.windowScale());
        parse(3, 3, 255);
        assertEquals(14, options.windowScale());
    }

    @Test
    void shouldTakeTheFirstOfARepeatedOption()
    {
        parse(2, 4, 1, 0, 2, 4, 2, 0, 3, 3, 1, 3, 3, 2);
        assertEquals(256, options.mss());
        assertEquals(1, options.windowScale());
    }

    @Test
    void shouldForgetTheSegmentBefore()
    {
        parse(2, 4, 5, 0xB4, 4, 2, 3, 3, 7);
        parse();
        assertEquals(0, options.mss());
        assertFalse(options.sackPermitted());
        assertEquals(TcpOptions.ABSENT, options.windowScale());
    }

    @Test
    void shouldIgnoreKnownKindsOfWrongLength()
    {
        parse(2, 3, 9, 3, 4, 9, 9, 4, 3, 9, 8, 4, 9, 9, 5, 4, 9, 9);
        assertEquals(0, options.mss());
        assertEquals(TcpOptions.ABSENT, options.windowScale());
        assertFalse(options.sackPermitted() || options.hasTimestamps() || options.malformed());
        assertEquals(0, options.sackCount());
    }

    @Test
    void shouldStopAtLengthsBelowTwo()
    {
        for (int length = 0; length < 2; length++)
        {
            parse(4, 2, 99, length, 2, 4, 5, 0xB4);
            assertTrue(options.malformed());
            assertTrue(options.sackPermitted(), "what came before stays");
            assertEquals(0, options.mss());
        }
    }

    /** The buffer ends where the options end, so that a read past them throws. */
    @Test
    void shouldNeverReadOutsideWhateverTheLengths()
    {
        final int[] kinds = {2, 3, 4, 5, 8, 99, 255};
        for (int size = 1; size <= 40; size++)
        {
            for (int at = 0; at < size; at++)
            {
                for (final int kind : kinds)
                {
                    for (int length = 0; length < 256; length++)
                    {
                        final byte[] bytes = new byte[size];
                        Arrays.fill(bytes, 0, at, (byte)TcpOptions.NOP);
                        bytes[at] = (byte)kind;
                        if (at + 1 < size)
                        {
                            bytes[at + 1] = (byte)length;
                        }
                        final boolean fits = at + 1 < size && length >= 2 && length <= size - at;
                        assertEquals(!fits, options.parse(new UnsafeBuffer(bytes), 0, size).malformed());
                    }
                }
            }
        }
    }

    @Test
    void shouldNeverReadOutsideOfRandomBytes()
    {
        final SimRandom random = new SimRandom(77);
        for (int i = 0; i < 100_000; i++)
        {
            final byte[] bytes = new byte[random.nextInt(41)];
            for (int b = 0; b < bytes.length; b++)
            {
                bytes[b] = (byte)(random.chance(0.7) ? random.nextInt(12) : random.nextInt(256));
            }
            options.parse(new UnsafeBuffer(bytes), 0, bytes.length);
            assertTrue(options.sackCount() <= TcpOptions.MAX_SACK_BLOCKS);
            assertTrue(options.windowScale() <= TcpOptions.MAX_WINDOW_SCALE);
        }
    }

    private void parse(final int... values)
    {
        final byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++)
        {
            bytes[i] = (byte)values[i];
        }
        options.parse(new UnsafeBuffer(bytes), 0, bytes.length);
    }
}
