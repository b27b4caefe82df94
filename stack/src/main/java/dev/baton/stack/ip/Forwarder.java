package dev.baton.stack.ip;

import dev.baton.stack.IpSettings;
import dev.baton.stack.Packet;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;

/**
 * Passes packets for others on (RFC 1812, section 5; RFC 8200), when {@code ip_forward} says so. In this order:
 * <ol>
 * <li>martians end silently: destinations that are no host's, link-local addresses, our networks' broadcast addresses
 * (RFC 1812, sections 5.3.7 and 5.3.5.2; RFC 3927, section 2.7; RFC 4291, section 2.5.6; RFC 2644);</li>
 * <li>a time to live that is used up: time exceeded;</li>
 * <li>no route, or one that refuses: unreachable;</li>
 * <li>too big for the way out: packet too big; IPv4 without DF is fragmented;</li>
 * <li>one hop less, and out.</li>
 * </ol>
 * There is one link, so the way out is the way in: redirects are never sent. Super-segments stay whole where the link
 * takes them. Options and extension headers are passed on unread but for their lengths and source routes. Not thread
 * safe; allocates nothing.
 */
final class Forwarder
{
    private static final int CODE_NET = 0;
    private static final int CODE_HOST = 1;
    private static final int CODE_FRAGMENTATION_NEEDED = 4;
    private static final int CODE_PROHIBITED = 13;
    private static final int CODE_NO_ROUTE_V6 = 0;
    private static final int CODE_PROHIBITED_V6 = 1;
    private static final int CODE_BEYOND_SCOPE_V6 = 2;
    private static final int CODE_ADDRESS_V6 = 3;

    private final LocalAddresses local;
    private final Paths paths;
    private final IcmpResponder responder;
    private final IpOutput output;
    private final Ip4Check ip4Check;
    private final IpCounters counters;
    private final boolean enabled4;
    private final boolean enabled6;
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private final TcpHeader tcp = new TcpHeader();
    private final Ip6Chain chain = new Ip6Chain();

    Forwarder(
        final LocalAddresses local,
        final Paths paths,
        final IpSettings settings,
        final IcmpResponder responder,
        final IpOutput output,
        final IpCounters counters)
    {
        this.local = local;
        this.paths = paths;
        this.responder = responder;
        this.output = output;
        this.counters = counters;
        ip4Check = new Ip4Check(responder, counters);
        enabled4 = settings.forwarding();
        enabled6 = settings.forwardingV6();
    }

    /** Does this family's traffic pass? */
    boolean isEnabled(final int version)
    {
        return version == 4 ? enabled4 : enabled6;
    }

    /**
     * Pass a packet on, or say why not.
     *
     * @param packet for somebody else, from a unicast address, its lengths verified and its first header located.
     * @param nowNs  time of this poll.
     */
    void forward(final Packet packet, final long nowNs)
    {
        if (!Unicast.isHost(packet.dstHi(), packet.dstLo()) || local.isBroadcast(packet.dstHi(), packet.dstLo()) ||
            isLinkLocal(packet.dstHi(), packet.dstLo()))
        {
            counters.increment(IpCounter.IN_ADDR_ERRORS);
            return;
        }
        if (isLinkLocal(packet.srcHi(), packet.srcLo()))
        {
            counters.increment(IpCounter.IN_ADDR_ERRORS);
            if (packet.version() == 6)
            {
                responder.error(packet, IcmpHeader.UNREACHABLE_V6, CODE_BEYOND_SCOPE_V6, 0, nowNs);
            }
            return;
        }
        if (packet.version() == 4 && !ip4Check.options(packet, nowNs) || !isWhole(packet))
        {
            return;
        }
        if (hops(packet) <= 1)
        {
            counters.increment(IpCounter.IN_HDR_ERRORS);
            final int type = packet.version() == 4 ? IcmpHeader.TIME_EXCEEDED : IcmpHeader.TIME_EXCEEDED_V6;
            responder.error(packet, type, 0, 0, nowNs);
            return;
        }
        if (hasRoute(packet, nowNs) && fits(packet, nowNs))
        {
            oneHopLess(packet);
            counters.increment(IpCounter.FORW_DATAGRAMS);
            output.forward(packet, paths.firstHopMtu(packet.dstHi(), packet.dstLo()));
        }
    }

