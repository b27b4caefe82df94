package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.wire.Ip4Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.baton.stack.ip.TestPackets.client;
import static dev.baton.stack.ip.TestPackets.host;
import static dev.baton.stack.ip.TestPackets.udp;
import static dev.baton.stack.ip.TestPackets.pattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** IP_MTU_DISCOVER and IPV6_MTU_DISCOVER on a link of 1500 and a path of 1300. */
class MtuDiscoverTest
{
    private final RecordingLink link = new RecordingLink();
    private final IpCounters counters = new IpCounters();
    private final RouteTable routes = new RouteTable();
    private final PathMtu cache = new PathMtu(4, 1000, 1);
    private final Paths paths = new Paths(link, new LocalAddresses(), routes, cache, new StackContext().ip());
    private final IpOutput output = new IpOutput(link, counters, new FragmentIds(1), paths);

    private SendResult send(final int version, final int length, final MtuDiscover discover)
    {
        final byte[] datagram = udp(version, pattern(length - IpOutput.headerLength(version) - 8), true);
        final byte[] bytes = new byte[IpOutput.headerLength(version) + datagram.length];
        System.arraycopy(datagram, 0, bytes, bytes.length - datagram.length, datagram.length);
        final Packet packet = TestPackets.packet(bytes);
        output.encode(packet.buffer(), packet.offset(), 0, 17, datagram.length, host(version), client(version));
        packet.l4(version, packet.offset() + IpOutput.headerLength(version), 17);
        return output.send(packet, discover);
    }

    @ParameterizedTest
    @CsvSource({
        "4, 1300, DONT, TAKEN, 1, false", "4, 1300, WANT, TAKEN, 1, true", "4, 1300, DO, TAKEN, 1, true",
        "4, 1300, PROBE, TAKEN, 1, true", "4, 1301, DONT, TAKEN, 2, false", "4, 1301, WANT, TAKEN, 2, false",
        "4, 1301, DO, TOO_BIG, 0, false", "4, 1301, PROBE, TAKEN, 1, true", "4, 1501, PROBE, TOO_BIG, 0, false",
        "6, 1300, WANT, TAKEN, 1, false", "6, 1301, DONT, TAKEN, 2, false", "6, 1301, WANT, TAKEN, 2, false",
        "6, 1301, DO, TOO_BIG, 0, false", "6, 1500, PROBE, TAKEN, 1, false", "6, 1501, PROBE, TOO_BIG, 0, false"})
    void shouldMeetThePathsMtuAsTheSocketWants(
        final int version,
        final int length,
        final MtuDiscover discover,
        final SendResult result,
        final int packets,
        final boolean dontFragment)
    {
        cache.lower(client(version).hi(), client(version).lo(), 1300, 0);
        assertEquals(result, send(version, length, discover));
        assertEquals(packets, link.sent.size());
        for (final byte[] sent : link.sent)
        {
            assertTrue(sent.length <= 1300 || discover == MtuDiscover.PROBE);
            if (version == 4)
            {
                final Ip4Header ip = new Ip4Header().wrap(TestPackets.packet(sent).buffer(), Packet.HEADROOM);
                assertEquals(dontFragment, (ip.flagsAndFragment() & Ip4Header.DONT_FRAGMENT) != 0);
                assertTrue(ip.checksumHolds());
            }
        }
        assertEquals(packets > 1 ? packets : 0, counters.get(IpCounter.FRAG_CREATES));
        assertEquals(result == SendResult.TOO_BIG ? 1 : 0, counters.get(IpCounter.FRAG_FAILS));
    }

    @Test
    void shouldTellDroppedAndNoRoute()
    {
        link.refuses = true;
        assertEquals(SendResult.DROPPED, send(4, 100, MtuDiscover.WANT));
        routes.add(Route.to(client(4), 32, RouteKind.BLACKHOLE));
        assertEquals(SendResult.NO_ROUTE, send(4, 100, MtuDiscover.WANT));
        assertEquals(1, counters.get(IpCounter.OUT_NO_ROUTES));
        assertThrows(IllegalArgumentException.class, () -> paths.require(client(4)));
    }

    @Test
    void shouldUseMtuAndHopLimitOfTheRoute()
    {
        routes.add(new Route(client(4), 32, RouteKind.UNICAST, null, 1000, 7, 0));
        assertEquals(1000, paths.mtu(client(4).hi(), client(4).lo()));
        assertEquals(7, output.hopLimit(client(4).hi(), client(4).lo(), 64));
        assertEquals(64, output.hopLimit(host(4).hi(), host(4).lo(), 64));
        assertEquals(SendResult.TOO_BIG, send(4, 1001, MtuDiscover.DO));
    }
}
