package dev.baton.stack.ip;

import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.wire.Ip4Header;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static dev.baton.stack.ip.TestPackets.CLIENT_4;
import static dev.baton.stack.ip.TestPackets.CLIENT_6;
import static dev.baton.stack.ip.TestPackets.HOST_4;
import static dev.baton.stack.ip.TestPackets.HOST_6;
import static dev.baton.stack.ip.TestPackets.ip4;
import static dev.baton.stack.ip.TestPackets.ip6;
import static dev.baton.stack.ip.TestPackets.pattern;
import static dev.baton.stack.ip.TestPackets.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every field of the IPv4, IPv6 and ICMP headers at its edge values, in pairs, through a whole shard: nothing is thrown,
 * every packet is counted under the name of one fate, at most one packet answers it, and nothing is left of it.
 */
class HeaderEnumerationTest
{
    /** What ends the way of a packet up; a fragment that completes a datagram has two. */
    private static final Set<IpCounter> FATES = EnumSet.of(
        IpCounter.IN_HDR_ERRORS, IpCounter.IN_ADDR_ERRORS, IpCounter.IN_SOURCE_ROUTED, IpCounter.IN_UNKNOWN_PROTOS,
        IpCounter.IN_DISCARDS, IpCounter.IN_DELIVERS, IpCounter.REASM_REQDS, IpCounter.FORW_DATAGRAMS,
        IpCounter.IN_NO_ROUTES, IpCounter.FRAG_FAILS);

    /** A field: bits of the packet, and values at its edges. */
    private record Field(String name, int bit, int bits, long... edges)
    {
        void set(final byte[] packet, final long value)
        {
            for (int i = 0; i < bits; i++)
            {
                final int at = bit + bits - 1 - i;
                final int mask = 0x80 >>> at % 8;
                packet[at / 8] = (byte)((value >>> i & 1) != 0 ? packet[at / 8] | mask : packet[at / 8] & ~mask);
            }
        }
    }

    private static final List<Field> IP_4 = List.of(
        new Field("version", 0, 4, 0, 4, 5, 6, 15),
        new Field("headerLength", 4, 4, 0, 4, 5, 6, 15),
        new Field("tos", 8, 8, 0, 1, 3, 255),
        new Field("totalLength", 16, 16, 0, 19, 20, 21, 27, 28, 47, 48, 49, 1500, 65_535),
        new Field("id", 32, 16, 0, 1, 65_535),
        new Field("reserved", 48, 1, 0, 1),
        new Field("dontFragment", 49, 1, 0, 1),
        new Field("moreFragments", 50, 1, 0, 1),
        new Field("fragmentOffset", 51, 13, 0, 1, 2, 8189, 8191),
        new Field("ttl", 64, 8, 0, 1, 2, 255),
        new Field("protocol", 72, 8, 0, 1, 2, 4, 6, 17, 41, 58, 59, 255),
        new Field("checksum", 80, 16, 0, 1, 65_535),
        new Field("src", 96, 32, 0, 1, 0x7F00_0001L, 0xC612_0001L, 0xC612_0009L, 0xC612_00FFL, 0xE000_0001L,
            0xF000_0000L, 0xFFFF_FFFFL),
        new Field("dst", 128, 32, 0, 1, 0x7F00_0001L, 0xC612_0001L, 0xC612_00FFL, 0xCB00_7105L, 0xE000_0001L,
            0xFFFF_FFFFL));

    private static final List<Field> IP_6 = List.of(
        new Field("version", 0, 4, 0, 4, 5, 6, 15),
        new Field("trafficClass", 4, 8, 0, 1, 3, 255),
        new Field("flowLabel", 12, 20, 0, 1, 0xFFFFF),
        new Field("payloadLength", 32, 16, 0, 1, 7, 8, 19, 20, 27, 28, 29, 1460, 65_535),
        new Field("nextHeader", 48, 8, 0, 1, 4, 6, 17, 41, 43, 44, 50, 51, 58, 59, 60, 135, 255),
        new Field("hopLimit", 56, 8, 0, 1, 2, 255),
        new Field("srcHi", 64, 64, 0, 1, 0xFD00_0000_0000_0000L, 0xFE80_0000_0000_0000L, 0xFF02_0000_0000_0000L, -1),
        new Field("srcLo", 128, 64, 0, 1, 9, 0xFFFF_C612_0009L, -1),
        new Field("dstHi", 192, 64, 0, 1, 0xFD00_0000_0000_0000L, 0xFE80_0000_0000_0000L, 0xFF02_0000_0000_0000L,
            0x2001_0DB8_0000_0000L, -1),
        new Field("dstLo", 256, 64, 0, 1, 9, 0xFFFF_C612_0001L, -1));

