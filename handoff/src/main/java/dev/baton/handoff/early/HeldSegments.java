package dev.baton.handoff.early;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Segments of one flow, kept whole in the order in which they came, each with headroom, so that they can be sent on or
 * passed up exactly as they were. Bounded in bytes and number.
 */
final class HeldSegments
{
    private static final int MAX_SEGMENTS = 64;

    private final UnsafeBuffer slab;
    private final int[] offsets = new int[MAX_SEGMENTS];
    private final int[] lengths = new int[MAX_SEGMENTS];
    private final int[] gsoSizes = new int[MAX_SEGMENTS];
    private final int[] checksums = new int[MAX_SEGMENTS];
    private final int[] l4Offsets = new int[MAX_SEGMENTS];
    private final int[] versions = new int[MAX_SEGMENTS];
    private final int limitBytes;
    private int count;
    private int bytes;
    private int end;

    HeldSegments(final int limitBytes)
    {
        this.limitBytes = limitBytes;
        this.slab = new UnsafeBuffer(new byte[limitBytes + MAX_SEGMENTS * Packet.HEADROOM]);
    }

    int count()
    {
        return count;
    }

    void clear()
    {
        count = 0;
        bytes = 0;
        end = 0;
    }

    /**
     * Copy a segment in.
     *
     * @return false when it does not fit; nothing has changed then.
     */
    boolean add(final Packet packet)
    {
        if (count == MAX_SEGMENTS || packet.length() > limitBytes - bytes)
        {
            return false;
        }
        final int at = end + Packet.HEADROOM;
        slab.putBytes(at, packet.buffer(), packet.offset(), packet.length());
        offsets[count] = at;
        lengths[count] = packet.length();
        gsoSizes[count] = packet.gsoSize();
        checksums[count] = packet.checksum();
        l4Offsets[count] = at + packet.l4Offset() - packet.offset();
        versions[count] = packet.version();
        count++;
        bytes += packet.length();
        end = at + packet.length();
        return true;
    }

    Packet get(final int index, final Packet packet)
    {
        return packet
            .wrap(slab, offsets[index], lengths[index], gsoSizes[index], checksums[index])
            .l4(versions[index], l4Offsets[index], TcpHeader.PROTOCOL);
    }
}
