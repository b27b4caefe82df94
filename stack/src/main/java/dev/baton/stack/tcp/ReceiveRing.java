package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.Arrays;

/**
 * Received bytes, addressed by sequence number: those in order, which can be read, and those beyond a hole, which are
 * kept as runs over the same ring (RFC 9293, section 3.10.7.4, SHLD-31). A payload is copied once, to its final place.
 * <pre>
 *     firstSeq         nextSeq        run 0          run 1
 *        |  readable      |   hole    |#####|  hole  |####|
 * </pre>
 * The runs are the SACK blocks (RFC 2018): each carries the number of the arrival that last touched it, and the blocks
 * are reported latest first. When there are more runs than the limit, or no memory, what does not fit is not taken; the
 * peer sends it again.
 * <p>
 * Of bytes that come twice the first copy stays. Memory comes from the pool in growing steps and goes back when nothing
 * is held. Not thread safe.
 */
public final class ReceiveRing extends RingStorage
{
    /** Most runs beyond the first hole. */
    public static final int MAX_RUNS = 256;

    private int firstSeq;
    private int nextSeq;
    private int arrival;
    /** Null while nothing is out of order. */
    private ReceiveRuns runs;

    /**
     * A ring with memory of its own.
     *
     * @param capacityBytes the most it holds at first.
     */
    public ReceiveRing(final int capacityBytes)
    {
        this(new BufferPool(
            Math.max(BufferPool.MIN_PIECE_BYTES, BitUtil.findNextPositivePowerOfTwo(capacityBytes)) * 2L,
            capacityBytes), capacityBytes);
    }

    /**
     * A ring.
     *
     * @param pool          its memory's source.
     * @param capacityBytes the most it holds at first.
     */
    public ReceiveRing(final BufferPool pool, final int capacityBytes)
    {
        this(RingMemory.forReceiving(pool, capacityBytes));
    }

    /** A ring of a shard. */
    ReceiveRing(final RingMemory memory)
    {
        super(memory);
    }

    /**
     * Empty it.
     *
     * @param seq number of the next byte that is expected.
     */
    public void reset(final int seq)
    {
        release();
        firstSeq = seq;
        nextSeq = seq;
        arrival = 0;
        if (runs != null)
        {
            runs.count = 0;
            giveRunsBack();
        }
    }

    /**
     * Put a payload in its place.
     *
     * @param seq    of its first byte; bytes before {@link #nextSeq()} are passed over.
     * @param src    where from.
     * @param offset in it.
     * @param length how many.
     * @return how many of them are held for the first time now; 0 when all were known; -1 when there was no room for
     *         one that was not.
     */
    public int insert(final int seq, final DirectBuffer src, final int offset, final int length)
    {
        final int known = Math.max(0, nextSeq - seq);
        if (known >= length)
        {
            return 0;
        }
        final int start = seq + known;
        final int end = start + roomFor(start, length - known);
        final int from = runs == null ? 0 : runs.touching(start);
        final int to = runs == null ? 0 : runs.beyond(from, end);
        if (start == end || start != nextSeq && from == to && runCount() == MAX_RUNS)
        {
            return -1;
        }
        final int fresh = fill(start, end, src, offset + known, from, to);
        arrival++;
        if (start == nextSeq)
        {
            nextSeq = from < to ? Seq.max(end, runs.runEnd[to - 1]) : end;
            if (runs != null)
            {
                runs.remove(from, to);
                giveRunsBack();
            }
        }
        else
        {
            takeRuns().merge(start, end, from, to, arrival);
        }
        return fresh;
    }

    /**
     * The first run that holds a part of a range.
     *
     * @param start first number of the range.
     * @param end   number after its last.
     * @return which run, or -1 when none does.
     */
    public int runOverlapping(final int start, final int end)
    {
        int i = 0;
        while (i < runCount() && Seq.leq(runs.runEnd[i], start))
        {
            i++;
        }
        return i < runCount() && Seq.lt(runs.runStart[i], end) ? i : -1;
    }

    private ReceiveRuns takeRuns()
    {
        if (runs == null)
        {
            runs = memory.spareRuns.take();
        }
        return runs;
    }

    private void giveRunsBack()
    {
        if (runs.count == 0)
        {
            memory.spareRuns.giveBack(runs);
            runs = null;
        }
    }

    /** How much of a payload there is room for: when the pool is short, as much as the least step of growth allows. */
    private int roomFor(final int start, final int length)
    {
        final int before = start - firstSeq;
        if (before + length > capacityBytes())
        {
            return 0;
        }
        if (ensure(firstSeq, heldSpan(), before + length))
        {
            return length;
        }
        ensure(firstSeq, heldSpan(), before + 1);
        return Math.max(0, Math.min(length, heldBytes() - before));
    }

    /** Copy what no run holds yet. */
    private int fill(
        final int start, final int end, final DirectBuffer src, final int offset, final int from, final int to)
    {
        int at = start;
        int fresh = 0;
        for (int i = from; i < to && Seq.lt(at, end); i++)
        {
            if (Seq.lt(at, runs.runStart[i]))
            {
                final int length = Seq.min(runs.runStart[i], end) - at;
                put(at, src, offset + (at - start), length);
                fresh += length;
            }
            at = Seq.max(at, runs.runEnd[i]);
        }
        if (Seq.lt(at, end))
        {
            put(at, src, offset + (at - start), end - at);
            fresh += end - at;
        }
        return fresh;
    }

    private int heldSpan()
    {
        return (runs == null ? nextSeq : runs.runEnd[runs.count - 1]) - firstSeq;
    }

