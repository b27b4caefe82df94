package dev.baton.handoff.early;

import dev.baton.handoff.codec.EndReason;
import dev.baton.handoff.codec.EntryState;
import dev.baton.handoff.codec.RejectReason;
import dev.baton.handoff.control.ControlPlane;
import dev.baton.stack.Packet;
import dev.baton.stack.intercept.ModuleContext;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.collections.LongHashSet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The front's half of the handoff protocol: who is to serve (P11), REQUEST (P12, P13), COMMIT and the end of the
 * front's own Tcb (P20), forwarding (P22), staying (P23), and the end (P28); what it does when the back refuses, is
 * late, dies, or cannot be reached.
 * <p>
 * Until COMMIT has been sent every failure means "stay": the front holds all it needs to serve by itself. From then on
 * the back owns the connection, and a back that is lost means a clean reset of the client.
 */
final class FrontProtocol
{
    private static final int FIRST_MOVE_EPOCH = 2;
    /**
     * An inventory says nothing of entries that are younger than this and of the same channel: it may have been written
     * before.
     */
    static final long GRACE_NS = 2_000_000_000L;

    private final EarlyConfig config;
    private final ModuleContext context;
    private final ControlPlane plane;
    private final ControlMessages out;
    private final FrontFlows flows;
    private final Chooser chooser;
    private final Cancels cancels;
    private final EarlyCounters counters;
    private final History history;
    private final BareSegment bare = new BareSegment();
    private final SegmentRewriter rewriter = new SegmentRewriter();
    private final Packet heldPacket = new Packet();
    private final ArrayDeque<FrontEntry> toExamine = new ArrayDeque<>();
    private final DeadPeers deadPeers;
    private final int[] channelGeneration;
    private final long idPrefix;
    private long idCounter;

    FrontProtocol(
        final EarlyConfig config,
        final ModuleContext context,
        final ControlPlane plane,
        final ControlMessages out,
        final FrontFlows flows,
        final Chooser chooser,
        final EarlyCounters counters,
        final History history)
    {
        this.config = config;
        this.context = context;
        this.plane = plane;
        this.out = out;
        this.flows = flows;
        this.chooser = chooser;
        this.cancels = new Cancels(config.repeatNs, out, counters);
        this.counters = counters;
        this.history = history;
        this.deadPeers = new DeadPeers(config, plane.peerCount());
        this.channelGeneration = new int[plane.peerCount()];
        this.idPrefix = context.nextRandom() << 32;
    }

    /** The indication came up from inside TCP: look at the request once TCP has returned. */
    void examineLater(final FrontEntry entry)
    {
        toExamine.add(entry);
    }

    void examine(final FrontEntry entry, final long nowNs)
    {
        if (entry.state != FrontEntry.HOLDING || entry.hold == null || entry.connection == null)
        {
            return;
        }
        final int choice = chooser.choose(entry);
        if (choice >= 0)
        {
            chosen(entry, choice, nowNs);
        }
        else if (choice == Chooser.STAY || choice == Chooser.NEED_MORE && entry.streamEnded())
        {
            counters.stayedByPolicy++;
            stay(entry, "stayed: policy", nowNs);
        }
        else if (choice == Chooser.REFUSE)
        {
            counters.refusedByPolicy++;
            final TcpConnection connection = entry.connection;
            flows.remove(entry);
            connection.abort();
        }
    }

    private void chosen(final FrontEntry entry, final int node, final long nowNs)
    {
        final IpAddress address = chooser.address(node, entry.ipVersion);
        final int peer = chooser.peer(node);
        if (peer < 0 || address == null || !plane.isConnected(peer))
        {
            counters.stayedByChannel++;
            stay(entry, "stayed: channel", nowNs);
            return;
        }
        entry.handoffId = nextId();
        entry.epoch = FIRST_MOVE_EPOCH;
        entry.peer = peer;
        entry.channelGeneration = channelGeneration[peer];
        entry.backHi = address.hi();
        entry.backLo = address.lo();
        entry.backPort = entry.localPort;
        entry.requestedNs = nowNs;
        entry.state = FrontEntry.REQUESTED;
        flows.byId.put(entry.handoffId, entry);
        final int tsNow = entry.frontTsVal + (int)((nowNs - entry.frontTsNs) / 1_000_000);
        if (!out.request(entry, tsNow))
        {
            counters.stayedByChannel++;
            stay(entry, "stayed: channel", nowNs);
            return;
        }
        counters.requestsSent++;
        flows.requestTimers.arm(entry, nowNs);
    }

