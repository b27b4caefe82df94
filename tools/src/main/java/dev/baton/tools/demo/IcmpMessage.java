package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;

/**
 * An ICMP or ICMPv6 message in a capture.
 *
 * @param timeNs   when it was seen, since 1970.
 * @param tap      where.
 * @param outgoing did the kernel send it there?
 * @param version  4 or 6.
 * @param type     of the message.
 * @param code     of the message.
 * @param src      source address.
 * @param dst      destination address.
 */
record IcmpMessage(
    long timeNs, Tap tap, boolean outgoing, int version, int type, int code, IpAddress src, IpAddress dst)
{
    /** Error messages: RFC 792 (3, 4, 5, 11, 12) and RFC 4443 (below 128); neighbour discovery and echo are none. */
    boolean isError()
    {
        return version == 6 ? type < 128 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    }

    @Override
    public String toString()
    {
        return "ICMPv" + version + " type " + type + " code " + code + " from " + src + " to " + dst + " at " + tap;
    }
}
