package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.ShardRandom;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.ip.IcmpErrorListener;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.ip.LocalAddresses;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;

import java.util.function.Consumer;

/**
 * The TCP of a shard: puts its parts together, and runs them in the order of a poll. Who drives a shard uses
 * {@link dev.baton.stack.NetStack}; this is for it, for codecs and for tests. Used by the shard's thread only.
 */
public final class TcpEndpoint
{
    /** Segments with data that one connection sends before the next one has its turn. */
    private static final int TURN_SEGMENTS = 16;
    private static final int MAX_ROUNDS = 4;
    /** How often a writer that found the pool empty tries again when nothing else happens. */
    private static final long STARVED_RETRY_NS = 10_000_000L;

    private final StackContext context;
    private final StackCounters counters;
    private final ShardRandom random;
    private final BufferPool buffers;
    private final TcpTimers timers = new TcpTimers();
    private final TcbQueue starved = new TcbQueue();
    private final IsnGenerator isn;
    private final HandshakeState handshakes;
    private final ConnectionTable table;
    private final SynQueue synQueue;
    private final TimeWaitTable timeWaits;
    private final Listeners listeners = new Listeners();
    private final ServiceRegistry registry = new ServiceRegistry();
    private final ConnectionLife life;
    private final HalfOpenInput halfOpen;
    private final TcpInput input;
    private final TcpOutput output;
    private final TcpTimeouts timeouts;
    private final ServiceCalls services;
    private final IcmpErrors icmpErrors;
    private final ActiveOpen activeOpen;
    private final Census census;
    private final Transfers transfers;
    private final ShardAccess shardAccess;
    private final LocalAddresses addresses;
    private final SideObjects sides = new SideObjects();
    private final UserOptions options;
    private final CongestionSetup congestion;
    private long lastPollNs;

    /**
     * The TCP of a shard.
     *
     * @param context   concluded.
     * @param link      of the shard, for its capabilities.
     * @param addresses of the shard.
     * @param paths     to destinations.
     * @param chain     that every segment passes.
     * @param ip        builds IP headers.
     * @param counters  to be raised.
     */
    public TcpEndpoint(
        final StackContext context,
        final Link link,
        final LocalAddresses addresses,
        final Paths paths,
        final InterceptorChain chain,
        final IpOutput ip,
        final StackCounters counters)
    {
        this.context = context;
        this.counters = counters;
        this.addresses = addresses;
        random = new ShardRandom(context.seed());
        isn = new IsnGenerator(context.secret0(), context.secret1());
        handshakes = new HandshakeState(context, counters, isn);
        final PeerCache peers = handshakes.peers();
        buffers = new BufferPool(
            context.poolBytes(), Math.max(context.sendBufferBytes(), context.receiveBufferBytes()));
        table = new ConnectionTable(context.maxConnections());
        synQueue = new SynQueue(context.synBacklog(), context.synAckRetries());
        timeWaits = new TimeWaitTable(context.maxTimeWait());
        final TcbPool tcbs = new TcbPool(buffers, context, sides, this);
        congestion = tcbs.congestion();
        census = new Census(table, synQueue, timeWaits, tcbs);
        final TcpSegmentWriter writer = new TcpSegmentWriter(ip, chain, context.ttl(), context.bsdOptionOrder());
        final Resets resets = new Resets(writer, counters);
        final ChallengeAcks challenges = new ChallengeAcks(context.challengeAcksPerSecond(), random);
        final LossProbe probe = new LossProbe(context, counters, timers);
        final AckNews news = new AckNews();
        final SegmentSender sender = new SegmentSender(writer, context, counters, timers, probe);
        final LossRecovery recovery = new LossRecovery(context, counters, news, probe);
        final Plpmtud plpmtud = new Plpmtud(paths, context.ip(), counters);
        final Pmtud pmtud = new Pmtud(paths, counters, recovery, plpmtud);
        recovery.pathMtu(pmtud, plpmtud);
        final Dsack dsack = new Dsack(context, counters, sender);
        life = new ConnectionLife(context, link, counters, chain, isn, table, timeWaits, timers, resets, tcbs,
            registry, new PathMemory(context, peers), paths, plpmtud, sides);
        options = new UserOptions(context, sides, life, timers);
        services = new ServiceCalls(context, counters, chain, life, registry);
        final FastOpenClient fastOpen =
            new FastOpenClient(context, counters, handshakes.fastOpenBlackhole(), peers, sender);
        output = new TcpOutput(link, context, counters, sender, timers, life, probe, fastOpen, pmtud, plpmtud);
        timeouts = new TcpTimeouts(context, counters, recovery, life, resets, fastOpen);
        icmpErrors = new IcmpErrors(counters, isn, table, life, pmtud);
        activeOpen =
            new ActiveOpen(context, counters, handshakes.localPorts(), isn, addresses, paths, life, census, timeWaits);
        final SynAckSender synAcks = new SynAckSender(context, link, counters, isn, writer);
        final PassiveOpen passiveOpen = new PassiveOpen(life);
        final ListenInput listen = new ListenInput(context, listeners, synQueue, isn, resets, life,
            new SynAdmission(context, counters, synQueue, life, peers), synAcks,
            new CookieInput(context, counters, handshakes.synCookies(), synAcks, passiveOpen, life),
            new FastOpenServer(context, counters, handshakes.fastOpenCookies(), life, sender));
        halfOpen = new HalfOpenInput(
            context, counters, synQueue, life, synAcks, passiveOpen, resets, challenges, writer);
        final Ecn ecn = new Ecn(context, counters, sender);
        final AckInput acks = new AckInput(context, counters, recovery, timers, news, ecn, pmtud);
        final TextInput text = new TextInput(context, counters, life, sender, dsack);
        input = new TcpInput(isn, counters, table, synQueue, timeWaits, timers, life,
            new SynSentInput(context, counters, life, resets, sender, acks, text, fastOpen),
            new SynchronisedInput(
                context, counters, life, resets, sender, challenges, acks, text, ecn, sides, dsack, fastOpen),
            halfOpen,
            new TimeWaitInput(context, counters, isn, timeWaits, life.timeWaitEnd(), listeners, challenges, writer),
            listen);
        transfers = new Transfers(context, link, addresses, paths, chain, isn, table, synQueue, timeWaits, timers, listeners,
            life, tcbs, registry, this);
        shardAccess = new ShardAccess(this, life, listeners, starved, challenges);
    }

