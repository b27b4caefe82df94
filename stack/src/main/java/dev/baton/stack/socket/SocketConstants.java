package dev.baton.stack.socket;

/**
 * Linux's constants for sockets, by their own names and numbers, which are the same on x86-64 and aarch64: socket(2),
 * socket(7), tcp(7), udp(7), ip(7), ipv6(7).
 */
public final class SocketConstants
{
    /** Dissolves a connection in connect(2). */
    public static final int AF_UNSPEC = 0;
    /** IPv4. */
    public static final int AF_INET = 2;
    /** IPv6, and IPv4 by mapped addresses unless {@link #IPV6_V6ONLY} is set. */
    public static final int AF_INET6 = 10;

    /** TCP. */
    public static final int SOCK_STREAM = 1;
    /** UDP. */
    public static final int SOCK_DGRAM = 2;
    /** Flag of a type: {@link #O_NONBLOCK} from the start. */
    public static final int SOCK_NONBLOCK = 0x800;
    /** Flag of a type: taken and without meaning inside one process. */
    public static final int SOCK_CLOEXEC = 0x80000;

    /** Protocol of a socket: the type's default; level of IPv4 options. */
    public static final int IPPROTO_IP = 0;
    /** TCP, and level of its options. */
    public static final int IPPROTO_TCP = 6;
    /** UDP, and level of its options. */
    public static final int IPPROTO_UDP = 17;
    /** Level of IPv6 options. */
    public static final int IPPROTO_IPV6 = 41;
    /** Level of options of any socket. */
    public static final int SOL_SOCKET = 1;

    /** Urgent data. */
    public static final int MSG_OOB = 1;
    /** Look without taking. */
    public static final int MSG_PEEK = 2;
    /** Return the real length of a datagram; reported when one was cut; throw bytes of a stream away. */
    public static final int MSG_TRUNC = 0x20;
    /** Reported when control data was cut. */
    public static final int MSG_CTRUNC = 0x8;
    /** Do not block; nothing here does. */
    public static final int MSG_DONTWAIT = 0x40;
    /** Fill the buffer; has no meaning without blocking. */
    public static final int MSG_WAITALL = 0x100;
    /** Take from the error queue. */
    public static final int MSG_ERRQUEUE = 0x2000;
    /** No SIGPIPE; nothing here raises one. */
    public static final int MSG_NOSIGNAL = 0x4000;
    /** More follows: hold back what does not fill a segment. */
    public static final int MSG_MORE = 0x8000;
    /** Connect and send in one (RFC 7413). */
    public static final int MSG_FASTOPEN = 0x20000000;

    /** Shut the receiving half. */
    public static final int SHUT_RD = 0;
    /** Shut the sending half. */
    public static final int SHUT_WR = 1;
    /** Shut both halves. */
    public static final int SHUT_RDWR = 2;

    /** There is something to read, to accept, or the end of the stream. */
    public static final int POLLIN = 1;
    /** There is urgent data. */
    public static final int POLLPRI = 2;
    /** There is room to write. */
    public static final int POLLOUT = 4;
    /** An error waits. */
    public static final int POLLERR = 8;
    /** Both halves are shut, or there is no connection. */
    public static final int POLLHUP = 0x10;
    /** Not a descriptor. */
    public static final int POLLNVAL = 0x20;
    /** The peer has shut its sending half. */
    public static final int POLLRDHUP = 0x2000;

    /** fcntl: read the flags. */
    public static final int F_GETFL = 3;
    /** fcntl: set the flags. */
    public static final int F_SETFL = 4;
    /** Flag that every socket has. */
    public static final int O_RDWR = 2;
    /** Do not block; kept and reported, since nothing here does. */
    public static final int O_NONBLOCK = 0x800;

    /** ioctl: bytes to be read (of a stream), or length of the next datagram. */
    public static final int SIOCINQ = 0x541B;
    /** ioctl: bytes sent or to be sent and not acknowledged. */
    public static final int SIOCOUTQ = 0x5411;
    /** ioctl: is the next byte the one after urgent data?. */
    public static final int SIOCATMARK = 0x8905;
    /** ioctl: bytes not yet sent. */
    public static final int SIOCOUTQNSD = 0x894B;

