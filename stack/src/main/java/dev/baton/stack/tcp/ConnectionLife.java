package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.SoftError;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.tcp.congestion.CongestionControl;
import dev.baton.stack.tcp.congestion.CongestionControls;

/**
 * How connections come into being, become established and end; and what they owe: a Tcb stands in the dirty queue when
 * output must look at it, in the ready queue when its service or the modules must be called.
 */
final class ConnectionLife
{
    /** Event: tell the service of the connection. */
    static final int ACCEPTED = 1;
    /** Event: there is something to read. */
    static final int READABLE = 2;
    /** Event: there is room to write. */
    static final int WRITABLE = 4;
    /** Event: the connection is gone. */
    static final int CLOSED = 8;
    /** Event: the peer has announced urgent data. */
    static final int URGENT = 64;
    /** Event: a close has lingered for long enough. */
    static final int LINGERED = 128;
    /** Event: the network reports an error that ends nothing. */
    static final int SOFT_ERROR = 256;
    /** Event: R1 is reached. */
    static final int RETRANSMITTING = 512;

    private static final int FIRST_RECEIVE_MSS = 536;

    final TcbQueue dirty = new TcbQueue();
    final TcbQueue ready = new TcbQueue();
    final AcceptQueues acceptQueues = new AcceptQueues(this);

    private final StackContext context;
    private final Link link;
    private final StackCounters counters;
    private final InterceptorChain chain;
    private final IsnGenerator isn;
    private final ConnectionTable table;
    private final TimeWaitTable timeWaits;
    private final TcpTimers timers;
    private final Resets resets;
    private final TcbPool pool;
    private final Paths paths;
    private final Plpmtud plpmtud;
    private final ServiceRegistry services;
    private final CongestionControl congestionControl;
    private final TimeWaitEnd timeWaitEnd;
    private final SideObjects sides;
    private final PathMemory memory;
    private long nextId = 1;
    private Tcb established;

    ConnectionLife(
        final StackContext context,
        final Link link,
        final StackCounters counters,
        final InterceptorChain chain,
        final IsnGenerator isn,
        final ConnectionTable table,
        final TimeWaitTable timeWaits,
        final TcpTimers timers,
        final Resets resets,
        final TcbPool pool,
        final ServiceRegistry services,
        final PathMemory memory,
        final Paths paths,
        final Plpmtud plpmtud,
        final SideObjects sides)
    {
        this.sides = sides;
        this.paths = paths;
        this.plpmtud = plpmtud;
        this.services = services;
        this.memory = memory;
        this.context = context;
        this.link = link;
        this.counters = counters;
        this.chain = chain;
        this.isn = isn;
        this.table = table;
        this.timeWaits = timeWaits;
        this.timers = timers;
        this.resets = resets;
        this.pool = pool;
        this.congestionControl = CongestionControls.byName(context.congestionControl());
        this.timeWaitEnd = new TimeWaitEnd(chain, timeWaits);
    }

    /** An identity that no other connection of this shard has or had. */
    long takeId()
    {
        return nextId++;
    }

    long nextId()
    {
        return nextId;
    }

    void nextId(final long id)
    {
        nextId = id;
    }

    /** Is there room for one more Tcb? */
    boolean hasRoom()
    {
        return !table.isFull() && pool.liveCount() < context.maxConnections();
    }

    /** A Tcb for a flow that has none, with everything set that does not depend on SYNs. There is room. */
    Tcb open(
        final long id,
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final TcpService service,
        final long nowNs)
    {
        final Tcb tcb = pool.take();
        tcb.id = id;
        tcb.localHi = localHi;
        tcb.localLo = localLo;
        tcb.localPort = localPort;
        tcb.remoteHi = remoteHi;
        tcb.remoteLo = remoteLo;
        tcb.remotePort = remotePort;
        tcb.service = service;
        tcb.tsOffset = isn.timestampOffset(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        tcb.tsPhaseNs = isn.timestampPhaseNs();
        tcb.flowLabel = isn.timestampHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort) >>> 12;
        tcb.congestionControl = congestionControl;
        tcb.pathMtu = paths.mtu(remoteHi, remoteLo);
        tcb.pathsVersion = paths.version();
        tcb.localMss = EffectiveMss.local(link.mtu(), tcb.isV4(), context.maxSegmentBytes());
        tcb.rcvMss = Math.min(FIRST_RECEIVE_MSS, tcb.localMss);
        tcb.rtoNs = context.initialRtoNs();
        tcb.noDelay = context.noDelay();
        tcb.keepAlive = context.keepAlive();
        tcb.lastReceivedAtNs = nowNs;
        tcb.lastSentAtNs = nowNs;
        table.add(hash, tcb);
        services.acquire(service);
        return tcb;
    }

