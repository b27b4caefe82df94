package dev.baton.tests.handoff;

import dev.baton.handoff.codec.CancelEncoder;
import dev.baton.handoff.codec.CommitEncoder;
import dev.baton.handoff.codec.HandoffAckEncoder;
import dev.baton.handoff.codec.HandoffRequestEncoder;
import dev.baton.handoff.codec.MessageHeaderDecoder;
import dev.baton.handoff.codec.MessageHeaderEncoder;
import dev.baton.stack.sim.FrameFault;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.function.Consumer;

/** Control frames for tests: seen on a channel, changed, or made from nothing. */
final class Frames
{
    private static final int BODY = MessageHeaderEncoder.ENCODED_LENGTH;

    private Frames()
    {
    }

    static int kind(final DirectBuffer frame)
    {
        return new MessageHeaderDecoder().wrap(frame, 0).templateId();
    }

    static UnsafeBuffer copy(final DirectBuffer frame, final int offset, final int length)
    {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, frame, offset, length);
        return copy;
    }

    /** Show every frame of one channel to somebody, and lose those of a kind. */
    static void watch(final HandoffWorld cluster, final int back, final int lost, final Consumer<UnsafeBuffer> watcher)
    {
        cluster.channel(back).faults((side, index, frame, offset, length) ->
        {
            final UnsafeBuffer copy = copy(frame, offset, length);
            watcher.accept(copy);
            return kind(copy) == lost ? FrameFault.DROP : FrameFault.NONE;
        });
    }

    /** A REQUEST as another handoff of the same connection. */
    static UnsafeBuffer renamed(final UnsafeBuffer request, final long handoffId)
    {
        final UnsafeBuffer copy = copy(request, 0, request.capacity());
        copy.putLong(BODY + HandoffRequestEncoder.handoffIdEncodingOffset(), handoffId, ByteOrder.LITTLE_ENDIAN);
        return copy;
    }

    static long handoffId(final UnsafeBuffer frame)
    {
        return frame.getLong(BODY, ByteOrder.LITTLE_ENDIAN);
    }

    static UnsafeBuffer commit(final long handoffId)
    {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[BODY + CommitEncoder.BLOCK_LENGTH]);
        new CommitEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder()).handoffId(handoffId).epoch(2);
        return frame;
    }

    static UnsafeBuffer cancel(final long handoffId)
    {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[BODY + CancelEncoder.BLOCK_LENGTH]);
        new CancelEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder()).handoffId(handoffId).epoch(2);
        return frame;
    }

    static UnsafeBuffer ack(final long handoffId, final int isnBack)
    {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[BODY + HandoffAckEncoder.BLOCK_LENGTH]);
        new HandoffAckEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
            .handoffId(handoffId).epoch(2).isnBack(isnBack).tsOffset(0);
        return frame;
    }

    /** Let a node take frames of a peer in one and the same poll. */
    static void deliver(
        final HandoffWorld cluster, final String node, final String peer, final UnsafeBuffer... frames)
    {
        for (final UnsafeBuffer frame : frames)
        {
            cluster.nodes.get(node).plane.forge(peer, frame, frame.capacity());
        }
        poll(cluster, node);
    }

    static void poll(final HandoffWorld cluster, final String node)
    {
        cluster.nodes.get(node).stack.poll(cluster.world.nowNs());
    }
}
