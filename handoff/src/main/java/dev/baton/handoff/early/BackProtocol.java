package dev.baton.handoff.early;

import dev.baton.handoff.codec.EndReason;
import dev.baton.handoff.codec.EntryState;
import dev.baton.handoff.codec.Flag;
import dev.baton.handoff.codec.HandoffRequestDecoder;
import dev.baton.handoff.codec.RejectReason;
import dev.baton.handoff.control.ControlPlane;
import dev.baton.stack.Packet;
import dev.baton.stack.intercept.ModuleContext;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.collections.LongHashSet;

import java.util.List;

/**
 * The back's half of the handoff protocol: replay of SYN and ACK (P14-P16), HANDOFF ACK (P17, P18), COMMIT and CANCEL,
 * TERMINATION (P27), and what becomes of entries whose front is gone.
 * <p>
 * A PREPARED entry has emitted nothing and may therefore be let go at any time: a COMMIT that comes after is refused,
 * and the front resets its client. An ACTIVE entry ends only with its connection, on the front's word, or when the
 * front says that it does not know it.
 */
final class BackProtocol
{
    /** The handshake is replayed as long as it took, but TCP is not told of times further back than this. */
    private static final long MAX_REPLAYED_RTT_NS = 3_000_000_000L;
    /** The window of a SYN/ACK is never scaled (RFC 7323, section 2.2). */
    private static final int MAX_SYN_WINDOW_BYTES = 0xFFFF;

    private final EarlyConfig config;
    private final ModuleContext context;
    private final ControlPlane plane;
    private final ControlMessages out;
    private final FrontFlows frontFlows;
    private final BackFlows flows;
    private final List<IpAddress> ownAddresses;
    private final EarlyCounters counters;
    private final History history;
    private final Replay replay;
    private final BareSegment bare = new BareSegment();
    private final Packet heldPacket = new Packet();
    private final int[] channelGeneration;

    BackProtocol(
        final EarlyConfig config,
        final ModuleContext context,
        final ControlPlane plane,
        final ControlMessages out,
        final FrontFlows frontFlows,
        final BackFlows flows,
        final EarlyCounters counters,
        final History history)
    {
        this.config = config;
        this.context = context;
        this.plane = plane;
        this.out = out;
        this.frontFlows = frontFlows;
        this.flows = flows;
        this.ownAddresses = config.backs.getOrDefault(plane.localNode(), List.of());
        this.counters = counters;
        this.history = history;
        this.replay = new Replay(context);
        this.channelGeneration = new int[plane.peerCount()];
    }

    void onRequest(final int peer, final HandoffRequestDecoder request, final long nowNs)
    {
        counters.requestsReceived++;
        final long id = request.handoffId();
        final int epoch = request.epoch();
        final BackEntry known = flows.find(peer, id);
        if (known != null)
        {
            if (known.epoch == epoch && known.state != BackEntry.CLOSING)
            {
                out.ack(known);
            }
            return;
        }
        final RejectReason refusal = prepare(peer, request, nowNs);
        if (refusal != null)
        {
            counters.rejectsSent++;
            out.reject(peer, id, epoch, refusal);
        }
    }

    private RejectReason prepare(final int peer, final HandoffRequestDecoder request, final long nowNs)
    {
        final long backHi = request.backHi();
        final long backLo = request.backLo();
        final long clientHi = request.clientHi();
        final long clientLo = request.clientLo();
        if (!isOwn(backHi, backLo) || isOwn(clientHi, clientLo) ||
            IpAddress.isV4(backHi, backLo) != IpAddress.isV4(clientHi, clientLo))
        {
            return RejectReason.ADDRESS;
        }
        final int frontWindowScale = request.frontWindowScale();
        final int frontWindowBytes = request.frontWindowBytes();
        if (frontWindowScale < TcpOptions.ABSENT || frontWindowScale > TcpOptions.MAX_WINDOW_SCALE ||
            frontWindowBytes < 0 || frontWindowBytes > MAX_SYN_WINDOW_BYTES)
        {
            return RejectReason.MALFORMED;
        }
        final int backPort = request.backPort();
        final int clientPort = request.clientPort();
        if (flows.table.get(backHi, backLo, backPort, clientHi, clientLo, clientPort) != null ||
            frontFlows.table.get(backHi, backLo, backPort, clientHi, clientLo, clientPort) != null ||
            context.hasConnection(backHi, backLo, backPort, clientHi, clientLo, clientPort))
        {
            return RejectReason.COLLISION;
        }
        final BackEntry entry = flows.table.add(backHi, backLo, backPort, clientHi, clientLo, clientPort);
        if (entry == null)
        {
            return RejectReason.RESOURCES;
        }
        entry.reset();
        entry.handoffId = request.handoffId();
        entry.epoch = request.epoch();
        entry.peer = peer;
        entry.channelGeneration = channelGeneration[peer];
        entry.vipHi = request.vipHi();
        entry.vipLo = request.vipLo();
        entry.vipPort = request.vipPort();
        entry.isnFront = request.isnFront();
        entry.frontWindowScale = frontWindowScale;
        flows.index(entry);
        RejectReason refusal = RejectReason.RESOURCES;
        try
        {
            refusal = play(entry, request, nowNs);
        }
        finally
        {
            if (refusal != null)
            {
                flows.remove(entry);
            }
        }
        if (refusal != null)
        {
            return refusal;
        }
        entry.state = BackEntry.PREPARED;
        entry.preparedNs = nowNs;
        flows.preparedTimers.arm(entry, nowNs);
        counters.prepared++;
        out.ack(entry);
        return null;
    }

