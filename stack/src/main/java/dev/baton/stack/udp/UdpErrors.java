package dev.baton.stack.udp;

import dev.baton.stack.Packet;
import dev.baton.stack.ip.IcmpErrorListener;
import dev.baton.stack.ip.MtuDiscover;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.socket.Errno;
import dev.baton.stack.wire.IcmpHeader;

/**
 * ICMP errors about datagrams of ours (RFC 1122, section 4.1.3.3; RFC 8085, section 5.2). One counts only for a socket
 * that could have sent the datagram. A connected socket is told of hard errors; one that asked for reports is told of
 * all, connected or not. Which are hard, and what they are called, is Linux's table (icmp(7), ip(7)).
 */
final class UdpErrors implements IcmpErrorListener
{
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int HARD = 1 << 16;

    /** Destination unreachable by code (RFC 792; RFC 1122, section 3.2.2.1; RFC 1812, section 5.2.7.1). */
    private static final int[] UNREACHABLE_V4 =
    {
        Errno.ENETUNREACH.number(),
        Errno.EHOSTUNREACH.number(),
        HARD | Errno.ENOPROTOOPT.number(),
        HARD | Errno.ECONNREFUSED.number(),
        Errno.EMSGSIZE.number(),
        Errno.EOPNOTSUPP.number(),
        HARD | Errno.ENETUNREACH.number(),
        HARD | Errno.EHOSTDOWN.number(),
        HARD | Errno.ENONET.number(),
        HARD | Errno.ENETUNREACH.number(),
        HARD | Errno.EHOSTUNREACH.number(),
        Errno.ENETUNREACH.number(),
        Errno.EHOSTUNREACH.number(),
        HARD | Errno.EHOSTUNREACH.number(),
        HARD | Errno.EHOSTUNREACH.number(),
        HARD | Errno.EHOSTUNREACH.number(),
    };

    /** Destination unreachable by code (RFC 4443, section 3.1). */
    private static final int[] UNREACHABLE_V6 =
    {
        Errno.ENETUNREACH.number(),
        HARD | Errno.EACCES.number(),
        Errno.EHOSTUNREACH.number(),
        Errno.EHOSTUNREACH.number(),
        HARD | Errno.ECONNREFUSED.number(),
        HARD | Errno.EACCES.number(),
        HARD | Errno.EACCES.number(),
    };

    private final UdpTable table;
    private final Paths paths;
    private final UdpEndpoint endpoint;

    UdpErrors(final UdpTable table, final Paths paths, final UdpEndpoint endpoint)
    {
        this.table = table;
        this.paths = paths;
        this.endpoint = endpoint;
    }

    @Override
    public void onIcmpError(
        final int version,
        final int type,
        final int code,
        final int mtu,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final int seq,
        final long nowNs)
    {
        final Ucb ucb = table.find(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        if (ucb == null)
        {
            return;
        }
        final boolean tooBig = version == 4 ?
            type == IcmpHeader.UNREACHABLE && code == FRAGMENTATION_NEEDED : type == IcmpHeader.PACKET_TOO_BIG_V6;
        if (tooBig && ucb.remote != null)
        {
            paths.tooBig(remoteHi, remoteLo, mtu, Packet.MAX_LENGTH, nowNs);
        }
        final int error = tooBig ? tooBig(ucb) : error(version, type, code);
        final boolean hard = (error & HARD) != 0 && ucb.remote != null;
        if (!ucb.reportErrors && !hard)
        {
            return;
        }
        if (ucb.reportErrors)
        {
            report(ucb, error & HARD - 1, version, type, code, mtu, remoteHi, remoteLo, remotePort);
        }
        ucb.error = error & HARD - 1;
        ucb.errorDue = true;
        endpoint.markReady(ucb);
    }

    private static int tooBig(final Ucb ucb)
    {
        final boolean wanted = ucb.mtuDiscovery != MtuDiscover.DONT.ordinal();
        return Errno.EMSGSIZE.number() | (wanted ? HARD : 0);
    }

    private static int error(final int version, final int type, final int code)
    {
        final boolean v4 = version == 4;
        if (type == (v4 ? IcmpHeader.UNREACHABLE : IcmpHeader.UNREACHABLE_V6))
        {
            final int[] errors = v4 ? UNREACHABLE_V4 : UNREACHABLE_V6;
            return code < errors.length ? errors[code] : HARD | Errno.EPROTO.number();
        }
        return type == (v4 ? IcmpHeader.TIME_EXCEEDED : IcmpHeader.TIME_EXCEEDED_V6) ?
            Errno.EHOSTUNREACH.number() : HARD | Errno.EPROTO.number();
    }

    private static void report(
        final Ucb ucb,
        final int errno,
        final int version,
        final int type,
        final int code,
        final int mtu,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final UdpError entry = slot(ucb);
        if (entry != null)
        {
            entry.errno = errno;
            entry.version = version;
            entry.type = type;
            entry.code = code;
            entry.mtu = mtu;
            entry.remoteHi = remoteHi;
            entry.remoteLo = remoteLo;
            entry.remotePort = remotePort;
        }
    }

    /** Room for an error that a socket wants to be told of; null when its queue is full. */
    static UdpError slot(final Ucb ucb)
    {
        if (ucb.errors == null)
        {
            ucb.errors = new UdpErrorQueue();
        }
        return ucb.errors.add();
    }
}