    /**
     * A poll begins.
     *
     * @param nowNs its time.
     */
    public void begin(final long nowNs)
    {
        lastPollNs = nowNs;
    }

    /**
     * Tell services that time has passed.
     *
     * @param nowNs time of this poll.
     * @return 0: ticks alone are no work.
     */
    public int tickServices(final long nowNs)
    {
        services.tick(nowNs);
        return 0;
    }

    /**
     * Take a segment in.
     *
     * @param packet with its transport header located and its checksum verified or partial.
     * @param nowNs  what is to be taken for now; not after the poll's own time.
     */
    public void onSegment(final Packet packet, final long nowNs)
    {
        input.onPacket(packet, nowNs);
    }

    /**
     * Run all timers that are due.
     *
     * @param nowNs time of this poll.
     * @return how many there were.
     */
    public int runTimers(final long nowNs)
    {
        int count = halfOpen.runTimers(nowNs) + life.timeWaitEnd().expire(nowNs);
        Tcb tcb = timers.due(nowNs);
        while (tcb != null)
        {
            count++;
            timeouts.run(tcb, nowNs);
            tcb = timers.due(nowNs);
        }
        return count;
    }

    /**
     * Call services and let connections send what they owe.
     *
     * @param nowNs time of this poll.
     * @return calls made and segments with data sent.
     */
    public int settle(final long nowNs)
    {
        int work = 0;
        int budget = context.maxSegmentsOutPerPoll();
        for (int round = 0; round < MAX_ROUNDS; round++)
        {
            wakeStarved();
            work += services.run(nowNs);
            final int sent = flush(budget, nowNs);
            budget -= sent;
            work += sent;
            if (life.ready.isEmpty() && life.acceptQueues.isIdle())
            {
                break;
            }
        }
        return work;
    }

    /**
     * Connections in the order in which they were marked, a turn each, until nobody owes anything or the budget is used
     * up.
     */
    private int flush(final int budget, final long nowNs)
    {
        int sent = 0;
        while (!life.dirty.isEmpty() && sent < budget)
        {
            final Tcb tcb = life.dirty.poll();
            tcb.dirty = false;
            final int turn = Math.min(TURN_SEGMENTS, budget - sent);
            final int count = output.flush(tcb, turn, nowNs);
            sent += count;
            if (count >= turn)
            {
                life.markDirty(tcb);
            }
        }
        return sent;
    }

    private void wakeStarved()
    {
        int count = buffers.availableBytes() >= BufferPool.MIN_PIECE_BYTES ? starved.size() : 0;
        while (count > 0)
        {
            count--;
            final Tcb tcb = starved.poll();
            tcb.starved = false;
            if (tcb.closeReason < 0 && tcb.writeBlocked)
            {
                life.raise(tcb, ConnectionLife.WRITABLE);
            }
        }
    }