    /** Our SYN is acknowledged and the peer's has come. */
    void establish(final Tcb tcb, final long nowNs)
    {
        final boolean early = tcb.fastOpen == Tcb.FAST_OPEN_EARLY;
        tcb.state = TcpState.ESTABLISHED;
        tcb.wasEstablished = true;
        tcb.synOwed = false;
        AckPolicy.begin(tcb);
        if (early)
        {
            endEarly(tcb, false, nowNs);
            tcb.fastOpen = Tcb.FAST_OPEN_DATA_TAKEN;
        }
        else
        {
            beginSending(tcb, nowNs);
        }
        RttEstimator.afterHandshake(tcb, context);
        memory.use(tcb, nowNs);
        KeepAlive.arm(tcb, context, nowNs);
        if (tcb.passive)
        {
            counters.increment(StackCounter.TCP_PASSIVE_OPENS);
            established = early ? established : tcb;
        }
        else
        {
            indicate(tcb);
        }
    }

    private void beginSending(final Tcb tcb, final long nowNs)
    {
        tcb.recoveryPoint = tcb.iss;
        tcb.sndSml = tcb.sndUna;
        EffectiveMss.update(tcb);
        plpmtud.begin(tcb, nowNs);
        // After a lost SYN or SYN/ACK the window begins with one segment (RFC 5681, section 3.1).
        pool.congestion().establish(
            tcb, tcb.segmentsRetransmitted > 0 ? 1 : context.initialWindowSegments(), nowNs);
    }

    /** A Fast Open listener uses a connection before our SYN is acknowledged (RFC 7413, section 4.2.2). */
    void openEarly(final Tcb tcb, final long nowNs)
    {
        beginSending(tcb, nowNs);
        established = tcb;
        markDirty(tcb);
    }

    /** A connection counts no longer against its listener's limit of early ones. */
    void endEarly(final Tcb tcb, final boolean byReset, final long nowNs)
    {
        if (tcb.earlyListener != null)
        {
            tcb.earlyListener.fastOpen.leave(byReset, nowNs);
            tcb.earlyListener = null;
        }
    }

    /** Tell the modules of a connection that the segment just processed has established. */
    void tellModules(final long nowNs)
    {
        final Tcb tcb = established;
        if (tcb != null)
        {
            established = null;
            if (tcb.closeReason < 0)
            {
                chain.connectionEstablished(tcb.handle, nowNs);
            }
        }
    }

    /** The indication has passed the modules: the service is told. */
    void indicate(final Tcb tcb)
    {
        if (tcb.closeReason < 0 && !tcb.indicated)
        {
            tcb.indicated = true;
            if (tcb.awaitsAccept)
            {
                acceptQueues.arrive(tcb);
                return;
            }
            raise(tcb, ACCEPTED);
            if (tcb.receiveRing.readable() > 0 || tcb.finReceived)
            {
                raise(tcb, READABLE);
            }
        }
    }

    /** Have the service called, as soon as it knows of the connection. */
    void raise(final Tcb tcb, final int event)
    {
        if (tcb.indicated && !tcb.awaitsAccept || event == CLOSED)
        {
            tcb.events |= event;
            if (!tcb.ready)
            {
                tcb.ready = true;
                ready.add(tcb);
            }
        }
    }

    void markDirty(final Tcb tcb)
    {
        if (!tcb.dirty)
        {
            tcb.dirty = true;
            dirty.add(tcb);
        }
    }

    /**
     * Do what user calls have asked for (RFC 9293, sections 3.10.4 and 3.10.5). Returns false when the connection ended
     * by it.
     */
    boolean obeyUser(final Tcb tcb, final long nowNs)
    {
        if (tcb.detached)
        {
            if (tcb.userClosed || tcb.abortRequested || tcb.receiveRing.readable() == 0)
            {
                finish(tcb, CloseReason.NORMAL);
            }
            return false;
        }
        final boolean unread = tcb.userClosed && tcb.state >= TcpState.ESTABLISHED && tcb.receiveRing.readable() > 0;
        if (tcb.abortRequested || unread)
        {
            // Closing with data unread loses data, so the peer must learn of it (RFC 9293, section 3.6.1, SHLD-3).
            counters.increment(StackCounter.TCP_ABORT_ON_CLOSE);
            reset(tcb, nowNs);
            return false;
        }
        if (tcb.finQueued)
        {
            return close(tcb, nowNs);
        }
        return true;
    }

    private boolean close(final Tcb tcb, final long nowNs)
    {
        if (tcb.state == TcpState.SYN_SENT && tcb.userClosed)
        {
            terminate(tcb, CloseReason.ABORTED, nowNs);
            return false;
        }
        if (tcb.state == TcpState.ESTABLISHED)
        {
            tcb.state = TcpState.FIN_WAIT_1;
        }
        else if (tcb.state == TcpState.CLOSE_WAIT)
        {
            tcb.state = TcpState.LAST_ACK;
        }
        else if (tcb.state == TcpState.FIN_WAIT_2 && tcb.userClosed && tcb.finWait2AtNs == Tcb.NONE)
        {
            tcb.finWait2AtNs = nowNs + Math.max(0, InForce.finWait2Ns(tcb, context));
        }
        return true;
    }

