package dev.baton.stack.ip;

import dev.baton.stack.wire.IcmpHeader;

/** Which counter a type of message has, coming in and going out (RFC 2011; RFC 2466). */
final class IcmpTypes
{
    private static final int SOURCE_QUENCH = 4;
    private static final int REDIRECT = 5;
    private static final int TIMESTAMP = 13;
    private static final int REDIRECT_V6 = 137;
    private static final IpCounter[] IN_4 = new IpCounter[256];
    private static final IpCounter[] IN_6 = new IpCounter[256];
    private static final IpCounter[] OUT_4 = new IpCounter[256];
    private static final IpCounter[] OUT_6 = new IpCounter[256];

    static
    {
        IN_4[IcmpHeader.ECHO_REPLY] = IpCounter.ICMP_IN_ECHO_REPS;
        IN_4[IcmpHeader.UNREACHABLE] = IpCounter.ICMP_IN_DEST_UNREACHS;
        IN_4[SOURCE_QUENCH] = IpCounter.ICMP_IN_SRC_QUENCHS;
        IN_4[REDIRECT] = IpCounter.ICMP_IN_REDIRECTS;
        IN_4[IcmpHeader.ECHO_REQUEST] = IpCounter.ICMP_IN_ECHOS;
        IN_4[IcmpHeader.TIME_EXCEEDED] = IpCounter.ICMP_IN_TIME_EXCDS;
        IN_4[IcmpHeader.PARAMETER_PROBLEM] = IpCounter.ICMP_IN_PARM_PROBS;
        IN_4[TIMESTAMP] = IpCounter.ICMP_IN_TIMESTAMPS;
        IN_6[IcmpHeader.UNREACHABLE_V6] = IpCounter.ICMP_IN_DEST_UNREACHS;
        IN_6[IcmpHeader.PACKET_TOO_BIG_V6] = IpCounter.ICMP_IN_PKT_TOO_BIGS;
        IN_6[IcmpHeader.TIME_EXCEEDED_V6] = IpCounter.ICMP_IN_TIME_EXCDS;
        IN_6[IcmpHeader.PARAMETER_PROBLEM_V6] = IpCounter.ICMP_IN_PARM_PROBS;
        IN_6[IcmpHeader.ECHO_REQUEST_V6] = IpCounter.ICMP_IN_ECHOS;
        IN_6[IcmpHeader.ECHO_REPLY_V6] = IpCounter.ICMP_IN_ECHO_REPS;
        IN_6[REDIRECT_V6] = IpCounter.ICMP_IN_REDIRECTS;
        OUT_4[IcmpHeader.ECHO_REPLY] = IpCounter.ICMP_OUT_ECHO_REPS;
        OUT_4[IcmpHeader.UNREACHABLE] = IpCounter.ICMP_OUT_DEST_UNREACHS;
        OUT_4[IcmpHeader.TIME_EXCEEDED] = IpCounter.ICMP_OUT_TIME_EXCDS;
        OUT_4[IcmpHeader.PARAMETER_PROBLEM] = IpCounter.ICMP_OUT_PARM_PROBS;
        OUT_6[IcmpHeader.ECHO_REPLY_V6] = IpCounter.ICMP_OUT_ECHO_REPS;
        OUT_6[IcmpHeader.UNREACHABLE_V6] = IpCounter.ICMP_OUT_DEST_UNREACHS;
        OUT_6[IcmpHeader.PACKET_TOO_BIG_V6] = IpCounter.ICMP_OUT_PKT_TOO_BIGS;
        OUT_6[IcmpHeader.TIME_EXCEEDED_V6] = IpCounter.ICMP_OUT_TIME_EXCDS;
        OUT_6[IcmpHeader.PARAMETER_PROBLEM_V6] = IpCounter.ICMP_OUT_PARM_PROBS;
    }

    private IcmpTypes()
    {
    }

    /** Counter of a type that comes in, or null. */
    static IpCounter in(final int version, final int type)
    {
        return (version == 4 ? IN_4 : IN_6)[type];
    }

    /** Counter of a type that is sent. */
    static IpCounter out(final int version, final int type)
    {
        return (version == 4 ? OUT_4 : OUT_6)[type];
    }
}
