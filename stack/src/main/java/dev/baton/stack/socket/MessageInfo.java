package dev.baton.stack.socket;

import dev.baton.stack.wire.IpAddress;

/**
 * What sendmsg(2) and recvmsg(2) carry besides the bytes: the name, the flags, and as control messages those that make
 * sense here: time to live, TOS, the destination of a datagram, and {@code sock_extended_err} of the error queue.
 * <p>
 * Mutable and reused; not thread safe.
 */
public final class MessageInfo
{
    /** Value of {@link #ttl} and {@link #tos} when none is set or reported. */
    public static final int NONE = -1;

    /** Value of {@link #errorOrigin}: the error is the stack's own. */
    public static final int SO_EE_ORIGIN_LOCAL = 1;
    /** Value of {@link #errorOrigin}: ICMP reported it. */
    public static final int SO_EE_ORIGIN_ICMP = 2;
    /** Value of {@link #errorOrigin}: ICMPv6 reported it. */
    public static final int SO_EE_ORIGIN_ICMP6 = 3;

    /** Peer: where to, or where from; of the error queue: where the datagram in error was sent to. */
    public final SockAddr name = new SockAddr();
    /** True when {@link #name} is set, or was filled. */
    public boolean hasName;
    /** Reported: {@link SocketConstants#MSG_TRUNC}, {@link SocketConstants#MSG_ERRQUEUE}. */
    public int flags;
    /** Time to live or hop limit, 0 to 255, or {@link #NONE}. */
    public int ttl = NONE;
    /** TOS or traffic class, 0 to 255, or {@link #NONE}. */
    public int tos = NONE;
    /** Reported: local address that a datagram was sent to; null when it is not asked for. */
    public IpAddress destination;
    /** Reported of the error queue: Linux's number of the error; 0 when there is none. */
    public int errorNumber;
    /** Reported of the error queue: who said so. */
    public int errorOrigin;
    /** Reported of the error queue: ICMP type. */
    public int errorType;
    /** Reported of the error queue: ICMP code. */
    public int errorCode;
    /** Reported of the error queue: next-hop MTU in bytes of "too big", else 0. */
    public int errorInfo;
    /** Reported of the error queue: who sent the ICMP message; null when it is not known. */
    public IpAddress offender;

    /** An empty one. */
    public MessageInfo()
    {
    }

    /**
     * Empty it.
     *
     * @return this.
     */
    public MessageInfo clear()
    {
        hasName = false;
        flags = 0;
        ttl = NONE;
        tos = NONE;
        destination = null;
        errorNumber = 0;
        errorOrigin = 0;
        errorType = 0;
        errorCode = 0;
        errorInfo = 0;
        offender = null;
        return this;
    }

    /**
     * Set the peer.
     *
     * @param peer where to.
     * @return this.
     */
    public MessageInfo to(final SockAddr peer)
    {
        name.set(peer.family(), peer.address(), peer.port());
        hasName = true;
        return this;
    }
}
