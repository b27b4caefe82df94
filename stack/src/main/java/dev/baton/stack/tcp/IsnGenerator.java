package dev.baton.stack.tcp;

/**
 * Initial sequence numbers: M + F(local, remote, secret), where M is a clock of 4 microseconds and F a keyed hash (RFC
 * 6528, section 3; RFC 9293, section 3.4.1, MUST-8, SHLD-1). Timestamp offsets are made alike, so that the timestamps
 * of a later incarnation of the same flow go on from those of the earlier one (RFC 7323, section 5.4; RFC 6191).
 */
public final class IsnGenerator
{
    private static final long TICK_NS = 4_000;
    private static final int LABEL_TABLE = 0;
    private static final int LABEL_ISN = 1;
    private static final int LABEL_TIMESTAMP = 2;

    private final SipHash hash;

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
        return (int)f + (int)Math.floorDiv(nowNs, TICK_NS);
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
        return (int)hash.flow(LABEL_TIMESTAMP, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
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
