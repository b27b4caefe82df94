package dev.baton.stack;

import dev.baton.stack.intercept.ChainEnds;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.ip.FragmentIds;
import dev.baton.stack.ip.HostLimiter;
import dev.baton.stack.ip.IcmpLimiter;
import dev.baton.stack.ip.IcmpResponder;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.IpInput;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.ip.LocalAddresses;
import dev.baton.stack.ip.PathMtu;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.ip.Reassembler;
import dev.baton.stack.ip.RouteTable;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.sim.SimNode;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpEndpoint;
import dev.baton.stack.udp.UdpEndpoint;
import dev.baton.stack.wire.IpAddress;

import java.util.function.Consumer;

/**
 * A shard: IP, the interceptor chain, TCP and its services over one link, driven by one thread.
 * <p>
 * Nothing in it reads a clock, draws randomness of its own or starts a thread: packets, time and calls are arguments,
 * so that the same inputs give the same outputs. One {@link #poll(long)} goes: modules' timers and messages, services'
 * ticks, packets in, timers, call-backs of services, output of each connection that owes some, and call-backs of what
 * that ended.
 */
public final class NetStack implements SimNode
{
    /** What keeps uses of the secret apart. */
    private static final long FRAGMENT_IDS = 1;
    private static final long HOST_LIMITER = 2;
    private static final long ICMP_COST = 3;

    private final StackContext context;
    private final Link link;
    private final StackCounters counters;
    private final IpCounters ipCounters;
    private final LocalAddresses localAddresses = new LocalAddresses();
    private final Paths paths;
    private final Reassembler reassembler;
    private final IpInput ipInput;
    private final IpOutput ipOutput;
    private final FragmentIds fragmentIds;
    private final IcmpLimiter icmpLimiter;
    private final InterceptorChain chain;
    private final TcpEndpoint tcp;
    private final UdpEndpoint udp;
    private final Packet packet = new Packet();

    /**
     * A shard over a link.
     *
     * @param context concluded.
     * @param link    that it owns.
     * @throws IllegalStateException when the context is not concluded.
     */
    public NetStack(final StackContext context, final Link link)
    {
        if (!context.isConcluded())
        {
            throw new IllegalStateException("the stack's context is not concluded; call conclude() on it first");
        }
        this.context = context;
        this.link = link;
        final CounterSpace counterSpace = context.counterSpace();
        counters = new StackCounters(counterSpace);
        ipCounters = new IpCounters(counterSpace);
        context.addresses().forEach((address) -> localAddresses.add(address, context.ip().prefixLength(address)));
        paths = paths(context, link);
        final IpSettings settings = context.ip();
        final long secret = context.secret0() ^ context.secret1();
        fragmentIds = new FragmentIds(secret + FRAGMENT_IDS);
        ipOutput = new IpOutput(link, ipCounters, fragmentIds, paths);
        icmpLimiter = new IcmpLimiter(settings.icmpMessagesPerSecond(), settings.icmpMessagesBurst(),
            new HostLimiter(settings.icmpRateLimitNs(), secret + HOST_LIMITER), new ShardRandom(secret + ICMP_COST));
        final IcmpResponder responder = new IcmpResponder(ipOutput, icmpLimiter, ipCounters, paths);
        reassembler = new Reassembler(responder, ipCounters, settings);
        ipInput = new IpInput(localAddresses, responder, reassembler, ipCounters);
        ipInput.forwarding(paths, settings, ipOutput);
        final Ends ends = new Ends();
        chain = new InterceptorChain(ends, counters, context.maxModuleFaults());
        tcp = new TcpEndpoint(context, link, localAddresses, paths, chain, ipOutput, counters);
        ipInput.icmpErrorListener(tcp.icmpErrorListener());
        udp = new UdpEndpoint(
            context, localAddresses, paths, ipOutput, ipCounters, counters, tcp.random(), tcp.bufferPool());
        ipInput.udpInput(udp.input());
        ipInput.udpErrorListener(udp.icmpErrorListener());
    }

