package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.StackContext;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.ip.LocalAddresses;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;

/**
 * How connections come into a shard, and leave it, other than by segments: for codecs. Nothing here sends, and nothing
 * calls a service or a module. A connection that comes in is made first ({@link #take()}), outside of every table, and
 * acts only once it has been admitted. Used by the shard's thread only, between two polls.
 */
public final class Transfers
{
    /** Ids up to here are kept on import; so ids that a shard gives itself never run out. */
    private static final long GREATEST_KEPT_ID = 1L << 62;

    private final StackContext context;
    private final Link link;
    private final LocalAddresses addresses;
    private final Paths paths;
    private final InterceptorChain chain;
    private final IsnGenerator isn;
    private final ConnectionTable table;
    private final SynQueue synQueue;
    private final TimeWaitTable timeWaits;
    private final TcpTimers timers;
    private final Listeners listeners;
    private final ConnectionLife life;
    private final TcbPool tcbs;
    private final ServiceRegistry services;
    private final TcpEndpoint endpoint;
    private long nowNs;
    /** The listeners that come in with a whole shard, until they are admitted; null otherwise. */
    private Listeners arriving;
    private boolean whole;

    Transfers(
        final StackContext context,
        final Link link,
        final LocalAddresses addresses,
        final Paths paths,
        final InterceptorChain chain,
        final IsnGenerator isn,
        final ConnectionTable table,
        final SynQueue synQueue,
        final TimeWaitTable timeWaits,
        final TcpTimers timers,
        final Listeners listeners,
        final ConnectionLife life,
        final TcbPool tcbs,
        final ServiceRegistry services,
        final TcpEndpoint endpoint)
    {
        this.context = context;
        this.link = link;
        this.addresses = addresses;
        this.paths = paths;
        this.chain = chain;
        this.isn = isn;
        this.table = table;
        this.synQueue = synQueue;
        this.timeWaits = timeWaits;
        this.timers = timers;
        this.listeners = listeners;
        this.life = life;
        this.tcbs = tcbs;
        this.services = services;
        this.endpoint = endpoint;
    }

    /**
     * Is an address one of the shard's?
     *
     * @param hi upper half.
     * @param lo lower half.
     * @return true when it is.
     */
    public boolean isLocal(final long hi, final long lo)
    {
        return addresses.contains(hi, lo);
    }

    /**
     * Greatest packet that the shard's link carries.
     *
     * @return in bytes.
     */
    public int mtu()
    {
        return link.mtu();
    }

    /**
     * How many more Tcbs the shard may have.
     *
     * @return 0 or more.
     */
    public int connectionRoom()
    {
        return Math.max(0, context.maxConnections() - Math.max(tcbs.liveCount(), table.size()));
    }

    /**
     * How many more half-open connections the shard may have.
     *
     * @return 0 or more.
     */
    public int halfOpenRoom()
    {
        return Math.max(0, context.synBacklog() - synQueue.size());
    }

    /**
     * How many more connections in TIME-WAIT the shard may have.
     *
     * @return 0 or more.
     */
    public int timeWaitRoom()
    {
        return Math.max(0, context.maxTimeWait() - timeWaits.size());
    }

    /**
     * Who listens for an address and port.
     *
     * @param hi   address, upper half.
     * @param lo   address, lower half.
     * @param port of the address.
     * @return null when nobody does.
     */
    public Listener listener(final long hi, final long lo, final int port)
    {
        return (arriving == null ? listeners : arriving).find(hi, lo, port);
    }

    /**
     * How many listeners there are.
     *
     * @return 0 or more.
     */
    public int listenerCount()
    {
        return listeners.size();
    }

    /**
     * A whole shard is about to come in: until {@link #endShard()} its listeners are those that count, what a connection
     * knows of its path is no news, and who lost its listener has a closed one.
     */
    public void beginShard()
    {
        whole = true;
        arriving = new Listeners();
    }

    /**
     * Is a whole shard coming in?
     *
     * @return true between {@link #beginShard()} and {@link #endShard()}.
     */
    public boolean isWhole()
    {
        return whole;
    }

    /**
     * A listener that comes in with its shard; it is not known before {@link #admitListeners()}.
     *
     * @param family  which families a wildcard address stands for.
     * @param address local address, or {@link IpAddress#ANY}.
     * @param port    local port.
     * @param service gets its connections.
     * @param backlog as it was.
     * @return the listener, to be filled.
     * @throws IllegalStateException when another one that comes in has address and port.
     */
    public Listener takeListener(
        final IpFamily family, final IpAddress address, final int port, final TcpService service, final int backlog)
    {
        final Listener listener = arriving.add(family, address, port, service, backlog, life.acceptQueues);
        listener.options(endpoint.options());
        return listener;
    }

    /** Let the listeners that have come in act. */
    public void admitListeners()
    {
        arriving.list().forEach((listener) -> services.acquire(listener.service()));
        listeners.adopt(arriving);
        arriving = null;
    }

