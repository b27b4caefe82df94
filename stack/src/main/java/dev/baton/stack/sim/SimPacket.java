package dev.baton.stack.sim;

import dev.baton.stack.Packet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A packet under way: a copy of its bytes with headroom, in a reused buffer, that is its own arrival event.
 */
final class SimPacket extends SimEvent
{
    final UnsafeBuffer buffer;
    final Packet packet = new Packet();
    final int sizeClass;
    SimLink from;
    SimLink to;

    SimPacket(final int sizeClass, final int capacity)
    {
        this.sizeClass = sizeClass;
        this.buffer = new UnsafeBuffer(new byte[capacity]);
    }

    void copy(final Packet source)
    {
        buffer.putBytes(Packet.HEADROOM, source.buffer(), source.offset(), source.length());
        final int l4Offset = source.l4Offset() - source.offset() + Packet.HEADROOM;
        packet.wrap(buffer, Packet.HEADROOM, source.length(), source.gsoSize(), source.checksum())
            .l4(source.version(), l4Offset, source.protocol());
    }

    @Override
    void run()
    {
        to.arrive(this);
    }

    @Override
    String describe()
    {
        return "arrival of a packet from " + from.name() + " at " + to.name();
    }
}
