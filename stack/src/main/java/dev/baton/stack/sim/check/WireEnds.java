package dev.baton.stack.sim.check;

/**
 * The last few connections of one 4-tuple, seen from one end. A SYN with a number of its own begins a new one; the one
 * before may still be meant by what is sent, as when cookies answer a repeated SYN.
 */
final class WireEnds
{
    private static final int MAX = 4;

    private final WireEnd[] ends = new WireEnd[MAX];
    private int count;
    /** ACKs without data that were sent. */
    long bareAcks;
    /** Segments that were delivered and are owed an answer. */
    long asking;
    /** When the first packet was seen. */
    long sinceNs = Long.MIN_VALUE;

    /** A SYN was sent. */
    WireEnd begin(final int iss)
    {
        for (int i = 0; i < count; i++)
        {
            if (ends[i].iss == iss)
            {
                return ends[i];
            }
        }
        System.arraycopy(ends, 0, ends, 1, Math.min(count, MAX - 1));
        count = Math.min(count + 1, MAX);
        ends[0] = new WireEnd(iss);
        return ends[0];
    }

    /** The latest connection. */
    WireEnd latest()
    {
        return count == 0 ? null : ends[0];
    }

    /** The latest connection of which a number can be. */
    WireEnd covering(final int seq)
    {
        for (int i = 0; i < count; i++)
        {
            if (ends[i].covers(seq))
            {
                return ends[i];
            }
        }
        return null;
    }
}
