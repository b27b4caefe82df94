package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Where packets may go: the route with the longest matching prefix, and among those of one prefix the one with the least
 * metric, decides (RFC 1812, section 5.2.4.3). A table that nobody has touched has a default route for each family.
 * <p>
 * Routes lie sorted by the length of their prefix, longest first, then by address and metric: a search looks once, by
 * bisection, at each length that occurs. So it takes at most 129 short steps, whatever is in the table, and listing it
 * never depends on the order in which it was filled. Not thread safe; {@link #lookup(long, long)} allocates nothing.
 */
public final class RouteTable
{
    /** Default limit of routes ({@code net.ipv6.route.max_size} plays this part on Linux). */
    public static final int DEFAULT_MAX_ROUTES = 4096;

    private static final IpAddress ANY_V4 = IpAddress.v4(0);
    private static final Comparator<Route> ORDER = Comparator.comparingInt((Route route) -> -bits(route))
        .thenComparing((a, b) -> Long.compareUnsigned(a.prefix().hi(), b.prefix().hi()))
        .thenComparing((a, b) -> Long.compareUnsigned(a.prefix().lo(), b.prefix().lo()))
        .thenComparingInt(Route::metric);

    private final int maxRoutes;
    private final List<Route> sorted = new ArrayList<>();
    private Route[] routes = new Route[0];
    /** For each length that occurs: bits of 128, first route of it; one entry more at the end. */
    private int[] lengths = new int[0];
    private int[] starts = {0};
    private boolean plain;
    private int version;

    /** A table with the default limit and default routes. */
    public RouteTable()
    {
        this(DEFAULT_MAX_ROUTES);
    }

    /**
     * A table with default routes.
     *
     * @param maxRoutes limit, 2 to 32768.
     * @throws IllegalArgumentException when the limit is out of range.
     */
    public RouteTable(final int maxRoutes)
    {
        if (maxRoutes < 2 || maxRoutes > 32_768)
        {
            throw new IllegalArgumentException("a table of " + maxRoutes + " routes is out of range: 2 to 32768");
        }
        this.maxRoutes = maxRoutes;
        sorted.add(Route.to(ANY_V4, 0, RouteKind.UNICAST));
        sorted.add(Route.to(IpAddress.ANY, 0, RouteKind.UNICAST));
        index();
    }

    /**
     * Add a route; one of the same prefix and metric is replaced.
     *
     * @param route to be added.
     * @throws IllegalStateException when the table is full.
     */
    public void add(final Route route)
    {
        final int at = Collections.binarySearch(sorted, route, ORDER);
        if (at >= 0)
        {
            sorted.set(at, route);
        }
        else if (sorted.size() == maxRoutes)
        {
            throw new IllegalStateException("cannot add route " + route + ": there are " + maxRoutes +
                " routes, which is the limit; remove one or raise maxRoutes");
        }
        else
        {
            sorted.add(-1 - at, route);
        }
        index();
    }

    /**
     * Remove a route.
     *
     * @param prefix       of the route.
     * @param prefixLength of the route in bits.
     * @param metric       of the route.
     * @return false when there was none.
     */
    public boolean remove(final IpAddress prefix, final int prefixLength, final int metric)
    {
        final int at = Collections.binarySearch(
            sorted, new Route(prefix, prefixLength, RouteKind.UNICAST, null, 0, 0, metric), ORDER);
        if (at >= 0)
        {
            sorted.remove(at);
            index();
        }
        return at >= 0;
    }

    /** Remove all routes, the default routes too. */
    public void clear()
    {
        sorted.clear();
        index();
    }

    /**
     * The route for a destination.
     *
     * @param dstHi upper half, 0 for IPv4.
     * @param dstLo lower half, mapped for IPv4.
     * @return null when there is none.
     */
    public Route lookup(final long dstHi, final long dstLo)
    {
        final int least = IpAddress.isV4(dstHi, dstLo) ? Prefix.V4_BITS : 0;
        for (int i = 0; i < lengths.length; i++)
        {
            final int bits = lengths[i];
            if (bits < least)
            {
                return null;
            }
            final int at = firstOf(
                starts[i], starts[i + 1], dstHi & Prefix.maskHi(bits), dstLo & Prefix.maskLo(bits));
            if (at >= 0)
            {
                return routes[at];
            }
        }
        return null;
    }

    /**
     * Is there nothing but default routes that say nothing, so that no packet needs to be looked up?
     *
     * @return true for a table as it was made.
     */
    public boolean isPlain()
    {
        return plain;
    }

    /**
     * Changes with every change of the table, so that what was looked up can be known to be old.
     *
     * @return a number.
     */
    public int version()
    {
        return version;
    }

    /**
     * Limit of routes.
     *
     * @return a count.
     */
    public int maxRoutes()
    {
        return maxRoutes;
    }

    /**
     * All routes.
     *
     * @return longest prefix first; a view that cannot be changed.
     */
    public List<Route> list()
    {
        return Collections.unmodifiableList(sorted);
    }

    /** First route of a prefix among those of its length, or -1. */
    private int firstOf(final int from, final int to, final long hi, final long lo)
    {
        int low = from;
        int high = to;
        while (low < high)
        {
            final int middle = low + high >>> 1;
            final IpAddress prefix = routes[middle].prefix();
            final int order = prefix.hi() == hi ?
                Long.compareUnsigned(prefix.lo(), lo) : Long.compareUnsigned(prefix.hi(), hi);
            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low < to && routes[low].prefix().hi() == hi && routes[low].prefix().lo() == lo ? low : -1;
    }

    private void index()
    {
        routes = sorted.toArray(new Route[0]);
        final List<Integer> firsts = new ArrayList<>();
        plain = routes.length == 2;
        for (int i = 0; i < routes.length; i++)
        {
            if (i == 0 || bits(routes[i]) != bits(routes[i - 1]))
            {
                firsts.add(i);
            }
            plain &= routes[i].prefixLength() == 0 && routes[i].kind() == RouteKind.UNICAST &&
                routes[i].source() == null && routes[i].mtuBytes() == 0 && routes[i].hopLimit() == 0;
        }
        plain &= routes.length == 2 && routes[0].prefix().isV4() && !routes[1].prefix().isV4();
        lengths = new int[firsts.size()];
        starts = new int[firsts.size() + 1];
        for (int i = 0; i < lengths.length; i++)
        {
            starts[i] = firsts.get(i);
            lengths[i] = bits(routes[starts[i]]);
        }
        starts[lengths.length] = routes.length;
        version++;
    }

    private static int bits(final Route route)
    {
        return route.prefix().isV4() ? Prefix.V4_BITS + route.prefixLength() : route.prefixLength();
    }
}
