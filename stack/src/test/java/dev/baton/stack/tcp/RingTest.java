package dev.baton.stack.tcp;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.BitSet;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RingTest
{
    private static final int FIRST = -20_000;

    private final UnsafeBuffer out = new UnsafeBuffer(new byte[1 << 20]);

    private static int insert(final ReceiveRing ring, final int offset, final int length)
    {
        return ring.insert(FIRST + offset, Pattern.table(), Pattern.at(offset), length);
    }

    @Test
    void shouldPutAnyOrderOfOverlappingPiecesTogether()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final Random random = new Random(seed);
            final int total = 40_000;
            final ReceiveRing ring = new ReceiveRing(1 << 16);
            ring.reset(FIRST);
            final BitSet model = new BitSet();
            int read = 0;
            while (read < total)
            {
                final int offset = Math.max(0, read - 500) + random.nextInt(8_000);
                final int length = Math.min(1 + random.nextInt(3_000), total - offset);
                if (length > 0)
                {
                    final int before = model.cardinality();
                    model.set(offset, offset + length);
                    model.set(0, read);
                    assertEquals(model.cardinality() - before, insert(ring, offset, length), "seed " + seed);
                }
                assertEquals(model.nextClearBit(0) - read, ring.readable());
                checkRuns(ring, model, total);
                if (random.nextInt(3) == 0)
                {
                    final int count = ring.read(out, 0, random.nextInt(4_000));
                    assertEquals(-1, Pattern.mismatch(out, count, read));
                    read += count;
                }
            }
            assertEquals(0, ring.heldBytes());
        }
    }

    private static void checkRuns(final ReceiveRing ring, final BitSet model, final int total)
    {
        int at = model.nextSetBit(model.nextClearBit(0));
        for (int i = 0; i < ring.runCount(); i++)
        {
            assertEquals(FIRST + at, ring.runStart(i));
            assertEquals(FIRST + model.nextClearBit(at), ring.runEnd(i));
            at = model.nextSetBit(model.nextClearBit(at));
        }
        assertTrue(at < 0 || at >= total);
    }

    @Test
    void shouldLimitRunsAndTakeWhatTouchesOne()
    {
        final ReceiveRing ring = new ReceiveRing(1 << 16);
        ring.reset(FIRST);
        for (int i = 0; i < ReceiveRing.MAX_RUNS; i++)
        {
            assertEquals(10, insert(ring, 20 + 20 * i, 10));
        }
        assertEquals(-1, insert(ring, 20 + 20 * ReceiveRing.MAX_RUNS, 10));
        assertEquals(5, insert(ring, 30, 5));
        assertEquals(20, insert(ring, 0, 20));
        assertEquals(35, ring.readable());
        assertEquals(ReceiveRing.MAX_RUNS - 1, ring.runCount());
    }

    @Test
    void shouldRefuseWhatLiesBeyondTheCapacity()
    {
        final ReceiveRing ring = new ReceiveRing(8192);
        ring.reset(FIRST);
        assertEquals(-1, insert(ring, 8000, 200));
        assertEquals(192, insert(ring, 8000, 192));
        assertEquals(8000, insert(ring, 0, 8192));
        assertEquals(8192, ring.readable());
        assertEquals(0, insert(ring, 100, 200));
    }

    @Test
    void shouldReportRunsLatestFirst()
    {
        final ReceiveRing ring = new ReceiveRing(1 << 16);
        ring.reset(0);
        ring.insert(100, Pattern.table(), 0, 10);
        ring.insert(300, Pattern.table(), 0, 10);
        ring.insert(200, Pattern.table(), 0, 10);
        ring.insert(110, Pattern.table(), 0, 10);
        int run = ring.latestRunBefore(Integer.MAX_VALUE);
        assertEquals(100, ring.runStart(run));
        run = ring.latestRunBefore(ring.runArrival(run));
        assertEquals(200, ring.runStart(run));
        run = ring.latestRunBefore(ring.runArrival(run));
        assertEquals(300, ring.runStart(run));
        assertEquals(-1, ring.latestRunBefore(ring.runArrival(run)));
    }

    @Test
    void shouldSendFromARingThatGrowsAndWraps()
    {
        final BufferPool pool = new BufferPool(1 << 20, 1 << 16);
        final SendRing ring = new SendRing(pool, 1 << 16);
        ring.reset(FIRST);
        final Random random = new Random(5);
        int written = 0;
        int acked = 0;
        while (acked < 1_000_000)
        {
            final int taken = ring.write(Pattern.table(), Pattern.at(written), random.nextInt(30_000));
            written += taken;
            assertTrue(ring.length() <= 1 << 16);
            ring.copy(ring.firstSeq(), out, 0, ring.length());
            assertEquals(-1, Pattern.mismatch(out, ring.length(), acked));
            acked += random.nextInt(written - acked + 1);
            ring.ackTo(FIRST + acked);
            assertEquals(ring.length() == 0 ? 0 : ring.heldBytes(), pool.acquiredBytes());
        }
    }

    @Test
    void shouldTakeWhatFitsWhenThePoolIsEmpty()
    {
        // Of 128 KiB a quarter is not for sending: 96 KiB.
        final BufferPool pool = new BufferPool(1 << 17, 1 << 16);
        final int reserve = pool.acquire(1 << 15);
        final int piece = pool.acquire(1 << 15);
        final SendRing ring = new SendRing(pool, 1 << 16);
        assertEquals(100, ring.write(Pattern.table(), 0, 100));
        final int other = pool.acquire(1 << 14);
        final int last = pool.acquire(1 << 13);
        assertEquals(3996, ring.write(Pattern.table(), 100, 10_000));
        assertEquals(36_864, pool.availableBytes());
        assertEquals(0, ring.write(Pattern.table(), 0, 1));
        pool.release(piece, 1 << 15);
        pool.release(other, 1 << 14);
        pool.release(last, 1 << 13);
        pool.release(reserve, 1 << 15);
        assertEquals(10_000, ring.write(Pattern.table(), 4096, 10_000));
        ring.copy(0, out, 0, 14_096);
        assertEquals(-1, Pattern.mismatch(out, 14_096, 0));
        ring.reset(0);
        assertEquals(0, pool.acquiredBytes());
    }

    @Test
    void shouldNeverReadBeyondItsPiece()
    {
        final SendRing ring = new SendRing(new BufferPool(1 << 17, 1 << 17), 1 << 16);
        ring.reset(FIRST);
        assertThrows(IndexOutOfBoundsException.class, () -> ring.copy(FIRST, out, 0, 1));
        assertEquals(100, ring.write(Pattern.table(), 0, 100));
        ring.copy(FIRST, out, 0, BufferPool.MIN_PIECE_BYTES);
        assertThrows(IndexOutOfBoundsException.class, () -> ring.copy(FIRST, out, 0, BufferPool.MIN_PIECE_BYTES + 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ring.copy(FIRST, out, 0, -1));
    }
}