    /** The whole shard is in, or it was refused. */
    public void endShard()
    {
        whole = false;
        arriving = null;
    }

    /** Who is counted for: in a whole shard the listener may have been closed. */
    private Listener owner(final long hi, final long lo, final int port, final boolean waits, final TcpService service)
    {
        final Listener listener = listeners.find(hi, lo, port);
        if (!whole || listener != null && (listener.hasBacklog() || !waits))
        {
            return listener;
        }
        final Listener gone = new Listener(new IpAddress(hi, lo), port, service, 0, life.acceptQueues);
        gone.options(endpoint.options());
        gone.close();
        return gone;
    }

    /**
     * The id that the next connection of the shard's own would get: no id from it on has been used.
     *
     * @return a positive number.
     */
    public long nextId()
    {
        return life.nextId();
    }

    /**
     * The id under which a connection comes in: its own when no connection of this shard has or had it, else a new one.
     *
     * @param wanted  its id in the shard that it comes from.
     * @param firstId {@link #nextId()} before the first connection of the same image was admitted.
     * @return its id here.
     */
    private long adoptId(final long wanted, final long firstId)
    {
        if (wanted < firstId || wanted > GREATEST_KEPT_ID)
        {
            return life.takeId();
        }
        life.nextId(Math.max(life.nextId(), wanted + 1));
        return wanted;
    }

    /**
     * A Tcb for a connection that is to come in, in no table and on no queue. It is either admitted or given back.
     *
     * @return an unused Tcb; there must be {@link #connectionRoom()}.
     */
    public Tcb take()
    {
        return tcbs.take();
    }

    /**
     * Give a Tcb back that will not be admitted; its buffers go back to the pool.
     *
     * @param tcb from {@link #take()}.
     */
    public void giveBack(final Tcb tcb)
    {
        tcbs.giveBack(tcb);
    }

    /**
     * Connections are about to be admitted: from now on the shard's clock shows at least this time, so that what they
     * owe is due.
     *
     * @param nowNs the time at which they go on.
     */
    public void begin(final long nowNs)
    {
        this.nowNs = nowNs;
        endpoint.begin(nowNs);
    }

    /**
     * Let a connection act: it gets its id and its service, takes its place in the tables, its timers are set to its
     * deadlines, and it owes again what it owed.
     *
     * @param tcb     from {@link #take()}, filled; no connection has its flow, unless it is detached.
     * @param id      its id in the shard that it comes from.
     * @param firstId {@link #nextId()} before the first connection of the same image was admitted.
     * @param service of the connection.
     * @param owed    what {@link TcbAccess#owed(Tcb)} said.
     */
    public void admit(final Tcb tcb, final long id, final long firstId, final TcpService service, final int owed)
    {
        tcb.id = adoptId(id, firstId);
        tcb.service = service;
        services.acquire(service);
        takePath(tcb);
        if (!tcb.detached)
        {
            table.add(isn.tableHash(
                tcb.localHi, tcb.localLo, tcb.localPort, tcb.remoteHi, tcb.remoteLo, tcb.remotePort), tcb);
        }
        timers.update(tcb);
        if (tcb.fastOpen == Tcb.FAST_OPEN_EARLY)
        {
            tcb.earlyListener = owner(tcb.localHi, tcb.localLo, tcb.localPort, false, service);
            tcb.earlyListener.fastOpen.enter();
        }
        if (tcb.awaitsAccept)
        {
            life.acceptQueues.restore(tcb, owner(tcb.localHi, tcb.localLo, tcb.localPort, true, service));
        }
        if ((owed & TcbAccess.OUTPUT) != 0)
        {
            life.markDirty(tcb);
        }
        final int calls = owed & TcbAccess.CALLS | TcbAccess.rareCalls(tcb);
        if (calls != 0)
        {
            life.raise(tcb, calls);
        }
        if ((owed & TcbAccess.MEMORY) != 0)
        {
            endpoint.starve(tcb);
        }
    }

    /** What the connection knows of its path is news for this shard; what a search found is its own business. */
    private void takePath(final Tcb tcb)
    {
        if (whole)
        {
            tcb.pathsVersion = paths.version() - 1;
            return;
        }
        final boolean told = tcb.mtuSearchLow == 0 || tcb.pathMtu < tcb.mtuSearchLow;
        if (told && tcb.pathMtu < paths.firstHopMtu(tcb.remoteHi, tcb.remoteLo))
        {
            paths.pathMtu().lower(tcb.remoteHi, tcb.remoteLo, tcb.pathMtu, nowNs);
        }
        tcb.pathsVersion = paths.version();
    }

