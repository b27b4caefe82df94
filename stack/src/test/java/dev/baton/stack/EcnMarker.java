package dev.baton.stack;

import dev.baton.stack.sim.PacketFilter;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpEcn;

import java.nio.ByteOrder;

/** Changes ECN fields on a path, as routers do and as they should not: a filter that loses nothing. */
public final class EcnMarker implements PacketFilter
{
    private static final double BIT_NS_PER_BYTE = 8e9;

    /** Packets that were ECN-capable. */
    public long capable;
    /** Packets that came to be CE. */
    public long marked;

    private final int every;
    private final long bitsPerSecond;
    private final int aboveBytes;
    private double queueBytes;
    private long lastNs;

    private EcnMarker(final int every, final long bitsPerSecond, final int aboveBytes)
    {
        this.every = every;
        this.bitsPerSecond = bitsPerSecond;
        this.aboveBytes = aboveBytes;
    }

    /**
     * Mark so many of the ECN-capable packets.
     *
     * @param n of them, one.
     * @return a new one.
     */
    public static EcnMarker oneOf(final int n)
    {
        return new EcnMarker(n, 0, 0);
    }

    /**
     * Mark what finds too much waiting at a rate limit.
     *
     * @param bitsPerSecond of the path.
     * @param aboveBytes    that wait.
     * @return a new one.
     */
    public static EcnMarker above(final long bitsPerSecond, final int aboveBytes)
    {
        return new EcnMarker(0, bitsPerSecond, aboveBytes);
    }

    @Override
    public boolean drop(final Packet packet, final long nowNs)
    {
        final boolean full = isFull(packet, nowNs);
        if (packet.ecn() != IpEcn.NOT_ECT)
        {
            capable++;
            if (full || every > 0 && capable % every == 0)
            {
                marked++;
                set(packet, IpEcn.CE);
            }
        }
        return false;
    }

    private boolean isFull(final Packet packet, final long nowNs)
    {
        if (bitsPerSecond == 0)
        {
            return false;
        }
        queueBytes = Math.max(0, queueBytes - (nowNs - lastNs) * bitsPerSecond / BIT_NS_PER_BYTE);
        lastNs = nowNs;
        final boolean full = queueBytes > aboveBytes;
        queueBytes += packet.length();
        return full;
    }

    /**
     * Set the ECN field of a packet and mend its header.
     *
     * @param packet with its version known.
     * @param field  0 to 3.
     */
    public static void set(final Packet packet, final int field)
    {
        final int at = packet.offset();
        final int shift = packet.version() == 4 ? 0 : 4;
        final int rest = packet.buffer().getByte(at + 1) & ~(IpEcn.MASK << shift);
        packet.buffer().putByte(at + 1, (byte)(rest | field << shift));
        if (packet.version() == 4)
        {
            packet.buffer().putShort(at + 10, (short)0);
            final int sum = Checksum.finish(Checksum.sum(packet.buffer(), at, Ip4Header.LENGTH));
            packet.buffer().putShort(at + 10, (short)sum, ByteOrder.BIG_ENDIAN);
        }
    }
}