    /** P23: the front serves by itself. The indication goes up, then everything that was held. */
    void stay(final FrontEntry entry, final String why, final long nowNs)
    {
        if (entry.state == FrontEntry.REQUESTED)
        {
            cancels.add(entry.peer, entry.handoffId, entry.epoch, nowNs);
            history.front(entry, plane.peerName(entry.peer), why, null, nowNs);
        }
        final TcpConnection connection = entry.connection;
        final Hold hold = entry.hold;
        entry.hold = null;
        flows.remove(entry);
        if (connection != null)
        {
            context.release(connection, nowNs);
        }
        if (hold != null)
        {
            for (int i = 0; i < hold.segments.count(); i++)
            {
                context.injectUp(hold.segments.get(i, heldPacket), nowNs);
            }
            flows.holds.give(hold);
        }
    }

    /** The connection ended at the front before anybody else had it (client RST, give-up of TCP). */
    void forget(final FrontEntry entry, final String why, final long nowNs)
    {
        if (entry.state == FrontEntry.REQUESTED)
        {
            cancels.add(entry.peer, entry.handoffId, entry.epoch, nowNs);
            history.front(entry, plane.peerName(entry.peer), why, null, nowNs);
        }
        flows.remove(entry);
    }

    void onAck(
        final int peer,
        final long handoffId,
        final int epoch,
        final int isnBack,
        final int tsOffset,
        final long nowNs)
    {
        final FrontEntry entry = flows.byId.get(handoffId);
        if (entry == null || entry.peer != peer || entry.epoch != epoch)
        {
            counters.lateAcksRefused++;
            cancels.add(peer, handoffId, epoch, nowNs);
            return;
        }
        if (entry.state == FrontEntry.REQUESTED)
        {
            commit(entry, isnBack, tsOffset, nowNs);
        }
        else if (entry.isnBack != isnBack)
        {
            resetClient(entry, "reset: back replayed anew", nowNs);
        }
    }

    /**
     * P20, COMMIT, P22: the front's TCP forgets, the back may speak, the held request goes the way of all later
     * segments.
     */
    private void commit(final FrontEntry entry, final int isnBack, final int tsOffset, final long nowNs)
    {
        entry.isnBack = isnBack;
        entry.delta = entry.isnFront - isnBack;
        entry.tsOffset = entry.timestamps ? tsOffset : 0;
        entry.acknowledgedNs = nowNs;
        entry.lastProgressNs = nowNs;
        entry.commitDeadlineNs = nowNs + config.commitTimeoutNs;
        entry.state = FrontEntry.FORWARDING;
        entry.connection = null;
        context.injectUp(
            bare.build(
                entry.remoteHi, entry.remoteLo, entry.remotePort, entry.localHi, entry.localLo, entry.localPort,
                entry.isnClient + 1, entry.isnFront + 1, TcpHeader.RST | TcpHeader.ACK),
            nowNs);
        out.commit(entry);
        flows.repeatTimers.arm(entry, nowNs);
        counters.handoffs++;
        final Hold hold = entry.hold;
        entry.hold = null;
        for (int i = 0; i < hold.segments.count(); i++)
        {
            forward(entry, hold.segments.get(i, heldPacket), nowNs);
        }
        flows.holds.give(hold);
    }

    /** P22: a segment of the client on its way to the back. */
    void forward(final FrontEntry entry, final Packet packet, final long nowNs)
    {
        rewriter.begin(packet);
        final TcpHeader tcp = rewriter.tcp();
        final int flags = tcp.flags();
        if ((flags & TcpHeader.ACK) != 0 && Seq.gt(tcp.ack(), entry.lastAck))
        {
            entry.lastAck = tcp.ack();
            entry.lastProgressNs = nowNs;
            // Bytes beyond the SYN/ACK come from the back alone: COMMIT has reached it, whatever became of the answer.
            entry.committed = true;
        }
        final int length = packet.l4Length() - tcp.headerLength() +
            ((flags & TcpHeader.SYN) != 0 ? 1 : 0) + ((flags & TcpHeader.FIN) != 0 ? 1 : 0);
        entry.clientNext = Seq.max(entry.clientNext, tcp.seq() + length);
        final boolean alive = rewriter
            .destination(entry.backHi, entry.backLo, entry.backPort)
            .shiftAck(-entry.delta)
            .shiftTsEcr(-entry.tsOffset)
            .decrementTtl();
        rewriter.end();
        if (entry.committed)
        {
            flows.idleTimers.arm(entry, nowNs);
        }
        if (!alive)
        {
            counters.ttlExpired++;
            return;
        }
        entry.forwardedSegments++;
        counters.forwardedSegments++;
        context.injectDown(packet, nowNs);
    }

