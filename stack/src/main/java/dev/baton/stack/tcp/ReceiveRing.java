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
public final class ReceiveRing
{
    /** Most runs beyond the first hole. */
    public static final int MAX_RUNS = 256;

    private static final int FIRST_RUNS = 8;

    private final RingStorage storage;
    private int firstSeq;
    private int nextSeq;
    private int[] runStart;
    private int[] runEnd;
    private int[] runArrival;
    private int runCount;
    private int arrival;

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
        storage = new RingStorage(pool, capacityBytes, 0);
    }

    /**
     * Empty it.
     *
     * @param seq number of the next byte that is expected.
     */
    public void reset(final int seq)
    {
        storage.release();
        firstSeq = seq;
        nextSeq = seq;
        runCount = 0;
        arrival = 0;
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
        final int from = runTouching(start);
        final int to = runBeyond(from, end);
        if (start == end || start != nextSeq && from == to && runCount == MAX_RUNS)
        {
            return -1;
        }
        final int fresh = fill(start, end, src, offset + known, from, to);
        arrival++;
        if (start == nextSeq)
        {
            nextSeq = from < to ? Seq.max(end, runEnd[to - 1]) : end;
            removeRuns(from, to);
        }
        else
        {
            mergeRuns(start, end, from, to);
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
        while (i < runCount && Seq.leq(runEnd[i], start))
        {
            i++;
        }
        return i < runCount && Seq.lt(runStart[i], end) ? i : -1;
    }

    /** How much of a payload there is room for: when the pool is short, as much as the least step of growth allows. */
    private int roomFor(final int start, final int length)
    {
        final int before = start - firstSeq;
        if (before + length > storage.capacityBytes())
        {
            return 0;
        }
        if (storage.ensure(firstSeq, heldSpan(), before + length))
        {
            return length;
        }
        storage.ensure(firstSeq, heldSpan(), before + 1);
        return Math.max(0, Math.min(length, storage.pieceBytes() - before));
    }

    /** Copy what no run holds yet. */
    private int fill(
        final int start, final int end, final DirectBuffer src, final int offset, final int from, final int to)
    {
        int at = start;
        int fresh = 0;
        for (int i = from; i < to && Seq.lt(at, end); i++)
        {
            if (Seq.lt(at, runStart[i]))
            {
                final int length = Seq.min(runStart[i], end) - at;
                storage.put(at, src, offset + (at - start), length);
                fresh += length;
            }
            at = Seq.max(at, runEnd[i]);
        }
        if (Seq.lt(at, end))
        {
            storage.put(at, src, offset + (at - start), end - at);
            fresh += end - at;
        }
        return fresh;
    }

    /** First run that ends at or after a number, so that a payload beginning there touches it or lies before it. */
    private int runTouching(final int seq)
    {
        int i = 0;
        while (i < runCount && Seq.lt(runEnd[i], seq))
        {
            i++;
        }
        return i;
    }

    private int runBeyond(final int from, final int end)
    {
        int i = from;
        while (i < runCount && Seq.leq(runStart[i], end))
        {
            i++;
        }
        return i;
    }

    private void mergeRuns(final int start, final int end, final int from, final int to)
    {
        if (from == to)
        {
            openRun(from);
            runStart[from] = start;
            runEnd[from] = end;
        }
        else
        {
            runStart[from] = Seq.min(start, runStart[from]);
            runEnd[from] = Seq.max(end, runEnd[to - 1]);
            removeRuns(from + 1, to);
        }
        runArrival[from] = arrival;
    }

    private void openRun(final int at)
    {
        if (runStart == null)
        {
            runStart = new int[FIRST_RUNS];
            runEnd = new int[FIRST_RUNS];
            runArrival = new int[FIRST_RUNS];
        }
        else if (runCount == runStart.length)
        {
            final int length = Math.min(MAX_RUNS, 2 * runCount);
            runStart = Arrays.copyOf(runStart, length);
            runEnd = Arrays.copyOf(runEnd, length);
            runArrival = Arrays.copyOf(runArrival, length);
        }
        System.arraycopy(runStart, at, runStart, at + 1, runCount - at);
        System.arraycopy(runEnd, at, runEnd, at + 1, runCount - at);
        System.arraycopy(runArrival, at, runArrival, at + 1, runCount - at);
        runCount++;
    }

    private void removeRuns(final int from, final int to)
    {
        if (from < to)
        {
            System.arraycopy(runStart, to, runStart, from, runCount - to);
            System.arraycopy(runEnd, to, runEnd, from, runCount - to);
            System.arraycopy(runArrival, to, runArrival, from, runCount - to);
            runCount -= to - from;
        }
    }

    private int heldSpan()
    {
        return (runCount == 0 ? nextSeq : runEnd[runCount - 1]) - firstSeq;
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
        storage.get(firstSeq + skip, dst, offset, count);
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
        return storage.octet(firstSeq + skip);
    }

    /**
     * Consume readable bytes.
     *
     * @param length how many; at most {@link #readable()}.
     */
    public void skip(final int length)
    {
        firstSeq += length;
        if (firstSeq == nextSeq && runCount == 0)
        {
            storage.release();
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
        storage.get(seq, dst, offset, length);
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
        if (end != first && !storage.ensure(first, 0, end - first))
        {
            return false;
        }
        if (next != first)
        {
            storage.put(first, src, offset, next - first);
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
        storage.put(start, src, offset, end - start);
        final int at = runCount;
        openRun(at);
        runStart[at] = start;
        runEnd[at] = end;
        runArrival[at] = touched;
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
        return runCount;
    }

    /**
     * First number of a run; runs are in sequence order.
     *
     * @param i which run.
     * @return a sequence number.
     */
    public int runStart(final int i)
    {
        return runStart[i];
    }

    /**
     * Number after a run.
     *
     * @param i which run.
     * @return a sequence number.
     */
    public int runEnd(final int i)
    {
        return runEnd[i];
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
        for (int i = 0; i < runCount; i++)
        {
            if ((before == Integer.MAX_VALUE || Seq.lt(runArrival[i], before)) &&
                (best < 0 || Seq.gt(runArrival[i], runArrival[best])))
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
        return runArrival[i];
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
     * How many bytes from {@link #firstSeq()} on could be held now, the pool's state considered.
     *
     * @return 0 to {@link #capacityBytes()}.
     */
    public int reachableBytes()
    {
        return storage.reachableBytes();
    }

    /**
     * Change the most the ring holds.
     *
     * @param bytes at least what is needed now: all that the peer was promised room for; the pool's greatest piece bounds it too.
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
     * @return in bytes; 0 when nothing is held.
     */
    public int heldBytes()
    {
        return storage.pieceBytes();
    }
}
