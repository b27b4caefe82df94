package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;

import java.util.Arrays;

/**
 * What a {@link ReceiveRing} holds beyond its first hole: runs in sequence order, in parallel arrays, each with the number
 * of the arrival that last touched it. A ring has one only while something is out of order. Not thread safe.
 */
final class ReceiveRuns
{
    private static final int FIRST_RUNS = 8;

    /** First number of each run. */
    int[] runStart = new int[FIRST_RUNS];
    /** Number after each run. */
    int[] runEnd = new int[FIRST_RUNS];
    /** Number of the arrival that last touched each run. */
    int[] runArrival = new int[FIRST_RUNS];
    /** How many there are; at most {@link ReceiveRing#MAX_RUNS}. */
    int count;

    /** First run that ends at or after a number, so that a payload beginning there touches it or lies before it. */
    int touching(final int seq)
    {
        int i = 0;
        while (i < count && Seq.lt(runEnd[i], seq))
        {
            i++;
        }
        return i;
    }

    /** First run from a place on that begins after a number. */
    int beyond(final int from, final int end)
    {
        int i = from;
        while (i < count && Seq.leq(runStart[i], end))
        {
            i++;
        }
        return i;
    }

    /** A range has come in that touches the runs from one place to another, or lies between two when there are none. */
    void merge(final int start, final int end, final int from, final int to, final int arrival)
    {
        if (from == to)
        {
            open(from);
            runStart[from] = start;
            runEnd[from] = end;
        }
        else
        {
            runStart[from] = Seq.min(start, runStart[from]);
            runEnd[from] = Seq.max(end, runEnd[to - 1]);
            remove(from + 1, to);
        }
        runArrival[from] = arrival;
    }

    /** Make room for one more run at a place; what it says there is the caller's to set. */
    void open(final int at)
    {
        if (count == runStart.length)
        {
            final int length = Math.min(ReceiveRing.MAX_RUNS, 2 * count);
            runStart = Arrays.copyOf(runStart, length);
            runEnd = Arrays.copyOf(runEnd, length);
            runArrival = Arrays.copyOf(runArrival, length);
        }
        move(at, at + 1);
    }

    /** Forget the runs from one place to another. */
    void remove(final int from, final int to)
    {
        if (from < to)
        {
            move(to, from);
        }
    }

    private void move(final int from, final int to)
    {
        System.arraycopy(runStart, from, runStart, to, count - from);
        System.arraycopy(runEnd, from, runEnd, to, count - from);
        System.arraycopy(runArrival, from, runArrival, to, count - from);
        count += to - from;
    }
}
