package dev.baton.stack.ip;

import dev.baton.stack.IpSettings;
import dev.baton.stack.Link;
import dev.baton.stack.wire.IpAddress;

/**
 * All that is known about the way to a destination: its route, what the path carries, and our address on it. The one
 * place that transports ask. Not thread safe; the questions about MTUs allocate nothing.
 */
public final class Paths
{
    /** Least MTU of IPv6 (RFC 8200, section 5): who claims less is not believed (RFC 8201, section 4). */
    public static final int MIN_MTU_BYTES_V6 = 1280;
    /** Least MTU of IPv4 (RFC 791, section 3.2): who claims less is not believed. */
    public static final int MIN_MTU_BYTES_V4 = 68;

    private final Link link;
    private final LocalAddresses local;
    private final RouteTable routes;
    private final PathMtu cache;
    private final IpSettings settings;

    /**
     * The ways out of a shard.
     *
     * @param link     of the shard.
     * @param local    addresses of the shard.
     * @param routes   of the shard.
     * @param cache    of path MTUs.
     * @param settings frozen.
     */
    public Paths(
        final Link link,
        final LocalAddresses local,
        final RouteTable routes,
        final PathMtu cache,
        final IpSettings settings)
    {
        this.link = link;
        this.local = local;
        this.routes = routes;
        this.cache = cache;
        this.settings = settings;
    }

    /**
     * The routes.
     *
     * @return live.
     */
    public RouteTable routes()
    {
        return routes;
    }

    /**
     * The cache of path MTUs.
     *
     * @return live.
     */
    public PathMtu pathMtu()
    {
        return cache;
    }

    /**
     * Greatest packet that the way to a destination is known to carry.
     *
     * @param dstHi destination, upper half.
     * @param dstLo destination, lower half.
     * @return in bytes: the least of link, route and path.
     */
    public int mtu(final long dstHi, final long dstLo)
    {
        final int first = firstHopMtu(dstHi, dstLo);
        final int known = cache.get(dstHi, dstLo);
        return known == 0 ? first : Math.min(first, known);
    }

    /**
     * Greatest packet that can be sent towards a destination at all.
     *
     * @param dstHi destination, upper half.
     * @param dstLo destination, lower half.
     * @return in bytes: the lesser of link and route.
     */
    public int firstHopMtu(final long dstHi, final long dstLo)
    {
        if (routes.isPlain())
        {
            return link.mtu();
        }
        final Route route = routes.lookup(dstHi, dstLo);
        return route == null || route.mtuBytes() == 0 ? link.mtu() : Math.min(link.mtu(), route.mtuBytes());
    }

    /**
     * Time to live or hop limit of packets to a destination.
     *
     * @param dstHi  destination, upper half.
     * @param dstLo  destination, lower half.
     * @param normal where the route does not say.
     * @return 1 to 255.
     */
    public int hopLimit(final long dstHi, final long dstLo, final int normal)
    {
        final Route route = routes.isPlain() ? null : routes.lookup(dstHi, dstLo);
        return route == null || route.hopLimit() == 0 ? normal : route.hopLimit();
    }

    /**
     * A router, or the peer, says that a packet was too big; the message has been validated by the transport that sent
     * the packet (RFC 5927). IPv4 is never believed below {@code min_pmtu}, IPv6 never below 1280.
     *
     * @param dstHi   destination, upper half.
     * @param dstLo   destination, lower half.
     * @param claimed MTU in bytes; 0 when the router did not say (RFC 1191, section 5).
     * @param sent    length of the packet in bytes: the next lower plateau is taken when the router did not say.
     * @param nowNs   time.
     * @return the path's MTU from now on; 0 when the message is not believed.
     */
    public int tooBig(final long dstHi, final long dstLo, final int claimed, final int sent, final long nowNs)
    {
        final boolean v4 = IpAddress.isV4(dstHi, dstLo);
        if (claimed != 0 && claimed < (v4 ? MIN_MTU_BYTES_V4 : MIN_MTU_BYTES_V6))
        {
            return 0;
        }
        final int told = claimed == 0 ? MtuPlateaus.below(sent) : claimed;
        final int believed = Math.max(told, v4 ? settings.minPathMtuBytes() : MIN_MTU_BYTES_V6);
        if (believed >= mtu(dstHi, dstLo))
        {
            return 0;
        }
        cache.lower(dstHi, dstLo, believed, nowNs);
        return believed;
    }

    /**
     * Changes whenever an answer of this class may have changed.
     *
     * @return a number.
     */
    public int version()
    {
        return routes.version() + cache.version();
    }

    /**
     * The route for a destination.
     *
     * @param destination where to.
     * @return a unicast route.
     * @throws IllegalArgumentException when there is none, or it refuses; the text says which.
     */
    public Route require(final IpAddress destination)
    {
        final Route route = routes.lookup(destination.hi(), destination.lo());
        if (route == null)
        {
            throw new IllegalArgumentException("cannot send to " + destination +
                ": network is unreachable, there is no route; add one");
        }
        if (route.kind() != RouteKind.UNICAST)
        {
            throw new IllegalArgumentException("cannot send to " + destination + ": the route is '" + route +
                "'; remove it or add a longer one");
        }
        return route;
    }

    /**
     * Choose our address for a destination (RFC 6724).
     *
     * @param destination where to.
     * @return null when there is none of its family.
     */
    public IpAddress source(final IpAddress destination)
    {
        return source(destination.hi(), destination.lo());
    }

    /**
     * Choose our address for a destination (RFC 6724).
     *
     * @param dstHi destination, upper half.
     * @param dstLo destination, lower half.
     * @return null when there is none of its family.
     */
    public IpAddress source(final long dstHi, final long dstLo)
    {
        return SourceAddress.choose(local, routes, dstHi, dstLo);
    }

    /**
     * Is an address ours?
     *
     * @param hi upper half.
     * @param lo lower half.
     * @return true when it is.
     */
    public boolean isLocal(final long hi, final long lo)
    {
        return local.contains(hi, lo);
    }
}