    private final List<byte[]> sent = new ArrayList<>();
    private byte[] next;
    private NetStack stack;

    private NetStack shard(final boolean forwarding)
    {
        final StackContext context = new StackContext().address(HOST_4, 24).address(HOST_6, 64)
            .ip((ip) -> ip.forwarding(forwarding).forwardingV6(forwarding).icmpRateLimitNs(0)
                .icmpMessagesPerSecond(1_000_000).icmpMessagesBurst(1_000_000));
        return new NetStack(context.conclude(), new OnePacketLink());
    }

    /** The packets that fields are set in: each transport, well-formed, to a port where nobody listens. */
    private static List<byte[]> bases(final int version)
    {
        final byte[] segment = tcp(version, 1, 2, pattern(8));
        final byte[] datagram = TestPackets.udp(version, pattern(20), true);
        return List.of(TestPackets.ip(version, 6, segment), TestPackets.ip(version, 17, datagram),
            TestPackets.echo(version, pattern(20)));
    }

    @ParameterizedTest
    @CsvSource({"4, false", "6, false", "4, true", "6, true"})
    void shouldGiveEveryPairOfEdgeValuesOneFate(final int version, final boolean forwarding)
    {
        stack = shard(forwarding);
        final List<Field> fields = version == 4 ? IP_4 : IP_6;
        int count = 0;
        for (final byte[] base : bases(version))
        {
            for (int a = 0; a < fields.size(); a++)
            {
                for (int b = a; b < fields.size(); b++)
                {
                    count += pairs(base, fields.get(a), fields.get(b));
                }
            }
        }
        assertTrue(count > 5000, "packets " + count);
        assertEquals(0, stack.connectionCount());
        assertEquals(0, stack.tcp().bufferPool().acquiredBytes());
        assertTrue(stack.reassembler().waiting().size() <= Reassembler.DEFAULT_DATAGRAMS);
        assertEquals(count, stack.ipCounters().get(IpCounter.IN_RECEIVES));
    }

    private int pairs(final byte[] base, final Field a, final Field b)
    {
        int count = 0;
        for (final long valueA : a.edges())
        {
            for (final long valueB : b.edges())
            {
                final byte[] packet = base.clone();
                a.set(packet, valueA);
                b.set(packet, valueB);
                final boolean summed = a.name().equals("checksum") || b.name().equals("checksum");
                mend(packet, summed);
                feed(packet, a.name() + " " + valueA + ", " + b.name() + " " + valueB);
                count++;
            }
        }
        return count;
    }

    private static void mend(final byte[] packet, final boolean summed)
    {
        final Ip4Header ip = new Ip4Header().wrap(new UnsafeBuffer(packet), 0);
        if (!summed && ip.version() == 4 && ip.headerLength() <= packet.length)
        {
            ip.computeChecksum();
        }
    }

    private void feed(final byte[] packet, final String what)
    {
        final long before = fates();
        final long fragments = stack.ipCounters().get(IpCounter.REASM_REQDS);
        sent.clear();
        next = packet;
        stack.poll(1_000);
        final long fates = fates() - before;
        final boolean fragment = stack.ipCounters().get(IpCounter.REASM_REQDS) > fragments;
        // A fragment is counted as one, and then perhaps for what is wrong with it, or for what it completes.
        assertTrue(fates == 1 || fragment && fates == 2,
            () -> what + ": " + fates + " fates");
        assertTrue(sent.size() <= 1, () -> what + ": " + sent.size() + " answers");
    }