    /** A write took less than it was given: for want of room in the ring or in the pool, or because enough waits unsent. */
    void writeFellShort(final Tcb tcb)
    {
        if (!tcb.starved && tcb.sendRing.length() < tcb.sendRing.capacityBytes() &&
            TcpOutput.notSent(tcb) < InForce.notSentLowatBytes(tcb, context))
        {
            counters.increment(StackCounter.POOL_EMPTY);
            starve(tcb);
        }
    }

    void starve(final Tcb tcb)
    {
        if (!tcb.starved)
        {
            tcb.starved = true;
            starved.add(tcb);
        }
    }

    /** What congestion controls work with. */
    CongestionSetup congestion()
    {
        return congestion;
    }

    /** Time of the last poll: what user calls take for now. */
    long lastPollNs()
    {
        return lastPollNs;
    }

    /**
     * What an option of a new connection is.
     *
     * @param option which.
     * @return in the option's unit.
     */
    public long defaultOption(final TcpOption option)
    {
        return options.get((TcpSettings)null, option);
    }

    /**
     * Check a value of an option before there is a connection to set it on.
     *
     * @param option which.
     * @param value  in the option's unit.
     * @return what it would read as.
     * @throws IllegalArgumentException when the value is out of range or the option can only be read.
     */
    public long checkedOption(final TcpOption option, final long value)
    {
        return options.kept(option, value);
    }

    SideObjects sides()
    {
        return sides;
    }

    UserOptions options()
    {
        return options;
    }

    /**
     * Room for what a user writes: in the ring, and below the limit of what may wait to be sent (TCP_NOTSENT_LOWAT).
     */
    int writable(final Tcb tcb)
    {
        final long below = InForce.notSentLowatBytes(tcb, context) - TcpOutput.notSent(tcb);
        return (int)Math.max(0, Math.min(tcb.sendRing.writable(), below));
    }

    /** All that was written up to now is urgent; the peer is told at once, also when its window is shut. */
    void markUrgent(final Tcb tcb)
    {
        final UrgentState urgent = sides.urgent(tcb);
        urgent.sending = true;
        urgent.sndUp = tcb.sendRing.endSeq();
        tcb.ackOwed = Tcb.ACK_NOW;
    }

    void markDirty(final Tcb tcb)
    {
        life.markDirty(tcb);
    }

    /**
     * When the next poll is due at the latest.
     *
     * @return a time; that of the last poll or connect when something is owed already.
     */
    public long nextDeadlineNs()
    {
        if (!life.dirty.isEmpty() || !life.ready.isEmpty() || !life.acceptQueues.isIdle())
        {
            return lastPollNs;
        }
        final long retryNs = starved.isEmpty() ? Long.MAX_VALUE : lastPollNs + STARVED_RETRY_NS;
        final long tablesNs = Math.min(synQueue.nextDeadlineNs(), timeWaits.nextDeadlineNs());
        return Math.min(Math.min(timers.nextDeadlineNs(), tablesNs), Math.min(services.nextDeadlineNs(), retryNs));
    }

    /**
     * Listen.
     *
     * @param address local address, or {@link IpAddress#ANY}.
     * @param port    1 to 65535.
     * @param service gets the connections.
     * @return the listener.
     * @throws IllegalStateException    when address and port are taken.
     * @throws IllegalArgumentException when the address is not local or the port is out of range.
     */
    public Listener listen(final IpAddress address, final int port, final TcpService service)
    {
        return listen(address, port, service, Listener.NO_BACKLOG);
    }

    /**
     * Listen with an accept queue.
     *
     * @param address local address, or {@link IpAddress#ANY}.
     * @param port    1 to 65535.
     * @param service is told of the queue, and gets the call-backs of the connections that are accepted.
     * @param backlog connections that may wait, at most {@link dev.baton.stack.HandshakeOptions#somaxconn()}; {@link
     *                Listener#NO_BACKLOG} for none, so that the service gets each connection at once.
     * @return the listener.
     * @throws IllegalStateException    when address and port are taken.
     * @throws IllegalArgumentException when the address is not local or a number is out of range.
     */
    public Listener listen(final IpAddress address, final int port, final TcpService service, final int backlog)
    {
        return listen(IpFamily.DUAL, address, port, service, backlog);
    }

