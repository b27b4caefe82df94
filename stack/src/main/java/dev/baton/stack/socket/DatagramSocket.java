package dev.baton.stack.socket;

import dev.baton.stack.ip.MtuDiscover;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2IntHashMap;

import static dev.baton.stack.socket.SocketConstants.*;

/** A UDP socket (udp(7)). Its families are settled by the first call that needs a port. */
final class DatagramSocket extends SocketFile implements UdpService
{
    private static final MtuDiscover[] DISCOVERIES = MtuDiscover.values();
    private static final int UNSET = Integer.MIN_VALUE;
    private static final int LEAST_RECEIVE_BUFFER = 2304;
    private static final int LEAST_SEND_BUFFER = 4608;

    private final UdpMessage message = new UdpMessage();
    private final UdpSocket udp;
    /** Options that are kept and reported, by level and name. */
    private final Int2IntHashMap kept = new Int2IntHashMap(UNSET);
    private boolean readShut;
    private boolean writeShut;

    DatagramSocket(final StackSockets sockets, final int domain)
    {
        super(sockets, domain);
        udp = sockets.stack.openUdp(family(), this);
    }

    @Override
    public void onReadable(final UdpSocket socket)
    {
        sockets.changed(this);
    }

    @Override
    public void onError(final UdpSocket socket)
    {
        sockets.changed(this);
    }

    @Override
    int type()
    {
        return SOCK_DGRAM;
    }

    @Override
    int protocol()
    {
        return IPPROTO_UDP;
    }

    @Override
    boolean isBound()
    {
        return udp.localPort() != 0;
    }

    @Override
    int bind(final SockAddr address)
    {
        udp.family(family());
        return udp.bind(address.address(), address.port());
    }

    @Override
    int listen(final int backlog)
    {
        return Errno.EOPNOTSUPP.result();
    }

    @Override
    int accept(final SockAddr peer)
    {
        return Errno.EOPNOTSUPP.result();
    }

    @Override
    int connect(final SockAddr address)
    {
        if (address.family() == AF_UNSPEC)
        {
            udp.disconnect();
            return 0;
        }
        final int bad = checkPeer(address);
        if (bad != 0)
        {
            return bad;
        }
        udp.family(family());
        final int outcome = udp.connect(address.address(), address.port());
        if (outcome == 0)
        {
            readShut = false;
            writeShut = false;
        }
        return outcome;
    }

    /** An IPv6 socket takes an IPv4 name as well (udp(7), ipv6(7)). */
    private int checkPeer(final SockAddr address)
    {
        if (address.family() == domain || domain == AF_INET6 && address.family() == AF_INET)
        {
            return domain == AF_INET6 && v6Only && address.address().isV4() ? Errno.ENETUNREACH.result() : 0;
        }
        return Errno.EAFNOSUPPORT.result();
    }

    @Override
    int receive(
        final MutableDirectBuffer dst,
        final int offset,
        final int length,
        final int flags,
        final SockAddr from,
        final MessageInfo info)
    {
        if ((flags & MSG_OOB) != 0)
        {
            return Errno.EOPNOTSUPP.result();
        }
        if ((flags & MSG_ERRQUEUE) != 0)
        {
            return receiveError(info);
        }
        final int error = udp.takeError();
        if (error != 0)
        {
            return error;
        }
        final int copied = (flags & MSG_PEEK) != 0 ?
            udp.peek(dst, offset, length, message) : udp.receive(dst, offset, length, message);
        if (copied == UdpSocket.NONE)
        {
            // Linux looks at a shut input only while it waits, which nothing here does.
            return Errno.EAGAIN.result();
        }
        if (from != null)
        {
            fill(from, new IpAddress(message.sourceHi, message.sourceLo), message.sourcePort);
        }
        if (info != null)
        {
            describe(info, message.length > length);
        }
        return (flags & MSG_TRUNC) != 0 ? message.length : copied;
    }

    private void describe(final MessageInfo info, final boolean truncated)
    {
        final boolean v4 = IpAddress.isV4(message.sourceHi, message.sourceLo);
        info.hasName = true;
        fill(info.name, new IpAddress(message.sourceHi, message.sourceLo), message.sourcePort);
        info.flags |= truncated ? MSG_TRUNC : 0;
        if (isKept(v4, IP_RECVTTL, IPV6_RECVHOPLIMIT))
        {
            info.ttl = message.ttl;
        }
        if (isKept(v4, IP_RECVTOS, IPV6_RECVTCLASS))
        {
            info.tos = message.tos;
        }
        if (isKept(v4, IP_PKTINFO, IPV6_RECVPKTINFO))
        {
            info.destination = new IpAddress(message.destinationHi, message.destinationLo);
        }
    }