    private Paths paths(final StackContext context, final Link link)
    {
        final IpSettings settings = context.ip();
        final RouteTable routes = new RouteTable(settings.maxRoutes());
        settings.routes().forEach(routes::add);
        final PathMtu pathMtu = new PathMtu(
            settings.maxPathMtus(), settings.pathMtuExpiresNs(), context.secret0() ^ context.secret1());
        return new Paths(link, localAddresses, routes, pathMtu, settings);
    }

    @Override
    public int poll(final long nowNs)
    {
        paths.pathMtu().expire(nowNs);
        int work = chain.poll(nowNs);
        tcp.begin(nowNs);
        work += tcp.tickServices(nowNs);
        work += receive(nowNs);
        if (reassembler.nextDeadlineNs() <= nowNs)
        {
            work += reassembler.expire(nowNs);
        }
        work += tcp.runTimers(nowNs);
        work += udp.settle(nowNs);
        return work + tcp.settle(nowNs);
    }

    private int receive(final long nowNs)
    {
        int received = 0;
        int bytes = 0;
        final int limit = context.batchPackets();
        final int limitBytes = context.batchBytes();
        while (received < limit && bytes < limitBytes && link.receive(packet))
        {
            received++;
            bytes += packet.length();
            if (ipInput.accept(packet, nowNs))
            {
                chain.ingress(packet, nowNs);
            }
        }
        return received;
    }

    @Override
    public long nextDeadlineNs()
    {
        final long transportsNs = Math.min(tcp.nextDeadlineNs(), udp.nextDeadlineNs());
        return Math.min(Math.min(chain.nextDeadlineNs(), transportsNs), reassembler.nextDeadlineNs());
    }

    /**
     * Listen (RFC 9293, section 3.9.1, passive OPEN).
     *
     * @param address local address, or {@link IpAddress#ANY} for all.
     * @param port    1 to 65535.
     * @param service gets the connections.
     * @return the listener.
     * @throws IllegalStateException    when address and port are taken.
     * @throws IllegalArgumentException when the address is not local or the port is out of range.
     */
    public Listener listen(final IpAddress address, final int port, final TcpService service)
    {
        return tcp.listen(address, port, service);
    }

    /**
     * Listen with an accept queue: established connections wait in it until {@link Listener#accept()} returns them, and
     * {@link TcpService#onAcceptable} tells when it becomes non-empty. A full queue is Linux's: the last ACK of a
     * handshake is ignored and its SYN/ACK repeated, new SYNs are dropped.
     *
     * @param address local address, or {@link IpAddress#ANY} for all.
     * @param port    1 to 65535.
     * @param service is told of the queue, and gets the call-backs of the connections that are accepted.
     * @param backlog connections that may wait, 0 or more; {@link HandshakeOptions#somaxconn()} bounds it.
     * @return the listener.
     * @throws IllegalStateException    when address and port are taken.
     * @throws IllegalArgumentException when the address is not local or a number is out of range.
     */
    public Listener listen(final IpAddress address, final int port, final TcpService service, final int backlog)
    {
        return tcp.listen(address, port, service, backlog);
    }

    /**
     * Listen with an accept queue, for one family or both.
     *
     * @param family  which addresses {@link IpAddress#ANY} stands for.
     * @param address local address, or {@link IpAddress#ANY} for all.
     * @param port    1 to 65535.
     * @param service is told of the queue, and gets the call-backs of the connections that are accepted.
     * @param backlog connections that may wait, 0 or more.
     * @return the listener.
     * @throws IllegalStateException    when address and port are taken.
     * @throws IllegalArgumentException when the address is not local or a number is out of range.
     */
    public Listener listen(
        final IpFamily family, final IpAddress address, final int port, final TcpService service, final int backlog)
    {
        return tcp.listen(family, address, port, service, backlog);
    }

    /**
     * Stop listening; connections that are established stay, those in the accept queue are reset, half-open ones end
     * when they are answered next.
     *
     * @param listener that {@link #listen} returned.
     */
    public void unlisten(final Listener listener)
    {
        tcp.unlisten(listener);
    }

