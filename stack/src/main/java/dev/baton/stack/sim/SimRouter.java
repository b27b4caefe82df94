package dev.baton.stack.sim;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.ip.IcmpLimiter;
import dev.baton.stack.ip.IcmpResponder;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;

/**
 * The router in the middle of a path, as far as hosts notice it: it says that a packet is too big (RFC 1191; RFC 8201).
 * For want of an address of its own it speaks from the packet's destination.
 */
final class SimRouter implements Link
{
    private static final int CODE_FRAGMENTATION_NEEDED = 4;

    private final SimNetwork network;
    private final IcmpResponder responder;
    private final Ip4Header ip4 = new Ip4Header();

    SimRouter(final SimNetwork network)
    {
        this.network = network;
        final IpCounters counters = new IpCounters();
        responder = new IcmpResponder(new IpOutput(this, counters), new IcmpLimiter(1_000_000, 1_000_000), counters);
    }

    /**
     * Tell the sender of a packet the path's MTU; of an IPv4 packet only when it must not be fragmented.
     *
     * @param packet that is too big.
     * @param mtu    of the path in bytes.
     * @param nowNs  time.
     */
    void tooBig(final Packet packet, final int mtu, final long nowNs)
    {
        if (packet.version() == 6)
        {
            responder.error(packet, IcmpHeader.PACKET_TOO_BIG_V6, 0, mtu, nowNs);
        }
        else if ((ip4.wrap(packet.buffer(), packet.offset()).flagsAndFragment() & Ip4Header.DONT_FRAGMENT) != 0)
        {
            responder.error(packet, IcmpHeader.UNREACHABLE, CODE_FRAGMENTATION_NEEDED, mtu, nowNs);
        }
    }

    @Override
    public boolean receive(final Packet packet)
    {
        return false;
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        network.transmitFromRouter(packet);
        return true;
    }

    @Override
    public int mtu()
    {
        return Packet.MAX_LENGTH;
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