    void onReject(
        final int peer, final long handoffId, final int epoch, final RejectReason reason, final long nowNs)
    {
        final FrontEntry entry = find(peer, handoffId, epoch);
        if (entry != null && entry.state == FrontEntry.REQUESTED)
        {
            counters.stayedByReject++;
            history.front(entry, plane.peerName(peer), "rejected", reason, nowNs);
            entry.state = FrontEntry.HOLDING;
            stay(entry, "stayed: rejected", nowNs);
        }
    }

    void onCommitted(final int peer, final long handoffId, final int epoch, final long nowNs)
    {
        final FrontEntry entry = find(peer, handoffId, epoch);
        if (entry != null && entry.state == FrontEntry.FORWARDING && !entry.committed)
        {
            entry.committed = true;
            flows.idleTimers.arm(entry, nowNs);
        }
    }

    void onCommitRefused(final int peer, final long handoffId, final int epoch, final long nowNs)
    {
        final FrontEntry entry = find(peer, handoffId, epoch);
        if (entry != null && entry.state == FrontEntry.FORWARDING)
        {
            resetClient(entry, "reset: commit refused", nowNs);
        }
    }

    void onCancelled(final int peer, final long handoffId)
    {
        cancels.answered(peer, handoffId);
    }

    /** P28: forwarding ends; nothing of the connection is left here. */
    void onTermination(final int peer, final long handoffId, final int epoch, final EndReason reason, final long nowNs)
    {
        final FrontEntry entry = find(peer, handoffId, epoch);
        if (entry != null && entry.state == FrontEntry.FORWARDING)
        {
            counters.terminationsReceived++;
            history.front(entry, plane.peerName(peer), "terminated", reason, nowNs);
            flows.remove(entry);
        }
        out.terminated(peer, handoffId, epoch);
    }

    void onConnected(final int peer)
    {
        channelGeneration[peer]++;
        deadPeers.up(peer);
    }

    void resume(final long nowNs)
    {
        deadPeers.resume(plane, nowNs);
    }

    void onDisconnected(final int peer, final long nowNs)
    {
        deadPeers.down(peer, nowNs);
        cancels.channelDown(peer, nowNs);
        for (final FrontEntry entry : flows.table.snapshot())
        {
            if (entry.peer == peer && entry.state == FrontEntry.REQUESTED)
            {
                counters.stayedByChannel++;
                history.front(entry, plane.peerName(peer), "stayed: channel down", null, nowNs);
                entry.state = FrontEntry.HOLDING;
                stay(entry, "stayed: channel", nowNs);
            }
        }
    }

    void inventory(final int peer, final List<ControlMessages.Item> items)
    {
        for (final FrontEntry entry : flows.table.snapshot())
        {
            if (entry.peer == peer && entry.state >= FrontEntry.REQUESTED)
            {
                final EntryState state =
                    entry.state == FrontEntry.REQUESTED ? EntryState.REQUESTED : EntryState.FORWARDING;
                items.add(new ControlMessages.Item(entry.handoffId, entry.epoch, state));
            }
        }
    }

    /** G6: what the back no longer holds is over; its client must learn it. */
    void onInventory(final int peer, final LongHashSet ids, final long nowNs)
    {
        for (final FrontEntry entry : flows.table.snapshot())
        {
            final boolean fresh = entry.channelGeneration == channelGeneration[peer] &&
                nowNs - entry.acknowledgedNs < GRACE_NS;
            if (entry.peer == peer && entry.state == FrontEntry.FORWARDING && !fresh && !ids.contains(entry.handoffId))
            {
                resetClient(entry, "reset: lost by back", nowNs);
            }
        }
    }

