package dev.baton.stack.tcp;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of a ring: one piece of the pool in which the byte with sequence number {@code s} stands at {@code s} modulo
 * the piece's length. A ring that outgrows its piece moves to a larger one; an empty one has none.
 * <p>
 * A ring is part of every connection, so it is small: no view of its piece, and what all rings of its kind have in common
 * is in {@link RingMemory}. Not thread safe.
 */
abstract class RingStorage
{
    /** What it shares with others. */
    final RingMemory memory;
    private int capacityBytes;
    private int piece = BufferPool.NO_PIECE;
    private int pieceBytes;

    RingStorage(final RingMemory memory)
    {
        this.memory = memory;
        capacityBytes = memory.initialBytes;
    }

    /**
     * What the ring holds at most before anybody has changed it.
     *
     * @return in bytes.
     */
    public final int initialBytes()
    {
        return memory.initialBytes;
    }

    /**
     * The most the ring holds: what is wanted, as far as one piece of the pool can be so large.
     *
     * @return in bytes.
     */
    public final int capacityBytes()
    {
        return Math.min(capacityBytes, memory.pool.slabBytes());
    }

    /**
     * Change the most the ring holds.
     *
     * @param bytes at least what is needed now: what is in it, or what the peer was promised room for; the pool's greatest
     *              piece bounds it too.
     */
    public final void capacityBytes(final int bytes)
    {
        capacityBytes = bytes;
    }

    /**
     * The most that the ring is to hold, also in another shard whose pool has larger pieces.
     *
     * @return in bytes, at least {@link #capacityBytes()}.
     */
    public final int wantedBytes()
    {
        return capacityBytes;
    }

    /**
     * Is the pool so full that the ring should not grow?
     *
     * @return true when less than a quarter of the pool is left to it.
     */
    public final boolean underPressure()
    {
        return memory.pool.availableBytes() - memory.reserveBytes < memory.pool.budgetBytes() / 4;
    }

    /**
     * Memory that the ring holds now.
     *
     * @return in bytes; 0 when it is empty.
     */
    public final int heldBytes()
    {
        return pieceBytes;
    }

    /** How far the ring could grow now, the piece that it holds included. */
    final int reachable()
    {
        return (int)Math.min(
            capacityBytes(), pieceBytes + Math.max(0, memory.pool.availableBytes() - memory.reserveBytes));
    }

    /**
     * Have room for a range, keeping what is in another.
     *
     * @param keepSeq first byte to be kept.
     * @param keep    bytes to be kept.
     * @param needed  bytes from {@code keepSeq} on that must have room.
     * @return true when there is room now.
     */
    final boolean ensure(final int keepSeq, final int keep, final int needed)
    {
        if (needed <= pieceBytes)
        {
            return true;
        }
        if (needed > capacityBytes())
        {
            return false;
        }
        final BufferPool pool = memory.pool;
        final int bytes = Math.max(BufferPool.MIN_PIECE_BYTES, BitUtil.findNextPositivePowerOfTwo(needed));
        final int larger =
            pool.availableBytes() - bytes < memory.reserveBytes ? BufferPool.NO_PIECE : pool.acquire(bytes);
        if (larger == BufferPool.NO_PIECE)
        {
            return false;
        }
        int moved = 0;
        while (moved < keep)
        {
            final int to = keepSeq + moved & bytes - 1;
            final int run = Math.min(keep - moved, bytes - to);
            get(keepSeq + moved, pool.slab(larger), pool.offset(larger) + to, run);
            moved += run;
        }
        release();
        piece = larger;
        pieceBytes = bytes;
        return true;
    }

    /** Give the piece back; what is in it is gone. */
    final void release()
    {
        if (piece != BufferPool.NO_PIECE)
        {
            memory.pool.release(piece, pieceBytes);
            piece = BufferPool.NO_PIECE;
            pieceBytes = 0;
        }
    }

    final void put(final int seq, final DirectBuffer src, final int offset, final int length)
    {
        checkRange(seq, length);
        if (length > 0)
        {
            final UnsafeBuffer slab = memory.pool.slab(piece);
            final int start = memory.pool.offset(piece);
            final int at = seq & pieceBytes - 1;
            final int first = Math.min(length, pieceBytes - at);
            slab.putBytes(start + at, src, offset, first);
            if (first < length)
            {
                slab.putBytes(start, src, offset + first, length - first);
            }
        }
    }

    final int octetAt(final int seq)
    {
        checkRange(seq, 1);
        return memory.pool.slab(piece).getByte(memory.pool.offset(piece) + (seq & pieceBytes - 1)) & 0xFF;
    }

    final void get(final int seq, final MutableDirectBuffer dst, final int offset, final int length)
    {
        checkRange(seq, length);
        if (length > 0)
        {
            final UnsafeBuffer slab = memory.pool.slab(piece);
            final int start = memory.pool.offset(piece);
            final int at = seq & pieceBytes - 1;
            final int first = Math.min(length, pieceBytes - at);
            dst.putBytes(offset, slab, start + at, first);
            if (first < length)
            {
                dst.putBytes(offset + first, slab, start, length - first);
            }
        }
    }

    /** The slab's own bounds lie beyond the piece, so a range that the piece cannot hold must be found out here. */
    private void checkRange(final int seq, final int length)
    {
        if (length < 0 || length > pieceBytes)
        {
            throw new IndexOutOfBoundsException("a ring that holds " + pieceBytes + " bytes has no " + length +
                " bytes from " + Integer.toUnsignedString(seq) + " on; ensure room first");
        }
    }
}
