package dev.baton.stack.tcp;

/**
 * Initial sequence numbers: M + F(local, remote, secret), where M is a clock of 4 microseconds and F a keyed hash (RFC
 * 6528, section 3; RFC 9293, section 3.4.1, MUST-8, SHLD-1). Timestamp offsets are made alike, so that the timestamps
 * of a later incarnation of the same flow go on from those of the earlier one (RFC 7323, section 5.4; RFC 6191).
 * <p>
 * State: the secret, and the reading of the shard's clock that both clocks are counted from.
 */
public final class IsnGenerator
{
    private static final long TICK_NS = 4_000;
    private static final int LABEL_TABLE = 0;
    private static final int LABEL_ISN = 1;
    private static final int LABEL_TIMESTAMP = 2;

    private static final long TIMESTAMP_TICK_NS = 1_000_000L;

    private final SipHash hash;
    private long epochNs;

    /**
     * A generator.
     *
     * @param k0 first half of the secret.
     * @param k1 second half of the secret.
     */
    public IsnGenerator(final long k0, final long k1)
    {
        hash = new SipHash(k0, k1);
    }

    /**
     * Initial sequence number of a connection.
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @param nowNs      when it begins.
     * @return ISS.
     */
    public int isn(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final long nowNs)
    {
        final long f = hash.flow(LABEL_ISN, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return (int)f + (int)Math.floorDiv(nowNs - epochNs, TICK_NS);
    }

    /**
     * What a connection adds to the shard's clock to make TSval.
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return the offset.
     */
    public int timestampOffset(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return timestampHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort) -
            (int)Math.floorDiv(epochNs + timestampPhaseNs(), TIMESTAMP_TICK_NS);
    }

    /** What tells the timestamps, and the flow label, of a flow from those of others. */
    int timestampHash(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return (int)hash.flow(LABEL_TIMESTAMP, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
    }

    /**
     * What is added to a reading of the shard's clock before ticks of TSval are counted, so that they come when they
     * came in the shard where the clock began.
     *
     * @return nanoseconds, less than one tick.
     */
    public int timestampPhaseNs()
    {
        return (int)Math.floorMod(-epochNs, TIMESTAMP_TICK_NS);
    }

    /**
     * Age of both clocks: with the secret it is what another shard needs to go on with them.
     *
     * @param nowNs now, on the shard's clock.
     * @return nanoseconds.
     */
    public long clockAgeNs(final long nowNs)
    {
        return nowNs - epochNs;
    }

    /**
     * Go on with the clocks of another shard.
     *
     * @param ageNs its {@link #clockAgeNs(long)}.
     * @param nowNs now, on this shard's clock.
     */
    public void restore(final long ageNs, final long nowNs)
    {
        epochNs = nowNs - ageNs;
    }

    void key(final long k0, final long k1)
    {
        hash.key(k0, k1);
    }

    /**
     * First half of the shard's secret.
     *
     * @return as it was given.
     */
    public long secret0()
    {
        return hash.k0();
    }

    /**
     * Second half of the shard's secret.
     *
     * @return as it was given.
     */
    public long secret1()
    {
        return hash.k1();
    }

    int tableHash(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return (int)hash.flow(LABEL_TABLE, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
    }
}