    /**
     * Listen for one family, or both.
     *
     * @param family  which addresses {@link IpAddress#ANY} stands for.
     * @param address local address, or {@link IpAddress#ANY}.
     * @param port    1 to 65535.
     * @param service gets the connections.
     * @param backlog connections that may wait, or {@link Listener#NO_BACKLOG}.
     * @return the listener.
     * @throws IllegalStateException    when address and port are taken.
     * @throws IllegalArgumentException when the address is not local or a number is out of range.
     */
    public Listener listen(
        final IpFamily family, final IpAddress address, final int port, final TcpService service, final int backlog)
    {
        if (backlog < Listener.NO_BACKLOG)
        {
            throw new IllegalArgumentException("cannot listen with a backlog of " + backlog +
                ": it is the number of connections that may wait, 0 or more");
        }
        if (port < 1 || port > 65_535)
        {
            throw new IllegalArgumentException("cannot listen on port " + port + ": it must be from 1 to 65535");
        }
        if (!address.equals(IpAddress.ANY) && !addresses.contains(address.hi(), address.lo()))
        {
            throw new IllegalArgumentException("cannot listen on " + address +
                ": it is no address of this stack; take one of " + addresses.list() + " or any");
        }
        final Listener listener = listeners.add(family,
            address, port, service, Math.min(backlog, context.handshake().somaxconn()), life.acceptQueues);
        listener.options(options);
        registry.acquire(service);
        return listener;
    }

    /**
     * Stop listening.
     *
     * @param listener to be closed.
     */
    public void unlisten(final Listener listener)
    {
        if (listeners.remove(listener))
        {
            life.acceptQueues.close(listener);
            registry.release(listener.service());
        }
    }

    /**
     * Open a connection; see {@link dev.baton.stack.NetStack#connect}.
     *
     * @param local      local address, or {@link IpAddress#ANY}.
     * @param localPort  1 to 65535, or 0.
     * @param remote     where to.
     * @param remotePort 1 to 65535.
     * @param handler    of the connection.
     * @param fastOpen   ask for Fast Open.
     * @param nowNs      time of the call.
     * @return the connection.
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
        lastPollNs = nowNs;
        return activeOpen.open(local, localPort, remote, remotePort, handler, fastOpen, nowNs).handle;
    }

    /**
     * A connection indication that was held has passed the modules.
     *
     * @param connection of this shard.
     */
    public void indicate(final TcpConnection connection)
    {
        if (connection instanceof Connection handle)
        {
            life.indicate(handle.tcb());
        }
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
     * @return true in any state but CLOSED and LISTEN.
     */
    public boolean hasConnection(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return census.has(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
    }

    /**
     * The connection of a flow.
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return null when there is none, or only a half-open one or TIME-WAIT.
     */
    public TcpConnection connection(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        final Tcb tcb = table.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return tcb == null ? null : tcb.handle;
    }

    /**
     * RCV.NXT of a flow.
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @param ifAbsent   what to return when there is no such connection.
     * @return the number expected next, half-open connections and TIME-WAIT included.
     */
    public int receiveNext(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final int ifAbsent)
    {
        final int hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return census.receiveNext(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort, ifAbsent);
    }

    /**
     * Connections in any state but CLOSED and LISTEN.
     *
     * @return how many.
     */
    public int connectionCount()
    {
        return census.count();
    }

    /**
     * Visit all connections in the order of their ids.
     *
     * @param visitor must not change anything.
     */
    public void forEachConnection(final Consumer<Tcb> visitor)
    {
        census.forEach(visitor);
    }

    /**
     * The shard's random source.
     *
     * @return it.
     */
    public ShardRandom random()
    {
        return random;
    }

    /**
     * The pool of send and receive buffers.
     *
     * @return it.
     */
    public BufferPool bufferPool()
    {
        return buffers;
    }

    /**
     * The generator of initial sequence numbers.
     *
     * @return it.
     */
    public IsnGenerator isnGenerator()
    {
        return isn;
    }

    /**
     * What is known of opening connections.
     *
     * @return live.
     */
    public HandshakeState handshakes()
    {
        return handshakes;
    }

    /**
     * Who is to be told of ICMP errors.
     *
     * @return the listener.
     */
    public IcmpErrorListener icmpErrorListener()
    {
        return icmpErrors;
    }

    /**
     * How connections come in and leave other than by segments.
     *
     * @return for codecs.
     */
    public Transfers transfers()
    {
        return transfers;
    }

    /**
     * What a codec of whole shards needs beside {@link #transfers()}.
     *
     * @return it.
     */
    public ShardAccess shardAccess()
    {
        return shardAccess;
    }
}
