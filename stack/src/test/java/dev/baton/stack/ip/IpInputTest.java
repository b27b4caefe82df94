package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;

import static dev.baton.stack.ip.TestPackets.CLIENT_4;
import static dev.baton.stack.ip.TestPackets.CLIENT_6;
import static dev.baton.stack.ip.TestPackets.HOST_4;
import static dev.baton.stack.ip.TestPackets.HOST_6;
import static dev.baton.stack.ip.TestPackets.concat;
import static dev.baton.stack.ip.TestPackets.ip;
import static dev.baton.stack.ip.TestPackets.ip4;
import static dev.baton.stack.ip.TestPackets.ip4WithOptions;
import static dev.baton.stack.ip.TestPackets.ip6;
import static dev.baton.stack.ip.TestPackets.of;
import static dev.baton.stack.ip.TestPackets.pattern;
import static dev.baton.stack.ip.TestPackets.tcp;
import static dev.baton.stack.ip.TestPackets.tcpPacket;
import static dev.baton.stack.ip.TestPackets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IpInputTest
{
    private final IpFixture ip = new IpFixture();

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldHandOnAValidSegment(final int version)
    {
        final Packet packet = ip.accepted(tcpPacket(version, pattern(333)));
        assertNotNull(packet);
        assertEquals(version, packet.version());
        assertEquals(packet.offset() + IpOutput.headerLength(version), packet.l4Offset());
        assertEquals(TcpHeader.LENGTH + 333, packet.l4Length());
        assertEquals(TcpHeader.PROTOCOL, packet.protocol());
        assertEquals(Packet.CHECKSUM_VERIFIED, packet.checksum());
        assertEquals(1, ip.count(IpCounter.IN_RECEIVES));
        assertEquals(1, ip.count(IpCounter.IN_DELIVERS));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldCutOffWhatFollowsThePacket(final int version)
    {
        final byte[] bytes = tcpPacket(version, pattern(10));
        final Packet packet = ip.accepted(concat(bytes, pattern(17)));
        assertNotNull(packet);
        assertEquals(bytes.length, packet.length());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldDropSegmentsWithAWrongChecksum(final int version)
    {
        final byte[] bytes = tcpPacket(version, pattern(10));
        bytes[bytes.length - 1] ^= 1;
        assertFalse(ip.accept(bytes));
        assertEquals(1, ip.count(IpCounter.TCP_IN_CSUM_ERRORS));
        assertTrue(ip.link.sent.isEmpty());
    }

    @Test
    void shouldNotVerifyAPartialChecksum()
    {
        final byte[] bytes = tcpPacket(4, pattern(10));
        bytes[bytes.length - 1] ^= 1;
        final Packet packet = TestPackets.packet(bytes).checksum(Packet.CHECKSUM_PARTIAL);
        assertTrue(ip.input.accept(packet, 0));
        assertEquals(Packet.CHECKSUM_PARTIAL, packet.checksum());
    }

    @Test
    void shouldDropSegmentsWhoseDataOffsetLies()
    {
        for (int words = 0; words < 16; words++)
        {
            final byte[] l4 = tcp(4, 1, TcpHeader.ACK, new byte[8]);
            l4[12] = (byte)(words << 4);
            final Packet packet = TestPackets.packet(ip(4, 6, l4)).checksum(Packet.CHECKSUM_VERIFIED);
            assertEquals(words >= 5 && words <= 7, ip.input.accept(packet, 0), "offset " + words);
        }
    }

    @Test
    void shouldDropOtherVersionsSilently()
    {
        for (int version = 0; version < 16; version++)
        {
            final byte[] bytes = tcpPacket(4, pattern(60));
            bytes[0] = (byte)(version << 4 | 5);
            assertEquals(version == 4, ip.accept(bytes));
        }
        assertFalse(ip.accept(new byte[0]));
        assertTrue(ip.link.sent.isEmpty());
    }

    @Test
    void shouldDropAWrongHeaderChecksum()
    {
        final byte[] bytes = tcpPacket(4, pattern(10));
        bytes[8] ^= 1;
        assertFalse(ip.accept(bytes));
        assertEquals(1, ip.count(IpCounter.IN_CSUM_ERRORS));
    }

    @Test
    void shouldDropLengthsThatDoNotFit()
    {
        final byte[] tooLong = tcpPacket(4, pattern(10));
        new Ip4Header().wrap(new UnsafeBuffer(tooLong), 0).totalLength(tooLong.length + 1).computeChecksum();
        assertFalse(ip.accept(tooLong));
        final byte[] shorterThanHeader = tcpPacket(4, pattern(10));
        new Ip4Header().wrap(new UnsafeBuffer(shorterThanHeader), 0).totalLength(19).computeChecksum();
        assertFalse(ip.accept(shorterThanHeader));
        final byte[] shortHeader = tcpPacket(4, pattern(10));
        shortHeader[0] = 0x44;
        assertFalse(ip.accept(shortHeader));
        final byte[] tooLong6 = tcpPacket(6, pattern(10));
        tooLong6[5]++;
        assertFalse(ip.accept(tooLong6));
        assertEquals(4, ip.count(IpCounter.IN_HDR_ERRORS));
        assertEquals(2, ip.count(IpCounter.IN_TRUNCATED_PKTS));
    }

    @Test
    void shouldDropWhatIsForSomebodyElse()
    {
        final IpAddress other = IpAddress.parse("198.18.0.2");
        final IpAddress other6 = IpAddress.parse("fd00::2");
        assertFalse(ip.accept(ip4(CLIENT_4, other, 6, 0, 0, tcp(CLIENT_4, other, 1, 16, new byte[0]))));
        assertFalse(ip.accept(ip6(CLIENT_6, other6, 6, tcp(CLIENT_6, other6, 1, 16, new byte[0]))));
        assertEquals(2, ip.count(IpCounter.IN_ADDR_ERRORS));
        assertTrue(ip.link.sent.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "224.0.0.1", "255.255.255.255", "127.0.0.1", "0.0.0.0", "240.0.0.1", "198.18.0.1", "ff02::1", "::",
        "::1", "fd00::1", "::ffff:198.18.0.9",
    })
    void shouldDropSourcesThatAreNoOtherHost(final String text)
    {
        final IpAddress src = IpAddress.parse(text);
        final boolean v4 = src.isV4() && !text.contains(":");
        final byte[] l4 = v4 ? tcp(src, HOST_4, 1, 16, new byte[0]) : tcp(src, HOST_6, 1, 16, new byte[0]);
        assertFalse(ip.accept(v4 ? ip4(src, HOST_4, 6, 0, 0, l4) : ip6(src, HOST_6, 6, l4)));
        assertEquals(1, ip.count(IpCounter.IN_ADDR_ERRORS));
        assertTrue(ip.link.sent.isEmpty());
    }

    @Test
    void shouldNotTakeAMappedDestinationForOurIpv4Address()
    {
        final byte[] l4 = tcp(CLIENT_6, CLIENT_6, 1, 16, new byte[0]);
        assertFalse(ip.accept(ip6(CLIENT_6, IpAddress.parse("::ffff:198.18.0.1"), 6, l4)));
        assertEquals(1, ip.count(IpCounter.IN_ADDR_ERRORS));
    }

    @Test
    void shouldIgnoreUnknownIpOptions()
    {
        final byte[] l4 = tcp(4, 1, TcpHeader.ACK, pattern(5));
        final Packet packet = ip.accepted(ip4WithOptions(6, of(148, 4, 0, 0, 99, 3, 0, 1, 7, 7, 4, 0, 0, 0, 0, 0), l4));
        assertNotNull(packet);
        assertEquals(packet.offset() + 36, packet.l4Offset());
    }

    @Test
    void shouldSurviveAnyOptionLength()
    {
        final byte[] l4 = tcp(4, 1, TcpHeader.ACK, new byte[0]);
        for (int at = 0; at < 8; at++)
        {
            for (int length = 0; length < 256; length++)
            {
                final byte[] options = of(1, 1, 1, 1, 1, 1, 1, 1);
                options[at] = 99;
                if (at < 7)
                {
                    options[at + 1] = (byte)length;
                }
                final boolean fits = at < 7 && length >= 2 && length <= 8 - at;
                assertEquals(fits, ip.accept(ip4WithOptions(6, options, l4)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {131, 137})
    void shouldDropSourceRoutes(final int option)
    {
        final byte[] l4 = tcp(4, 1, TcpHeader.ACK, new byte[0]);
        assertFalse(ip.accept(ip4WithOptions(6, of(option, 7, 8, 198, 18, 0, 1, 0), l4)));
        assertEquals(1, ip.count(IpCounter.IN_SOURCE_ROUTED));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldAnswerUdpWithPortUnreachable(final int version)
    {
        final byte[] bytes = ip(version, 17, udp(version, pattern(20), true));
        assertFalse(ip.accept(bytes));
        assertEquals(1, ip.count(IpCounter.UDP_NO_PORTS));
        final byte[] error = ip.lastSent();
        final int icmp = IpOutput.headerLength(version);
        assertEquals(version == 4 ? 3 : 1, error[icmp]);
        assertEquals(version == 4 ? 3 : 4, error[icmp + 1]);
    }

    @Test
    void shouldTakeUdpWithoutChecksumOverIpv4Only()
    {
        ip.accept(ip(4, 17, udp(4, pattern(20), false)));
        assertEquals(1, ip.count(IpCounter.UDP_NO_PORTS));
        ip.accept(ip(6, 17, udp(6, pattern(20), false)));
        assertEquals(1, ip.count(IpCounter.UDP_IN_ERRORS));
        assertEquals(1, ip.link.sent.size());
    }

    @Test
    void shouldDropBrokenUdp()
    {
        final byte[] wrongSum = udp(4, pattern(20), true);
        wrongSum[20] ^= 1;
        ip.accept(ip(4, 17, wrongSum));
        final byte[] tooLong = udp(4, pattern(20), false);
        tooLong[5]++;
        ip.accept(ip(4, 17, tooLong));
        final byte[] tooShort = udp(4, pattern(20), false);
        tooShort[5] = 7;
        ip.accept(ip(4, 17, tooShort));
        ip.accept(ip(4, 17, new byte[7]));
        assertEquals(4, ip.count(IpCounter.UDP_IN_ERRORS));
        assertTrue(ip.link.sent.isEmpty());
    }

    @Test
    void shouldAnswerUnknownProtocols()
    {
        ip.accept(ip(4, 132, pattern(20)));
        assertEquals(3, ip.lastSent()[20]);
        assertEquals(2, ip.lastSent()[21]);
        ip.accept(ip(6, 132, pattern(20)));
        final UnsafeBuffer sent = new UnsafeBuffer(ip.lastSent());
        assertEquals(4, sent.getByte(40));
        assertEquals(1, sent.getByte(41));
        assertEquals(6, sent.getInt(44, ByteOrder.BIG_ENDIAN), "points at the next header field");
        assertEquals(2, ip.count(IpCounter.IN_UNKNOWN_PROTOS));
    }

    @Test
    void shouldNotTakeTheOtherFamilysIcmp()
    {
        ip.accept(ip(4, 58, TestPackets.icmp(4, 128, 0, 1, pattern(8))));
        ip.accept(ip(6, 1, TestPackets.icmp(6, 8, 0, 1, pattern(8))));
        assertEquals(0, ip.count(IpCounter.ICMP_IN_MSGS));
        assertEquals(2, ip.count(IpCounter.IN_UNKNOWN_PROTOS));
    }
}
