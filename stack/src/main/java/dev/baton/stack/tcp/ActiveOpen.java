package dev.baton.stack.tcp;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.ip.LocalAddresses;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;

/** OPEN, active (RFC 9293, section 3.10.1). */
final class ActiveOpen
{
    private final StackContext context;
    private final StackCounters counters;
    private final LocalPorts ports;
    private final IsnGenerator isn;
    private final LocalAddresses addresses;
    private final Paths paths;
    private final ConnectionLife life;
    private final Census census;
    private final TimeWaitTable timeWaits;

    ActiveOpen(
        final StackContext context,
        final StackCounters counters,
        final LocalPorts ports,
        final IsnGenerator isn,
        final LocalAddresses addresses,
        final Paths paths,
        final ConnectionLife life,
        final Census census,
        final TimeWaitTable timeWaits)
    {
        this.context = context;
        this.counters = counters;
        this.ports = ports;
        this.isn = isn;
        this.addresses = addresses;
        this.paths = paths;
        this.life = life;
        this.census = census;
        this.timeWaits = timeWaits;
    }

    Tcb open(
        final IpAddress wantedLocal,
        final int wantedPort,
        final IpAddress remote,
        final int remotePort,
        final TcpService handler,
        final boolean fastOpen,
        final long nowNs)
    {
        final IpAddress local = local(wantedLocal, remote);
        check(remote, remotePort, wantedPort);
        paths.require(remote);
        if (!life.hasRoom())
        {
            counters.increment(StackCounter.TABLE_FULL);
            throw new IllegalStateException("cannot connect to " + remote + ", port " + remotePort + ": there are " +
                context.maxConnections() + " connections, which is the limit; raise maxConnections");
        }
        final int port = wantedPort == 0 ? choosePort(local, remote, remotePort, nowNs) : wantedPort;
        final int hash = isn.tableHash(local.hi(), local.lo(), port, remote.hi(), remote.lo(), remotePort);
        final TimeWait old = reusable(hash, local, port, remote, remotePort, nowNs);
        if (old == null && census.has(hash, local.hi(), local.lo(), port, remote.hi(), remote.lo(), remotePort))
        {
            throw new IllegalStateException("cannot connect from " + local + ", port " + port + " to " + remote +
                ", port " + remotePort + ": there is such a connection; take another local port, or 0");
        }
        final int iss = old != null ? TimeWaitReuse.iss(old) :
            isn.isn(local.hi(), local.lo(), port, remote.hi(), remote.lo(), remotePort, nowNs);
        if (old != null)
        {
            counters.increment(StackCounter.TW_RECYCLED);
            life.timeWaitEnd().end(old, nowNs);
        }
        counters.increment(StackCounter.TCP_ACTIVE_OPENS);
        final Tcb tcb = life.open(life.takeId(), hash, local.hi(), local.lo(), port,
            remote.hi(), remote.lo(), remotePort, handler, nowNs);
        tcb.state = TcpState.SYN_SENT;
        tcb.iss = iss;
        tcb.sndUna = tcb.iss;
        tcb.sndNxt = tcb.iss;
        tcb.sndWl2 = tcb.iss;
        tcb.sentLog.reset(tcb.iss);
        tcb.sendRing.reset(tcb.iss + 1);
        Handshake.offer(tcb, context);
        tcb.synOwed = true;
        if (fastOpen && (context.handshake().fastOpen() & HandshakeOptions.FAST_OPEN_CLIENT) != 0)
        {
            tcb.fastOpen = Tcb.FAST_OPEN_WANTED;
        }
        life.markDirty(tcb);
        return tcb;
    }

    private IpAddress local(final IpAddress wanted, final IpAddress remote)
    {
        final IpAddress local = wanted.equals(IpAddress.ANY) ? paths.source(remote) : wanted;
        if (local == null)
        {
            throw new IllegalArgumentException("cannot connect to " + remote + ": this stack has no " +
                (remote.isV4() ? "IPv4" : "IPv6") + " address; add one");
        }
        if (local.isV4() != remote.isV4() || !addresses.contains(local.hi(), local.lo()))
        {
            throw new IllegalArgumentException("cannot connect from " + local + " to " + remote +
                ": the local address must be one of " + addresses.list() + " and of the remote's family");
        }
        return local;
    }

    /** RFC 9293, section 3.9.2.3, MUST-46. */
    private void check(final IpAddress remote, final int remotePort, final int localPort)
    {
        final int v4 = (int)remote.lo();
        final boolean noHost = remote.isV4() ? v4 >>> 28 >= 0xE || v4 >>> 24 == 0 : remote.hi() >>> 56 == 0xFF;
        if (noHost || remote.equals(IpAddress.ANY) || addresses.contains(remote.hi(), remote.lo()) ||
            addresses.isBroadcast(remote.hi(), remote.lo()))
        {
            throw new IllegalArgumentException("cannot connect to " + remote +
                ": it is unspecified, multicast, broadcast or our own; take another host's unicast address");
        }
        if (remotePort < 1 || remotePort > 65_535 || localPort < 0 || localPort > 65_535)
        {
            throw new IllegalArgumentException("cannot connect from port " + localPort + " to port " + remotePort +
                ": ports are from 1 to 65535, and a local 0 lets the stack choose");
        }
    }

    /** The first port of the place's sequence that is free, or in TIME-WAIT and may be used again. */
    private int choosePort(final IpAddress local, final IpAddress remote, final int remotePort, final long nowNs)
    {
        final int offset = ports.offset(local.hi(), local.lo(), remote.hi(), remote.lo(), remotePort);
        final int counter = ports.counter(local.hi(), local.lo(), remote.hi(), remote.lo(), remotePort);
        for (int i = ports.range(); i > 0; i--)
        {
            final int port = ports.next(offset, counter);
            if (port != 0)
            {
                final int hash = isn.tableHash(local.hi(), local.lo(), port, remote.hi(), remote.lo(), remotePort);
                if (!census.has(hash, local.hi(), local.lo(), port, remote.hi(), remote.lo(), remotePort) ||
                    reusable(hash, local, port, remote, remotePort, nowNs) != null)
                {
                    return port;
                }
            }
        }
        counters.increment(StackCounter.PORTS_EXHAUSTED);
        throw new IllegalStateException("cannot connect to " + remote + ", port " + remotePort +
            ": all local ports from " + context.lowestLocalPort() + " to " + context.highestLocalPort() +
            " are in use or reserved; add a local address");
    }

    /** The connection in TIME-WAIT whose place may be taken; null when there is none. */
    private TimeWait reusable(
        final int hash,
        final IpAddress local,
        final int port,
        final IpAddress remote,
        final int remotePort,
        final long nowNs)
    {
        final TimeWait entry =
            timeWaits.find(hash, local.hi(), local.lo(), port, remote.hi(), remote.lo(), remotePort);
        return entry != null && TimeWaitReuse.isAllowed(entry, context, nowNs) ? entry : null;
    }
}
