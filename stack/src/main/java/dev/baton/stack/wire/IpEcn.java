package dev.baton.stack.wire;

/**
 * The two ECN bits of an IP header (RFC 3168, section 5): the low bits of IPv4's second byte and of IPv6's traffic
 * class.
 * <pre>
 *   +-----+-----+
 *   | ECN field |
 *   +-----+-----+
 *      0     0    Not-ECT
 *      0     1    ECT(1)
 *      1     0    ECT(0)
 *      1     1    CE
 * </pre>
 */
public final class IpEcn
{
    /** The transport does not take part. */
    public static final int NOT_ECT = 0;
    /** The transport takes part; for experiments (RFC 8311). */
    public static final int ECT_1 = 1;
    /** The transport takes part. */
    public static final int ECT_0 = 2;
    /** A router has met congestion. */
    public static final int CE = 3;
    /** Both bits. */
    public static final int MASK = 3;

    private IpEcn()
    {
    }
}
