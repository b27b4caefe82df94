package dev.baton.stack.tcp;

/**
 * What is remembered of a remote address (RFC 9040, "temporal sharing"; ip-tcp_metrics(8)). State only; a value of 0 is
 * not known.
 */
public final class PeerMetrics
{
    /** {@link #fastOpenLostAtNs}: no SYN with data has been lost. */
    public static final long NEVER = Long.MIN_VALUE;

    /** Remote address, upper half. */
    public long remoteHi;
    /** Remote address, lower half. */
    public long remoteLo;
    /** When a connection last taught something. */
    public long learnedAtNs;
    /** Smoothed round-trip time in nanoseconds. */
    public long rttNs;
    /** Its variation in nanoseconds. */
    public long rttvarNs;
    /** Slow-start threshold in bytes. */
    public int ssthreshBytes;
    /** Path MTU in bytes. */
    public int pathMtu;
    /** MSS that the peer announced with its Fast Open cookie, in bytes. */
    public int mss;
    /** Length of the Fast Open cookie in bytes, 0 to 16. */
    public int cookieLength;
    /** First eight bytes of the cookie, big-endian, zeros behind its end. */
    public long cookieHi;
    /** Last eight bytes of the cookie. */
    public long cookieLo;
    /** Does the peer want the experimental Fast Open option (RFC 7413, section 4.1.1; RFC 6994)? */
    public boolean experimental;
    /** SYNs with data, in a row, that were lost while plain ones came through. */
    public int fastOpenLosses;
    /** When the last of them was lost. */
    public long fastOpenLostAtNs;

    int slot;

    void clear()
    {
        remoteHi = remoteLo = 0;
        learnedAtNs = 0;
        forgetPath();
        mss = cookieLength = 0;
        cookieHi = cookieLo = 0;
        experimental = false;
        fastOpenLosses = 0;
        fastOpenLostAtNs = NEVER;
    }

    void forgetPath()
    {
        rttNs = rttvarNs = 0;
        ssthreshBytes = pathMtu = 0;
    }
}
