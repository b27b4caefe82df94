package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * How many early connections a listener has (RFC 7413, section 4.2.2, PendingFastOpenRequests; Linux: TCP_FASTOPEN). A
 * connection counts until the last ACK of its handshake; one that is reset before goes on counting for a minute, or who
 * forges addresses could have the victims' RSTs make room (section 5.1). Not thread safe.
 */
final class FastOpenQueue
{
    private static final long RESET_COUNTS_NS = 60_000_000_000L;

    private long[] resetUntilNs = {};
    private int firstReset;
    private int resets;
    private int limit;
    private int early;

    void limit(final int most)
    {
        limit = most;
    }

    int limit()
    {
        return limit;
    }

    /** Is there room for one more, within the listener's limit or a common one? */
    boolean hasRoom(final int commonLimit, final long nowNs)
    {
        if (resets > 0 && resetUntilNs[firstReset] <= nowNs)
        {
            firstReset = (firstReset + 1) % resetUntilNs.length;
            resets--;
        }
        return early + resets < Math.max(limit, commonLimit);
    }

    void enter()
    {
        early++;
    }

    /** One is complete, or over. */
    void leave(final boolean byReset, final long nowNs)
    {
        early--;
        if (byReset)
        {
            if (resets == resetUntilNs.length)
            {
                grow();
            }
            resetUntilNs[(firstReset + resets) % resetUntilNs.length] = nowNs + RESET_COUNTS_NS;
            resets++;
        }
    }

    /** The sum of all was below the limit when the last one entered, so that bounds this too. */
    private void grow()
    {
        final long[] larger = Arrays.copyOf(resetUntilNs, Math.max(4, 2 * resets));
        for (int i = 0; i < resets; i++)
        {
            larger[i] = resetUntilNs[(firstReset + i) % resets];
        }
        resetUntilNs = larger;
        firstReset = 0;
    }

    /** When the connections that were reset stop counting: for codecs, oldest first. */
    long[] resetsUntilNs()
    {
        final long[] until = new long[resets];
        for (int i = 0; i < resets; i++)
        {
            until[i] = resetUntilNs[(firstReset + i) % resetUntilNs.length];
        }
        return until;
    }

    /** Count a connection that was reset in another shard. */
    void restoreReset(final long untilNs)
    {
        early++;
        leave(true, untilNs - RESET_COUNTS_NS);
    }

    /** Connections that count now. */
    int size()
    {
        return early + resets;
    }
}
