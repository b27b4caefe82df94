package dev.baton.stack.service;

/**
 * What a user can set and see of one connection, with Linux's meaning, unit and range (tcp(7), socket(7), ip(7),
 * ipv6(7)). Set on a listener, it is what the connections accepted by it begin with. Values are numbers; a switch is 0
 * or 1.
 * <p>
 * A default that is named after a sysctl comes from {@link dev.baton.stack.StackContext}. The congestion control is set
 * by its name: {@link TcpConnection#congestionControl(String)}.
 */
public enum TcpOption
{
    /** Is Nagle's rule off (RFC 9293, section 3.7.4, MUST-17)? Default 0, or the context's {@code noDelay}. */
    NO_DELAY(0, "TCP_NODELAY", 0, 1),
    /** Are segments below full size held back, for at most 200 ms, until this is cleared? Default 0. */
    CORK(1, "TCP_CORK", 0, 1),
    /**
     * Upper limit of the MSS, in bytes; 0 takes it back. Before the SYN it bounds what is announced, later only what is
     * sent. Reads as the limit while there is no connection, and as the payload of a full segment afterwards.
     */
    MAX_SEGMENT(2, "TCP_MAXSEG", 0, 32_767),
    /** Is an idle connection probed (RFC 9293, section 3.8.4, MUST-24 and MUST-25)? Default 0. */
    KEEP_ALIVE(3, "SO_KEEPALIVE", 0, 1),
    /** Idle time before the first keepalive probe, in seconds (MUST-27). Default {@code tcp_keepalive_time}, 7200. */
    KEEP_IDLE(4, "TCP_KEEPIDLE", 1, 32_767),
    /** Time between keepalive probes, in seconds. Default {@code tcp_keepalive_intvl}, 75. */
    KEEP_INTERVAL(5, "TCP_KEEPINTVL", 1, 32_767),
    /** Unanswered keepalive probes before the connection is given up. Default {@code tcp_keepalive_probes}, 9. */
    KEEP_COUNT(6, "TCP_KEEPCNT", 1, 127),
    /**
     * What close waits for, in seconds. -1, the default: nothing, and the stack goes on by itself. 0: the connection is
     * reset and what has not been acknowledged is lost. Above: {@link TcpService#onLingered(TcpConnection, boolean)}
     * tells when all has been acknowledged, or that this time has passed; the connection then goes on by itself as with
     * -1.
     */
    LINGER(7, "SO_LINGER", -1, 32_767),
    /**
     * Send buffer in bytes. A value is bounded by {@code net.core.wmem_max}, and reads doubled: Linux counts its
     * bookkeeping in, and we read alike so that programs which compare do not notice. Setting it ends automatic sizing.
     */
    SEND_BUFFER(8, "SO_SNDBUF", 0, Integer.MAX_VALUE),
    /**
     * Receive buffer in bytes, with the rules of {@link #SEND_BUFFER} and {@code net.core.rmem_max}. It never takes
     * back a window that the peer was promised; before the SYN it also bounds the window scale.
     */
    RECEIVE_BUFFER(9, "SO_RCVBUF", 0, Integer.MAX_VALUE),
    /**
     * Longest time that data may stay unacknowledged, a zero window included, and that keepalive probes may stay
     * unanswered, in milliseconds (RFC 5482, USER_TIMEOUT; RFC 9293, MUST-21). 0, the default: {@code tcp_retries2} and
     * the probe count decide.
     */
    USER_TIMEOUT(10, "TCP_USER_TIMEOUT", 0, Integer.MAX_VALUE),
    /**
     * A connection is writable only while fewer bytes than this wait to be sent for the first time. Default
     * {@code tcp_notsent_lowat}, no limit; 0 goes back to that.
     */
    NOTSENT_LOWAT(11, "TCP_NOTSENT_LOWAT", 0, 0xFFFF_FFFFL),
    /**
     * 1 sends a delayed ACK at once and leaves the ping-pong mode, 0 enters it: ACKs wait for data to go with. The
     * stack changes it again by its own rules. Reads 1 while not in ping-pong mode.
     */
    QUICK_ACK(12, "TCP_QUICKACK", 0, 1),
    /**
     * Listeners: for how long the ACK that completes a handshake may be passed over, in seconds, so that a service is
     * told of a connection only with its first data. 0, the default: never. Rounded up to a number of SYN/ACK
     * retransmissions.
     */
    DEFER_ACCEPT(13, "TCP_DEFER_ACCEPT", 0, 32_767),
    /** Retransmissions of the SYN before an open is given up. Default {@code tcp_syn_retries}, 6. */
    SYN_COUNT(14, "TCP_SYNCNT", 1, 127),
    /**
     * Upper limit of the window that is advertised, in bytes; 0, the default: none. A window already promised stays.
     */
    WINDOW_CLAMP(15, "TCP_WINDOW_CLAMP", 0, Integer.MAX_VALUE),
    /**
     * How long a closed connection waits for the peer's FIN, in seconds, at most 120. Default {@code tcp_fin_timeout},
     * 60, which 0 goes back to; -1: not at all.
     */
    LINGER2(16, "TCP_LINGER2", -1, 120),
    /** Does the octet of urgent data stay in the stream (RFC 6093, section 6)? Default 0: it is read apart. */
    OOB_INLINE(17, "SO_OOBINLINE", 0, 1),
    /**
     * Time to live, or hop limit, of what is sent (RFC 9293, MUST-49). Default {@code ip_default_ttl}, 64; -1 goes back
     * to it.
     */
    TTL(18, "IP_TTL, IPV6_UNICAST_HOPS", -1, 255),
    /**
     * DSCP of what is sent, as the whole octet; its two ECN bits are the stack's own and are not taken over. Default 0.
     */
    TOS(19, "IP_TOS, IPV6_TCLASS", 0, 255),
    /** Setting 1 notes the octet of what is received from now on; reads as the last one, or -1 when it is not noted. */
    RECEIVE_TOS(20, "IP_RECVTOS, IPV6_RECVTCLASS", 0, 1),
    /** Flow label of IPv6 packets, 20 bits. Default: drawn per connection. */
    FLOW_LABEL(21, "IPV6_FLOWLABEL", 0, 0xF_FFFF),
    /**
     * Error that is pending, as Linux's errno, which reading clears: of a connection that has ended the reason, else
     * the last {@link SoftError}. 0 when there is none. Cannot be set.
     */
    ERROR(22, "SO_ERROR", 0, -1);