    /**
     * Copy readable bytes out; they stay.
     *
     * @param dst    where to.
     * @param offset in it.
     * @param length at most so many.
     * @return how many.
     */
    public int peek(final MutableDirectBuffer dst, final int offset, final int length)
    {
        return peek(0, dst, offset, length);
    }

    /**
     * Copy readable bytes out, from further on; they stay.
     *
     * @param skip   bytes to be passed over first.
     * @param dst    where to.
     * @param offset in it.
     * @param length at most so many.
     * @return how many.
     */
    public int peek(final int skip, final MutableDirectBuffer dst, final int offset, final int length)
    {
        final int count = Math.min(length, readable() - skip);
        if (count <= 0)
        {
            return 0;
        }
        get(firstSeq + skip, dst, offset, count);
        return count;
    }

    /**
     * Copy readable bytes out and consume them.
     *
     * @param dst    where to.
     * @param offset in it.
     * @param length at most so many.
     * @return how many.
     */
    public int read(final MutableDirectBuffer dst, final int offset, final int length)
    {
        final int count = peek(0, dst, offset, length);
        skip(count);
        return count;
    }

    /**
     * One readable byte; it stays.
     *
     * @param skip bytes before it, below {@link #readable()}.
     * @return 0 to 255.
     */
    public int octet(final int skip)
    {
        return octetAt(firstSeq + skip);
    }

    /**
     * Consume readable bytes.
     *
     * @param length how many; at most {@link #readable()}.
     */
    public void skip(final int length)
    {
        firstSeq += length;
        if (firstSeq == nextSeq && runs == null)
        {
            release();
        }
    }

    /**
     * Copy bytes of a run out; for who exports the ring.
     *
     * @param seq    first byte, inside of a run or of what is readable.
     * @param dst    where to.
     * @param offset in it.
     * @param length how many.
     */
    public void copy(final int seq, final MutableDirectBuffer dst, final int offset, final int length)
    {
        get(seq, dst, offset, length);
    }

    /**
     * Empty it and put the readable bytes of another ring in: for who imports one.
     *
     * @param first       number of the first byte.
     * @param next        number of the next byte that is expected.
     * @param end         number after the last run, or {@code next}: so far there is to be room.
     * @param lastArrival number of the last arrival.
     * @param src         where the bytes from {@code first} to {@code next} are.
     * @param offset      in it.
     * @return false when there is no memory for it; the ring is empty then.
     */
    public boolean restore(
        final int first, final int next, final int end, final int lastArrival, final DirectBuffer src, final int offset)
    {
        reset(first);
        if (end != first && !ensure(first, 0, end - first))
        {
            return false;
        }
        if (next != first)
        {
            put(first, src, offset, next - first);
        }
        nextSeq = next;
        arrival = lastArrival;
        return true;
    }

    /**
     * Append a run as it stood in another ring: in order, after {@link #restore}, which made the room.
     *
     * @param start   first number.
     * @param end     number after it.
     * @param touched number of the arrival that last touched it.
     * @param src     where its bytes are.
     * @param offset  in it.
     */
    public void restoreRun(final int start, final int end, final int touched, final DirectBuffer src, final int offset)
    {
        put(start, src, offset, end - start);
        final int at = takeRuns().count;
        runs.open(at);
        runs.runStart[at] = start;
        runs.runEnd[at] = end;
        runs.runArrival[at] = touched;
    }

    /**
     * Number of the last arrival.
     *
     * @return a number that grows with every {@link #insert} that takes something.
     */
    public int arrival()
    {
        return arrival;
    }

    /**
     * Bytes that can be read.
     *
     * @return 0 or more.
     */
    public int readable()
    {
        return nextSeq - firstSeq;
    }

    /**
     * Number of the next byte to be read.
     *
     * @return a sequence number.
     */
    public int firstSeq()
    {
        return firstSeq;
    }

    /**
     * Number of the next byte that is expected in order.
     *
     * @return a sequence number.
     */
    public int nextSeq()
    {
        return nextSeq;
    }

    /**
     * Runs beyond the first hole.
     *
     * @return 0 to {@link #MAX_RUNS}.
     */
    public int runCount()
    {
        return runs == null ? 0 : runs.count;
    }

    /**
     * First number of a run; runs are in sequence order.
     *
     * @param i which run.
     * @return a sequence number.
     */
    public int runStart(final int i)
    {
        return runs.runStart[i];
    }

    /**
     * Number after a run.
     *
     * @param i which run.
     * @return a sequence number.
     */
    public int runEnd(final int i)
    {
        return runs.runEnd[i];
    }

    /**
     * The run that is to be reported next: of those that came before {@code before}, the one touched last.
     *
     * @param before the {@link #runArrival(int)} of the run reported before, or {@link Integer#MAX_VALUE} for the
     *               first.
     * @return which run, or -1 when there is none.
     */
    public int latestRunBefore(final int before)
    {
        int best = -1;
        for (int i = 0; i < runCount(); i++)
        {
            if ((before == Integer.MAX_VALUE || Seq.lt(runs.runArrival[i], before)) &&
                (best < 0 || Seq.gt(runs.runArrival[i], runs.runArrival[best])))
            {
                best = i;
            }
        }
        return best;
    }

    /**
     * When a run was last touched.
     *
     * @param i which run.
     * @return a number that grows with every arrival.
     */
    public int runArrival(final int i)
    {
        return runs.runArrival[i];
    }

    /**
     * How many bytes from {@link #firstSeq()} on could be held now, the pool's state considered.
     *
     * @return 0 to {@link #capacityBytes()}.
     */
    public int reachableBytes()
    {
        return reachable();
    }
}