    /**
     * Open a connection (RFC 9293, section 3.9.1, active OPEN). The SYN leaves with the next poll.
     *
     * @param local      local address, or {@link IpAddress#ANY} for the first one of the remote's family.
     * @param localPort  1 to 65535, or 0 for one that is chosen (RFC 6056, section 3.3.4).
     * @param remote     where to.
     * @param remotePort 1 to 65535.
     * @param handler    is told of everything: {@link TcpService#onAccepted} when the connection is established, only
     *                   {@link TcpService#onClosed} when that fails.
     * @param nowNs      time of the call.
     * @return the connection; what is written to it already follows the handshake.
     * @throws IllegalStateException    when the 4-tuple is taken, no port is free, or there is no room for another
     *                                  connection.
     * @throws IllegalArgumentException when an address or port cannot be used.
     */
    public TcpConnection connect(
        final IpAddress local,
        final int localPort,
        final IpAddress remote,
        final int remotePort,
        final TcpService handler,
        final long nowNs)
    {
        return tcp.connect(local, localPort, remote, remotePort, handler, false, nowNs);
    }

    /**
     * Open a connection, with TCP Fast Open if it is wanted and possible (RFC 7413; Linux: {@code TCP_FASTOPEN_CONNECT}):
     * what is written before the next poll then goes with the SYN, when the peer has given a cookie before. Otherwise the
     * SYN asks for one. Data of a SYN may reach the peer's application twice, so it must be such that this does no harm.
     *
     * @param local      local address, or {@link IpAddress#ANY} for the first one of the remote's family.
     * @param localPort  1 to 65535, or 0 for one that is chosen (RFC 6056, section 3.3.4).
     * @param remote     where to.
     * @param remotePort 1 to 65535.
     * @param handler    as for {@link #connect(IpAddress, int, IpAddress, int, TcpService, long)}.
     * @param fastOpen   try Fast Open, where {@link HandshakeOptions#fastOpen(int)} allows it.
     * @param nowNs      time of the call.
     * @return the connection; what is written to it already follows the SYN or the handshake.
     * @throws IllegalStateException    when the 4-tuple is taken, no port is free, or there is no room for another
     *                                  connection.
     * @throws IllegalArgumentException when an address or port cannot be used.
     */
    public TcpConnection connect(
        final IpAddress local,
        final int localPort,
        final IpAddress remote,
        final int remotePort,
        final TcpService handler,
        final boolean fastOpen,
        final long nowNs)
    {
        return tcp.connect(local, localPort, remote, remotePort, handler, fastOpen, nowNs);
    }

    /**
     * Make a UDP socket.
     *
     * @param family  which addresses it deals with.
     * @param service is told of datagrams and errors.
     * @return a socket with neither port nor peer.
     * @throws IllegalStateException when there are as many sockets as there may be.
     */
    public UdpSocket openUdp(final IpFamily family, final UdpService service)
    {
        return udp.open(family, service);
    }

    /**
     * The shard's UDP, for codecs and tests.
     *
     * @return it.
     */
    public UdpEndpoint udp()
    {
        return udp;
    }

    /**
     * The interceptor modules.
     *
     * @return the shard's chain.
     */
    public InterceptorChain chain()
    {
        return chain;
    }

    /**
     * What TCP and the chain have counted.
     *
     * @return live.
     */
    public StackCounters counters()
    {
        return counters;
    }

    /**
     * What the IP layer has counted.
     *
     * @return live.
     */
    public IpCounters ipCounters()
    {
        return ipCounters;
    }

    /**
     * Routes, path MTUs and the choice of source addresses.
     *
     * @return live.
     */
    public Paths paths()
    {
        return paths;
    }

    /**
     * Fragments that wait for others, for codecs.
     *
     * @return live.
     */
    public Reassembler reassembler()
    {
        return reassembler;
    }

