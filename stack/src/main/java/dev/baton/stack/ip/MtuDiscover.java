package dev.baton.stack.ip;

/**
 * How a datagram socket meets the path's MTU; names and meaning are those of the socket options {@code IP_MTU_DISCOVER}
 * and {@code IPV6_MTU_DISCOVER}.
 */
public enum MtuDiscover
{
    /** Never set DF; what is larger than the path's MTU is fragmented here. */
    DONT,
    /** Set DF on what fits the path's MTU; what is larger is fragmented here. */
    WANT,
    /** Always set DF; what is larger than the path's MTU is refused. */
    DO,
    /** Always set DF, and do not look at the path's MTU but at the link's: for who probes by himself. */
    PROBE
}
