package dev.baton.stack.sim;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Ip4Header;

/** What a router does to an ECN-capable packet instead of dropping it (RFC 3168, section 5). */
final class EcnMark
{
    private static final int CONGESTION_EXPERIENCED = 3;

    private final Ip4Header ip4 = new Ip4Header();

    /**
     * Set CE, if the packet's sender can do with it.
     *
     * @param packet of the wire.
     * @return false when it carries Not-ECT and was left alone.
     */
    boolean mark(final Packet packet)
    {
        final int at = packet.offset();
        final boolean v4 = packet.version() == 4;
        final int byteAt = at + 1;
        final int shift = v4 ? 0 : 4;
        final int bits = packet.buffer().getByte(byteAt);
        if ((bits >>> shift & CONGESTION_EXPERIENCED) == 0)
        {
            return false;
        }
        packet.buffer().putByte(byteAt, (byte)(bits | CONGESTION_EXPERIENCED << shift));
        if (v4)
        {
            ip4.wrap(packet.buffer(), at).computeChecksum();
        }
        return true;
    }
}
