package dev.baton.stack.tcp;

import dev.baton.stack.service.SoftError;

/**
 * What ICMP errors mean to the user of a connection that they do not end (RFC 9293, section 3.9.2.2; RFC 1122, section
 * 3.2.2.1; RFC 4443, section 3.1).
 */
final class SoftErrors
{
    private static final int V4_UNREACHABLE = 3;
    private static final int V4_TIME_EXCEEDED = 11;
    private static final int V4_PARAMETER = 12;
    private static final int V6_UNREACHABLE = 1;
    private static final int V6_TIME_EXCEEDED = 3;
    private static final int V6_PARAMETER = 4;

    private SoftErrors()
    {
    }

    /** The error that a message stands for, or null when it is none for a user. */
    static SoftError of(final int version, final int type, final int code)
    {
        if (type == (version == 4 ? V4_UNREACHABLE : V6_UNREACHABLE))
        {
            return version == 4 ? unreachableV4(code) : unreachableV6(code);
        }
        if (type == (version == 4 ? V4_TIME_EXCEEDED : V6_TIME_EXCEEDED))
        {
            return SoftError.HOST_UNREACHABLE;
        }
        return type == (version == 4 ? V4_PARAMETER : V6_PARAMETER) ? SoftError.PROTOCOL : null;
    }

    /**
     * Networks: 0 unreachable, 6 unknown, 9 prohibited, 11 for this TOS; 2 and 3: protocol and port; the others are
     * hosts.
     */
    private static SoftError unreachableV4(final int code)
    {
        switch (code)
        {
            case 0:
            case 6:
            case 9:
            case 11:
                return SoftError.NETWORK_UNREACHABLE;
            case 2:
            case 3:
                return SoftError.REFUSED;
            default:
                return SoftError.HOST_UNREACHABLE;
        }
    }

    /** 0: no route; 4: port; the others concern the address or a policy. */
    private static SoftError unreachableV6(final int code)
    {
        switch (code)
        {
            case 0:
                return SoftError.NETWORK_UNREACHABLE;
            case 4:
                return SoftError.REFUSED;
            default:
                return SoftError.HOST_UNREACHABLE;
        }
    }
}
