package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * Deadlines of small numbered things that all wait equally long: one list for each length of waiting, in which what
 * comes last is due last. So the first of each list is all that need be looked at. A deadline that was set for a time
 * past may make those behind it a little late, never early.
 * <p>
 * Not thread safe; allocates only to grow.
 */
final class DeadlineLists
{
    private static final int NIL = -1;

    private final int[] first;
    private final int[] last;
    private int[] next = new int[16];
    private int[] previous = new int[16];
    private int[] listOf = new int[16];
    private long[] deadlineNs = new long[16];

    DeadlineLists(final int lists)
    {
        first = new int[lists];
        last = new int[lists];
        Arrays.fill(first, NIL);
        Arrays.fill(last, NIL);
    }

    void append(final int list, final int item, final long atNs)
    {
        if (item >= next.length)
        {
            final int length = Math.max(item + 1, 2 * next.length);
            next = Arrays.copyOf(next, length);
            previous = Arrays.copyOf(previous, length);
            listOf = Arrays.copyOf(listOf, length);
            deadlineNs = Arrays.copyOf(deadlineNs, length);
        }
        next[item] = NIL;
        previous[item] = last[list];
        listOf[item] = list;
        deadlineNs[item] = atNs;
        if (last[list] == NIL)
        {
            first[list] = item;
        }
        else
        {
            next[last[list]] = item;
        }
        last[list] = item;
    }

    void remove(final int item)
    {
        final int list = listOf[item];
        if (previous[item] == NIL)
        {
            first[list] = next[item];
        }
        else
        {
            next[previous[item]] = next[item];
        }
        if (next[item] == NIL)
        {
            last[list] = previous[item];
        }
        else
        {
            previous[next[item]] = previous[item];
        }
    }

    /** The first of a list, or -1. */
    int first(final int list)
    {
        return first[list];
    }

    /** The one behind another in its list, or -1. */
    int after(final int item)
    {
        return next[item];
    }

    /** The list whose first is due first, or -1 when all are empty. */
    int earliestList()
    {
        int best = -1;
        for (int list = 0; list < first.length; list++)
        {
            if (first[list] != NIL && (best < 0 || deadlineNs[first[list]] < deadlineNs[first[best]]))
            {
                best = list;
            }
        }
        return best;
    }

    long deadlineNs(final int item)
    {
        return deadlineNs[item];
    }

    long earliestNs()
    {
        final int list = earliestList();
        return list < 0 ? Long.MAX_VALUE : deadlineNs[first[list]];
    }
}
