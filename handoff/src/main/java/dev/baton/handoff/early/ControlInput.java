package dev.baton.handoff.early;

import dev.baton.handoff.codec.CancelDecoder;
import dev.baton.handoff.codec.CancelledDecoder;
import dev.baton.handoff.codec.CommitDecoder;
import dev.baton.handoff.codec.CommitRefusedDecoder;
import dev.baton.handoff.codec.CommittedDecoder;
import dev.baton.handoff.codec.EntryState;
import dev.baton.handoff.codec.Flag;
import dev.baton.handoff.codec.HandoffAckDecoder;
import dev.baton.handoff.codec.HandoffRejectDecoder;
import dev.baton.handoff.codec.HandoffRequestDecoder;
import dev.baton.handoff.codec.InventoryDecoder;
import dev.baton.handoff.codec.MessageHeaderDecoder;
import dev.baton.handoff.codec.TerminatedDecoder;
import dev.baton.handoff.codec.TerminationDecoder;
import dev.baton.handoff.control.ControlPlane;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes what comes on the control channels to the half of the protocol that it concerns. Whatever a frame holds, it is
 * read inside its own length: {@link FrameBounds} says first whether all of it is there. One that does not parse is
 * counted and changes nothing.
 */
final class ControlInput implements ControlPlane.Handler
{
    private static final int MAX_INVENTORY_ITEMS = 1 << 20;
    /**
     * Inventories are repeated on a channel that stays up, so that no entry of one side can outlive the other's for
     * ever.
     */
    private static final long INVENTORY_PERIOD_NS = 30_000_000_000L;
    private static final long RETRY_NS = 100_000_000L;

    private final ControlPlane plane;
    private final ControlMessages out;
    private final FrontProtocol front;
    private final BackProtocol back;
    private final EarlyCounters counters;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HandoffRequestDecoder request = new HandoffRequestDecoder();
    private final HandoffAckDecoder ack = new HandoffAckDecoder();
    private final HandoffRejectDecoder reject = new HandoffRejectDecoder();
    private final CommitDecoder commit = new CommitDecoder();
    private final CommittedDecoder committed = new CommittedDecoder();
    private final CommitRefusedDecoder commitRefused = new CommitRefusedDecoder();
    private final CancelDecoder cancel = new CancelDecoder();
    private final CancelledDecoder cancelled = new CancelledDecoder();
    private final TerminationDecoder termination = new TerminationDecoder();
    private final TerminatedDecoder terminated = new TerminatedDecoder();
    private final InventoryDecoder inventory = new InventoryDecoder();
    private final LongHashSet[] heldByPeerAsFront;
    private final LongHashSet[] heldByPeerAsBack;
    private final int[] nextPart;
    private final long[] inventoryAtNs;
    private long nowNs;