    private boolean isKept(final boolean v4, final int name4, final int name6)
    {
        return v4 && kept.get(key(IPPROTO_IP, name4)) > 0 ||
            domain == AF_INET6 && kept.get(key(IPPROTO_IPV6, name6)) > 0;
    }

    private int receiveError(final MessageInfo info)
    {
        final UdpError error = new UdpError();
        if (!udp.takeQueuedError(error))
        {
            return Errno.EAGAIN.result();
        }
        if (info != null)
        {
            info.flags |= MSG_ERRQUEUE;
            info.hasName = true;
            fill(info.name, new IpAddress(error.remoteHi, error.remoteLo), error.remotePort);
            info.errorNumber = error.errno;
            info.errorOrigin = error.version == 0 ? MessageInfo.SO_EE_ORIGIN_LOCAL :
                error.version == 4 ? MessageInfo.SO_EE_ORIGIN_ICMP : MessageInfo.SO_EE_ORIGIN_ICMP6;
            info.errorType = error.type;
            info.errorCode = error.code;
            info.errorInfo = error.mtu;
        }
        return 0;
    }

    @Override
    int send(
        final DirectBuffer src,
        final int offset,
        final int length,
        final int flags,
        final SockAddr to,
        final MessageInfo info)
    {
        if ((flags & MSG_OOB) != 0)
        {
            return Errno.EOPNOTSUPP.result();
        }
        if (writeShut)
        {
            return Errno.EPIPE.result();
        }
        final int bad = to == null ? 0 : checkPeer(to);
        if (bad != 0)
        {
            return bad;
        }
        if (!isBound())
        {
            udp.family(family());
        }
        return udp.sendTo(src, offset, length, to == null ? null : to.address(), to == null ? 0 : to.port(),
            info == null ? -1 : info.ttl, info == null ? -1 : info.tos);
    }

    @Override
    int shutdown(final int how)
    {
        if (udp.remoteAddress() == null)
        {
            return Errno.ENOTCONN.result();
        }
        readShut |= how != SHUT_WR;
        writeShut |= how != SHUT_RD;
        return 0;
    }

    @Override
    void close()
    {
        udp.close();
    }

    private static int key(final int level, final int name)
    {
        return level << 16 | name;
    }

    @Override
    int setOption(final int level, final int name, final int value)
    {
        switch (level)
        {
            case SOL_SOCKET:
                return setSocketOption(name, value);
            case IPPROTO_IP:
            case IPPROTO_IPV6:
                return setIpOption(level, name, value);
            default:
                return Errno.ENOPROTOOPT.result();
        }
    }

    private int setSocketOption(final int name, final int value)
    {
        switch (name)
        {
            case SO_REUSEADDR:
                udp.reuseAddress(reuseAddress);
                return 0;
            case SO_REUSEPORT:
                udp.reusePort(reusePort);
                return 0;
            case SO_RCVBUF:
                final long most = Math.min(value & 0xFFFF_FFFFL, sockets.stack.context().rmemMaxBytes());
                udp.receiveBufferBytes((int)Math.max(LEAST_RECEIVE_BUFFER, Math.min(1 << 30, 2 * most)));
                return 0;
            case SO_SNDBUF:
                final long room = Math.min(value & 0xFFFF_FFFFL, sockets.stack.context().wmemMaxBytes());
                kept.put(key(SOL_SOCKET, name), (int)Math.max(LEAST_SEND_BUFFER, Math.min(1 << 30, 2 * room)));
                return 0;
            case SO_KEEPALIVE:
            case SO_OOBINLINE:
                kept.put(key(SOL_SOCKET, name), value == 0 ? 0 : 1);
                return 0;
            case SO_LINGER:
            case SO_RCVLOWAT:
                kept.put(key(SOL_SOCKET, name), value);
                return 0;
            default:
                return Errno.ENOPROTOOPT.result();
        }
    }

