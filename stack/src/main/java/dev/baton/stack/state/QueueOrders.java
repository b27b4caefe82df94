package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.QueueOrderDecoder;
import dev.baton.stack.state.codec.QueueOrderEncoder;
import dev.baton.stack.tcp.ShardAccess;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.LongHashSet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * The order of a shard's queues, where it is not the order in which records come in: one {@code QueueOrder} message for
 * each such queue. What stands in a queue follows from the records themselves, so an order can do no harm. Reused; not
 * thread safe.
 */
final class QueueOrders
{
    private static final ShardAccess.Queue[] QUEUES = ShardAccess.Queue.values();
    private static final int UDP_CALLS = QUEUES.length;
    private static final int UDP_PORT = UDP_CALLS + 1;
    private static final int MAX_BYTES = 1 << 28;
    private static final int MAX_PORT = 65_535;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final QueueOrderEncoder encoder = new QueueOrderEncoder();
    private final QueueOrderDecoder decoder = new QueueOrderDecoder();
    private final GroupFrame frame = new GroupFrame();

    /** Takes one record. */
    interface Writer
    {
        /** Write the order of a queue. */
        void write(int queue, int port, long[] ids);
    }

    /** Show the queues of a shard that are not in their ordinary order. */
    static void forEach(final NetStack stack, final Writer writer)
    {
        for (final ShardAccess.Queue queue : QUEUES)
        {
            ascending(queue.ordinal(), stack.tcp().shardAccess().ids(queue), writer);
        }
        ascending(UDP_CALLS, stack.udp().readyIds(), writer);
        final TreeSet<Integer> ports = new TreeSet<>();
        stack.udp().forEach((ucb) -> ports.add(ucb.localPort));
        for (final int port : ports)
        {
            final long[] ids = stack.udp().sharingIds(port);
            for (int i = 1; i < ids.length; i++)
            {
                if (ids[i] > ids[i - 1])
                {
                    writer.write(UDP_PORT, port, ids);
                    break;
                }
            }
        }
    }

    private static void ascending(final int queue, final long[] ids, final Writer writer)
    {
        final long[] sorted = ids.clone();
        Arrays.sort(sorted);
        if (!Arrays.equals(sorted, ids))
        {
            writer.write(queue, 0, ids);
        }
    }

    int write(final int queue, final int port, final long[] ids, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder).queue((short)queue).port(port);
        final byte[] bytes = new byte[ids.length * Long.BYTES];
        final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (final long id : ids)
        {
            view.putLong(id);
        }
        encoder.putIds(bytes, 0, bytes.length);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** Verify a message; nothing changes. */
    void check(final DirectBuffer buffer, final int offset, final int length)
    {
        frame.begin(buffer, offset, length, QueueOrderDecoder.TEMPLATE_ID, QueueOrderDecoder.BLOCK_LENGTH);
        final int bytes = frame.data("ids", MAX_BYTES);
        frame.end();
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.range("queue", decoder.queue(), 0, UDP_PORT);
        Rules.range("port", decoder.port(), decoder.queue() == UDP_PORT ? 1 : 0, decoder.queue() == UDP_PORT ? MAX_PORT : 0);
        Rules.require(bytes % Long.BYTES == 0, "ids.length", bytes, "an id takes 8 bytes");
        final LongHashSet distinct = new LongHashSet();
        for (final long id : ids(buffer, offset))
        {
            Rules.require(id > 0 && distinct.add(id), "ids", id, "ids are above 0, and none stands there twice");
        }
    }

    private static long[] ids(final DirectBuffer buffer, final int offset)
    {
        final int at = offset + MessageHeaderDecoder.ENCODED_LENGTH + QueueOrderDecoder.BLOCK_LENGTH;
        final long[] ids = new long[buffer.getInt(at, ByteOrder.LITTLE_ENDIAN) / Long.BYTES];
        for (int i = 0; i < ids.length; i++)
        {
            ids[i] = buffer.getLong(at + Integer.BYTES + i * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        }
        return ids;
    }

    /** Put a queue of a shard, which has everything that stands in it, into the order of a verified message. */
    void read(final DirectBuffer buffer, final int offset, final NetStack stack)
    {
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final int queue = decoder.queue();
        final int port = decoder.port();
        final long[] ids = ids(buffer, offset);
        if (queue < UDP_CALLS)
        {
            stack.tcp().shardAccess().arrange(QUEUES[queue], ids);
        }
        else if (queue == UDP_CALLS)
        {
            stack.udp().arrangeReady(ids);
        }
        else
        {
            stack.udp().arrangeSharing(port, ids);
        }
    }
}
