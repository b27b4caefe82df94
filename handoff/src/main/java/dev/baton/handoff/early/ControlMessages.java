package dev.baton.handoff.early;

import dev.baton.handoff.codec.CancelEncoder;
import dev.baton.handoff.codec.CancelledEncoder;
import dev.baton.handoff.codec.CommitEncoder;
import dev.baton.handoff.codec.CommitRefusedEncoder;
import dev.baton.handoff.codec.CommittedEncoder;
import dev.baton.handoff.codec.EndReason;
import dev.baton.handoff.codec.EntryState;
import dev.baton.handoff.codec.Flag;
import dev.baton.handoff.codec.HandoffAckEncoder;
import dev.baton.handoff.codec.HandoffRejectEncoder;
import dev.baton.handoff.codec.HandoffRequestEncoder;
import dev.baton.handoff.codec.InventoryEncoder;
import dev.baton.handoff.codec.MessageHeaderEncoder;
import dev.baton.handoff.codec.RejectReason;
import dev.baton.handoff.codec.TerminatedEncoder;
import dev.baton.handoff.codec.TerminationEncoder;
import dev.baton.handoff.control.ControlPlane;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;

/**
 * Writes the handoff messages of {@code control.xml} into one reused frame and queues it. Each method says whether the
 * channel took the frame; one that did not is repeated by its sender's timer, or counts as a channel that is down.
 */
final class ControlMessages
{
    /** Entries of an inventory that fit into one frame. */
    static final int INVENTORY_PART = 1000;

    private final ControlPlane plane;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[ControlPlane.MAX_FRAME_BYTES]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final HandoffRequestEncoder request = new HandoffRequestEncoder();
    private final HandoffAckEncoder ack = new HandoffAckEncoder();
    private final HandoffRejectEncoder reject = new HandoffRejectEncoder();
    private final CommitEncoder commit = new CommitEncoder();
    private final CommittedEncoder committed = new CommittedEncoder();
    private final CommitRefusedEncoder commitRefused = new CommitRefusedEncoder();
    private final CancelEncoder cancel = new CancelEncoder();
    private final CancelledEncoder cancelled = new CancelledEncoder();
    private final TerminationEncoder termination = new TerminationEncoder();
    private final TerminatedEncoder terminated = new TerminatedEncoder();
    private final InventoryEncoder inventory = new InventoryEncoder();

    /** What an inventory tells of an entry. */
    record Item(long handoffId, int epoch, EntryState state)
    {
    }

    ControlMessages(final ControlPlane plane)
    {
        this.plane = plane;
    }

    boolean request(final FrontEntry e, final int tsNow)
    {
        request.wrapAndApplyHeader(frame, 0, header)
            .handoffId(e.handoffId).epoch(e.epoch)
            .clientHi(e.remoteHi).clientLo(e.remoteLo).clientPort(e.remotePort)
            .vipHi(e.localHi).vipLo(e.localLo).vipPort(e.localPort)
            .backHi(e.backHi).backLo(e.backLo).backPort(e.backPort)
            .isnFront(e.isnFront)
            .frontWindowBytes(e.frontWindowBytes)
            .frontMss(e.frontMss)
            .frontWindowScale((byte)e.frontWindowScale)
            .sackPermitted(flag(e.sack))
            .timestamps(flag(e.timestamps))
            .ecn(flag(e.ecn))
            .frontTsNow(tsNow)
            .handshakeRttNs(e.handshakeRttNs)
            .putSyn(e.syn, 0, e.synLength)
            .putAck(e.ack, 0, e.ackLength);
        return send(e.peer, request.encodedLength());
    }

    boolean ack(final BackEntry e)
    {
        ack.wrapAndApplyHeader(frame, 0, header)
            .handoffId(e.handoffId).epoch(e.epoch).isnBack(e.isnBack).tsOffset(e.tsOffset);
        return send(e.peer, ack.encodedLength());
    }

    boolean reject(final int peer, final long handoffId, final int epoch, final RejectReason reason)
    {
        reject.wrapAndApplyHeader(frame, 0, header).handoffId(handoffId).epoch(epoch).reason(reason);
        return send(peer, reject.encodedLength());
    }

    boolean commit(final FrontEntry e)
    {
        commit.wrapAndApplyHeader(frame, 0, header).handoffId(e.handoffId).epoch(e.epoch);
        return send(e.peer, commit.encodedLength());
    }

    boolean committed(final int peer, final long handoffId, final int epoch)
    {
        committed.wrapAndApplyHeader(frame, 0, header).handoffId(handoffId).epoch(epoch);
        return send(peer, committed.encodedLength());
    }

    boolean commitRefused(final int peer, final long handoffId, final int epoch)
    {
        commitRefused.wrapAndApplyHeader(frame, 0, header).handoffId(handoffId).epoch(epoch);
        return send(peer, commitRefused.encodedLength());
    }

    boolean cancel(final int peer, final long handoffId, final int epoch)
    {
        cancel.wrapAndApplyHeader(frame, 0, header).handoffId(handoffId).epoch(epoch);
        return send(peer, cancel.encodedLength());
    }

    boolean cancelled(final int peer, final long handoffId, final int epoch)
    {
        cancelled.wrapAndApplyHeader(frame, 0, header).handoffId(handoffId).epoch(epoch);
        return send(peer, cancelled.encodedLength());
    }

    boolean termination(final BackEntry e)
    {
        termination.wrapAndApplyHeader(frame, 0, header)
            .handoffId(e.handoffId).epoch(e.epoch).reason(EndReason.get((short)e.endReason));
        return send(e.peer, termination.encodedLength());
    }

    boolean terminated(final int peer, final long handoffId, final int epoch)
    {
        terminated.wrapAndApplyHeader(frame, 0, header).handoffId(handoffId).epoch(epoch);
        return send(peer, terminated.encodedLength());
    }

    /** Tell a peer everything that is held with it, in as many frames as it takes. */
    boolean inventory(final int peer, final List<Item> items)
    {
        int part = 0;
        int at = 0;
        do
        {
            final int n = Math.min(INVENTORY_PART, items.size() - at);
            final boolean last = at + n == items.size();
            inventory.wrapAndApplyHeader(frame, 0, header).part(part).last(flag(last));
            final InventoryEncoder.EntriesEncoder entries = inventory.entriesCount(n);
            for (int i = 0; i < n; i++)
            {
                final Item item = items.get(at + i);
                entries.next().handoffId(item.handoffId()).epoch(item.epoch()).state(item.state());
            }
            if (!send(peer, inventory.encodedLength()))
            {
                return false;
            }
            at += n;
            part++;
        }
        while (at < items.size());
        return true;
    }

    private boolean send(final int peer, final int bodyLength)
    {
        return plane.send(peer, frame, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
    }

    private static Flag flag(final boolean value)
    {
        return value ? Flag.YES : Flag.NO;
    }
}
