package dev.baton.stack.ip;

import dev.baton.stack.IpSettings;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

import static dev.baton.stack.ip.TestPackets.CLIENT_4;
import static dev.baton.stack.ip.TestPackets.CLIENT_6;
import static dev.baton.stack.ip.TestPackets.HOST_4;
import static dev.baton.stack.ip.TestPackets.HOST_6;
import static dev.baton.stack.ip.TestPackets.concat;
import static dev.baton.stack.ip.TestPackets.ip4;
import static dev.baton.stack.ip.TestPackets.ip6;
import static dev.baton.stack.ip.TestPackets.of;
import static dev.baton.stack.ip.TestPackets.pattern;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ForwarderTest
{
    private static final IpAddress FAR_4 = IpAddress.parse("203.0.113.5");
    private static final IpAddress FAR_6 = IpAddress.parse("2001:db8::5");

    private final RecordingLink link = new RecordingLink();
    private final IpCounters counters = new IpCounters();
    private final LocalAddresses local = new LocalAddresses();
    private final RouteTable routes = new RouteTable();
    private final IpSettings settings = new StackContext().ip().forwarding(true).forwardingV6(true);
    private final Paths paths = new Paths(link, local, routes, new PathMtu(4, 1000, 1), settings);
    private final IpOutput output = new IpOutput(link, counters, new FragmentIds(1), paths);
    private final IcmpResponder responder =
        new IcmpResponder(output, new IcmpLimiter(1_000_000, 1_000_000), counters, paths);
    private final IpInput input =
        new IpInput(local, responder, new Reassembler(responder, counters), counters);

    ForwarderTest()
    {
        local.add(HOST_4, 24);
        local.add(HOST_6, 64);
        input.forwarding(paths, settings, output);
    }

    private void accept(final byte[] bytes)
    {
        assertFalse(input.accept(TestPackets.packet(bytes), 0));
    }

    private static byte[] packet(final int version, final int hops, final int length)
    {
        final byte[] bytes = version == 4 ? ip4(CLIENT_4, FAR_4, 17, 7, 0, pattern(length)) :
            ip6(CLIENT_6, FAR_6, 17, pattern(length));
        if (version == 4)
        {
            new Ip4Header().wrap(new UnsafeBuffer(bytes), 0).ttl(hops).computeChecksum();
        }
        else
        {
            bytes[7] = (byte)hops;
        }
        return bytes;
    }

    /** Type and code of the one packet that was sent, which must be an ICMP error from our own address. */
    private String error(final int version)
    {
        assertEquals(1, link.sent.size());
        final byte[] bytes = link.sent.get(0);
        final Packet packet = TestPackets.packet(bytes).l4(version, 0, 0);
        final IpAddress from = version == 4 ? HOST_4 : HOST_6;
        assertEquals(from, new IpAddress(packet.srcHi(), packet.srcLo()));
        final int at = IpOutput.headerLength(version);
        return (bytes[at] & 0xFF) + "/" + bytes[at + 1] + " " +
            new UnsafeBuffer(bytes).getShort(at + 6, java.nio.ByteOrder.BIG_ENDIAN);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldPassOnWithOneHopLess(final int version)
    {
        final byte[] sent = packet(version, 9, 100);
        accept(sent);
        final byte[] expected = packet(version, 8, 100);
        assertArrayEquals(expected, link.sent.get(0));
        assertEquals(1, counters.get(IpCounter.FORW_DATAGRAMS));
        assertEquals(0, counters.get(IpCounter.IN_ADDR_ERRORS));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldNotForwardUnlessTold(final int version)
    {
        final IpInput host = new IpInput(local, responder, new Reassembler(responder, counters), counters);
        host.forwarding(paths, new StackContext().ip(), output);
        host.accept(TestPackets.packet(packet(version, 9, 100)), 0);
        assertTrue(link.sent.isEmpty());
        assertEquals(1, counters.get(IpCounter.IN_ADDR_ERRORS));
    }

    @ParameterizedTest
    @CsvSource({"4, 0, 11/0 0", "4, 1, 11/0 0", "6, 0, 3/0 0", "6, 1, 3/0 0"})
    void shouldSayThatTheTimeToLiveIsUsedUp(final int version, final int hops, final String expected)
    {
        accept(packet(version, hops, 100));
        assertEquals(expected, error(version));
        assertEquals(1, counters.get(IpCounter.IN_HDR_ERRORS));
        assertEquals(1, counters.get(IpCounter.ICMP_OUT_TIME_EXCDS));
    }

    @ParameterizedTest
    @CsvSource({"4, UNREACHABLE, 3/1 0", "4, PROHIBIT, 3/13 0", "6, UNREACHABLE, 1/3 0", "6, PROHIBIT, 1/1 0"})
    void shouldSayWhyARouteRefuses(final int version, final RouteKind kind, final String expected)
    {
        routes.add(Route.to(version == 4 ? FAR_4 : FAR_6, version == 4 ? 32 : 128, kind));
        accept(packet(version, 9, 100));
        assertEquals(expected, error(version));
        assertEquals(1, counters.get(IpCounter.IN_NO_ROUTES));
    }

    @ParameterizedTest
    @CsvSource({"4, 3/0 0", "6, 1/0 0"})
    void shouldSayThatThereIsNoRoute(final int version, final String expected)
    {
        final IpAddress prefix = version == 4 ? IpAddress.v4(0) : IpAddress.ANY;
        routes.remove(prefix, 0, 0);
        routes.add(Route.to(Prefix.network(version == 4 ? CLIENT_4 : CLIENT_6, 8), 8, RouteKind.UNICAST));
        accept(packet(version, 9, 100));
        assertEquals(expected, error(version));
    }

    @Test
    void shouldBeSilentAboutABlackhole()
    {
        routes.add(Route.to(FAR_4, 32, RouteKind.BLACKHOLE));
        accept(packet(4, 9, 100));
        assertTrue(link.sent.isEmpty());
    }

    @Test
    void shouldSayTooBigWithTheMtuOfTheWayOut()
    {
        link.mtu = 1400;
        accept(packet(6, 9, 1400));
        assertEquals("2/0 1400", error(6));
        link.sent.clear();
        final byte[] packet = packet(4, 9, 1400);
        packet[6] = 0x40;
        new Ip4Header().wrap(new UnsafeBuffer(packet), 0).computeChecksum();
        accept(packet);
        assertEquals("3/4 1400", error(4));
        assertEquals(2, counters.get(IpCounter.FRAG_FAILS));
        assertEquals(1, counters.get(IpCounter.ICMP_OUT_PKT_TOO_BIGS));
    }

    @Test
    void shouldFragmentWithoutDfAndCopyOnlyOptionsThatAskForIt()
    {
        link.mtu = 600;
        final byte[] options = of(7, 7, 4, 0, 0, 0, 0, 0x94, 4, 0, 0, 0);
        final byte[] bytes = concat(ip4(CLIENT_4, FAR_4, 17, 77, 0, new byte[0]), options, pattern(1400));
        bytes[0] = 0x48;
        new Ip4Header().wrap(new UnsafeBuffer(bytes), 0).totalLength(bytes.length).computeChecksum();
        accept(bytes);
        assertEquals(3, link.sent.size());
        assertArrayEquals(options, Arrays.copyOfRange(link.sent.get(0), 20, 32));
        assertArrayEquals(of(1, 1, 1, 1, 1, 1, 1, 0x94, 4, 0, 0, 0), Arrays.copyOfRange(link.sent.get(1), 20, 32));
        final IpFixture far = new IpFixture();
        far.local.add(FAR_4);
        for (final byte[] fragment : link.sent)
        {
            assertTrue(fragment.length <= 600);
            far.accept(fragment);
        }
        assertEquals(1, far.count(IpCounter.REASM_OKS));
    }

    @Test
    void shouldKeepOffsetsWhenItFragmentsAFragment()
    {
        link.mtu = 600;
        final byte[] whole = pattern(2400);
        accept(ip4(CLIENT_4, FAR_4, 17, 5, 0x2000, Arrays.copyOf(whole, 1200)));
        accept(ip4(CLIENT_4, FAR_4, 17, 5, 150, Arrays.copyOfRange(whole, 1200, 2400)));
        final IpFixture far = new IpFixture();
        far.local.add(FAR_4);
        link.sent.forEach(far::accept);
        assertEquals(6, link.sent.size());
        assertEquals(1, far.count(IpCounter.REASM_OKS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"224.0.0.1", "255.255.255.255", "0.0.0.0", "127.0.0.1", "169.254.1.1", "198.18.0.255",
        "198.18.0.0", "240.0.0.1"})
    void shouldRefuseMartianDestinationsInSilence(final String destination)
    {
        accept(ip4(CLIENT_4, IpAddress.parse(destination), 17, 7, 0, pattern(20)));
        assertTrue(link.sent.isEmpty());
        assertEquals(1, counters.get(IpCounter.IN_ADDR_ERRORS));
    }

    @Test
    void shouldNotForwardLinkLocalAddresses()
    {
        accept(ip4(IpAddress.parse("169.254.1.1"), FAR_4, 17, 7, 0, pattern(20)));
        accept(ip6(CLIENT_6, IpAddress.parse("fe80::1"), 17, pattern(20)));
        accept(ip6(CLIENT_6, IpAddress.parse("ff05::1"), 17, pattern(20)));
        assertTrue(link.sent.isEmpty());
        assertEquals(3, counters.get(IpCounter.IN_ADDR_ERRORS));
        accept(ip6(IpAddress.parse("fe80::9"), FAR_6, 17, pattern(20)));
        assertEquals(1, link.sent.size());
        assertEquals(1, link.sent.get(0)[40]);
        assertEquals(2, link.sent.get(0)[41], "beyond scope of source address");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPassSuperSegmentsWholeOrSplitAsTheLinkCan(final boolean whole)
    {
        link.checksumOffload = whole;
        link.maxGsoBytes = whole ? 65_535 : 0;
        final byte[] bytes = ip4(CLIENT_4, FAR_4, 6, 0, 0x4000, TestPackets.tcp(CLIENT_4, FAR_4, 1, 16, pattern(5000)));
        final Packet packet = TestPackets.packet(bytes).gsoSize(1000).checksum(Packet.CHECKSUM_PARTIAL);
        input.accept(packet, 0);
        assertEquals(whole ? 1 : 5, link.sent.size());
        assertEquals(whole ? bytes.length : 1040, link.sent.get(0).length);
    }
}
