package dev.baton.tools.drill.run;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayDeque;

/** The port below the stack under test: gives it what a script injects, and keeps what it sends. */
final class CaptureLink implements Link
{
    private static final int MOST_KEPT = 100_000;

    private final ArrayDeque<byte[]> inbound = new ArrayDeque<>();
    private final ArrayDeque<byte[]> outbound = new ArrayDeque<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + Packet.MAX_LENGTH]);
    private final int mtu;

    CaptureLink(final int mtu)
    {
        this.mtu = mtu;
    }

    void inject(final byte[] packet)
    {
        inbound.add(packet);
    }

    boolean hasInbound()
    {
        return !inbound.isEmpty();
    }

    /** The next packet that was sent, or null. */
    byte[] nextSent()
    {
        return outbound.poll();
    }

    @Override
    public boolean receive(final Packet packet)
    {
        final byte[] bytes = inbound.poll();
        if (bytes == null)
        {
            return false;
        }
        buffer.putBytes(Packet.HEADROOM, bytes);
        packet.wrap(buffer, Packet.HEADROOM, bytes.length, 0, Packet.CHECKSUM_COMPLETE);
        return true;
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        if (outbound.size() >= MOST_KEPT)
        {
            throw new UnsupportedScript(UnsupportedReason.SIZE, "more than " + MOST_KEPT + " packets at one time");
        }
        final byte[] bytes = new byte[packet.length()];
        packet.buffer().getBytes(packet.offset(), bytes);
        outbound.add(bytes);
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
        return 0;
    }

    @Override
    public boolean checksumOffload()
    {
        return false;
    }
}
