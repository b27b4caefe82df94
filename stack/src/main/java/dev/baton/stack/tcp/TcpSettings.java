package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpOption;

import java.util.Arrays;

/**
 * What a user has set for a connection, or for a listener's connections: the values that differ from the context's
 * defaults, and the few deadlines and notes that only such a connection has. Most connections have none of this and
 * hold no such object.
 * <p>
 * The values stand packed, in the order of their codes, under one bit for each that is set. Pooled; state only. Not
 * thread safe.
 */
public final class TcpSettings
{
    /** {@link #receivedTos}: nothing is noted. */
    public static final int TOS_NOT_NOTED = -1;

    private static final int FIRST_VALUES = 2;

    /** When CORK has held small segments back for long enough; {@link Tcb#NONE} when none is held. */
    public long corkAtNs;
    /** Has CORK held a small segment back for long enough, so that it may go? */
    public boolean corkDue;
    /** When LINGER has waited for long enough; {@link Tcb#NONE} when nobody waits. */
    public long lingerAtNs;
    /** Errno of the last soft error that has not been read, or 0. */
    public int softErrno;
    /** Octet with DSCP and ECN of the last packet received, or {@link #TOS_NOT_NOTED}. */
    public int receivedTos;
    /** User time-out that the peer advises, in milliseconds; 0 when it advises none (RFC 5482). */
    public int remoteUserTimeoutMs;

    private long mask;
    private long[] values = new long[FIRST_VALUES];

    TcpSettings()
    {
        clear();
    }

    /** Nothing is set. */
    void clear()
    {
        corkAtNs = lingerAtNs = Tcb.NONE;
        corkDue = false;
        softErrno = 0;
        receivedTos = TOS_NOT_NOTED;
        remoteUserTimeoutMs = 0;
        mask = 0;
    }

    /** Take over what another one has set; its deadlines and notes stay behind. */
    void inherit(final TcpSettings from)
    {
        clear();
        mask = from.mask;
        final int count = Long.bitCount(mask);
        if (values.length < count)
        {
            values = new long[count];
        }
        System.arraycopy(from.values, 0, values, 0, count);
        receivedTos = has(TcpOption.RECEIVE_TOS) ? 0 : TOS_NOT_NOTED;
    }

    /**
     * Is a value set?
     *
     * @param option which.
     * @return false when the default holds.
     */
    public boolean has(final TcpOption option)
    {
        return (mask & 1L << option.code()) != 0;
    }

    /**
     * A value that is set.
     *
     * @param option which.
     * @return in the option's unit; counts only when {@link #has}.
     */
    public long get(final TcpOption option)
    {
        return values[place(option)];
    }

    /**
     * Set a value.
     *
     * @param option which.
     * @param value  in the option's unit, in its range.
     */
    public void set(final TcpOption option, final long value)
    {
        final int at = place(option);
        if (!has(option))
        {
            final int count = Long.bitCount(mask);
            if (count == values.length)
            {
                values = Arrays.copyOf(values, 2 * count);
            }
            System.arraycopy(values, at, values, at + 1, count - at);
            mask |= 1L << option.code();
        }
        values[at] = value;
    }

    /** Let the default hold again. */
    void unset(final TcpOption option)
    {
        if (has(option))
        {
            final int at = place(option);
            final int count = Long.bitCount(mask);
            System.arraycopy(values, at + 1, values, at, count - at - 1);
            mask &= ~(1L << option.code());
        }
    }

    private int place(final TcpOption option)
    {
        return Long.bitCount(mask & (1L << option.code()) - 1);
    }

    /**
     * Number of values.
     *
     * @return how many are set.
     */
    public int count()
    {
        return Long.bitCount(mask);
    }

    /** The earlier of a time and this object's deadlines. */
    long earliestNs(final long atNs)
    {
        return Math.min(atNs, Math.min(corkAtNs, lingerAtNs));
    }

    /**
     * Is there nothing in it that a connection without settings would not have?
     *
     * @return true when it could be given back.
     */
    public boolean isEmpty()
    {
        return mask == 0 && corkAtNs == Tcb.NONE && lingerAtNs == Tcb.NONE && !corkDue && softErrno == 0 &&
            receivedTos == TOS_NOT_NOTED && remoteUserTimeoutMs == 0;
    }
}