    private int setIpOption(final int level, final int name, final int value)
    {
        final boolean v6 = level == IPPROTO_IPV6;
        if (name == (v6 ? IPV6_UNICAST_HOPS : IP_TTL))
        {
            if (value < -1 || value > 255 || value == 0 && !v6)
            {
                return Errno.EINVAL.result();
            }
            udp.ttl(value);
            return 0;
        }
        if (name == (v6 ? IPV6_TCLASS : IP_TOS))
        {
            if (v6 && (value < -1 || value > 255))
            {
                return Errno.EINVAL.result();
            }
            udp.tos(v6 ? Math.max(0, value) : value & 0xFF);
            return 0;
        }
        if (name == (v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER))
        {
            if (value < 0 || value >= DISCOVERIES.length)
            {
                return Errno.EINVAL.result();
            }
            udp.mtuDiscovery(DISCOVERIES[value]);
            return 0;
        }
        return setReport(level, name, value);
    }

    private int setReport(final int level, final int name, final int value)
    {
        final boolean v6 = level == IPPROTO_IPV6;
        if (name == (v6 ? IPV6_RECVERR : IP_RECVERR))
        {
            udp.reportErrors(value != 0);
        }
        else if (!isReport(v6, name))
        {
            return Errno.ENOPROTOOPT.result();
        }
        kept.put(key(level, name), value == 0 ? 0 : 1);
        return 0;
    }

    private static boolean isReport(final boolean v6, final int name)
    {
        return v6 ? name == IPV6_RECVHOPLIMIT || name == IPV6_RECVTCLASS || name == IPV6_RECVPKTINFO :
            name == IP_RECVTTL || name == IP_RECVTOS || name == IP_PKTINFO;
    }

    @Override
    int getOption(final int level, final int name)
    {
        switch (level)
        {
            case SOL_SOCKET:
                return socketOption(name);
            case IPPROTO_IP:
            case IPPROTO_IPV6:
                return ipOption(level, name);
            default:
                return Errno.EOPNOTSUPP.result();
        }
    }

    private int socketOption(final int name)
    {
        final int value = kept.get(key(SOL_SOCKET, name));
        switch (name)
        {
            case SO_ERROR:
                return -udp.takeError();
            case SO_RCVBUF:
                return udp.receiveBufferBytes();
            case SO_SNDBUF:
                return value == UNSET ? (int)Math.min(1 << 30, sockets.stack.context().wmemMaxBytes()) : value;
            case SO_LINGER:
                return value == UNSET ? -1 : value;
            case SO_RCVLOWAT:
                return value == UNSET ? 1 : value;
            case SO_KEEPALIVE:
            case SO_OOBINLINE:
            case SO_ACCEPTCONN:
                return Math.max(0, value);
            default:
                return Errno.ENOPROTOOPT.result();
        }
    }

    private int ipOption(final int level, final int name)
    {
        final boolean v6 = level == IPPROTO_IPV6;
        if (name == (v6 ? IPV6_UNICAST_HOPS : IP_TTL))
        {
            return udp.ttl();
        }
        if (name == (v6 ? IPV6_TCLASS : IP_TOS))
        {
            return udp.tos();
        }
        if (name == (v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER))
        {
            return udp.mtuDiscovery().ordinal();
        }
        if (name == (v6 ? IPV6_MTU : IP_MTU))
        {
            return udp.remoteAddress() == null ? Errno.ENOTCONN.result() : udp.pathMtu();
        }
        return isReport(v6, name) || name == (v6 ? IPV6_RECVERR : IP_RECVERR) ?
            Math.max(0, kept.get(key(level, name))) : Errno.ENOPROTOOPT.result();
    }

    @Override
    int localName(final SockAddr local)
    {
        return fill(local, udp.localAddress(), udp.localPort());
    }

    @Override
    int peerName(final SockAddr peer)
    {
        return udp.remoteAddress() == null ? Errno.ENOTCONN.result() :
            fill(peer, udp.remoteAddress(), udp.remotePort());
    }

    @Override
    int ioctl(final int request)
    {
        switch (request)
        {
            case SIOCINQ:
                return Math.max(0, udp.nextLength());
            case SIOCOUTQ:
                return 0;
            default:
                return Errno.ENOTTY.result();
        }
    }

    @Override
    int ready()
    {
        int ready = POLLOUT;
        if (udp.queued() > 0 || readShut)
        {
            ready |= POLLIN;
        }
        if (readShut)
        {
            ready |= POLLRDHUP;
        }
        if (readShut && writeShut)
        {
            ready |= POLLHUP;
        }
        return udp.hasError() ? ready | POLLERR : ready;
    }
}