    /** P14 to P16, in the time that the client and the front took for it. */
    private RejectReason play(final BackEntry entry, final HandoffRequestDecoder request, final long nowNs)
    {
        final long rttNs = Math.max(0, Math.min(request.handshakeRttNs(), MAX_REPLAYED_RTT_NS));
        final boolean sack = request.sackPermitted() == Flag.YES;
        final boolean timestamps = request.timestamps() == Flag.YES;
        if (!replay.load(entry, request, sack, timestamps))
        {
            return RejectReason.MALFORMED;
        }
        replay.syn(entry, nowNs - rttNs);
        if (!entry.synAckSeen)
        {
            return entry.rstSeen ? RejectReason.NO_LISTENER : RejectReason.RESOURCES;
        }
        final boolean scales = entry.frontWindowScale >= 0;
        RejectReason refusal = null;
        if (entry.synAckSack != sack || entry.synAckTimestamps != timestamps ||
            entry.synAckEcn != (request.ecn() == Flag.YES) || entry.backWindowScale >= 0 != scales ||
            entry.synAckMss < request.frontMss())
        {
            refusal = RejectReason.OPTIONS;
        }
        else if (entry.synAckWindowBytes < request.frontWindowBytes())
        {
            refusal = RejectReason.WINDOW;
        }
        if (refusal != null)
        {
            resetTcp(entry, nowNs);
            return refusal;
        }
        replay.ack(entry, nowNs);
        if (connection(entry) == null)
        {
            resetTcp(entry, nowNs);
            return RejectReason.RESOURCES;
        }
        entry.delta = entry.isnFront - entry.isnBack;
        entry.rightEdge = entry.isnClient + 1 + request.frontWindowBytes();
        if (timestamps)
        {
            final int backTsNow = entry.synAckTsVal + (int)(rttNs / 1_000_000);
            entry.tsOffset = request.frontTsNow() - backTsNow;
        }
        else
        {
            entry.tsOffset = 0;
        }
        return null;
    }

    void onCommit(final int peer, final long handoffId, final int epoch, final long nowNs)
    {
        final BackEntry entry = find(peer, handoffId, epoch);
        if (entry == null)
        {
            out.commitRefused(peer, handoffId, epoch);
            return;
        }
        if (entry.state == BackEntry.PREPARED)
        {
            activate(entry, nowNs);
        }
        out.committed(peer, handoffId, epoch);
    }

    private void activate(final BackEntry entry, final long nowNs)
    {
        entry.state = BackEntry.ACTIVE;
        entry.committedNs = nowNs;
        TimerQueue.disarm(entry);
        counters.activated++;
        final TcpConnection connection = connection(entry);
        if (connection != null)
        {
            context.release(connection, nowNs);
        }
        final Hold hold = entry.hold;
        entry.hold = null;
        if (hold != null)
        {
            for (int i = 0; i < hold.segments.count(); i++)
            {
                context.injectUp(hold.segments.get(i, heldPacket), nowNs);
            }
            flows.holds.give(hold);
        }
    }

    void onCancel(final int peer, final long handoffId, final int epoch, final long nowNs)
    {
        final BackEntry entry = find(peer, handoffId, epoch);
        if (entry != null)
        {
            counters.cancelled++;
            letGo(entry, "cancelled", nowNs);
        }
        out.cancelled(peer, handoffId, epoch);
    }

    /** A RST goes up and nothing goes out: the gate is shut first. */
    private void letGo(final BackEntry entry, final String why, final long nowNs)
    {
        history.back(entry, plane.peerName(entry.peer), why, null, nowNs);
        entry.state = BackEntry.DOOMED;
        resetTcp(entry, nowNs);
        flows.remove(entry);
    }

    private void resetTcp(final BackEntry entry, final long nowNs)
    {
        final int rcvNxt = context.receiveNext(
            entry.localHi, entry.localLo, entry.localPort, entry.remoteHi, entry.remoteLo, entry.remotePort,
            entry.isnClient + 1);
        context.injectUp(
            bare.build(
                entry.remoteHi, entry.remoteLo, entry.remotePort, entry.localHi, entry.localLo, entry.localPort,
                rcvNxt, 0, TcpHeader.RST),
            nowNs);
    }

