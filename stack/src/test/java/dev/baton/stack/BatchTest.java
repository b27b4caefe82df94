package dev.baton.stack;

import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BatchTest
{
    private final EndlessLink link = new EndlessLink();

    @Test
    void shouldTakeInNoMorePacketsOnceTheBatchHasItsBytes()
    {
        shard(100, 25_000).poll(1);

        assertEquals(3, link.received, "10,000 bytes each: the third one reaches 25,000");
    }

    @Test
    void shouldTakeInNoMorePacketsThanABatchHolds()
    {
        shard(7, 1 << 20).poll(1);

        assertEquals(7, link.received);
    }

    @Test
    void shouldGoOnWithTheNextBatchInTheNextPoll()
    {
        final NetStack shard = shard(100, 25_000);
        shard.poll(1);
        shard.poll(2);

        assertEquals(6, link.received);
    }

    private NetStack shard(final int packets, final int bytes)
    {
        final StackContext context =
            new StackContext().address(IpAddress.parse("198.18.0.2")).batchPackets(packets).batchBytes(bytes);
        return new NetStack(context.conclude(), link);
    }

    /** Always has one more packet, which is none of IP's. */
    private static final class EndlessLink implements Link
    {
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + 10_000]);
        private int received;

        @Override
        public boolean receive(final Packet packet)
        {
            received++;
            packet.wrap(buffer, Packet.HEADROOM, 10_000, 0, Packet.CHECKSUM_COMPLETE);
            return true;
        }

        @Override
        public boolean transmit(final Packet packet)
        {
            return true;
        }

        @Override
        public int mtu()
        {
            return 1500;
        }

        @Override
        public int maxGsoBytes()
        {
            return 0;
        }

        @Override
        public boolean checksumOffload()
        {
            return false;
        }
    }
}
