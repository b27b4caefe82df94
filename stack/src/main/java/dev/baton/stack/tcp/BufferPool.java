package dev.baton.stack.tcp;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The shard's memory for send and receive buffers: a buddy allocator. Memory comes in slabs, made one by one when they
 * are first needed and never given back; a slab is halved until a piece has the size asked for, and two free halves
 * become one again. So the budget holds exactly, and after warm-up nothing is allocated.
 * <p>
 * A piece is named by the number of its first {@link #MIN_PIECE_BYTES} block. Not thread safe.
 */
public final class BufferPool
{
    /** Least size of a piece in bytes. */
    public static final int MIN_PIECE_BYTES = 4096;
    /** Name of no piece. */
    public static final int NO_PIECE = -1;

    private static final int NIL = -1;
    private static final byte IN_USE = -1;

    private final int slabBytes;
    private final int blocksPerSlab;
    private final int maxOrder;
    private final UnsafeBuffer[] slabs;
    private final int[] freeHead;
    private final int[] next;
    private final int[] previous;
    private final byte[] freeOrder;
    private int slabCount;
    private long acquiredBytes;
    private long peakBytes;

    /**
     * A pool.
     *
     * @param budgetBytes for all pieces together; rounded down to whole slabs.
     * @param slabBytes   greatest piece; rounded up to a power of two.
     * @throws IllegalArgumentException when not even one slab fits into the budget.
     */
    public BufferPool(final long budgetBytes, final int slabBytes)
    {
        this.slabBytes = Math.max(MIN_PIECE_BYTES, BitUtil.findNextPositivePowerOfTwo(slabBytes));
        final int slabLimit = (int)(budgetBytes / this.slabBytes);
        if (slabLimit < 1)
        {
            throw new IllegalArgumentException("a pool of " + budgetBytes + " bytes cannot hold one buffer of " +
                this.slabBytes + "; make the pool larger or the buffers smaller");
        }
        blocksPerSlab = this.slabBytes / MIN_PIECE_BYTES;
        maxOrder = Integer.numberOfTrailingZeros(blocksPerSlab);
        slabs = new UnsafeBuffer[slabLimit];
        freeHead = new int[maxOrder + 1];
        Arrays.fill(freeHead, NIL);
        final int blocks = slabLimit * blocksPerSlab;
        next = new int[blocks];
        previous = new int[blocks];
        freeOrder = new byte[blocks];
        Arrays.fill(freeOrder, IN_USE);
    }

    /**
     * Take a piece.
     *
     * @param bytes of it: a power of two, at least {@link #MIN_PIECE_BYTES}, at most a slab.
     * @return its name, or {@link #NO_PIECE} when the budget is used up.
     */
    public int acquire(final int bytes)
    {
        final int order = orderOf(bytes);
        int from = order;
        while (from <= maxOrder && freeHead[from] == NIL)
        {
            from++;
        }
        if (from > maxOrder)
        {
            if (slabCount == slabs.length)
            {
                return NO_PIECE;
            }
            addSlab();
            from = maxOrder;
        }
        final int block = freeHead[from];
        unlink(block, from);
        while (from > order)
        {
            from--;
            link(block + (1 << from), from);
        }
        acquiredBytes += bytes;
        peakBytes = Math.max(peakBytes, acquiredBytes);
        return block;
    }

    /**
     * Give a piece back.
     *
     * @param piece that {@link #acquire(int)} returned.
     * @param bytes that it was asked for with.
     */
    public void release(final int piece, final int bytes)
    {
        int order = orderOf(bytes);
        int block = piece;
        acquiredBytes -= bytes;
        while (order < maxOrder)
        {
            final int buddy = block ^ 1 << order;
            if (freeOrder[buddy] != order)
            {
                break;
            }
            unlink(buddy, order);
            block = Math.min(block, buddy);
            order++;
        }
        link(block, order);
    }

    /**
     * Point a view at a piece.
     *
     * @param piece that {@link #acquire(int)} returned.
     * @param bytes that it was asked for with.
     * @param view  to be pointed at it.
     */
    public void wrap(final int piece, final int bytes, final UnsafeBuffer view)
    {
        view.wrap(slab(piece), offset(piece), bytes);
    }

    /**
     * The slab in which a piece lies. Who holds a piece keeps no view of it, only its name.
     *
     * @param piece that {@link #acquire(int)} returned.
     * @return the slab; the piece begins at {@link #offset(int)}.
     */
    public UnsafeBuffer slab(final int piece)
    {
        return slabs[piece >> maxOrder];
    }

    /**
     * Where a piece begins in its {@link #slab(int)}.
     *
     * @param piece that {@link #acquire(int)} returned.
     * @return in bytes.
     */
    public int offset(final int piece)
    {
        return (piece & blocksPerSlab - 1) * MIN_PIECE_BYTES;
    }

    /**
     * Greatest piece.
     *
     * @return in bytes.
     */
    public int slabBytes()
    {
        return slabBytes;
    }

    /**
     * What pieces in use hold; 0 when everything has been given back.
     *
     * @return in bytes.
     */
    public long acquiredBytes()
    {
        return acquiredBytes;
    }

    /**
     * The most that was ever in use.
     *
     * @return in bytes.
     */
    public long peakBytes()
    {
        return peakBytes;
    }

    /**
     * The most that can be in use.
     *
     * @return in bytes: whole slabs.
     */
    public long budgetBytes()
    {
        return (long)slabs.length * slabBytes;
    }

    /**
     * What is left of the budget, not necessarily in one piece.
     *
     * @return in bytes.
     */
    public long availableBytes()
    {
        return budgetBytes() - acquiredBytes;
    }

    private void addSlab()
    {
        slabs[slabCount] = new UnsafeBuffer(ByteBuffer.allocateDirect(slabBytes));
        link(slabCount * blocksPerSlab, maxOrder);
        slabCount++;
    }

    private static int orderOf(final int bytes)
    {
        return Integer.numberOfTrailingZeros(bytes / MIN_PIECE_BYTES);
    }

    private void link(final int block, final int order)
    {
        final int head = freeHead[order];
        next[block] = head;
        previous[block] = NIL;
        if (head != NIL)
        {
            previous[head] = block;
        }
        freeHead[order] = block;
        freeOrder[block] = (byte)order;
    }

    private void unlink(final int block, final int order)
    {
        if (previous[block] == NIL)
        {
            freeHead[order] = next[block];
        }
        else
        {
            next[previous[block]] = next[block];
        }
        if (next[block] != NIL)
        {
            previous[next[block]] = previous[block];
        }
        freeOrder[block] = IN_USE;
    }
}
