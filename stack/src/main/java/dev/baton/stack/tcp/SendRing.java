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
public final class SendRing extends RingStorage
{
    private int firstSeq;
    private int endSeq;

    /**
     * A ring that shares its memory with no other kind of ring.
     *
     * @param pool          its memory's source.
     * @param capacityBytes the most it holds at first.
     */
    public SendRing(final BufferPool pool, final int capacityBytes)
    {
        this(RingMemory.forSending(pool, capacityBytes));
    }

    /** A ring of a shard. */
    SendRing(final RingMemory memory)
    {
        super(memory);
    }

    /**
     * Empty it.
     *
     * @param seq number of the next byte to be written.
     */
    public void reset(final int seq)
    {
        release();
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
        int taken = Math.min(length, capacityBytes() - held);
        if (taken > 0 && !ensure(firstSeq, held, held + taken))
        {
            // Not all of it: what the piece has room for, or the next larger piece.
            ensure(firstSeq, held, held + 1);
            taken = Math.min(taken, heldBytes() - held);
        }
        if (taken <= 0)
        {
            return 0;
        }
        put(endSeq, src, offset, taken);
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
        get(seq, dst, offset, length);
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
            release();
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
        return Math.max(0, reachable() - length());
    }
}