    ControlInput(
        final ControlPlane plane,
        final ControlMessages out,
        final FrontProtocol front,
        final BackProtocol back,
        final EarlyCounters counters)
    {
        this.plane = plane;
        this.out = out;
        this.front = front;
        this.back = back;
        this.counters = counters;
        final int peers = plane.peerCount();
        heldByPeerAsFront = new LongHashSet[peers];
        heldByPeerAsBack = new LongHashSet[peers];
        nextPart = new int[peers];
        inventoryAtNs = new long[peers];
        for (int i = 0; i < peers; i++)
        {
            heldByPeerAsFront[i] = new LongHashSet();
            heldByPeerAsBack[i] = new LongHashSet();
            inventoryAtNs[i] = plane.isConnected(i) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    int poll(final long nowNs, final int limit)
    {
        this.nowNs = nowNs;
        final int work = plane.drain(this, limit);
        for (int peer = 0; peer < inventoryAtNs.length; peer++)
        {
            if (nowNs >= inventoryAtNs[peer])
            {
                inventoryAtNs[peer] = nowNs + (sendInventory(peer) ? INVENTORY_PERIOD_NS : RETRY_NS);
            }
        }
        return work;
    }

    long nextDeadlineNs()
    {
        long deadline = Long.MAX_VALUE;
        for (int peer = 0; peer < inventoryAtNs.length; peer++)
        {
            deadline = Math.min(deadline, inventoryAtNs[peer]);
        }
        return deadline;
    }

    @Override
    public void onConnected(final int peer)
    {
        nextPart[peer] = 0;
        front.onConnected(peer);
        back.onConnected(peer);
        inventoryAtNs[peer] = nowNs;
    }

    @Override
    public void onDisconnected(final int peer)
    {
        inventoryAtNs[peer] = Long.MAX_VALUE;
        front.onDisconnected(peer, nowNs);
    }

    @Override
    public void onFrame(final int peer, final DirectBuffer buffer, final int offset, final int length)
    {
        try
        {
            dispatch(peer, buffer, offset, length);
        }
        catch (final IndexOutOfBoundsException | IllegalStateException | IllegalArgumentException ex)
        {
            counters.badFrames++;
        }
    }

    private void dispatch(final int peer, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!FrameBounds.hold(header, buffer, offset, length))
        {
            counters.badFrames++;
            return;
        }
        switch (header.templateId())
        {
            case HandoffRequestDecoder.TEMPLATE_ID:
                request.wrapAndApplyHeader(buffer, offset, header);
                onRequest(peer);
                break;
            case HandoffAckDecoder.TEMPLATE_ID:
                ack.wrapAndApplyHeader(buffer, offset, header);
                front.onAck(peer, ack.handoffId(), ack.epoch(), ack.isnBack(), ack.tsOffset(), nowNs);
                break;
            case HandoffRejectDecoder.TEMPLATE_ID:
                reject.wrapAndApplyHeader(buffer, offset, header);
                front.onReject(peer, reject.handoffId(), reject.epoch(), reject.reason(), nowNs);
                break;
            case CommitDecoder.TEMPLATE_ID:
                commit.wrapAndApplyHeader(buffer, offset, header);
                back.onCommit(peer, commit.handoffId(), commit.epoch(), nowNs);
                break;
            case CommittedDecoder.TEMPLATE_ID:
                committed.wrapAndApplyHeader(buffer, offset, header);
                front.onCommitted(peer, committed.handoffId(), committed.epoch(), nowNs);
                break;
            case CommitRefusedDecoder.TEMPLATE_ID:
                commitRefused.wrapAndApplyHeader(buffer, offset, header);
                front.onCommitRefused(peer, commitRefused.handoffId(), commitRefused.epoch(), nowNs);
                break;
            case CancelDecoder.TEMPLATE_ID:
                cancel.wrapAndApplyHeader(buffer, offset, header);
                back.onCancel(peer, cancel.handoffId(), cancel.epoch(), nowNs);
                break;
            case CancelledDecoder.TEMPLATE_ID:
                cancelled.wrapAndApplyHeader(buffer, offset, header);
                front.onCancelled(peer, cancelled.handoffId());
                break;
            case TerminationDecoder.TEMPLATE_ID:
                termination.wrapAndApplyHeader(buffer, offset, header);
                front.onTermination(
                    peer, termination.handoffId(), termination.epoch(), termination.reason(), nowNs);
                break;
            case TerminatedDecoder.TEMPLATE_ID:
                terminated.wrapAndApplyHeader(buffer, offset, header);
                back.onTerminated(peer, terminated.handoffId(), terminated.epoch(), nowNs);
                break;
            case InventoryDecoder.TEMPLATE_ID:
                inventory.wrapAndApplyHeader(buffer, offset, header);
                onInventory(peer);
                break;
            default:
                counters.badFrames++;
                break;
        }
    }

    private void onRequest(final int peer)
    {
        if (request.sackPermitted() == Flag.NULL_VAL || request.timestamps() == Flag.NULL_VAL ||
            request.ecn() == Flag.NULL_VAL)
        {
            counters.badFrames++;
            return;
        }
        back.onRequest(peer, request, nowNs);
    }

    private void onInventory(final int peer)
    {
        final int part = inventory.part();
        if (part == 0)
        {
            heldByPeerAsFront[peer].clear();
            heldByPeerAsBack[peer].clear();
            nextPart[peer] = 0;
        }
        final boolean expected = part == nextPart[peer];
        // A part that cannot be read to its end makes the whole inventory void: what it misses would seem to be lost.
        nextPart[peer] = -1;
        if (!expected)
        {
            counters.badFrames++;
            return;
        }
        final boolean last = inventory.last() == Flag.YES;
        final InventoryDecoder.EntriesDecoder entries = inventory.entries();
        while (entries.hasNext())
        {
            entries.next();
            final EntryState state = entries.state();
            final boolean asFront = state == EntryState.FORWARDING || state == EntryState.REQUESTED;
            final LongHashSet ids = asFront ? heldByPeerAsFront[peer] : heldByPeerAsBack[peer];
            if (ids.size() < MAX_INVENTORY_ITEMS)
            {
                ids.add(entries.handoffId());
            }
        }
        nextPart[peer] = last ? -1 : part + 1;
        if (last)
        {
            front.onInventory(peer, heldByPeerAsBack[peer], nowNs);
            back.onInventory(peer, heldByPeerAsFront[peer], nowNs);
        }
    }

    private boolean sendInventory(final int peer)
    {
        final List<ControlMessages.Item> items = new ArrayList<>();
        front.inventory(peer, items);
        back.inventory(peer, items);
        return !plane.isConnected(peer) || out.inventory(peer, items);
    }
}
