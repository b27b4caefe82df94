package dev.baton.tests.jmh;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One end of a wire in memory without delay or loss: what one end transmits is copied once, as a device does, and waits in a ring
 * of buffers that were made before. Not thread safe; both ends are driven by one thread.
 */
final class PairLink implements Link
{
    private static final int SLOTS = 4096;
    private static final int MASK = SLOTS - 1;

    private final int mtu;
    private final int maxGsoBytes;
    private final UnsafeBuffer[] buffers = new UnsafeBuffer[SLOTS];
    private final int[] lengths = new int[SLOTS];
    private final int[] gsoSizes = new int[SLOTS];
    private final int[] checksums = new int[SLOTS];
    private PairLink other;
    private long head;
    private long tail;
    private long segments;
    private long refused;

    /**
     * Two ends of a wire.
     *
     * @param mtu         greatest packet in bytes.
     * @param maxGsoBytes greatest super-segment in bytes; 0 for a wire that takes none and no partial checksums.
     * @return them.
     */
    static PairLink[] pair(final int mtu, final int maxGsoBytes)
    {
        final PairLink[] ends = {new PairLink(mtu, maxGsoBytes), new PairLink(mtu, maxGsoBytes)};
        ends[0].other = ends[1];
        ends[1].other = ends[0];
        return ends;
    }

    private PairLink(final int mtu, final int maxGsoBytes)
    {
        this.mtu = mtu;
        this.maxGsoBytes = maxGsoBytes;
        final int size = Packet.HEADROOM + Math.max(mtu, maxGsoBytes);
        for (int i = 0; i < SLOTS; i++)
        {
            buffers[i] = new UnsafeBuffer(new byte[size]);
        }
    }

    @Override
    public boolean receive(final Packet packet)
    {
        if (head == tail)
        {
            return false;
        }
        final int slot = (int)head++ & MASK;
        packet.wrap(buffers[slot], Packet.HEADROOM, lengths[slot], gsoSizes[slot], checksums[slot]);
        return true;
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        return other.arrive(packet);
    }

    private boolean arrive(final Packet packet)
    {
        // One slot stays free: the packet that was received last is still being looked at.
        if (tail - head >= SLOTS - 1)
        {
            refused++;
            return false;
        }
        final int slot = (int)tail++ & MASK;
        buffers[slot].putBytes(Packet.HEADROOM, packet.buffer(), packet.offset(), packet.length());
        lengths[slot] = packet.length();
        gsoSizes[slot] = packet.gsoSize();
        checksums[slot] = packet.checksum();
        segments += packet.gsoSize() == 0 ? 1 : (packet.length() + packet.gsoSize() - 1) / packet.gsoSize();
        return true;
    }

    @Override
    public int mtu()
    {
        return mtu;
    }

    @Override
    public int maxGsoBytes()
    {
        return maxGsoBytes;
    }

    @Override
    public boolean checksumOffload()
    {
        return maxGsoBytes > 0;
    }

    boolean isEmpty()
    {
        return head == tail;
    }

    /** Wire segments that arrived at this end. */
    long segments()
    {
        return segments;
    }

    /** Packets that found no room at this end. */
    long refused()
    {
        return refused;
    }
}
