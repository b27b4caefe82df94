package dev.baton.stack.ip;

import dev.baton.stack.IpSettings;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.sim.SimRandom;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static dev.baton.stack.ip.TestPackets.CLIENT_6;
import static dev.baton.stack.ip.TestPackets.HOST_6;
import static dev.baton.stack.ip.TestPackets.concat;
import static dev.baton.stack.ip.TestPackets.fragment;
import static dev.baton.stack.ip.TestPackets.ip6;
import static dev.baton.stack.ip.TestPackets.of;
import static dev.baton.stack.ip.TestPackets.pattern;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReassemblerTest
{
    private static final int TCP = TcpHeader.PROTOCOL;

    private final IpFixture ip = new IpFixture();

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldPutFragmentsTogetherInAnyOrder(final int version)
    {
        final SimRandom random = new SimRandom(815 + version);
        for (int round = 0; round < 300; round++)
        {
            final byte[] payload = pattern(1000 + random.nextInt(20_000));
            final byte[] segment = TestPackets.tcp(version, round, TcpHeader.ACK, payload);
            final List<byte[]> fragments = fragments(version, round, segment, random);
            for (int i = fragments.size() - 1; i > 0; i--)
            {
                final int other = random.nextInt(i + 1);
                final byte[] swap = fragments.get(i);
                fragments.set(i, fragments.get(other));
                fragments.set(other, swap);
            }
            for (int i = 0; i < fragments.size() - 1; i++)
            {
                assertFalse(ip.accept(fragments.get(i)));
            }
            final Packet whole = ip.accepted(fragments.get(fragments.size() - 1));
            assertNotNull(whole, "round " + round);
            assertArrayEquals(segment, l4(whole));
            assertEquals(Packet.CHECKSUM_VERIFIED, whole.checksum());
            assertTrue(whole.offset() >= Packet.HEADROOM);
            assertEquals(Long.MAX_VALUE, ip.reassembler.nextDeadlineNs());
        }
        assertEquals(300, ip.count(IpCounter.REASM_OKS));
    }

    @Test
    void shouldMendTheHeaders()
    {
        final byte[] segment = TestPackets.tcp(4, 1, TcpHeader.ACK, pattern(100));
        ip.accept(fragment(4, 9, TCP, 0, true, Arrays.copyOf(segment, 64)));
        final Packet whole = ip.accepted(fragment(4, 9, TCP, 64, false, Arrays.copyOfRange(segment, 64, 120)));
        final Ip4Header header = new Ip4Header().wrap(whole.buffer(), whole.offset());
        assertEquals(140, header.totalLength());
        assertEquals(0, header.flagsAndFragment());
        assertTrue(header.checksumHolds());
    }

    @Test
    void shouldKeepTheHeadersInFrontOfAnIpv6Fragment()
    {
        final byte[] segment = TestPackets.tcp(6, 1, TcpHeader.ACK, pattern(100));
        final byte[] front = of(44, 0, 1, 4, 0, 0, 0, 0);
        final byte[] first = ip6(CLIENT_6, HOST_6, 60,
            concat(front, of(TCP, 0, 0, 1, 0, 0, 0, 3), Arrays.copyOf(segment, 64)));
        final byte[] second = ip6(CLIENT_6, HOST_6, 60,
            concat(front, of(TCP, 0, 0, 64, 0, 0, 0, 3), Arrays.copyOfRange(segment, 64, 120)));
        assertFalse(ip.accept(second));
        final Packet whole = ip.accepted(first);
        assertNotNull(whole);
        assertArrayEquals(segment, l4(whole));
        assertEquals(40 + 8 + 120, whole.length());
        assertEquals(60, whole.buffer().getByte(whole.offset() + 6));
        assertEquals(TCP, whole.buffer().getByte(whole.offset() + 40));
    }

    @ParameterizedTest
    @CsvSource({"4, 8", "4, 56", "4, 0", "6, 8", "6, 56", "6, 0"})
    void shouldLoseADatagramWhoseFragmentsOverlap(final int version, final int start)
    {
        final byte[] segment = TestPackets.tcp(version, 1, TcpHeader.ACK, pattern(300));
        ip.accept(fragment(version, 4, TCP, 0, true, Arrays.copyOf(segment, 64)));
        ip.accept(fragment(version, 4, TCP, start, true, pattern(72)));
        ip.accept(fragment(version, 4, TCP, 64, false, Arrays.copyOfRange(segment, 64, 320)));
        ip.accept(fragment(version, 4, TCP, 0, true, Arrays.copyOf(segment, 64)));
        ip.accept(fragment(version, 4, TCP, 64, false, Arrays.copyOfRange(segment, 64, 320)));
        assertEquals(0, ip.count(IpCounter.REASM_OKS), "fragments that come later are lost too");
        assertEquals(1, ip.count(IpCounter.REASM_OVERLAPS));
        assertEquals(1, ip.count(IpCounter.REASM_FAILS));
        assertEquals(1, ip.reassembler.expire(Reassembler.TIMEOUT_NS));
        assertTrue(ip.link.sent.isEmpty(), "no time exceeded about an attack");
    }

    @ParameterizedTest
    @CsvSource({"8, 8", "56, 16", "0, 8", "56, 8"})
    void shouldNoticeAnOverlapWithTheFragmentBefore(final int start, final int length)
    {
        ip.accept(fragment(4, 4, TCP, 0, true, pattern(64)));
        ip.accept(fragment(4, 4, TCP, start, true, pattern(length)));
        assertEquals(1, ip.count(IpCounter.REASM_OVERLAPS));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldDropAnExactDuplicateAlone(final int version)
    {
        final byte[] segment = TestPackets.tcp(version, 1, TcpHeader.ACK, pattern(100));
        final byte[] first = fragment(version, 4, TCP, 0, true, Arrays.copyOf(segment, 64));
        ip.accept(first);
        ip.accept(first);
        assertTrue(ip.accept(fragment(version, 4, TCP, 64, false, Arrays.copyOfRange(segment, 64, 120))));
    }

    @Test
    void shouldLoseADatagramWhoseDuplicateSaysSomethingElse()
    {
        ip.accept(fragment(4, 4, TCP, 0, true, pattern(64)));
        final byte[] other = pattern(64);
        other[63] ^= 1;
        ip.accept(fragment(4, 4, TCP, 0, true, other));
        assertEquals(1, ip.count(IpCounter.REASM_OVERLAPS));
    }

    @Test
    void shouldLoseADatagramWhoseEndIsContradicted()
    {
        ip.accept(fragment(4, 1, TCP, 64, false, pattern(64)));
        ip.accept(fragment(4, 1, TCP, 128, false, pattern(64)));
        ip.accept(fragment(4, 2, TCP, 64, false, pattern(64)));
        ip.accept(fragment(4, 2, TCP, 128, true, pattern(64)));
        ip.accept(fragment(4, 3, TCP, 128, true, pattern(64)));
        ip.accept(fragment(4, 3, TCP, 64, false, pattern(8)));
        assertEquals(3, ip.count(IpCounter.REASM_FAILS));
    }

    @Test
    void shouldNotMixDatagrams()
    {
        final byte[] a = TestPackets.tcp(4, 1, TcpHeader.ACK, pattern(100));
        final byte[] b = TestPackets.tcp(4, 2, TcpHeader.ACK, pattern(100));
        ip.accept(fragment(4, 1, TCP, 0, true, Arrays.copyOf(a, 64)));
        ip.accept(fragment(4, 2, TCP, 0, true, Arrays.copyOf(b, 64)));
        ip.accept(fragment(4, 1, 17, 64, false, pattern(56)));
        assertArrayEquals(b, l4(ip.accepted(fragment(4, 2, TCP, 64, false, Arrays.copyOfRange(b, 64, 120)))));
        assertArrayEquals(a, l4(ip.accepted(fragment(4, 1, TCP, 64, false, Arrays.copyOfRange(a, 64, 120)))));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldGiveUpAfterTheTimeAndSaySoWhenFragmentZeroCame(final int version)
    {
        final byte[] first = fragment(version, 1, TCP, 0, true, pattern(64));
        ip.input.accept(TestPackets.packet(first), 1000);
        ip.input.accept(TestPackets.packet(fragment(version, 2, TCP, 64, false, pattern(64))), 2000);
        final long timeoutNs = version == 4 ? Reassembler.TIMEOUT_V4_NS : Reassembler.TIMEOUT_NS;
        assertEquals(1000 + timeoutNs, ip.reassembler.nextDeadlineNs());
        assertEquals(0, ip.reassembler.expire(999 + timeoutNs));
        assertEquals(2, ip.reassembler.expire(2000 + timeoutNs));
        assertEquals(2, ip.count(IpCounter.REASM_TIMEOUT));
        assertEquals(1, ip.link.sent.size());
        final byte[] error = ip.lastSent();
        final int icmp = IpOutput.headerLength(version);
        assertEquals(version == 4 ? 11 : 3, error[icmp]);
        assertEquals(1, error[icmp + 1]);
        assertArrayEquals(first, Arrays.copyOfRange(error, icmp + 8, error.length), "fragment 0 is quoted as it came");
        assertEquals(Long.MAX_VALUE, ip.reassembler.nextDeadlineNs());
    }

    @Test
    void shouldGiveUpTheOldestWhenAllAreBusy()
    {
        final IpFixture small = new IpFixture(new IcmpLimiter(), 2, 16);
        final byte[] segment = TestPackets.tcp(4, 1, TcpHeader.ACK, pattern(100));
        for (int id = 1; id <= 3; id++)
        {
            final Packet packet = TestPackets.packet(fragment(4, id, TCP, 0, true, Arrays.copyOf(segment, 64)));
            small.input.accept(packet, id);
        }
        assertEquals(1, small.count(IpCounter.REASM_EVICTIONS));
        assertEquals(2 + Reassembler.TIMEOUT_V4_NS, small.reassembler.nextDeadlineNs());
        assertTrue(small.accept(fragment(4, 3, TCP, 64, false, Arrays.copyOfRange(segment, 64, 120))));
    }

    @Test
    void shouldLimitFragmentsOfADatagram()
    {
        final IpFixture small = new IpFixture(new IcmpLimiter(), 2, 4);
        for (int i = 0; i < 6; i++)
        {
            small.accept(fragment(4, 1, TCP, 16 * i, true, pattern(8)));
        }
        assertEquals(1, small.count(IpCounter.REASM_FAILS));
    }

    @Test
    void shouldRefuseDatagramsThatAreTooLong()
    {
        ip.accept(fragment(4, 1, TCP, 65528, false, pattern(8)));
        assertEquals(1, ip.count(IpCounter.REASM_FAILS));
        ip.accept(fragment(4, 2, TCP, 0, true, pattern(65_000 - 65_000 % 8)));
        ip.accept(fragment(4, 2, TCP, 65_000, false, pattern(520)));
        assertEquals(0, ip.count(IpCounter.REASM_OKS), "65520 bytes and a header do not fit into 65535");
        assertEquals(2, ip.count(IpCounter.REASM_FAILS));
    }

    @Test
    void shouldDropPiecesThatCannotBeFragments()
    {
        ip.accept(fragment(4, 1, TCP, 0, true, pattern(63)));
        ip.accept(fragment(4, 1, TCP, 8, false, new byte[0]));
        ip.accept(TestPackets.fragment6(1, TCP, 8, false, new byte[0]));
        assertEquals(3, ip.count(IpCounter.REASM_FAILS));
        assertEquals(Long.MAX_VALUE, ip.reassembler.nextDeadlineNs());
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 2", "2, 3, 3", "3, 1, 3", "0, 0, 0", "0, 3, -1", "3, 0, -1"})
    void shouldCombineEcnAsRfc3168Says(final int first, final int second, final int expected)
    {
        for (final int version : new int[] {4, 6})
        {
            final IpFixture fresh = new IpFixture();
            final byte[] segment = TestPackets.tcp(version, 1, TcpHeader.ACK, pattern(100));
            fresh.accept(withEcn(version, first, fragment(version, 1, TCP, 0, true, Arrays.copyOf(segment, 64))));
            final byte[] rest = fragment(version, 1, TCP, 64, false, Arrays.copyOfRange(segment, 64, 120));
            final Packet whole = fresh.accepted(withEcn(version, second, rest));
            assertEquals(expected, whole == null ? -1 : whole.ecn(), "version " + version);
        }
    }

    private static byte[] withEcn(final int version, final int ecn, final byte[] bytes)
    {
        if (version == 6)
        {
            bytes[1] |= (byte)(ecn << 4);
            return bytes;
        }
        bytes[1] = (byte)ecn;
        new Ip4Header().wrap(new UnsafeBuffer(bytes), 0).computeChecksum();
        return bytes;
    }

    private static List<byte[]> fragments(final int version, final int id, final byte[] l4, final SimRandom random)
    {
        final List<byte[]> fragments = new ArrayList<>();
        for (int at = 0; at < l4.length; )
        {
            final int size = Math.max(64, 8 * (l4.length / 400)) + 8 * random.nextInt(100);
            final int end = Math.min(at + size, l4.length);
            fragments.add(fragment(version, id, TCP, at, end < l4.length, Arrays.copyOfRange(l4, at, end)));
            at = end;
        }
        return fragments;
    }

    private static byte[] l4(final Packet packet)
    {
        final byte[] bytes = new byte[packet.l4Length()];
        packet.buffer().getBytes(packet.l4Offset(), bytes);
        return bytes;
    }

    /** One source that sends many first fragments takes its own places only. */
    @Test
    void shouldGiveUpTheOldestOfASourceAtItsQuota()
    {
        final IpSettings settings = new StackContext().ip().maxFragmentedDatagrams(4).maxFragmentedPerSource(2);
        final Reassembler reassembler = new Reassembler(ip.responder, ip.counters, settings);
        final IpInput input = new IpInput(ip.local, ip.responder, reassembler, ip.counters);
        final IpAddress other = IpAddress.parse("198.18.0.77");
        final byte[] data = TestPackets.pattern(16);
        input.accept(TestPackets.packet(TestPackets.ip4(other, TestPackets.HOST_4, 17, 99, 0x2000, data)), 0);
        for (int id = 1; id <= 50; id++)
        {
            input.accept(TestPackets.packet(TestPackets.fragment4(id, 17, 0, true, data)), id);
        }
        assertEquals(48, ip.count(IpCounter.REASM_EVICTIONS));
        input.accept(TestPackets.packet(TestPackets.ip4(other, TestPackets.HOST_4, 17, 99, 2, data)), 60);
        assertEquals(1, ip.count(IpCounter.REASM_OKS), "the other source's datagram was not touched");
    }
}