    /** Bind in spite of TIME-WAIT; share a UDP port. */
    public static final int SO_REUSEADDR = 2;
    /** Type of the socket; read only. */
    public static final int SO_TYPE = 3;
    /** Take the error that waits; read only. */
    public static final int SO_ERROR = 4;
    /** Allow broadcasts; kept, but there are none here. */
    public static final int SO_BROADCAST = 6;
    /** Send buffer; reads as twice what was set. */
    public static final int SO_SNDBUF = 7;
    /** Receive buffer; reads as twice what was set. */
    public static final int SO_RCVBUF = 8;
    /** Probe an idle connection. */
    public static final int SO_KEEPALIVE = 9;
    /** Leave urgent data in the stream. */
    public static final int SO_OOBINLINE = 10;
    /** struct linger: two ints, on and seconds. */
    public static final int SO_LINGER = 13;
    /** Share a port among sockets that all say so. */
    public static final int SO_REUSEPORT = 15;
    /** Bytes from which POLLIN is told. */
    public static final int SO_RCVLOWAT = 18;
    /** Does it listen? Read only. */
    public static final int SO_ACCEPTCONN = 30;
    /** Protocol; read only. */
    public static final int SO_PROTOCOL = 38;
    /** Family; read only. */
    public static final int SO_DOMAIN = 39;

    /** Nagle's rule off. */
    public static final int TCP_NODELAY = 1;
    /** Upper bound of segments; reads as the one in use. */
    public static final int TCP_MAXSEG = 2;
    /** Hold back what does not fill a segment. */
    public static final int TCP_CORK = 3;
    /** Idle seconds before the first probe. */
    public static final int TCP_KEEPIDLE = 4;
    /** Seconds between probes. */
    public static final int TCP_KEEPINTVL = 5;
    /** Probes before it is given up. */
    public static final int TCP_KEEPCNT = 6;
    /** Repetitions of a SYN. */
    public static final int TCP_SYNCNT = 7;
    /** Seconds of an orphan in FIN-WAIT-2. */
    public static final int TCP_LINGER2 = 8;
    /** Seconds to wait for data before accept. */
    public static final int TCP_DEFER_ACCEPT = 9;
    /** Bound of the window. */
    public static final int TCP_WINDOW_CLAMP = 10;
    /** struct tcp_info; read only. */
    public static final int TCP_INFO = 11;
    /** Acknowledge at once. */
    public static final int TCP_QUICKACK = 12;
    /** Name of the congestion control. */
    public static final int TCP_CONGESTION = 13;
    /** Milliseconds that data may stay unacknowledged (RFC 5482). */
    public static final int TCP_USER_TIMEOUT = 18;
    /** Fast Open at a listener: length of its queue. */
    public static final int TCP_FASTOPEN = 23;
    /** Unsent bytes below which POLLOUT is told. */
    public static final int TCP_NOTSENT_LOWAT = 25;
    /** connect(2) waits for data (RFC 7413). */
    public static final int TCP_FASTOPEN_CONNECT = 30;

    /** DSCP and ECN of what is sent. */
    public static final int IP_TOS = 1;
    /** Time to live of what is sent. */
    public static final int IP_TTL = 2;
    /** Report the destination of what is received. */
    public static final int IP_PKTINFO = 8;
    /** How path MTU discovery sets DF. */
    public static final int IP_MTU_DISCOVER = 10;
    /** Fill the error queue. */
    public static final int IP_RECVERR = 11;
    /** Report the time to live of what is received. */
    public static final int IP_RECVTTL = 12;
    /** Report the TOS of what is received. */
    public static final int IP_RECVTOS = 13;
    /** Path MTU of a connected socket; read only. */
    public static final int IP_MTU = 14;
    /** There is no multicast here. */
    public static final int IP_MULTICAST_TTL = 33;
    /** There is no multicast here. */
    public static final int IP_ADD_MEMBERSHIP = 35;

    /** Never set DF. */
    public static final int IP_PMTUDISC_DONT = 0;
    /** Set DF on what fits, fragment what does not. */
    public static final int IP_PMTUDISC_WANT = 1;
    /** Always set DF; EMSGSIZE for what does not fit the path. */
    public static final int IP_PMTUDISC_DO = 2;
    /** Set DF, and let it be as long as the link takes. */
    public static final int IP_PMTUDISC_PROBE = 3;

    /** Hop limit of what is sent; -1 for the default. */
    public static final int IPV6_UNICAST_HOPS = 16;
    /** As {@link #IP_MTU_DISCOVER}. */
    public static final int IPV6_MTU_DISCOVER = 23;
    /** As {@link #IP_MTU}. */
    public static final int IPV6_MTU = 24;
    /** As {@link #IP_RECVERR}. */
    public static final int IPV6_RECVERR = 25;
    /** No mapped IPv4 addresses. */
    public static final int IPV6_V6ONLY = 26;
    /** As {@link #IP_PKTINFO}. */
    public static final int IPV6_RECVPKTINFO = 49;
    /** Report the hop limit of what is received. */
    public static final int IPV6_RECVHOPLIMIT = 51;
    /** Report the traffic class of what is received. */
    public static final int IPV6_RECVTCLASS = 66;
    /** Traffic class of what is sent; -1 for the default. */
    public static final int IPV6_TCLASS = 67;

    private SocketConstants()
    {
    }
}