    private long fates()
    {
        long sum = 0;
        for (final IpCounter counter : FATES)
        {
            sum += stack.ipCounters().get(counter);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "4, version, 5, IpInHdrErrors", "4, headerLength, 4, IpInHdrErrors", "4, totalLength, 19, IpInHdrErrors",
        "4, totalLength, 1500, IpInTruncatedPkts", "4, checksum, 1, IpInCsumErrors", "4, protocol, 2, IpInUnknownProtos",
        "4, src, 0, IpInAddrErrors", "4, src, 3758096385, IpInAddrErrors", "4, src, 2130706433, IpInAddrErrors",
        "4, dst, 3758096385, IpInAddrErrors", "4, dst, 3405803781, IpInAddrErrors", "4, ttl, 0, IpInDelivers",
        "4, moreFragments, 1, IpReasmReqds", "4, fragmentOffset, 8191, IpReasmReqds", "4, tos, 255, IpInDelivers",
        "6, version, 5, IpInHdrErrors", "6, payloadLength, 1460, IpInTruncatedPkts", "6, nextHeader, 59, IpInDiscards",
        "6, nextHeader, 255, IpInUnknownProtos", "6, srcHi, -72057594037927936, IpInAddrErrors",
        "6, dstHi, -72057594037927936, IpInAddrErrors", "6, hopLimit, 0, IpInDelivers", "6, nextHeader, 44, IpReasmReqds"})
    void shouldCountUnderItsSnmpName(final int version, final String field, final long value, final String name)
    {
        stack = shard(false);
        final byte[] packet = bases(version).get(0).clone();
        (version == 4 ? IP_4 : IP_6).stream().filter((f) -> f.name().equals(field)).findFirst().orElseThrow()
            .set(packet, value);
        mend(packet, field.equals("checksum"));
        feed(packet, field);
        final List<String> counted = new ArrayList<>();
        for (final IpCounter counter : IpCounter.values())
        {
            if (stack.ipCounters().get(counter) > 0)
            {
                counted.add(counter.mibName());
            }
        }
        assertTrue(counted.contains(name), () -> field + " " + value + " counts " + counted);
    }

    /** Every type and code, quoting our segment whole, cut and mangled: nothing is thrown and no error is answered. */
    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldSurviveEveryIcmpTypeAndCodeWithEveryQuote(final int version)
    {
        stack = shard(false);
        final byte[] quoted = version == 4 ? ip4(HOST_4, CLIENT_4, 6, 0, 0x4000, tcp(HOST_4, CLIENT_4, 9, 16, pattern(8))) :
            ip6(HOST_6, CLIENT_6, 6, tcp(HOST_6, CLIENT_6, 9, 16, pattern(8)));
        final List<Field> fields = version == 4 ? IP_4 : IP_6;
        final int echo = version == 4 ? 8 : 128;
        final int protocol = version == 4 ? 1 : 58;
        for (int type = 0; type < 256; type++)
        {
            for (final int code : new int[]{0, 1, 2, 4, 5, 15, 255})
            {
                for (final int rest : new int[]{0, 67, 1279, 1280, 1500, -1})
                {
                    next = TestPackets.ip(version, protocol, TestPackets.icmp(version, type, code, rest, quoted));
                    sent.clear();
                    stack.poll(1_000);
                    assertEquals(type == echo ? 1 : 0, sent.size(), "type " + type);
                }
            }
        }
        for (final int type : version == 4 ? new int[]{3, 11, 12} : new int[]{1, 2, 3, 4})
        {
            for (final Field field : fields)
            {
                for (final long value : field.edges())
                {
                    final byte[] mangled = quoted.clone();
                    field.set(mangled, value);
                    next = TestPackets.ip(version, protocol, TestPackets.icmp(version, type, 0, 1300, mangled));
                    stack.poll(1_000);
                }
            }
            for (int length = 0; length < quoted.length; length++)
            {
                final byte[] cut = Arrays.copyOf(quoted, length);
                next = TestPackets.ip(version, protocol, TestPackets.icmp(version, type, 0, 1300, cut));
                stack.poll(1_000);
            }
        }
        assertEquals(0, stack.paths().pathMtu().size(), "no claim about a connection that there is not");
    }

    @Test
    void shouldIgnoreSourceQuenchAndRedirects()
    {
        stack = shard(false);
        for (final int type : new int[]{4, 5})
        {
            next = TestPackets.icmpPacket(4, type, 1, 0, pattern(28));
            stack.poll(1_000);
        }
        next = TestPackets.icmpPacket(6, 137, 0, 0, pattern(40));
        stack.poll(1_000);
        assertEquals(1, stack.ipCounters().get(IpCounter.ICMP_IN_SRC_QUENCHS));
        assertEquals(2, stack.ipCounters().get(IpCounter.ICMP_IN_REDIRECTS));
        assertEquals(3, stack.ipCounters().get(IpCounter.ICMP_IN_IGNORED));
        assertEquals(2, stack.paths().routes().list().size());
    }

    /** Gives the packet of the test once, and keeps what is sent. */
    private final class OnePacketLink implements Link
    {
        @Override
        public boolean receive(final Packet packet)
        {
            if (next == null)
            {
                return false;
            }
            final Packet given = TestPackets.packet(next);
            packet.wrap(given.buffer(), given.offset(), given.length(), 0, Packet.CHECKSUM_COMPLETE);
            next = null;
            return true;
        }

        @Override
        public boolean transmit(final Packet packet)
        {
            sent.add(TestPackets.bytes(packet));
            return true;
        }

        @Override
        public int mtu()
        {
            return 1500;
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
}