    /**
     * G5: tell the client with the number it waits for: the last one it acknowledged. Should that be stale, its
     * challenge ACK meets no connection here, and TCP answers it with exactly the number that it names (RFC 9293,
     * section 3.10.7.1).
     */
    private void resetClient(final FrontEntry entry, final String why, final long nowNs)
    {
        counters.clientsReset++;
        history.front(entry, plane.peerName(entry.peer), why, null, nowNs);
        if (plane.isConnected(entry.peer))
        {
            cancels.add(entry.peer, entry.handoffId, entry.epoch, nowNs);
        }
        final Packet rst = bare.build(
            entry.localHi, entry.localLo, entry.localPort, entry.remoteHi, entry.remoteLo, entry.remotePort,
            entry.lastAck, entry.clientNext, TcpHeader.RST | TcpHeader.ACK);
        flows.remove(entry);
        context.injectDown(rst, nowNs);
    }

    int poll(final long nowNs)
    {
        int work = cancels.poll(nowNs);
        FrontEntry entry;
        while ((entry = toExamine.poll()) != null)
        {
            examine(entry, nowNs);
            work++;
        }
        while ((entry = (FrontEntry)flows.handshakeTimers.pollDue(nowNs)) != null)
        {
            flows.remove(entry);
            work++;
        }
        while ((entry = (FrontEntry)flows.holdTimers.pollDue(nowNs)) != null)
        {
            counters.stayedByTimeout++;
            stay(entry, "stayed: timeout", nowNs);
            work++;
        }
        while ((entry = (FrontEntry)flows.requestTimers.pollDue(nowNs)) != null)
        {
            counters.stayedByTimeout++;
            stay(entry, "stayed: timeout", nowNs);
            work++;
        }
        while ((entry = (FrontEntry)flows.repeatTimers.pollDue(nowNs)) != null)
        {
            repeatCommit(entry, nowNs);
            work++;
        }
        while ((entry = (FrontEntry)flows.idleTimers.pollDue(nowNs)) != null)
        {
            counters.idleExpired++;
            history.front(entry, plane.peerName(entry.peer), "expired: idle", null, nowNs);
            flows.remove(entry);
            work++;
        }
        return work + sweepDeadPeers(nowNs);
    }

    private void repeatCommit(final FrontEntry entry, final long nowNs)
    {
        if (entry.committed)
        {
            return;
        }
        if (nowNs - entry.commitDeadlineNs >= 0)
        {
            resetClient(entry, "reset: commit unanswered", nowNs);
            return;
        }
        out.commit(entry);
        flows.repeatTimers.arm(entry, nowNs);
    }

    /**
     * A back whose channel has been down for long is dead, unless its client goes on acknowledging new bytes: those
     * come from nobody else.
     */
    private int sweepDeadPeers(final long nowNs)
    {
        if (!deadPeers.isSweepDue(nowNs))
        {
            return 0;
        }
        final List<FrontEntry> dead = new ArrayList<>();
        boolean anyDown = false;
        for (final FrontEntry entry : flows.table.snapshot())
        {
            if (entry.state == FrontEntry.FORWARDING)
            {
                anyDown |= deadPeers.isDown(entry.peer);
                if (deadPeers.isDead(entry.peer, entry.lastProgressNs, nowNs))
                {
                    dead.add(entry);
                }
            }
        }
        for (final FrontEntry entry : dead)
        {
            resetClient(entry, "reset: back dead", nowNs);
        }
        deadPeers.swept(anyDown, nowNs);
        return dead.size();
    }

    long nextDeadlineNs()
    {
        if (!toExamine.isEmpty())
        {
            return Long.MIN_VALUE;
        }
        return Math.min(Math.min(flows.nextDeadlineNs(), cancels.nextDeadlineNs()), deadPeers.nextDeadlineNs());
    }

    /** Every connection that nobody has decided yet stays: the module is about to be replaced. */
    void decideAll(final long nowNs)
    {
        for (final FrontEntry entry : flows.table.snapshot())
        {
            if (entry.state == FrontEntry.OBSERVED)
            {
                flows.remove(entry);
            }
            else if (entry.state != FrontEntry.FORWARDING)
            {
                stay(entry, "stayed: module replaced", nowNs);
            }
        }
    }

    int pendingCancels()
    {
        return cancels.size();
    }

    private FrontEntry find(final int peer, final long handoffId, final int epoch)
    {
        final FrontEntry entry = flows.byId.get(handoffId);
        return entry != null && entry.peer == peer && entry.epoch == epoch ? entry : null;
    }

    private long nextId()
    {
        return idPrefix | ++idCounter & 0xFFFF_FFFFL;
    }
}