    /** Reset a connection from our side. */
    void reset(final Tcb tcb, final long nowNs)
    {
        if (tcb.state != TcpState.SYN_SENT)
        {
            resets.abort(tcb, nowNs);
        }
        terminate(tcb, CloseReason.ABORTED, nowNs);
    }

    /** Reset a connection because of a segment: the RST has the number that the segment expects. */
    void refuse(final Tcb tcb, final Segment segment, final long nowNs)
    {
        resets.answer(segment, nowNs);
        terminate(tcb, CloseReason.ABORTED, nowNs);
    }

    /**
     * The protocol is through with a connection; what was received in order before an orderly end can still be read.
     */
    void terminate(final Tcb tcb, final CloseReason reason, final long nowNs)
    {
        if (tcb.state < TcpState.ESTABLISHED)
        {
            counters.increment(StackCounter.TCP_ATTEMPT_FAILS);
        }
        else if (reason == CloseReason.RESET || reason == CloseReason.ABORTED)
        {
            counters.increment(StackCounter.TCP_ESTAB_RESETS);
        }
        if (reason == CloseReason.NORMAL)
        {
            memory.learn(tcb, nowNs);
        }
        endEarly(tcb, reason == CloseReason.RESET, nowNs);
        tcb.state = TcpState.CLOSED;
        detach(tcb, reason);
    }

    /** Our FIN was acknowledged, or the time that a close lingers is over. */
    void lingered(final Tcb tcb)
    {
        if (Linger.end(tcb))
        {
            raise(tcb, LINGERED);
        }
    }

    /** The network reports something that does not end the connection (RFC 9293, section 3.9.2.2). */
    void softError(final Tcb tcb, final SoftError error)
    {
        sides.settings(tcb).softErrno = error.errno();
        raise(tcb, SOFT_ERROR);
    }

    private void detach(final Tcb tcb, final CloseReason reason)
    {
        if (reason == CloseReason.NORMAL)
        {
            lingered(tcb);
        }
        table.remove(tcb);
        tcb.clearDeadlines();
        timers.remove(tcb);
        if (reason == CloseReason.NORMAL && tcb.receiveRing.readable() > 0 && tcb.indicated && !tcb.userClosed)
        {
            tcb.detached = true;
            return;
        }
        finish(tcb, reason);
    }

    private void finish(final Tcb tcb, final CloseReason reason)
    {
        tcb.closeReason = reason.ordinal();
        acceptQueues.leave(tcb);
        tcb.sendRing.reset(0);
        tcb.receiveRing.reset(0);
        tcb.sentLog.reset(0);
        chain.connectionEnded(tcb.handle);
        raise(tcb, CLOSED);
    }

    /** Both FINs are acknowledged and ours was first, or they crossed (RFC 9293, section 3.6). */
    void enterTimeWait(final Tcb tcb, final int hash, final long nowNs)
    {
        counters.increment(StackCounter.TW);
        memory.learn(tcb, nowNs);
        if (timeWaits.isFull())
        {
            counters.increment(StackCounter.TCP_TIME_WAIT_OVERFLOW);
            timeWaitEnd.end(timeWaits.oldest(), nowNs);
        }
        final TimeWait entry = timeWaits.add(hash, tcb.localHi, tcb.localLo, tcb.localPort,
            tcb.remoteHi, tcb.remoteLo, tcb.remotePort, nowNs + context.timeWaitNs());
        entry.id = tcb.id;
        entry.sndNxt = tcb.sndNxt;
        entry.rcvNxt = tcb.rcvNxt;
        entry.windowField = Math.max(0, tcb.rcvAdv - tcb.rcvNxt) >>> tcb.rcvShift;
        entry.timestampsOk = tcb.timestampsOk;
        entry.tsRecent = tcb.tsRecent;
        entry.tsRecentAtNs = tcb.tsRecentAtNs;
        entry.tsOffset = TcbAccess.tsOffset(Timestamps.value(tcb, nowNs), nowNs + isn.timestampPhaseNs());
        entry.flowLabel = tcb.flowLabel;
        entry.passive = tcb.passive;
        tcb.state = TcpState.TIME_WAIT;
        detach(tcb, CloseReason.NORMAL);
    }

    TimeWaitEnd timeWaitEnd()
    {
        return timeWaitEnd;
    }

    /** Everybody has been told of the end; the Tcb is free for another connection. */
    void recycle(final Tcb tcb)
    {
        services.release(tcb.service);
        pool.giveBack(tcb);
    }
}