    /**
     * P26, P27: this node's TCP has freed a connection with these endpoints. While it still has one, what it has freed
     * was an older one, whose entry is gone already.
     */
    void tcpLetGo(final BackEntry entry, final long nowNs)
    {
        final boolean present = context.hasConnection(
            entry.localHi, entry.localLo, entry.localPort, entry.remoteHi, entry.remoteLo, entry.remotePort);
        if (entry.state == BackEntry.PREPARED && !present)
        {
            history.back(entry, plane.peerName(entry.peer), "lost before commit", null, nowNs);
            flows.remove(entry);
            return;
        }
        if (entry.state != BackEntry.ACTIVE)
        {
            return;
        }
        if (present)
        {
            flows.lingerTimers.arm(entry, nowNs);
            return;
        }
        final boolean closed = entry.finInAcked && entry.finOutAcked;
        terminate(entry, closed ? EndReason.CLOSED : entry.reset ? EndReason.RESET : EndReason.VANISHED, nowNs);
    }

    /**
     * G7: the client has opened anew from the same port while TIME-WAIT lasts here: the front must be free to take it.
     */
    void reusedByClient(final BackEntry entry, final long nowNs)
    {
        terminate(entry, EndReason.CLOSED, nowNs);
    }

    private void terminate(final BackEntry entry, final EndReason reason, final long nowNs)
    {
        entry.state = BackEntry.CLOSING;
        entry.endReason = reason.value();
        entry.closingNs = nowNs;
        counters.terminationsSent++;
        out.termination(entry);
        flows.repeatTimers.arm(entry, nowNs);
    }

    void onTerminated(final int peer, final long handoffId, final int epoch, final long nowNs)
    {
        final BackEntry entry = find(peer, handoffId, epoch);
        if (entry != null && entry.state == BackEntry.CLOSING)
        {
            history.back(entry, plane.peerName(peer), "terminated", EndReason.get((short)entry.endReason), nowNs);
            flows.remove(entry);
        }
    }

    void onConnected(final int peer)
    {
        channelGeneration[peer]++;
    }

    void inventory(final int peer, final List<ControlMessages.Item> items)
    {
        for (final BackEntry entry : flows.table.snapshot())
        {
            if (entry.peer == peer)
            {
                final EntryState state =
                    entry.state == BackEntry.PREPARED ? EntryState.PREPARED : EntryState.ACTIVE;
                items.add(new ControlMessages.Item(entry.handoffId, entry.epoch, state));
            }
        }
    }

    /** G6: what the front does not know is nobody's: it ends here, in silence. */
    void onInventory(final int peer, final LongHashSet ids, final long nowNs)
    {
        for (final BackEntry entry : flows.table.snapshot())
        {
            final boolean fresh = entry.channelGeneration == channelGeneration[peer] &&
                nowNs - entry.preparedNs < FrontProtocol.GRACE_NS;
            if (entry.peer == peer && !fresh && entry.state != BackEntry.CLOSING && !ids.contains(entry.handoffId))
            {
                counters.orphansEnded++;
                letGo(entry, "orphaned", nowNs);
            }
        }
    }

    int poll(final long nowNs)
    {
        int work = 0;
        BackEntry entry;
        while ((entry = (BackEntry)flows.preparedTimers.pollDue(nowNs)) != null)
        {
            counters.preparedExpired++;
            letGo(entry, "never committed", nowNs);
            work++;
        }
        while ((entry = (BackEntry)flows.lingerTimers.pollDue(nowNs)) != null)
        {
            tcpLetGo(entry, nowNs);
            work++;
        }
        while ((entry = (BackEntry)flows.repeatTimers.pollDue(nowNs)) != null)
        {
            repeatTermination(entry, nowNs);
            work++;
        }
        return work;
    }

    /** A front that has been out of reach for so long takes this node for dead, and lets go by itself. */
    private void repeatTermination(final BackEntry entry, final long nowNs)
    {
        if (!plane.isConnected(entry.peer) && nowNs - entry.closingNs >= config.peerDeadNs)
        {
            history.back(entry, plane.peerName(entry.peer), "front out of reach", null, nowNs);
            flows.remove(entry);
            return;
        }
        out.termination(entry);
        flows.repeatTimers.arm(entry, nowNs);
    }

    /** Null when TCP has none, or keeps only TIME-WAIT or a half-open one. */
    TcpConnection connection(final BackEntry entry)
    {
        return context.connection(
            entry.localHi, entry.localLo, entry.localPort, entry.remoteHi, entry.remoteLo, entry.remotePort);
    }

    long nextDeadlineNs()
    {
        return flows.nextDeadlineNs();
    }

    private BackEntry find(final int peer, final long handoffId, final int epoch)
    {
        final BackEntry entry = flows.find(peer, handoffId);
        return entry != null && entry.epoch == epoch ? entry : null;
    }

    /** Does this node serve on the address as a back, and as nothing else? */
    boolean isBackOnly(final long hi, final long lo)
    {
        return isOwn(hi, lo) && !config.isVip(hi, lo);
    }

    private boolean isOwn(final long hi, final long lo)
    {
        for (int i = 0; i < ownAddresses.size(); i++)
        {
            if (ownAddresses.get(i).lo() == lo && ownAddresses.get(i).hi() == hi)
            {
                return true;
            }
        }
        return false;
    }
}