    private static boolean isLinkLocal(final long hi, final long lo)
    {
        return IpAddress.isV4(hi, lo) ? (int)lo >>> 16 == 0xA9FE : hi >>> 54 == 0xFE80 >>> 6;
    }

    /** A super-segment must hold the TCP header that splitting it would repeat. */
    private boolean isWhole(final Packet packet)
    {
        if (packet.version() == 6 && chain.locate(packet.buffer(), packet.offset(), packet.length()))
        {
            packet.l4(6, chain.offset(), chain.protocol());
        }
        final int length = packet.l4Length();
        final boolean whole = packet.gsoSize() == 0 || packet.protocol() == TcpHeader.PROTOCOL &&
            length >= TcpHeader.LENGTH && isTcpHeader(packet, length);
        if (!whole)
        {
            counters.increment(IpCounter.IN_DISCARDS);
        }
        return whole;
    }

    private boolean isTcpHeader(final Packet packet, final int length)
    {
        final int header = tcp.wrap(packet.buffer(), packet.l4Offset()).headerLength();
        return header >= TcpHeader.LENGTH && header <= length;
    }

    private int hops(final Packet packet)
    {
        return packet.version() == 4 ? ip4.wrap(packet.buffer(), packet.offset()).ttl() :
            ip6.wrap(packet.buffer(), packet.offset()).hopLimit();
    }

    /** RFC 1122 calls it Time to Live, but every router takes one off; the checksum follows (RFC 1624). */
    private void oneHopLess(final Packet packet)
    {
        if (packet.version() == 4)
        {
            ip4.ttl(ip4.ttl() - 1);
            ip4.computeChecksum();
        }
        else
        {
            ip6.hopLimit(ip6.hopLimit() - 1);
        }
    }

    private boolean hasRoute(final Packet packet, final long nowNs)
    {
        final Route route = paths.routes().lookup(packet.dstHi(), packet.dstLo());
        if (route != null && route.kind() == RouteKind.UNICAST)
        {
            return true;
        }
        counters.increment(IpCounter.IN_NO_ROUTES);
        final boolean v4 = packet.version() == 4;
        final int type = v4 ? IcmpHeader.UNREACHABLE : IcmpHeader.UNREACHABLE_V6;
        if (route == null)
        {
            responder.error(packet, type, v4 ? CODE_NET : CODE_NO_ROUTE_V6, 0, nowNs);
        }
        else if (route.kind() == RouteKind.UNREACHABLE)
        {
            responder.error(packet, type, v4 ? CODE_HOST : CODE_ADDRESS_V6, 0, nowNs);
        }
        else if (route.kind() == RouteKind.PROHIBIT)
        {
            responder.error(packet, type, v4 ? CODE_PROHIBITED : CODE_PROHIBITED_V6, 0, nowNs);
        }
        return false;
    }

    private boolean fits(final Packet packet, final long nowNs)
    {
        final int mtu = paths.firstHopMtu(packet.dstHi(), packet.dstLo());
        if (output.wireLength(packet) <= mtu)
        {
            return true;
        }
        if (packet.version() == 6)
        {
            counters.increment(IpCounter.FRAG_FAILS);
            responder.error(packet, IcmpHeader.PACKET_TOO_BIG_V6, 0, mtu, nowNs);
            return false;
        }
        if ((ip4.wrap(packet.buffer(), packet.offset()).flagsAndFragment() & Ip4Header.DONT_FRAGMENT) != 0)
        {
            counters.increment(IpCounter.FRAG_FAILS);
            responder.error(packet, IcmpHeader.UNREACHABLE, CODE_FRAGMENTATION_NEEDED, mtu, nowNs);
            return false;
        }
        return true;
    }
}
