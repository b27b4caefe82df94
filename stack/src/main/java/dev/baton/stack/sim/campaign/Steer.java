package dev.baton.stack.sim.campaign;

import dev.baton.stack.Packet;
import dev.baton.stack.sim.Steering;
import dev.baton.stack.sim.check.FlowKey;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Takes a packet to the host of its site that has the connection; an ICMP error follows the packet it is about. */
final class Steer implements Steering
{
    private static final int ICMP = 1;
    private static final int ICMP_V6 = 58;
    private static final int ICMP_HEADER = 8;

    private final List<Site> sites = new ArrayList<>();

    void add(final Site site)
    {
        sites.add(site);
    }

    @Override
    public int link(final Packet packet)
    {
        final DirectBuffer buffer = packet.buffer();
        final int at = packet.offset();
        final int version = packet.length() == 0 ? 0 : buffer.getByte(at) >>> 4 & 0xF;
        if (version == 4 && packet.length() >= Ip4Header.LENGTH)
        {
            final Site site = site(0xFFFF_0000_0000L | u32(buffer, at + Ip4Header.DST_OFFSET), 0);
            return site == null ? BY_ROUTE : inSite(site, packet, at + ((buffer.getByte(at) & 0xF) << 2),
                buffer.getByte(at + 9) & 0xFF);
        }
        if (version == 6 && packet.length() >= Ip6Header.LENGTH)
        {
            final Site site = site(u64(buffer, at + Ip6Header.DST_OFFSET + 8), u64(buffer, at + Ip6Header.DST_OFFSET));
            return site == null ? BY_ROUTE : inSite(site, packet, at + Ip6Header.LENGTH, buffer.getByte(at + 6) & 0xFF);
        }
        return BY_ROUTE;
    }

    /** The site with an address; an address of IPv4 is its mapped form. */
    Site site(final long lo, final long hi)
    {
        for (int i = 0; i < sites.size(); i++)
        {
            if (sites.get(i).has(hi, lo))
            {
                return sites.get(i);
            }
        }
        return null;
    }

    private int inSite(final Site site, final Packet packet, final int l4, final int protocol)
    {
        final DirectBuffer buffer = packet.buffer();
        final int end = packet.offset() + packet.length();
        FlowKey flow = null;
        if (protocol == TcpHeader.PROTOCOL && l4 + TcpHeader.LENGTH <= end)
        {
            flow = flow(buffer, packet.offset(), l4).peer();
        }
        else if (protocol == ICMP && l4 + ICMP_HEADER + Ip4Header.LENGTH + 4 <= end)
        {
            final int inner = l4 + ICMP_HEADER;
            flow = flow(buffer, inner, inner + Ip4Header.LENGTH);
        }
        else if (protocol == ICMP_V6 && l4 + ICMP_HEADER + Ip6Header.LENGTH + 4 <= end)
        {
            final int inner = l4 + ICMP_HEADER;
            flow = flow(buffer, inner, inner + Ip6Header.LENGTH);
        }
        final int owner = flow == null ? site.primary : site.ownerOf(flow);
        return owner == Site.NOBODY ? NOWHERE : site.hosts.get(owner).link.id();
    }

    /** Of the end that sent the packet whose IP header is given. */
    private static FlowKey flow(final DirectBuffer buffer, final int at, final int l4)
    {
        final int srcPort = buffer.getShort(l4, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        final int dstPort = buffer.getShort(l4 + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        if ((buffer.getByte(at) >>> 4 & 0xF) == 4)
        {
            return new FlowKey(
                0, 0xFFFF_0000_0000L | u32(buffer, at + Ip4Header.SRC_OFFSET), srcPort,
                0, 0xFFFF_0000_0000L | u32(buffer, at + Ip4Header.DST_OFFSET), dstPort);
        }
        return new FlowKey(
            u64(buffer, at + Ip6Header.SRC_OFFSET), u64(buffer, at + Ip6Header.SRC_OFFSET + 8), srcPort,
            u64(buffer, at + Ip6Header.DST_OFFSET), u64(buffer, at + Ip6Header.DST_OFFSET + 8), dstPort);
    }

    private static long u32(final DirectBuffer buffer, final int index)
    {
        return buffer.getInt(index, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
    }

    private static long u64(final DirectBuffer buffer, final int index)
    {
        return buffer.getLong(index, ByteOrder.BIG_ENDIAN);
    }
}
