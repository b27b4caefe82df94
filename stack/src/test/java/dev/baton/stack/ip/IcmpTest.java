package dev.baton.stack.ip;

import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

import static dev.baton.stack.ip.TestPackets.CLIENT_4;
import static dev.baton.stack.ip.TestPackets.CLIENT_6;
import static dev.baton.stack.ip.TestPackets.HOST_4;
import static dev.baton.stack.ip.TestPackets.HOST_6;
import static dev.baton.stack.ip.TestPackets.concat;
import static dev.baton.stack.ip.TestPackets.echo;
import static dev.baton.stack.ip.TestPackets.icmpPacket;
import static dev.baton.stack.ip.TestPackets.ip;
import static dev.baton.stack.ip.TestPackets.ip4;
import static dev.baton.stack.ip.TestPackets.ip6;
import static dev.baton.stack.ip.TestPackets.of;
import static dev.baton.stack.ip.TestPackets.pattern;
import static dev.baton.stack.ip.TestPackets.tcp;
import static dev.baton.stack.ip.TestPackets.udp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IcmpTest
{
    private final IpFixture ip = new IpFixture();

    @ParameterizedTest
    @CsvSource({"4, 0", "4, 56", "4, 1472", "6, 0", "6, 57", "6, 1452"})
    void shouldAnswerAnEchoWithItsOwnData(final int version, final int length)
    {
        final byte[] request = echo(version, pattern(length));
        assertFalse(ip.accept(request));
        final byte[] reply = ip.lastSent();
        final int header = IpOutput.headerLength(version);
        assertEquals(version == 4 ? 0 : (byte)129, reply[header]);
        assertArrayEquals(
            Arrays.copyOfRange(request, header + 4, request.length),
            Arrays.copyOfRange(reply, header + 4, reply.length));
        assertTrue(isValidAtTheClient(reply));
        assertEquals(1, ip.count(IpCounter.ICMP_IN_ECHOS));
        assertEquals(1, ip.count(IpCounter.ICMP_OUT_ECHO_REPS));
    }

    @ParameterizedTest
    @CsvSource({"4, 3000", "6, 3000", "4, 65000", "6, 65000"})
    void shouldReassembleALargeEchoAndFragmentItsReply(final int version, final int length)
    {
        final byte[] request = echo(version, pattern(length));
        final int header = IpOutput.headerLength(version);
        final byte[] l4 = Arrays.copyOfRange(request, header, request.length);
        for (int at = 0; at < l4.length; at += 1400)
        {
            final int end = Math.min(at + 1400, l4.length);
            ip.accept(TestPackets.fragment(
                version, 5, version == 4 ? 1 : 58, at, end < l4.length, Arrays.copyOfRange(l4, at, end)));
        }
        assertEquals(1, ip.count(IpCounter.REASM_OKS));
        assertEquals(1, ip.count(IpCounter.FRAG_OKS));
        assertEquals(ip.link.sent.size(), ip.count(IpCounter.FRAG_CREATES));
        final List<byte[]> replies = List.copyOf(ip.link.sent);
        final IpFixture client = client();
        for (final byte[] fragment : replies)
        {
            assertTrue(fragment.length <= 1500);
            client.accept(fragment);
        }
        assertEquals(1, client.count(IpCounter.REASM_OKS));
        assertEquals(1, client.count(IpCounter.ICMP_IN_MSGS));
        assertEquals(0, client.count(IpCounter.ICMP_IN_ERRORS), "the reply's checksum holds");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldDropBrokenMessages(final int version)
    {
        final byte[] wrongSum = echo(version, pattern(8));
        wrongSum[wrongSum.length - 1] ^= 1;
        ip.accept(wrongSum);
        ip.accept(ip(version, version == 4 ? 1 : 58, pattern(7)));
        assertEquals(2, ip.count(IpCounter.ICMP_IN_ERRORS));
        assertEquals(1, ip.count(IpCounter.ICMP_IN_CSUM_ERRORS));
        assertTrue(ip.link.sent.isEmpty());
    }

    @Test
    void shouldIgnoreWhatNobodyAskedFor()
    {
        for (int type = 0; type < 256; type++)
        {
            if (type != 8)
            {
                ip.accept(icmpPacket(4, type, 0, 0, pattern(48)));
            }
            if (type != 128)
            {
                ip.accept(icmpPacket(6, type, 0, 0, pattern(48)));
            }
        }
        assertEquals(510, ip.count(IpCounter.ICMP_IN_IGNORED));
        assertTrue(ip.link.sent.isEmpty());
        assertTrue(ip.icmpErrors.isEmpty());
    }

    @Test
    void shouldTellTcpOfErrorsAboutItsSegments()
    {
        final byte[] tcp4 = tcp(HOST_4, CLIENT_4, 0x89AB_CDEF, 16, pattern(50));
        final byte[] segment4 = ip4(HOST_4, CLIENT_4, 6, 0, 0x4000, tcp4);
        final byte[] segment6 = ip6(HOST_6, CLIENT_6, 6, tcp(HOST_6, CLIENT_6, 77, 16, pattern(50)));
        ip.accept(icmpPacket(4, 3, 4, 0xABCD_0000 | 1400, Arrays.copyOf(segment4, 28)));
        ip.accept(icmpPacket(4, 11, 0, 0, segment4));
        ip.accept(icmpPacket(6, 2, 0, 1300, segment6));
        ip.accept(icmpPacket(6, 1, 4, 0, segment6));
        ip.accept(icmpPacket(6, 2, 0, -1, segment6));
        final String v4 = " 198.18.0.1 40000 198.18.0.9 80 seq " + 0x89AB_CDEF;
        final String v6 = " fd00::1 40000 fd00::9 80 seq 77";
        assertEquals(List.of("4 3/4 mtu 1400" + v4, "4 11/0 mtu 0" + v4,
            "6 2/0 mtu 1300" + v6, "6 1/4 mtu 0" + v6, "6 2/0 mtu 65535" + v6), ip.icmpErrors);
        assertEquals(5, ip.count(IpCounter.ICMP_IN_TCP_ERRORS));
    }

    @Test
    void shouldFindTheQuotedSegmentBehindExtensionHeaders()
    {
        final byte[] segment = ip6(HOST_6, CLIENT_6, 60,
            concat(of(6, 0, 1, 4, 0, 0, 0, 0), tcp(HOST_6, CLIENT_6, 78, 16, new byte[0])));
        ip.accept(icmpPacket(6, 1, 0, 0, segment));
        assertEquals(List.of("6 1/0 mtu 0 fd00::1 40000 fd00::9 80 seq 78"), ip.icmpErrors);
    }

    @Test
    void shouldNotBelieveQuotesThatCannotBeOurs()
    {
        final byte[] foreign = ip4(CLIENT_4, HOST_4, 6, 0, 0, tcp(CLIENT_4, HOST_4, 1, 16, new byte[0]));
        ip.accept(icmpPacket(4, 3, 1, 0, foreign));
        final byte[] udp = ip4(HOST_4, CLIENT_4, 17, 0, 0, udp(4, pattern(8), false));
        ip.accept(icmpPacket(4, 3, 1, 0, udp));
        final byte[] later = ip4(HOST_4, CLIENT_4, 6, 0, 5, tcp(HOST_4, CLIENT_4, 1, 16, new byte[0]));
        ip.accept(icmpPacket(4, 3, 1, 0, later));
        final byte[] ours = ip4(HOST_4, CLIENT_4, 6, 0, 0, tcp(HOST_4, CLIENT_4, 1, 16, new byte[0]));
        ip.accept(icmpPacket(4, 3, 1, 0, Arrays.copyOf(ours, 27)));
        final byte[] ours6 = ip6(HOST_6, CLIENT_6, 6, tcp(HOST_6, CLIENT_6, 1, 16, new byte[0]));
        ip.accept(icmpPacket(6, 1, 0, 0, Arrays.copyOf(ours6, 47)));
        ip.accept(icmpPacket(6, 2, 0, 1279, ours6));
        assertTrue(ip.icmpErrors.isEmpty(), ip.icmpErrors.toString());
        assertEquals(6, ip.count(IpCounter.ICMP_IN_IGNORED));
    }

    @ParameterizedTest
    @CsvSource({"4, 5000, 576", "6, 5000, 1280", "4, 20, 76", "6, 20, 116"})
    void shouldQuoteAsMuchAsFits(final int version, final int length, final int expected)
    {
        final byte[] bytes = ip(version, 17, udp(version, pattern(length), true));
        ip.accept(bytes);
        final byte[] error = ip.lastSent();
        assertEquals(expected, error.length);
        final int quote = IpOutput.headerLength(version) + 8;
        assertArrayEquals(Arrays.copyOf(bytes, error.length - quote), Arrays.copyOfRange(error, quote, error.length));
        assertTrue(isValidAtTheClient(error));
    }

    @Test
    void shouldNeverSendErrorsAboutErrors()
    {
        for (final int type : new int[] {3, 4, 5, 11, 12})
        {
            ip.accept(TestPackets.ip4WithOptions(1, of(99, 0, 0, 0), TestPackets.icmp(4, type, 0, 0, pattern(28))));
        }
        for (final int type : new int[] {1, 2, 3, 4, 100, 127, 137})
        {
            final byte[] chain = concat(of(58, 0, 0x80, 4, 0, 0, 0, 0), TestPackets.icmp(6, type, 0, 0, pattern(48)));
            ip.accept(ip6(CLIENT_6, HOST_6, 60, chain));
        }
        assertTrue(ip.link.sent.isEmpty());
        assertEquals(12, ip.count(IpCounter.ICMP_OUT_SUPPRESSED));
        ip.accept(TestPackets.ip4WithOptions(1, of(99, 0, 0, 0), TestPackets.icmp(4, 8, 0, 0, pattern(28))));
        ip.accept(ip6(CLIENT_6, HOST_6, 60,
            concat(of(58, 0, 0x80, 4, 0, 0, 0, 0), TestPackets.icmp(6, 128, 0, 0, pattern(8)))));
        assertEquals(2, ip.link.sent.size());
    }

    @Test
    void shouldNeverSendErrorsAboutLaterFragmentsOrFromGroups()
    {
        final byte[] later = ip4(CLIENT_4, HOST_4, 17, 1, 9, udp(4, pattern(8), false));
        ip.responder.error(TestPackets.packet(later).l4(4, 84, 17), 3, 3, 0, 0);
        final byte[] group = ip4(CLIENT_4, IpAddress.parse("224.0.0.5"), 17, 1, 0, udp(4, pattern(8), false));
        ip.responder.error(TestPackets.packet(group).l4(4, 84, 17), 3, 3, 0, 0);
        final byte[] fromAll = ip4(IpAddress.parse("255.255.255.255"), HOST_4, 17, 1, 0, udp(4, pattern(8), false));
        ip.responder.error(TestPackets.packet(fromAll).l4(4, 84, 17), 3, 3, 0, 0);
        final byte[] later6 = TestPackets.fragment6(1, 17, 64, false, pattern(16));
        ip.responder.error(TestPackets.packet(later6).l4(6, 104, 17), 1, 4, 0, 0);
        assertTrue(ip.link.sent.isEmpty());
        assertEquals(4, ip.count(IpCounter.ICMP_OUT_SUPPRESSED));
    }

    @Test
    void shouldLimitTheRateOfErrorsButNotOfReplies()
    {
        final IpFixture limited = new IpFixture(new IcmpLimiter(10, 3));
        for (int i = 0; i < 20; i++)
        {
            limited.accept(ip(4, 17, udp(4, pattern(8), true)));
            limited.accept(echo(4, pattern(8)));
        }
        assertEquals(3, limited.count(IpCounter.ICMP_OUT_DEST_UNREACHS));
        assertEquals(17, limited.count(IpCounter.ICMP_OUT_RATE_LIMIT_GLOBAL));
        assertEquals(20, limited.count(IpCounter.ICMP_OUT_ECHO_REPS));
    }

    @Test
    void shouldReturnTheDscpOfAnEchoButNotItsEcnBits()
    {
        final byte[] request = echo(4, pattern(8));
        request[1] = (byte)0xBB;
        new Ip4Header().wrap(new UnsafeBuffer(request), 0).computeChecksum();
        ip.accept(request);
        assertEquals((byte)0xB8, ip.lastSent()[1]);
        final byte[] request6 = echo(6, pattern(8));
        request6[0] = 0x6B;
        request6[1] = (byte)0xB0;
        ip.accept(request6);
        assertEquals((byte)0x6B, ip.lastSent()[0]);
        assertEquals((byte)0x80, ip.lastSent()[1]);
    }

    private static IpFixture client()
    {
        final IpFixture client = new IpFixture();
        client.local.remove(HOST_4);
        client.local.remove(HOST_6);
        client.local.add(CLIENT_4);
        client.local.add(CLIENT_6);
        return client;
    }

    private static boolean isValidAtTheClient(final byte[] bytes)
    {
        final IpFixture client = client();
        client.accept(bytes);
        return client.count(IpCounter.ICMP_IN_MSGS) == 1 && client.count(IpCounter.ICMP_IN_ERRORS) == 0;
    }

    @Test
    void shouldNotAnswerTcpHere()
    {
        assertTrue(ip.accept(ip(4, TcpHeader.PROTOCOL, tcp(4, 1, TcpHeader.SYN, new byte[0]))));
        assertTrue(ip.link.sent.isEmpty());
    }
}
