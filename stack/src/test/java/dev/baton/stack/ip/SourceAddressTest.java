package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** The rules of RFC 6724, section 5, one by one; and its examples of section 10.1. */
class SourceAddressTest
{
    private final LocalAddresses local = new LocalAddresses();
    private final RouteTable routes = new RouteTable();

    private void have(final String... addresses)
    {
        for (final String address : addresses)
        {
            final String[] parts = address.split("/");
            local.add(IpAddress.parse(parts[0]), Integer.parseInt(parts[1]));
        }
    }

    private String choose(final String destination)
    {
        final IpAddress chosen = choose(local, IpAddress.parse(destination));
        return chosen == null ? null : chosen.toString();
    }

    private IpAddress choose(final LocalAddresses addresses, final IpAddress destination)
    {
        return SourceAddress.choose(addresses, routes, destination.hi(), destination.lo());
    }

    @Test
    void shouldHaveNoneWithoutAnAddressOfTheFamily()
    {
        have("10.0.0.1/8");
        assertNull(choose("2001:db8::1"));
        assertEquals("10.0.0.1", choose("192.0.2.1"));
    }

    @Test
    void shouldPreferAppropriateScope()
    {
        have("fe80::1/64", "2001:db8:1::1/64");
        assertEquals("2001:db8:1::1", choose("2001:db8:1::2"));
        assertEquals("fe80::1", choose("fe80::9"));
        assertEquals("2001:db8:1::1", choose("2001:db8:9::9"));
        assertEquals("fe80::1", choose("ff02::1"));
        assertEquals("2001:db8:1::1", choose("ff05::1"));
    }

    @Test
    void shouldPreferTheSameLabel()
    {
        have("2002:c633:6401::1/48", "2001:db8:1::d5e3:0/48");
        assertEquals("2002:c633:6401::1", choose("2002:c633:6401:8000::1"));
        assertEquals("2001:db8:1::d5e3:0", choose("2001:db8:1::1"));
        final LocalAddresses far = new LocalAddresses();
        far.add(IpAddress.parse("2002::1"), 64);
        far.add(IpAddress.parse("3000::1"), 64);
        assertEquals(IpAddress.parse("3000::1"), choose(far, IpAddress.parse("2003::1")), "whatever rule 8 would say");
        final LocalAddresses ula = new LocalAddresses();
        ula.add(IpAddress.parse("2001:db8:1::1"), 64);
        ula.add(IpAddress.parse("fd00::1"), 64);
        assertEquals(IpAddress.parse("fd00::1"), choose(ula, IpAddress.parse("fdff::9")));
    }

    @Test
    void shouldPreferTheLongestMatchingPrefixUpToThatOfTheAddress()
    {
        have("2001:db8:1::1/48", "2001:db8:3::1/48");
        assertEquals("2001:db8:3::1", choose("2001:db8:3::9"));
        assertEquals("2001:db8:1::1", choose("2001:db8:1::9"));
        // Beyond both prefix lengths nothing counts: the first one stays.
        final LocalAddresses two = new LocalAddresses();
        two.add(IpAddress.parse("2001:db8::1"), 64);
        two.add(IpAddress.parse("2001:db8::9000"), 64);
        assertEquals(IpAddress.parse("2001:db8::1"), choose(two, IpAddress.parse("2001:db8::9001")));
    }

    @Test
    void shouldTakeTheAddressOfTheDestinationsNetworkInIpv4()
    {
        have("192.0.2.1/24", "10.0.0.1/8", "10.1.0.1/16");
        assertEquals("10.1.0.1", choose("10.1.2.3"));
        assertEquals("10.0.0.1", choose("10.2.2.3"));
        assertEquals("192.0.2.1", choose("192.0.2.77"));
    }

    @Test
    void shouldObeyTheRoutesPreferredSource()
    {
        have("10.0.0.1/8", "10.0.0.2/8");
        routes.add(new Route(IpAddress.parse("10.9.0.0"), 16, RouteKind.UNICAST, IpAddress.parse("10.0.0.2"), 0, 0, 0));
        routes.add(new Route(IpAddress.parse("10.8.0.0"), 16, RouteKind.UNICAST, IpAddress.parse("10.0.0.3"), 0, 0, 0));
        assertEquals("10.0.0.2", choose("10.9.1.1"));
        assertEquals("10.0.0.1", choose("10.8.1.1"), "a preferred source that is not local does not count");
    }

    @Test
    void shouldKnowTheDefaultPolicyTable()
    {
        final String[] addresses =
            {"::1", "2001:db8::1", "1.2.3.4", "2002::1", "2001::1", "fd00::1", "::1.2.3.4", "fec0::1", "3ffe::1"};
        final int[] labels = {0, 1, 4, 2, 5, 13, 3, 11, 12};
        for (int i = 0; i < labels.length; i++)
        {
            final IpAddress address = IpAddress.parse(addresses[i]);
            assertEquals(labels[i], SourceAddress.label(address.hi(), address.lo()), addresses[i]);
        }
    }
}
