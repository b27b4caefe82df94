package dev.baton.stack.tcp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Bytes that the user has written and the peer has not acknowledged, addressed by sequence number. A retransmission
 * reads them again; there is no queue of segments.
 * <p>
 * Memory comes from the pool in growing steps and goes back when the ring is empty. A quarter of the pool is left to
 * receive rings: two peers that had used up everything for sending could take in nothing from each other, and would
 * stand still for ever. Not thread safe.
 */
public final class SendRing
{
    private final RingStorage storage;
    private int firstSeq;
    private int endSeq;

    /**
     * A ring.
     *
     * @param pool          its memory's source.
     * @param capacityBytes the most it holds at first.
     */
    public SendRing(final BufferPool pool, final int capacityBytes)
    {
        storage = new RingStorage(pool, capacityBytes, pool.budgetBytes() / 4);
    }

    /**
     * Empty it.
     *
     * @param seq number of the next byte to be written.
     */
    public void reset(final int seq)
    {
        storage.release();
        firstSeq = seq;
        endSeq = seq;
    }

    /**
     * Append bytes.
     *
     * @param src    where from.
     * @param offset in it.
     * @param length how many.
     * @return how many were taken; fewer when the ring is at its limit, or when the pool is empty.
     */
    public int write(final DirectBuffer src, final int offset, final int length)
    {
        final int held = length();
        int taken = Math.min(length, storage.capacityBytes() - held);
        if (taken > 0 && !storage.ensure(firstSeq, held, held + taken))
        {
            // Not all of it: what the piece has room for, or the next larger piece.
            storage.ensure(firstSeq, held, held + 1);
            taken = Math.min(taken, storage.pieceBytes() - held);
        }
        if (taken <= 0)
        {
            return 0;
        }
        storage.put(endSeq, src, offset, taken);
        endSeq += taken;
        return taken;
    }

    /**
     * Copy bytes out; they stay.
     *
     * @param seq    of the first byte, in the ring.
     * @param dst    where to.
     * @param offset in it.
     * @param length how many; all in the ring.
     */
    public void copy(final int seq, final MutableDirectBuffer dst, final int offset, final int length)
    {
        storage.get(seq, dst, offset, length);
    }

    /**
     * Forget bytes that have been acknowledged.
     *
     * @param seq the first byte to be kept, in the ring or at its end.
     */
    public void ackTo(final int seq)
    {
        firstSeq = seq;
        if (firstSeq == endSeq)
        {
            storage.release();
        }
    }

    /**
     * Number of the first byte in the ring.
     *
     * @return a sequence number.
     */
    public int firstSeq()
    {
        return firstSeq;
    }

    /**
     * Number after the last byte in the ring.
     *
     * @return a sequence number.
     */
    public int endSeq()
    {
        return endSeq;
    }

    /**
     * Bytes in the ring.
     *
     * @return 0 to the capacity.
     */
    public int length()
    {
        return endSeq - firstSeq;
    }

    /**
     * Bytes that may be written before the ring is at its limit.
     *
     * @return 0 to the capacity; the pool may have less.
     */
    public int writable()
    {
        return Math.max(0, storage.reachableBytes() - length());
    }

    /**
     * The most the ring holds.
     *
     * @return in bytes.
     */
    public int capacityBytes()
    {
        return storage.capacityBytes();
    }

    /**
     * Change the most the ring holds.
     *
     * @param bytes at least what is needed now: {@link #length()}; the pool's greatest piece bounds it too.
     */
    public void capacityBytes(final int bytes)
    {
        storage.capacityBytes(bytes);
    }

    /**
     * The most that the ring is to hold, also in another shard whose pool has larger pieces.
     *
     * @return in bytes, at least {@link #capacityBytes()}.
     */
    public int wantedBytes()
    {
        return storage.wantedBytes();
    }

    /**
     * What the ring holds at most before anybody has changed it.
     *
     * @return in bytes.
     */
    public int initialBytes()
    {
        return storage.initialBytes();
    }

    /**
     * Is the pool so full that the ring should not grow?
     *
     * @return true when less than a quarter of the pool is left to it.
     */
    public boolean underPressure()
    {
        return storage.underPressure();
    }

    /**
     * Memory that the ring holds now.
     *
     * @return in bytes; 0 when it is empty.
     */
    public int heldBytes()
    {
        return storage.pieceBytes();
    }
}
