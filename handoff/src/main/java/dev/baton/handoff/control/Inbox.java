package dev.baton.handoff.control;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * What has come for the shard: one ring of all peers, written by the network threads and read by the shard. A record's
 * type holds the peer's number and what happened; its bytes are the frame, or what {@link ControlPeer} says of a new
 * connection.
 */
final class Inbox
{
    /** Kind of record: the channel is up. */
    static final int CONNECTED = 1;
    /** Kind of record: the channel is down. */
    static final int DISCONNECTED = 2;
    /** Kind of record: a frame. */
    static final int FRAME = 3;

    private static final int KIND_BITS = 2;
    private static final int KIND_MASK = (1 << KIND_BITS) - 1;

    private final ManyToOneRingBuffer ring;
    private final Runnable wake;

    /**
     * @param capacityBytes a power of two, at least eight times the greatest frame.
     * @param wake          called after each record; any thread.
     */
    Inbox(final int capacityBytes, final Runnable wake)
    {
        this.ring = new ManyToOneRingBuffer(new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(capacityBytes + RingBufferDescriptor.TRAILER_LENGTH, Long.BYTES * 8)));
        this.wake = wake;
    }

    /**
     * Put a record. Any thread.
     *
     * @param kind   of it.
     * @param peer   whose.
     * @param buffer that holds its bytes; copied.
     * @param offset of them.
     * @param length of them.
     * @return false when there is no room now.
     */
    boolean tryPut(final int kind, final int peer, final DirectBuffer buffer, final int offset, final int length)
    {
        final boolean put = ring.write(peer << KIND_BITS | kind, buffer, offset, length);
        if (put)
        {
            wake.run();
        }
        return put;
    }

    /**
     * Take records. The shard's thread.
     *
     * @param handler to be given each; {@link #kind(int)} and {@link #peer(int)} read its type.
     * @param limit   most records to take.
     * @return how many were taken.
     */
    int take(final MessageHandler handler, final int limit)
    {
        return ring.read(handler, limit);
    }

    static int kind(final int type)
    {
        return type & KIND_MASK;
    }

    static int peer(final int type)
    {
        return type >>> KIND_BITS;
    }

    /**
     * Bytes in the ring.
     *
     * @return how many, record headers included.
     */
    int size()
    {
        return ring.size();
    }
}
