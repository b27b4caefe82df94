package dev.baton.stack.udp;

import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.tcp.BufferPool;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams that wait to be read: records one after the other in a ring over one piece of the shard's pool, in which
 * the byte at position {@code p} stands at {@code p} modulo the piece's length. The piece is doubled when it is full
 * and given back when the last datagram has gone, so an idle socket holds none.
 * <pre>
 *    0 length, 4 source port, 6 ttl, 7 tos, 8 source hi, 16 source lo, 24 destination hi, 32 destination lo, 40 data
 * </pre>
 * Not thread safe.
 */
public final class DatagramRing
{
    /** What a datagram counts for besides its bytes. */
    public static final int OVERHEAD_BYTES = 64;

    private static final int HEADER = 40;

    private final BufferPool pool;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer larger = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[HEADER]);
    private int piece = BufferPool.NO_PIECE;
    private int pieceBytes;
    private int head;
    private int used;
    private int count;
    private int dataBytes;

    DatagramRing(final BufferPool pool)
    {
        this.pool = pool;
    }

    /** {@return datagrams that wait} */
    public int count()
    {
        return count;
    }

    /** {@return what they count for, in bytes} */
    public int chargedBytes()
    {
        return dataBytes + count * OVERHEAD_BYTES;
    }

    /** {@return length of the oldest in bytes, or -1} */
    public int nextLength()
    {
        return count == 0 ? -1 : lengthAt(head);
    }

    /** Append a datagram; false when the pool has no room for it. */
    boolean add(final UdpMessage message, final DirectBuffer src, final int offset)
    {
        if (!ensure(used + HEADER + message.length))
        {
            return false;
        }
        header.putInt(0, message.length);
        header.putShort(4, (short)message.sourcePort);
        header.putByte(6, (byte)message.ttl);
        header.putByte(7, (byte)message.tos);
        header.putLong(8, message.sourceHi);
        header.putLong(16, message.sourceLo);
        header.putLong(24, message.destinationHi);
        header.putLong(32, message.destinationLo);
        put(head + used, header, 0, HEADER);
        put(head + used + HEADER, src, offset, message.length);
        used += HEADER + message.length;
        dataBytes += message.length;
        count++;
        return true;
    }

    /** Copy the oldest datagram out; returns the bytes copied, or -1. */
    int peek(final MutableDirectBuffer dst, final int offset, final int length, final UdpMessage message)
    {
        return count == 0 ? -1 : copy(head, dst, offset, length, message);
    }

    /** Forget the oldest datagram. */
    void remove()
    {
        final int length = lengthAt(head);
        head += HEADER + length;
        used -= HEADER + length;
        dataBytes -= length;
        count--;
        if (count == 0)
        {
            release();
        }
    }

    /** Receives the datagrams of a queue one by one. */
    public interface Visitor
    {
        /**
         * A datagram.
         *
         * @param message what is known of it; valid during the call.
         */
        void onDatagram(UdpMessage message);
    }

    /**
     * Visit all datagrams, oldest first.
     *
     * @param data    gets the bytes of each from its start on; it has room for the longest.
     * @param message is filled for each.
     * @param visitor is called for each.
     */
    public void forEach(final MutableDirectBuffer data, final UdpMessage message, final Visitor visitor)
    {
        int at = head;
        for (int i = 0; i < count; i++)
        {
            copy(at, data, 0, Integer.MAX_VALUE, message);
            at += HEADER + message.length;
            visitor.onDatagram(message);
        }
    }

    /** Forget everything. */
    void release()
    {
        if (piece != BufferPool.NO_PIECE)
        {
            pool.release(piece, pieceBytes);
            piece = BufferPool.NO_PIECE;
            pieceBytes = 0;
        }
        head = 0;
        used = 0;
        count = 0;
        dataBytes = 0;
    }

    private int copy(
        final int position,
        final MutableDirectBuffer dst,
        final int offset,
        final int length,
        final UdpMessage message)
    {
        get(position, header, 0, HEADER);
        message.length = header.getInt(0);
        message.sourcePort = header.getShort(4) & 0xFFFF;
        message.ttl = header.getByte(6) & 0xFF;
        message.tos = header.getByte(7) & 0xFF;
        message.sourceHi = header.getLong(8);
        message.sourceLo = header.getLong(16);
        message.destinationHi = header.getLong(24);
        message.destinationLo = header.getLong(32);
        final int copied = Math.min(length, message.length);
        get(position + HEADER, dst, offset, copied);
        return copied;
    }

    private int lengthAt(final int position)
    {
        get(position, header, 0, Integer.BYTES);
        return header.getInt(0);
    }

    private boolean ensure(final int needed)
    {
        if (needed <= pieceBytes)
        {
            return true;
        }
        final int bytes = Math.max(BufferPool.MIN_PIECE_BYTES, BitUtil.findNextPositivePowerOfTwo(needed));
        final int fresh = bytes > pool.slabBytes() ? BufferPool.NO_PIECE : pool.acquire(bytes);
        if (fresh == BufferPool.NO_PIECE)
        {
            return false;
        }
        pool.wrap(fresh, bytes, larger);
        get(head, larger, 0, used);
        if (piece != BufferPool.NO_PIECE)
        {
            pool.release(piece, pieceBytes);
        }
        head = 0;
        piece = fresh;
        pieceBytes = bytes;
        pool.wrap(fresh, bytes, view);
        return true;
    }

    private void put(final int position, final DirectBuffer src, final int offset, final int length)
    {
        final int at = position & pieceBytes - 1;
        final int first = Math.min(length, pieceBytes - at);
        view.putBytes(at, src, offset, first);
        if (first < length)
        {
            view.putBytes(0, src, offset + first, length - first);
        }
    }

    private void get(final int position, final MutableDirectBuffer dst, final int offset, final int length)
    {
        final int at = position & pieceBytes - 1;
        final int first = Math.min(length, pieceBytes - at);
        if (first > 0)
        {
            dst.putBytes(offset, view, at, first);
        }
        if (first < length)
        {
            dst.putBytes(offset + first, view, 0, length - first);
        }
    }
}
