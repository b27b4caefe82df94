package dev.baton.stack.udp;

import dev.baton.stack.ShardRandom;
import dev.baton.stack.StackContext;
import dev.baton.stack.ip.LocalAddresses;
import dev.baton.stack.socket.Errno;
import dev.baton.stack.wire.IpAddress;

/**
 * Local addresses, ports and peers of UDP sockets: bind, connect, and a port for who sends without one, chosen at
 * random (RFC 6056, section 3.3.1; RFC 8085, section 5.1).
 */
final class UdpBinding
{
    private final StackContext context;
    private final ShardRandom random;
    private final LocalAddresses addresses;
    private final UdpTable table;
    private final UdpSender sender;

    UdpBinding(
        final StackContext context,
        final ShardRandom random,
        final LocalAddresses addresses,
        final UdpTable table,
        final UdpSender sender)
    {
        this.context = context;
        this.random = random;
        this.addresses = addresses;
        this.table = table;
        this.sender = sender;
    }

    int bind(final Ucb ucb, final IpAddress address, final int port)
    {
        if (ucb.localPort != 0 || port < 0 || port > 65_535)
        {
            return Errno.EINVAL.result();
        }
        final boolean any = address.equals(IpAddress.ANY);
        if (!any && !takes(ucb, address))
        {
            return Errno.EAFNOSUPPORT.result();
        }
        if (!any && !addresses.contains(address.hi(), address.lo()))
        {
            return Errno.EADDRNOTAVAIL.result();
        }
        final int chosen = port == 0 ? freePort(ucb, address) : port;
        if (chosen == 0)
        {
            return Errno.EADDRINUSE.result();
        }
        if (table.conflicts(ucb, address, chosen))
        {
            return Errno.EADDRINUSE.result();
        }
        ucb.local = address;
        ucb.addressBound = !any;
        ucb.portBound = port != 0;
        ucb.localPort = chosen;
        table.add(ucb);
        return 0;
    }

    /** Who sends or connects without a port gets one. */
    int autoBind(final Ucb ucb)
    {
        final int port = freePort(ucb, ucb.local);
        if (port == 0)
        {
            return Errno.EAGAIN.result();
        }
        ucb.localPort = port;
        table.add(ucb);
        return 0;
    }

    int connect(final Ucb ucb, final IpAddress address, final int port)
    {
        final int reachable = checkPeer(ucb, address, port);
        if (reachable < 0)
        {
            return reachable;
        }
        if (ucb.localPort == 0)
        {
            final int bound = autoBind(ucb);
            if (bound < 0)
            {
                return bound;
            }
        }
        if (!ucb.addressBound)
        {
            ucb.local = sender.source(address);
        }
        ucb.remote = address;
        ucb.remotePort = port;
        return 0;
    }

    void disconnect(final Ucb ucb)
    {
        ucb.remote = null;
        ucb.remotePort = 0;
        if (!ucb.addressBound)
        {
            ucb.local = IpAddress.ANY;
        }
        if (!ucb.portBound && ucb.localPort != 0)
        {
            table.remove(ucb);
            ucb.localPort = 0;
        }
    }

    /** 0 when a datagram can be sent there, else why not. */
    int checkPeer(final Ucb ucb, final IpAddress address, final int port)
    {
        if (port < 1 || port > 65_535)
        {
            return Errno.EINVAL.result();
        }
        if (!takes(ucb, address))
        {
            return (ucb.family.takesV4() ? Errno.EAFNOSUPPORT : Errno.ENETUNREACH).result();
        }
        if (!ucb.isAny() && ucb.local.isV4() != address.isV4())
        {
            return Errno.ENETUNREACH.result();
        }
        final int v4 = (int)address.lo();
        if (address.isV4() && v4 == -1)
        {
            return Errno.EACCES.result();
        }
        final boolean noHost = address.isV4() ? v4 >>> 28 >= 0xE || v4 >>> 24 == 0 || v4 >>> 24 == 127 :
            address.hi() >>> 56 == 0xFF || address.hi() == 0 && address.lo() >>> 1 == 0;
        final boolean unreachable = noHost || addresses.contains(address.hi(), address.lo()) ||
            sender.source(address) == null;
        return unreachable ? Errno.ENETUNREACH.result() : 0;
    }

    private static boolean takes(final Ucb ucb, final IpAddress address)
    {
        return address.isV4() ? ucb.family.takesV4() : ucb.family.takesV6();
    }

    private int freePort(final Ucb ucb, final IpAddress address)
    {
        final int low = context.lowestLocalPort();
        final int count = context.highestLocalPort() - low + 1;
        final int first = random.nextInt(count);
        for (int i = 0; i < count; i++)
        {
            final int port = low + (first + i) % count;
            if (!table.isUsed(port) || !ucb.reuseAddress && !ucb.reusePort && !table.conflicts(ucb, address, port))
            {
                return port;
            }
        }
        return 0;
    }
}
