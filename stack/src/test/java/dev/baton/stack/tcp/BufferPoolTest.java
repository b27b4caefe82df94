package dev.baton.stack.tcp;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BufferPoolTest
{
    @Test
    void shouldGiveTheWholeBudgetInLeastPiecesAndInOneAgain()
    {
        final BufferPool pool = new BufferPool(1 << 20, 1 << 19);
        final List<Integer> pieces = new ArrayList<>();
        for (int i = 0; i < 256; i++)
        {
            pieces.add(pool.acquire(4096));
        }
        assertEquals(256, pieces.stream().distinct().count());
        assertEquals(BufferPool.NO_PIECE, pool.acquire(4096));
        assertEquals(0, pool.availableBytes());
        pieces.forEach((piece) -> pool.release(piece, 4096));
        assertEquals(0, pool.acquiredBytes());
        assertNotEquals(BufferPool.NO_PIECE, pool.acquire(1 << 19));
        assertNotEquals(BufferPool.NO_PIECE, pool.acquire(1 << 19));
        assertEquals(BufferPool.NO_PIECE, pool.acquire(4096));
        assertEquals(1 << 20, pool.peakBytes());
    }

    @Test
    void shouldNeverGiveAByteTwice()
    {
        final Random random = new Random(3);
        final BufferPool pool = new BufferPool(1 << 20, 1 << 18);
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        final List<int[]> held = new ArrayList<>();
        for (int step = 0; step < 20_000; step++)
        {
            if (held.isEmpty() || random.nextInt(5) < 3)
            {
                final int bytes = 4096 << random.nextInt(7);
                final int piece = pool.acquire(bytes);
                if (piece != BufferPool.NO_PIECE)
                {
                    pool.wrap(piece, bytes, view);
                    view.putInt(0, step);
                    view.putInt(bytes - 4, step);
                    held.add(new int[]{piece, bytes, step});
                    continue;
                }
            }
            final int[] one = held.remove(random.nextInt(held.size()));
            pool.wrap(one[0], one[1], view);
            assertEquals(one[2], view.getInt(0));
            assertEquals(one[2], view.getInt(one[1] - 4));
            pool.release(one[0], one[1]);
        }
        held.forEach((one) -> pool.release(one[0], one[1]));
        assertEquals(0, pool.acquiredBytes());
    }

    @Test
    void shouldRefuseABudgetBelowOneSlab()
    {
        assertThrows(IllegalArgumentException.class, () -> new BufferPool(4096, 8192));
    }
}
