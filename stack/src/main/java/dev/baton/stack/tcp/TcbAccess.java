package dev.baton.stack.tcp;

/**
 * What a codec must know of a {@link Tcb} beyond its public fields: what it owes to its shard's queues, and how its
 * clock and its segment size follow from other fields. Reads only.
 */
public final class TcbAccess
{
    /** Owed: the service is to be told of the connection. */
    public static final int ACCEPTED = ConnectionLife.ACCEPTED;
    /** Owed: the service is to be told that there is something to read. */
    public static final int READABLE = ConnectionLife.READABLE;
    /** Owed: the service is to be told that there is room to write. */
    public static final int WRITABLE = ConnectionLife.WRITABLE;
    /** Owed: output is to look at the connection in the next poll. */
    public static final int OUTPUT = 16;
    /**
     * Owed: a write took less than it was given for want of memory, and the service is to be told when there is some.
     */
    public static final int MEMORY = 32;

    static final int CALLS = ACCEPTED | READABLE | WRITABLE;
    /** Calls that most connections never see. */
    public static final int RARE_CALLS = ConnectionLife.URGENT | ConnectionLife.LINGERED | ConnectionLife.SOFT_ERROR |
        ConnectionLife.RETRANSMITTING;

    private TcbAccess()
    {
    }

    /**
     * TSval of a segment (RFC 7323, section 5.4).
     *
     * @param tsOffset of the connection.
     * @param nowNs    when the segment is sent, on the shard's clock.
     * @return TSval.
     */
    public static int tsVal(final int tsOffset, final long nowNs)
    {
        return Timestamps.value(tsOffset, nowNs);
    }

    /**
     * TSval of a connection.
     *
     * @param tcb   of it.
     * @param nowNs when the segment is sent, on the shard's clock.
     * @return TSval.
     */
    public static int tsVal(final Tcb tcb, final long nowNs)
    {
        return Timestamps.value(tcb, nowNs);
    }

    /**
     * How far the timestamp clock of a connection is into its tick.
     *
     * @param tcb   of it.
     * @param nowNs now, on the shard's clock.
     * @return nanoseconds, below a millisecond.
     */
    public static int tsFractionNs(final Tcb tcb, final long nowNs)
    {
        return Timestamps.fractionNs(tcb, nowNs);
    }

    /**
     * Set the timestamp clock of a connection.
     *
     * @param tcb        of it.
     * @param tsVal      that it shows at the last tick.
     * @param fractionNs how far it is past that tick, in nanoseconds, 0 or more.
     * @param nowNs      now, on the shard's clock.
     */
    public static void tsClock(final Tcb tcb, final int tsVal, final long fractionNs, final long nowNs)
    {
        Timestamps.set(tcb, tsVal, fractionNs, nowNs);
    }

    /**
     * The offset with which a connection's timestamp clock shows a value now.
     *
     * @param tsVal that a segment sent now is to carry.
     * @param nowNs now, on the shard's clock.
     * @return the offset.
     */
    public static int tsOffset(final int tsVal, final long nowNs)
    {
        return tsVal - Timestamps.value(0, nowNs);
    }

    /**
     * Payload of a full segment, from what it follows from.
     *
     * @param localMss     that we announced, in bytes.
     * @param remoteMss    that the peer announced, in bytes.
     * @param pathMtu      of the path, in bytes.
     * @param v4           false for IPv6.
     * @param timestampsOk were timestamps agreed?
     * @return in bytes.
     */
    public static int effectiveMss(
        final int localMss, final int remoteMss, final int pathMtu, final boolean v4, final boolean timestampsOk)
    {
        return EffectiveMss.of(localMss, remoteMss, pathMtu, v4, timestampsOk);
    }

    /**
     * Rare calls that are owed to a connection's service.
     *
     * @param tcb of the connection.
     * @return a set out of {@link #RARE_CALLS}.
     */
    public static int rareCalls(final Tcb tcb)
    {
        return tcb.events & RARE_CALLS;
    }

    /**
     * Owe rare calls to the service of a connection that comes in, once it is admitted.
     *
     * @param tcb   of the connection.
     * @param calls a set out of {@link #RARE_CALLS}.
     */
    public static void rareCalls(final Tcb tcb, final int calls)
    {
        tcb.events |= calls;
    }

    /**
     * Settings of a connection that comes in.
     *
     * @param tcb of the connection.
     * @return its own, taken from the shard's pool when it had none.
     */
    public static TcpSettings settings(final Tcb tcb)
    {
        return tcb.handle.endpoint().sides().settings(tcb);
    }

    /**
     * Urgent data of a connection that comes in.
     *
     * @param tcb of the connection.
     * @return its own, taken from the shard's pool when it had none.
     */
    public static UrgentState urgent(final Tcb tcb)
    {
        return tcb.handle.endpoint().sides().urgent(tcb);
    }

    /**
     * Give a connection that comes in what its congestion control works with, as far as it has not got it.
     *
     * @param tcb   of it; its congestion control is set.
     * @param nowNs now, on the shard's clock.
     */
    public static void attachCongestion(final Tcb tcb, final long nowNs)
    {
        tcb.handle.endpoint().congestion().attach(tcb, nowNs);
    }

    /**
     * The pacing of a connection that comes in and was paced.
     *
     * @param tcb   of it.
     * @param nowNs now, on the shard's clock.
     * @return to be filled.
     */
    public static Pacing pacing(final Tcb tcb, final long nowNs)
    {
        return tcb.handle.endpoint().congestion().pacing(tcb, nowNs);
    }

    /**
     * All of a connection that comes in has been read: what its congestion control works with and the image did not
     * hold begins afresh.
     *
     * @param tcb   of it.
     * @param nowNs now, on the shard's clock.
     */
    public static void completeCongestion(final Tcb tcb, final long nowNs)
    {
        tcb.handle.endpoint().congestion().complete(tcb, nowNs);
    }

    /**
     * What is owed to or by a connection in its shard's queues.
     *
     * @param tcb of the connection.
     * @return a set of {@link #ACCEPTED}, {@link #READABLE}, {@link #WRITABLE}, {@link #OUTPUT} and {@link #MEMORY}.
     */
    public static int owed(final Tcb tcb)
    {
        return tcb.events & CALLS | (tcb.dirty ? OUTPUT : 0) | (tcb.starved ? MEMORY : 0);
    }
}