    /**
     * The limits of ICMP errors, for codecs.
     *
     * @return live.
     */
    public IcmpLimiter icmpLimiter()
    {
        return icmpLimiter;
    }

    /**
     * The way down, for who sends datagrams and for codecs.
     *
     * @return live.
     */
    public IpOutput ipOutput()
    {
        return ipOutput;
    }

    /**
     * The way up, for who takes datagrams.
     *
     * @return live.
     */
    public IpInput ipInput()
    {
        return ipInput;
    }

    /**
     * Identifications of what may be fragmented, for codecs.
     *
     * @return live.
     */
    public FragmentIds fragmentIds()
    {
        return fragmentIds;
    }

    /**
     * The addresses that are this shard's.
     *
     * @return live.
     */
    public LocalAddresses localAddresses()
    {
        return localAddresses;
    }

    /**
     * Take the secret of another shard, for codecs: tables whose order depends on it are empty. What the secret of the
     * context began is kept where it is a count, so its owner restores that too.
     *
     * @param secret0 first half.
     * @param secret1 second half.
     */
    public void secret(final long secret0, final long secret1)
    {
        final long secret = secret0 ^ secret1;
        tcp.handshakes().secret(secret0, secret1);
        udp.secret(secret0, secret1);
        fragmentIds.key(secret + FRAGMENT_IDS);
        icmpLimiter.hosts().key(secret + HOST_LIMITER);
        paths.pathMtu().key(secret);
    }

    /**
     * The shard's TCP, for codecs and tests.
     *
     * @return it.
     */
    public TcpEndpoint tcp()
    {
        return tcp;
    }

    /**
     * Connections of any state from SYN-SENT or SYN-RECEIVED to TIME-WAIT.
     *
     * @return how many.
     */
    public int connectionCount()
    {
        return tcp.connectionCount();
    }

    /**
     * Visit all connections in the order of their ids. Half-open connections and those in TIME-WAIT, which have no Tcb,
     * are shown as one that holds what is known of them, and that is valid during the call only.
     *
     * @param visitor must not change anything.
     */
    public void forEachConnection(final Consumer<Tcb> visitor)
    {
        tcp.forEachConnection(visitor);
    }

    /**
     * Is there a connection?
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return true in any state from SYN-SENT or SYN-RECEIVED to TIME-WAIT.
     */
    public boolean hasConnection(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return tcp.hasConnection(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
    }

    /**
     * The shard's configuration.
     *
     * @return concluded.
     */
    public StackContext context()
    {
        return context;
    }

    /**
     * Where the chain ends in this shard.
     */
    private final class Ends implements ChainEnds
    {
        @Override
        public void up(final Packet segment, final long nowNs)
        {
            tcp.onSegment(segment, nowNs);
        }

        @Override
        public void down(final Packet segment, final long nowNs)
        {
            ipOutput.transmit(segment);
        }

        @Override
        public void indicate(final TcpConnection connection, final long nowNs)
        {
            tcp.indicate(connection);
        }

        @Override
        public boolean hasConnection(
            final long localHi,
            final long localLo,
            final int localPort,
            final long remoteHi,
            final long remoteLo,
            final int remotePort)
        {
            return tcp.hasConnection(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        }

        @Override
        public TcpConnection connection(
            final long localHi,
            final long localLo,
            final int localPort,
            final long remoteHi,
            final long remoteLo,
            final int remotePort)
        {
            return tcp.connection(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        }

        @Override
        public int receiveNext(
            final long localHi,
            final long localLo,
            final int localPort,
            final long remoteHi,
            final long remoteLo,
            final int remotePort,
            final int ifAbsent)
        {
            return tcp.receiveNext(localHi, localLo, localPort, remoteHi, remoteLo, remotePort, ifAbsent);
        }

        @Override
        public long nextRandom()
        {
            return tcp.random().nextLong();
        }

        @Override
        public long timeWaitNs()
        {
            return context.timeWaitNs();
        }

        @Override
        public Link link()
        {
            return link;
        }
    }
}
