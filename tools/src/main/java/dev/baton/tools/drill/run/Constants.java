package dev.baton.tools.drill.run;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.SocketConstants;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;

/** Names that scripts write, with Linux's values. Those of options that the stack does not have are here too: it refuses them. */
final class Constants
{
    private static final Map<String, Long> VALUES = new HashMap<>();

    static
    {
        for (final Field field : SocketConstants.class.getFields())
        {
            if (field.getType() == int.class)
            {
                VALUES.put(field.getName(), value(field));
            }
        }
        for (final Errno errno : Errno.values())
        {
            VALUES.put(errno.name(), (long)errno.number());
        }
        put("SOL_IP=0 SOL_TCP=6 SOL_UDP=17 SOL_IPV6=41 PF_INET=2");
        put("PF_INET6=10 AF_UNIX=1 SOCK_RAW=3 IPPROTO_ICMP=1 IPPROTO_MPTCP=262");
        put("O_RDONLY=0 O_WRONLY=1 O_CREAT=0x40 O_TRUNC=0x200 FIONREAD=0x541B FIONBIO=0x5421 F_GETFD=1 F_SETFD=2 FD_CLOEXEC=1");
        put("MSG_DONTROUTE=4 MSG_EOR=0x80 MSG_ZEROCOPY=0x4000000 MSG_WAITFORONE=0x10000 MSG_CONFIRM=0x800");
        put("EPOLLIN=1 EPOLLPRI=2 EPOLLOUT=4 EPOLLERR=8 EPOLLHUP=0x10 EPOLLRDNORM=0x40 EPOLLWRNORM=0x100 EPOLLRDHUP=0x2000");
        put("EPOLLONESHOT=0x40000000 EPOLLET=0x80000000 EPOLL_CTL_ADD=1 EPOLL_CTL_DEL=2 EPOLL_CTL_MOD=3 EPOLL_CLOEXEC=0x80000");
        put("POLLRDNORM=0x40 POLLRDBAND=0x80 POLLWRNORM=0x100");
        put("POLLWRBAND=0x200 SPLICE_F_MOVE=1 SPLICE_F_NONBLOCK=2 SPLICE_F_MORE=4");
        put("SO_DEBUG=1 SO_DONTROUTE=5 SO_PRIORITY=12 SO_BSDCOMPAT=14");
        put("SO_SNDLOWAT=19 SO_RCVTIMEO=20 SO_SNDTIMEO=21 SO_TIMESTAMP=29");
        put("SO_SNDBUFFORCE=32 SO_RCVBUFFORCE=33 SO_TIMESTAMPNS=35");
        put("SO_MARK=36 SO_TIMESTAMPING=37 SO_RXQ_OVFL=40 SO_PEEK_OFF=42");
        put("SO_BUSY_POLL=46 SO_MAX_PACING_RATE=47 SO_INCOMING_CPU=49");
        put("SO_MEMINFO=55 SO_ZEROCOPY=60 SO_TXTIME=61 SO_TXREHASH=74");
        put("TCP_MD5SIG=14 TCP_THIN_LINEAR_TIMEOUTS=16 TCP_THIN_DUPACK=17");
        put("TCP_REPAIR=19 TCP_TIMESTAMP=24 TCP_CC_INFO=26 TCP_SAVE_SYN=27");
        put("TCP_SAVED_SYN=28 TCP_ULP=31 TCP_FASTOPEN_KEY=33 TCP_FASTOPEN_NO_COOKIE=34 TCP_ZEROCOPY_RECEIVE=35 TCP_INQ=36");
        put("TCP_CM_INQ=36 TCP_TX_DELAY=37 IP_HDRINCL=3");
        put("IP_RETOPTS=7 IP_FREEBIND=15 IP_TRANSPARENT=19 IP_BIND_ADDRESS_NO_PORT=24");
        put("IPV6_PKTINFO=50 IPV6_HOPLIMIT=52 IPV6_RECVERR_RFC4884=31 IPV6_AUTOFLOWLABEL=70 IPV6_FLOWLABEL_MGR=32");
        put("TCP_ESTABLISHED=1 TCP_SYN_SENT=2 TCP_SYN_RECV=3 TCP_FIN_WAIT1=4 TCP_FIN_WAIT2=5 TCP_TIME_WAIT=6 TCP_CLOSE=7");
        put("TCP_CLOSE_WAIT=8 TCP_LAST_ACK=9 TCP_LISTEN=10 TCP_CLOSING=11 TCP_NEW_SYN_RECV=12");
        put("TCP_CA_Open=0 TCP_CA_Disorder=1 TCP_CA_CWR=2 TCP_CA_Recovery=3 TCP_CA_Loss=4 TCP_INFINITE_SSTHRESH=0x7fffffff");
        put("TCPI_OPT_TIMESTAMPS=1 TCPI_OPT_SACK=2 TCPI_OPT_WSCALE=4 TCPI_OPT_ECN=8 TCPI_OPT_ECN_SEEN=16 TCPI_OPT_SYN_DATA=32");
        put("SO_EE_ORIGIN_NONE=0 SO_EE_ORIGIN_LOCAL=1 SO_EE_ORIGIN_ICMP=2 SO_EE_ORIGIN_ICMP6=3 INADDR_ANY=0");
        put("INET_ECN_NOT_ECT=0 INET_ECN_ECT_1=1 INET_ECN_ECT_0=2 INET_ECN_CE=3 ICMP_DEST_UNREACH=3 ICMP_FRAG_NEEDED=4");
    }

    private Constants()
    {
    }

    private static long value(final Field field)
    {
        try
        {
            return field.getInt(null);
        }
        catch (final IllegalAccessException ex)
        {
            throw new IllegalStateException(field + " cannot be read; is it public?", ex);
        }
    }

    private static void put(final String pairs)
    {
        for (final String pair : pairs.split(" "))
        {
            final int equals = pair.indexOf('=');
            VALUES.putIfAbsent(pair.substring(0, equals), Long.decode(pair.substring(equals + 1)));
        }
    }

    /** The value of a name; null when there is none. */
    static Long find(final String name)
    {
        return VALUES.get(name);
    }

    /** The value of a name. */
    static long get(final String name)
    {
        final Long value = VALUES.get(name);
        if (value == null)
        {
            throw new UnsupportedScript(UnsupportedReason.CONSTANT, name);
        }
        return value;
    }
}