    private static final TcpOption[] ALL = values();

    private final int code;
    private final String linuxName;
    private final long least;
    private final long greatest;

    TcpOption(final int code, final String linuxName, final long least, final long greatest)
    {
        this.code = code;
        this.linuxName = linuxName;
        this.least = least;
        this.greatest = greatest;
    }

    /**
     * Number in images of connections; it never changes.
     *
     * @return 0 to 62, dense.
     */
    public int code()
    {
        return code;
    }

    /**
     * The option of a number.
     *
     * @param code of it.
     * @return null when there is none.
     */
    public static TcpOption byCode(final int code)
    {
        return code >= 0 && code < ALL.length ? ALL[code] : null;
    }

    /**
     * Name on Linux.
     *
     * @return as in the header files; two names, separated by a comma, where the families differ.
     */
    public String linuxName()
    {
        return linuxName;
    }

    /**
     * Least value.
     *
     * @return in the option's unit.
     */
    public long least()
    {
        return least;
    }

    /**
     * Greatest value.
     *
     * @return in the option's unit; below {@link #least()} when the option cannot be set.
     */
    public long greatest()
    {
        return greatest;
    }

    /**
     * Refuse a value that is out of range.
     *
     * @param value to be looked at.
     * @throws IllegalArgumentException naming option, value and range.
     */
    public void check(final long value)
    {
        if (greatest < least)
        {
            throw new IllegalArgumentException("option " + this + " cannot be set to " + value + ": it can only be read");
        }
        if (value < least || value > greatest)
        {
            throw new IllegalArgumentException(
                "option " + this + " cannot be " + value + "; it must be from " + least + " to " + greatest);
        }
    }
}
