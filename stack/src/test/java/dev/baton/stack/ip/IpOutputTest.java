package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;

import static dev.baton.stack.ip.TestPackets.client;
import static dev.baton.stack.ip.TestPackets.host;
import static dev.baton.stack.ip.TestPackets.pattern;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IpOutputTest
{
    private static final int OPTIONS_LENGTH = 12;
    private static final int FLAGS = TcpHeader.ACK | TcpHeader.PSH | TcpHeader.FIN | TcpHeader.CWR | TcpHeader.ECE;

    private final RecordingLink link = new RecordingLink();
    private final IpCounters counters = new IpCounters();
    private final IpOutput output = new IpOutput(link, counters);

    @Test
    void shouldSetDontFragmentAndNoIdOnTcpOverIpv4()
    {
        final Ip4Header ip = new Ip4Header().wrap(tcp(4, 100, 0).buffer(), Packet.HEADROOM);
        assertEquals(Ip4Header.DONT_FRAGMENT, ip.flagsAndFragment());
        assertEquals(0, ip.id());
        assertEquals(64, ip.ttl());
        assertTrue(ip.checksumHolds());
    }

    /** RFC 6864, section 4.3: the same identification does not come back to a destination before all others did. */
    @Test
    void shouldNotRepeatAnIdToADestinationBeforeAllOthersWereUsed()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final Ip4Header ip = new Ip4Header().wrap(buffer, 0);
        final boolean[] seen = new boolean[0x10000];
        for (int i = 0; i < 0xFFFF; i++)
        {
            output.encode(buffer, 0, 0, 1, 8, host(4), client(4));
            assertEquals(0, ip.flagsAndFragment());
            assertFalse(seen[ip.id()], "id " + ip.id() + " again");
            assertNotEquals(0, ip.id());
            seen[ip.id()] = true;
        }
    }

    @Test
    void shouldNotTellOneHostWhatAnotherIsSent()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final Ip4Header ip = new Ip4Header().wrap(buffer, 0);
        output.encode(buffer, 0, 0, 1, 8, host(4), client(4));
        final int first = ip.id();
        for (int i = 0; i < 10; i++)
        {
            output.encode(buffer, 0, 0, 1, 8, host(4), IpAddress.parse("203.0.113.7"));
        }
        output.encode(buffer, 0, 0, 1, 8, host(4), client(4));
        assertEquals(first + 1, ip.id());
    }

    @Test
    void shouldCarryTheFlowLabelAndTrafficClassOverIpv6()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final IpAddress a = host(6);
        final IpAddress b = client(6);
        output.encode(buffer, 0, 6, 0xB9, 7, 6, 20, a.hi(), a.lo(), b.hi(), b.lo(), 0xABCDE);
        final Ip6Header ip = new Ip6Header().wrap(buffer, 0);
        assertEquals(0xABCDE, ip.flowLabel());
        assertEquals(0xB9, ip.trafficClass());
        assertEquals(7, ip.hopLimit());
        assertEquals(20, ip.payloadLength());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldCompleteThePartialChecksumWhenTheLinkDoesNot(final int version)
    {
        assertTrue(output.transmit(tcp(version, 333, 0)));
        assertTrue(accepts(link.sent.get(0)));
        assertEquals(Packet.CHECKSUM_COMPLETE, link.checksums.get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldLeaveThePartialChecksumToALinkThatOffloads(final int version)
    {
        link.checksumOffload = true;
        final Packet packet = tcp(version, 333, 0);
        final byte[] before = TestPackets.bytes(packet);
        assertTrue(output.transmit(packet));
        assertArrayEquals(before, link.sent.get(0));
        assertEquals(Packet.CHECKSUM_PARTIAL, link.checksums.get(0));
    }

    @ParameterizedTest
    @CsvSource({"4, 1448, 10000", "6, 1428, 10000", "4, 100, 101", "6, 536, 1072", "4, 1, 3"})
    void shouldSplitASuperSegmentAsADeviceWould(final int version, final int gsoSize, final int payloadLength)
    {
        assertTrue(output.transmit(tcp(version, payloadLength, gsoSize)));
        final int segments = (payloadLength + gsoSize - 1) / gsoSize;
        assertEquals(segments, link.sent.size());
        final byte[] joined = new byte[payloadLength];
        int at = 0;
        for (int i = 0; i < segments; i++)
        {
            final byte[] bytes = link.sent.get(i);
            assertTrue(accepts(bytes), "segment " + i);
            final boolean last = i == segments - 1;
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final int l4 = IpOutput.headerLength(version);
            final TcpHeader tcp = new TcpHeader().wrap(buffer, l4);
            assertEquals(0xFFFF_FF00 + at, tcp.seq());
            final int expected = TcpHeader.ACK | TcpHeader.ECE | (i == 0 ? TcpHeader.CWR : 0) |
                (last ? TcpHeader.PSH | TcpHeader.FIN : 0);
            assertEquals(expected, tcp.flags());
            if (version == 4)
            {
                assertEquals(i, new Ip4Header().wrap(buffer, 0).id());
            }
            final int size = bytes.length - l4 - tcp.headerLength();
            assertEquals(last ? payloadLength - at : gsoSize, size);
            System.arraycopy(bytes, bytes.length - size, joined, at, size);
            at += size;
        }
        assertArrayEquals(pattern(payloadLength), joined);
        assertEquals(1, counters.get(IpCounter.OUT_SPLITS));
        assertEquals(segments, counters.get(IpCounter.OUT_TRANSMITS));
    }

    @Test
    void shouldPassASuperSegmentWholeToALinkThatSegments()
    {
        link.checksumOffload = true;
        link.maxGsoBytes = 65535;
        final Packet packet = tcp(4, 60_000, 1448);
        assertTrue(output.transmit(packet));
        assertEquals(1, link.sent.size());
        assertEquals(1448, packet.gsoSize());
        assertEquals(Packet.CHECKSUM_PARTIAL, link.checksums.get(0));
    }

    @Test
    void shouldSplitWhatIsLargerThanTheLinkSegments()
    {
        link.checksumOffload = true;
        link.maxGsoBytes = 16_384;
        output.transmit(tcp(6, 20_000, 1428));
        assertEquals(15, link.sent.size());
    }

    @Test
    void shouldSendASuperSegmentOfOneSegmentAsAPlainPacket()
    {
        final Packet packet = tcp(4, 500, 1448);
        assertTrue(output.transmit(packet));
        assertEquals(0, packet.gsoSize());
        assertTrue(accepts(link.sent.get(0)));
    }

    @Test
    void shouldDropTcpThatIsLargerThanTheMtu()
    {
        assertFalse(output.transmit(tcp(4, 1449, 0)));
        assertFalse(output.transmit(tcp(4, 9000, 1449)));
        assertTrue(output.transmit(tcp(4, 1448, 0)));
        assertEquals(1, link.sent.size());
        assertEquals(2, counters.get(IpCounter.FRAG_FAILS));
    }

    @Test
    void shouldCountWhatTheLinkRefuses()
    {
        link.refuses = true;
        assertFalse(output.transmit(tcp(4, 100, 0)));
        assertEquals(1, counters.get(IpCounter.OUT_DISCARDS));
        assertEquals(0, counters.get(IpCounter.OUT_TRANSMITS));
        assertEquals(1, counters.get(IpCounter.OUT_REQUESTS));
    }

    @Test
    void shouldSendAComputedUdpChecksumOfZeroAsItsOtherForm()
    {
        final byte[] bytes = TestPackets.ip(4, 17, TestPackets.udp(4, new byte[2], false));
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final int pseudo = Checksum.fold(
            TransportChecksum.pseudoHeader(buffer, 0, 4, 17, bytes.length - 20));
        buffer.putShort(26, (short)pseudo, ByteOrder.BIG_ENDIAN);
        final int sum = Checksum.fold(
            Checksum.sum(buffer, 20, bytes.length - 20));
        buffer.putShort(28, (short)(0xFFFF - sum), ByteOrder.BIG_ENDIAN);
        final Packet packet = TestPackets.packet(bytes).checksum(Packet.CHECKSUM_PARTIAL);
        TransportChecksum.complete(packet.l4(4, packet.offset() + 20, 17));
        assertEquals((short)0xFFFF, packet.buffer().getShort(packet.offset() + 26));
        assertNotEquals(Packet.CHECKSUM_PARTIAL, packet.checksum());
    }

    /** A TCP packet from the host to the client, as TCP builds it. */
    private Packet tcp(final int version, final int payloadLength, final int gsoSize)
    {
        final int ipLength = IpOutput.headerLength(version);
        final int l4Length = TcpHeader.LENGTH + OPTIONS_LENGTH + payloadLength;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + ipLength + l4Length]);
        final int at = Packet.HEADROOM;
        output.encode(buffer, at, 0, TcpHeader.PROTOCOL, l4Length, host(version), client(version));
        new TcpHeader().wrap(buffer, at + ipLength).srcPort(80).dstPort(40000).seq(0xFFFF_FF00).ack(5)
            .headerLengthAndFlags(TcpHeader.LENGTH + OPTIONS_LENGTH, FLAGS).window(77);
        buffer.setMemory(at + ipLength + TcpHeader.LENGTH, OPTIONS_LENGTH, (byte)1);
        buffer.putBytes(at + ipLength + TcpHeader.LENGTH + OPTIONS_LENGTH, pattern(payloadLength));
        output.partialChecksum(buffer, at, version, l4Length);
        return new Packet().wrap(buffer, at, ipLength + l4Length, gsoSize, Packet.CHECKSUM_PARTIAL)
            .l4(version, at + ipLength, TcpHeader.PROTOCOL);
    }

    /** Does the other end's IP layer take a packet of the wire, checksums and all? */
    private static boolean accepts(final byte[] bytes)
    {
        final LocalAddresses local = new LocalAddresses();
        local.add(TestPackets.CLIENT_4);
        local.add(TestPackets.CLIENT_6);
        final IpCounters counters = new IpCounters();
        final IcmpResponder responder =
            new IcmpResponder(new IpOutput(new RecordingLink(), counters), new IcmpLimiter(), counters);
        final IpInput input = new IpInput(local, responder, new Reassembler(responder, counters), counters);
        return input.accept(TestPackets.packet(bytes), 0);
    }
}
