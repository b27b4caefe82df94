package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RouteTableTest
{
    private final RouteTable table = new RouteTable(8);

    private static Route route(final String prefix, final int length, final RouteKind kind, final int metric)
    {
        return new Route(IpAddress.parse(prefix), length, kind, null, 0, 0, metric);
    }

    private Route lookup(final String address)
    {
        final IpAddress a = IpAddress.parse(address);
        return table.lookup(a.hi(), a.lo());
    }

    @Test
    void shouldHaveADefaultRouteForEachFamilyAtFirst()
    {
        assertTrue(table.isPlain());
        assertEquals("unicast 0.0.0.0/0 metric 0", lookup("1.2.3.4").toString());
        assertEquals("unicast ::/0 metric 0", lookup("2001:db8::1").toString());
        table.clear();
        assertNull(lookup("1.2.3.4"));
        assertNull(lookup("2001:db8::1"));
        assertFalse(table.isPlain());
    }

    @Test
    void shouldPreferTheLongestPrefixThenTheLeastMetric()
    {
        table.add(route("10.0.0.0", 8, RouteKind.BLACKHOLE, 0));
        table.add(route("10.1.0.0", 16, RouteKind.PROHIBIT, 5));
        table.add(route("10.1.0.0", 16, RouteKind.UNREACHABLE, 4));
        table.add(route("10.1.2.3", 32, RouteKind.UNICAST, 9));
        assertEquals(RouteKind.BLACKHOLE, lookup("10.2.0.1").kind());
        assertEquals(4, lookup("10.1.9.9").metric());
        assertEquals(9, lookup("10.1.2.3").metric());
        assertEquals(0, lookup("11.0.0.0").prefixLength());
        assertTrue(table.remove(IpAddress.parse("10.1.0.0"), 16, 4));
        assertFalse(table.remove(IpAddress.parse("10.1.0.0"), 16, 4));
        assertEquals(5, lookup("10.1.9.9").metric());
    }

    @Test
    void shouldNotTakeAnIpv6RouteForAnIpv4Address()
    {
        table.remove(IpAddress.v4(0), 0, 0);
        assertNull(lookup("1.2.3.4"));
    }

    @Test
    void shouldReplaceARouteOfTheSamePrefixAndMetricAndRefuseToOverflow()
    {
        final int version = table.version();
        table.add(route("10.0.0.0", 8, RouteKind.BLACKHOLE, 0));
        table.add(route("10.0.0.0", 8, RouteKind.UNREACHABLE, 0));
        assertEquals(RouteKind.UNREACHABLE, lookup("10.0.0.1").kind());
        assertEquals(3, table.list().size());
        assertTrue(table.version() > version);
        for (int i = 1; i <= 5; i++)
        {
            table.add(route("10.0.0.0", 8, RouteKind.UNICAST, i));
        }
        final IllegalStateException full = assertThrows(
            IllegalStateException.class, () -> table.add(route("10.0.0.0", 8, RouteKind.UNICAST, 6)));
        assertTrue(full.getMessage().contains("8 routes"), full.getMessage());
    }

    @Test
    void shouldRefuseRoutesThatCannotWork()
    {
        for (final Runnable bad : List.<Runnable>of(
            () -> route("10.0.0.1", 8, RouteKind.UNICAST, 0), () -> route("10.0.0.0", 33, RouteKind.UNICAST, 0),
            () -> route("10.0.0.0", -1, RouteKind.UNICAST, 0), () -> route("10.0.0.0", 8, RouteKind.UNICAST, -1),
            () -> new Route(IpAddress.ANY, 0, RouteKind.UNICAST, IpAddress.parse("1.2.3.4"), 0, 0, 0),
            () -> new Route(IpAddress.ANY, 0, RouteKind.UNICAST, null, 1279, 0, 0),
            () -> new Route(IpAddress.v4(0), 0, RouteKind.UNICAST, null, 67, 0, 0),
            () -> new Route(IpAddress.v4(0), 0, RouteKind.UNICAST, null, 0, 256, 0)))
        {
            assertThrows(IllegalArgumentException.class, bad::run);
        }
    }

    /** The table agrees with a search that looks at every route. */
    @Test
    void shouldFindWhatALookAtEveryRouteFinds()
    {
        final Random random = new Random(5);
        final RouteTable large = new RouteTable(500);
        final List<Route> all = new ArrayList<>(large.list());
        for (int i = 0; i < 400; i++)
        {
            final boolean v4 = random.nextBoolean();
            final int length = random.nextInt(v4 ? 33 : 129);
            final IpAddress address = random(random, v4);
            final Route route = new Route(Prefix.network(address, length), length, RouteKind.UNICAST, null, 0, 0, 1 + i);
            large.add(route);
            all.add(route);
        }
        for (int i = 0; i < 20_000; i++)
        {
            final IpAddress address = random(random, random.nextBoolean());
            Route best = null;
            for (final Route route : all)
            {
                final boolean matches = route.prefix().isV4() == address.isV4() &&
                    Prefix.network(address, route.prefixLength()).equals(route.prefix());
                if (matches && (best == null || route.prefixLength() > best.prefixLength() ||
                    route.prefixLength() == best.prefixLength() && route.metric() < best.metric()))
                {
                    best = route;
                }
            }
            assertEquals(best, large.lookup(address.hi(), address.lo()));
        }
    }

    private static IpAddress random(final Random random, final boolean v4)
    {
        final long few = 0x0303_0303_0303_0303L;
        return v4 ? IpAddress.v4(random.nextInt() & (int)few) :
            new IpAddress(0x2001_0000_0000_0000L | random.nextLong() & few, random.nextLong() & few);
    }
}
