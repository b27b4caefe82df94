package dev.baton.stack.sim;

import dev.baton.stack.Packet;

import java.util.ArrayDeque;

/**
 * Buffers of packets under way, in three sizes; each goes back when its packet was read or dropped. Bounded: a network
 * that is full loses packets.
 */
final class SimPacketPool
{
    /** The most packets that may be under way. */
    static final int MAX_PACKETS = 1 << 18;

    private static final int[] CAPACITIES = {2048, 16384, SimWorld.maxBufferBytes()};

    private final ArrayDeque<SimPacket>[] free;
    private int out;

    SimPacketPool()
    {
        @SuppressWarnings({"unchecked", "rawtypes"})
        final ArrayDeque<SimPacket>[] queues = new ArrayDeque[CAPACITIES.length];
        for (int i = 0; i < queues.length; i++)
        {
            queues[i] = new ArrayDeque<>();
        }
        free = queues;
    }

    int out()
    {
        return out;
    }

    /**
     * Copy a packet.
     *
     * @param source to be copied, at most {@link Packet#MAX_LENGTH} long.
     * @return the copy; null when too many packets are under way.
     */
    SimPacket take(final Packet source)
    {
        if (out == MAX_PACKETS)
        {
            return null;
        }
        int sizeClass = 0;
        while (CAPACITIES[sizeClass] < Packet.HEADROOM + source.length())
        {
            sizeClass++;
        }
        final SimPacket free = this.free[sizeClass].pollFirst();
        final SimPacket packet = free != null ? free : new SimPacket(sizeClass, CAPACITIES[sizeClass]);
        packet.copy(source);
        out++;
        return packet;
    }

    void give(final SimPacket packet)
    {
        out--;
        packet.from = null;
        packet.to = null;
        free[packet.sizeClass].addFirst(packet);
    }
}