    /**
     * A half-open connection comes in. Its other fields are the caller's to set before {@link #schedule(HalfOpen,
     * long)}.
     *
     * @param id         its id in the shard that it comes from.
     * @param firstId    {@link #nextId()} before the first connection of the same image was admitted.
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port, with a listener.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return the entry; no connection has its flow, and there is {@link #halfOpenRoom()}.
     */
    public HalfOpen admitHalfOpen(
        final long id,
        final long firstId,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        final HalfOpen entry = synQueue.add(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        entry.id = adoptId(id, firstId);
        entry.listener = owner(localHi, localLo, localPort, false, null);
        return entry;
    }

    /**
     * Set the timer of a half-open connection that has come in.
     *
     * @param entry from {@link #admitHalfOpen}.
     * @param atNs  when its SYN/ACK is to be sent again.
     */
    public void schedule(final HalfOpen entry, final long atNs)
    {
        synQueue.schedule(entry, atNs);
    }

    /**
     * A connection in TIME-WAIT comes in. Its other fields are the caller's to set.
     *
     * @param id          its id in the shard that it comes from.
     * @param firstId     {@link #nextId()} before the first connection of the same image was admitted.
     * @param localHi     local address, upper half.
     * @param localLo     local address, lower half.
     * @param localPort   local port.
     * @param remoteHi    remote address, upper half.
     * @param remoteLo    remote address, lower half.
     * @param remotePort  remote port.
     * @param expiresAtNs when it is over.
     * @return the entry; no connection has its flow, and there is {@link #timeWaitRoom()}.
     */
    public TimeWait admitTimeWait(
        final long id,
        final long firstId,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final long expiresAtNs)
    {
        final int hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        final TimeWait entry =
            timeWaits.add(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort, expiresAtNs);
        entry.id = adoptId(id, firstId);
        return entry;
    }

    /**
     * Take a connection out of the shard in silence: nothing is sent, and neither its service nor a module is called,
     * because for them it has not ended. An indication that a module holds is forgotten. The handle's id is 0
     * afterwards.
     *
     * @param tcb of a connection of this shard; pooled again afterwards.
     */
    public void remove(final Tcb tcb)
    {
        table.remove(tcb);
        timers.remove(tcb);
        life.acceptQueues.leave(tcb);
        life.endEarly(tcb, false, 0);
        chain.connectionEnded(tcb.handle);
        life.recycle(tcb);
    }

    /**
     * The half-open connection of a flow.
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return null when there is none.
     */
    public HalfOpen halfOpen(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return synQueue.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
    }

    /**
     * The connection in TIME-WAIT of a flow.
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return null when there is none.
     */
    public TimeWait timeWait(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final int hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return timeWaits.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
    }

    /**
     * Take a half-open connection out of the shard in silence.
     *
     * @param entry of this shard.
     */
    public void remove(final HalfOpen entry)
    {
        synQueue.remove(entry);
    }

    /**
     * Take a connection in TIME-WAIT out of the shard in silence: no module is told, because it has not ended.
     *
     * @param entry of this shard.
     */
    public void remove(final TimeWait entry)
    {
        timeWaits.remove(entry);
    }

    /**
     * Visit the connections that have a Tcb, those included that are over but whose data has not been read.
     *
     * @param visitor is called in the order of their ids.
     */
    public void forEachConnection(final Consumer<Tcb> visitor)
    {
        final Tcb[] all = tcbs.live();
        Arrays.sort(all, Comparator.comparingLong((tcb) -> tcb.id));
        Arrays.stream(all).filter((tcb) -> tcb.closeReason < 0).forEach(visitor);
    }

    /**
     * Visit the half-open connections.
     *
     * @param visitor is called in the order of their deadlines, then of their ids.
     */
    public void forEachHalfOpen(final Consumer<HalfOpen> visitor)
    {
        final HalfOpen[] all = new HalfOpen[synQueue.size()];
        int count = 0;
        for (int slot = 0; slot < synQueue.slotCount(); slot++)
        {
            if (synQueue.entry(slot) != null)
            {
                all[count] = synQueue.entry(slot);
                count++;
            }
        }
        Arrays.sort(all, Comparator.comparingLong((HalfOpen entry) -> entry.retransmitAtNs)
            .thenComparingLong((entry) -> entry.id));
        Arrays.stream(all).forEach(visitor);
    }

    /**
     * Visit the connections in TIME-WAIT.
     *
     * @param visitor is called in the order of their deadlines, then of their ids.
     */
    public void forEachTimeWait(final Consumer<TimeWait> visitor)
    {
        final TimeWait[] all = new TimeWait[timeWaits.size()];
        int count = 0;
        for (int slot = 0; slot < timeWaits.slotCount(); slot++)
        {
            if (timeWaits.entry(slot) != null)
            {
                all[count] = timeWaits.entry(slot);
                count++;
            }
        }
        Arrays.sort(all, Comparator.comparingLong((TimeWait entry) -> entry.expiresAtNs)
            .thenComparingLong((entry) -> entry.id));
        Arrays.stream(all).forEach(visitor);
    }
}
