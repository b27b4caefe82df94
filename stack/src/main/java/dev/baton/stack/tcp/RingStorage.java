package dev.baton.stack.tcp;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes under a ring: one piece of the pool in which the byte with sequence number {@code s} stands at {@code s}
 * modulo the piece's length. A ring that outgrows its piece moves to a larger one; an empty one has none.
 * <p>
 * Not thread safe.
 */
final class RingStorage
{
    private final BufferPool pool;
    private final int initialBytes;
    private final long reserveBytes;
    private int capacityBytes;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer larger = new UnsafeBuffer(0, 0);
    private int piece = BufferPool.NO_PIECE;
    private int pieceBytes;

    /** A ring's storage; it leaves {@code reserveBytes} of the pool to others. */
    RingStorage(final BufferPool pool, final int initialBytes, final long reserveBytes)
    {
        this.reserveBytes = reserveBytes;
        this.pool = pool;
        this.initialBytes = initialBytes;
        capacityBytes = initialBytes;
    }

    /** What a ring holds at most before anybody has changed it. */
    int initialBytes()
    {
        return initialBytes;
    }

    /** Change the most that it is to hold; what is in it must fit. */
    void capacityBytes(final int bytes)
    {
        capacityBytes = bytes;
    }

    /** Is the pool so full that rings should not grow: is less than a quarter left besides the reserve? */
    boolean underPressure()
    {
        return pool.availableBytes() - reserveBytes < pool.budgetBytes() / 4;
    }

    /** What it holds at most: what is wanted, as far as one piece of the pool can be so large. */
    int capacityBytes()
    {
        return Math.min(capacityBytes, pool.slabBytes());
    }

    /** What it is to hold at most, here or in another shard whose pool has larger pieces. */
    int wantedBytes()
    {
        return capacityBytes;
    }

    int pieceBytes()
    {
        return pieceBytes;
    }

    /** How far this ring could grow now, the piece that it holds included. */
    int reachableBytes()
    {
        return (int)Math.min(capacityBytes(), pieceBytes + Math.max(0, pool.availableBytes() - reserveBytes));
    }

    /**
     * Have room for a range, keeping what is in another.
     *
     * @param keepSeq  first byte to be kept.
     * @param keep     bytes to be kept.
     * @param needed   bytes from {@code keepSeq} on that must have room.
     * @return true when there is room now.
     */
    boolean ensure(final int keepSeq, final int keep, final int needed)
    {
        if (needed <= pieceBytes)
        {
            return true;
        }
        if (needed > capacityBytes())
        {
            return false;
        }
        final int bytes = Math.max(BufferPool.MIN_PIECE_BYTES, BitUtil.findNextPositivePowerOfTwo(needed));
        final int fresh = pool.availableBytes() - bytes < reserveBytes ? BufferPool.NO_PIECE : pool.acquire(bytes);
        if (fresh == BufferPool.NO_PIECE)
        {
            return false;
        }
        pool.wrap(fresh, bytes, larger);
        int moved = 0;
        while (moved < keep)
        {
            final int from = keepSeq + moved & pieceBytes - 1;
            final int to = keepSeq + moved & bytes - 1;
            final int run = Math.min(keep - moved, Math.min(pieceBytes - from, bytes - to));
            larger.putBytes(to, view, from, run);
            moved += run;
        }
        release();
        piece = fresh;
        pieceBytes = bytes;
        pool.wrap(fresh, bytes, view);
        return true;
    }

    /** Give the piece back; what is in it is gone. */
    void release()
    {
        if (piece != BufferPool.NO_PIECE)
        {
            pool.release(piece, pieceBytes);
            piece = BufferPool.NO_PIECE;
            pieceBytes = 0;
        }
    }

    void put(final int seq, final DirectBuffer src, final int offset, final int length)
    {
        final int at = seq & pieceBytes - 1;
        final int first = Math.min(length, pieceBytes - at);
        view.putBytes(at, src, offset, first);
        if (first < length)
        {
            view.putBytes(0, src, offset + first, length - first);
        }
    }

    int octet(final int seq)
    {
        return view.getByte(seq & pieceBytes - 1) & 0xFF;
    }

    void get(final int seq, final MutableDirectBuffer dst, final int offset, final int length)
    {
        final int at = seq & pieceBytes - 1;
        final int first = Math.min(length, pieceBytes - at);
        dst.putBytes(offset, view, at, first);
        if (first < length)
        {
            dst.putBytes(offset + first, view, 0, length - first);
        }
    }
}
