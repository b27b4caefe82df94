package dev.baton.tools.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcapFileTest
{
    private static final int SRC = 0xC6120102;
    private static final int DST = 0xC612FF01;
    private static final Tap TAP = new Tap("front", Tap.Device.TUN);

    /** A capture in memory. */
    private static final class Capture
    {
        private final ByteBuffer bytes;
        private final int linkType;

        private Capture(final ByteOrder order, final int magic, final int linkType)
        {
            this.linkType = linkType;
            bytes = ByteBuffer.allocate(1 << 16).order(order);
            bytes.putInt(magic).putShort((short)2).putShort((short)4).putInt(0).putInt(0).putInt(256).putInt(linkType);
        }

        private static Capture of(final int linkType)
        {
            return new Capture(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4, linkType);
        }

        private Capture add(final byte[] packet, final int captured)
        {
            final byte[] link = link(packet[0] >>> 4 == 4 ? 0x0800 : 0x86DD);
            final int length = Math.min(captured, packet.length);
            bytes.putInt(100).putInt(7).putInt(link.length + length).putInt(link.length + packet.length);
            bytes.put(link).put(packet, 0, length);
            return this;
        }

        private byte[] link(final int type)
        {
            final ByteBuffer link = ByteBuffer.allocate(20);
            switch (linkType)
            {
                case PcapFile.ETHERNET -> link.position(12).putShort((short)type);
                case PcapFile.LINUX_SLL -> link.putShort((short)4).position(14).putShort((short)type);
                case PcapFile.LINUX_SLL2 -> link.putShort((short)type).putShort((short)0).putInt(3).putShort((short)1)
                    .put((byte)4)
                    .put((byte)0).putLong(0);
                default ->
                {
                }
            }
            return Arrays.copyOf(link.array(), link.position());
        }

        private PcapFile open() throws IOException
        {
            return new PcapFile(toArray(), "x.pcap");
        }

        private byte[] toArray()
        {
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    private static byte[] tcp4(final int payload, final boolean partial)
    {
        final byte[] packet = new byte[20 + 32 + payload];
        final UnsafeBuffer buffer = new UnsafeBuffer(packet);
        Arrays.fill(packet, 52, packet.length, (byte)'x');
        new Ip4Header().wrap(buffer, 0).encode(0, packet.length, 1, 0, 64, 6, SRC, DST);
        options(buffer, 40, new TcpHeader().wrap(buffer, 20));
        complete(buffer, 12, 8, 20, packet.length - 20, partial);
        return packet;
    }

    private static byte[] tcp6(final int payload)
    {
        final byte[] packet = new byte[40 + 32 + payload];
        final UnsafeBuffer buffer = new UnsafeBuffer(packet);
        packet[0] = 0x60;
        packet[6] = 6;
        buffer.putShort(4, (short)(packet.length - 40), ByteOrder.BIG_ENDIAN);
        buffer.putLong(Ip6Header.SRC_OFFSET, 0xFD00L << 48, ByteOrder.BIG_ENDIAN);
        buffer.putLong(Ip6Header.DST_OFFSET + 8, 9, ByteOrder.BIG_ENDIAN);
        options(buffer, 60, new TcpHeader().wrap(buffer, 40));
        complete(buffer, 8, 32, 40, packet.length - 40, false);
        return packet;
    }

    private static void options(final UnsafeBuffer buffer, final int at, final TcpHeader tcp)
    {
        tcp.srcPort(40_000).dstPort(80).seq(-2).ack(7).headerLengthAndFlags(32,
            TcpHeader.ACK | TcpHeader.PSH).window(500);
        buffer.putBytes(at, new byte[]{1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6});
    }

    private static void complete(
        final UnsafeBuffer buffer, final int addresses, final int length, final int l4, final int l4Length,
        final boolean partial)
    {
        final long pseudo = Checksum.pseudoHeader(buffer, addresses, length, 6, l4Length);
        final int sum = partial ? Checksum.fold(pseudo) : Checksum.finish(pseudo + Checksum.sum(buffer, l4, l4Length));
        new TcpHeader().wrap(buffer, l4).checksum(sum);
    }

    private static Segment only(final Capture capture) throws IOException
    {
        final SegmentReader reader = new SegmentReader();
        final PcapFile pcap = capture.open();
        assertTrue(pcap.next());
        reader.take(TAP, pcap);
        assertFalse(pcap.next());
        assertEquals(1, reader.segments().size());
        return reader.segments().get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {PcapFile.ETHERNET, PcapFile.RAW, PcapFile.RAW_BSD, PcapFile.LINUX_SLL, PcapFile.LINUX_SLL2})
    void shouldReadEveryLinkType(final int linkType) throws IOException
    {
        for (final byte[] packet : List.of(tcp4(10, false), tcp6(10)))
        {
            final Segment segment = only(Capture.of(linkType).add(packet, 1000));
            assertEquals(-2, segment.seq());
            assertEquals(7, segment.ack());
            assertEquals(10, segment.payloadBytes());
            assertEquals(100_000_007_000L, segment.timeNs());
            assertEquals(Segment.Sum.COMPLETE, segment.sum());
            assertEquals(linkType == PcapFile.LINUX_SLL || linkType == PcapFile.LINUX_SLL2, segment.outgoing());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, -1582119980, 100000007000", "false, -1582119980, 100000007000",
        "true, -1582154675, 100000000007",
        "false, -1582154675, 100000000007"})
    void shouldReadBothByteOrdersAndBothUnitsOfTime(final boolean big, final int magic,
    final long timeNs) throws IOException
    {
        final Capture capture = new Capture(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, magic, PcapFile.RAW);
        assertEquals(timeNs, only(capture.add(tcp4(0, false), 100)).timeNs());
    }

    @Test
    void shouldTellTheInterfaceOfACookedPacket() throws IOException
    {
        final PcapFile pcap = Capture.of(PcapFile.LINUX_SLL2).add(tcp4(0, false), 100).open();
        assertTrue(pcap.next());
        assertEquals(3, pcap.interfaceIndex());
    }

    @Test
    void shouldTakeLengthsFromTheHeadersWhereTheCaptureIsCutOff() throws IOException
    {
        final Segment segment = only(Capture.of(PcapFile.RAW).add(tcp4(1000, false), 60));
        assertEquals(1000, segment.payloadBytes());
        assertArrayEquals("xxxxxxxx".getBytes(), segment.head());
        assertEquals(Segment.Sum.UNVERIFIABLE, segment.sum());
    }

    @Test
    void shouldTellPartialChecksumsFromWrongOnes() throws IOException
    {
        assertEquals(Segment.Sum.PARTIAL, only(Capture.of(PcapFile.RAW).add(tcp4(1000, true), 60)).sum());
        final byte[] damaged = tcp4(10, false);
        damaged[60]++;
        assertEquals(Segment.Sum.WRONG, only(Capture.of(PcapFile.RAW).add(damaged, 100)).sum());
        final byte[] readdressed = tcp4(10, true);
        readdressed[19]++;
        assertEquals(Segment.Sum.WRONG, only(Capture.of(PcapFile.RAW).add(readdressed, 100)).sum());
    }

    @Test
    void shouldReadOptionsAndAddresses() throws IOException
    {
        final Segment segment = only(Capture.of(PcapFile.RAW).add(tcp4(0, false), 100));
        assertEquals(new Segment.Options(0, -1, false, true, 5, 6, List.of()), segment.options());
        assertEquals(IpAddress.parse("198.18.1.2"), segment.src());
        assertEquals(IpAddress.parse("198.18.255.1"), segment.dst());
    }

    @Test
    void shouldPassOverWhatIsNotIp() throws IOException
    {
        final Capture capture = Capture.of(PcapFile.ETHERNET);
        capture.bytes.putInt(1).putInt(1).putInt(14).putInt(14).put(new byte[12]).putShort((short)0x0806);
        capture.add(tcp4(0, false), 100);
        final PcapFile pcap = capture.open();
        assertTrue(pcap.next());
        assertEquals(1, pcap.otherPackets());
        assertEquals(52, pcap.capturedBytes());
    }

    @Test
    void shouldEndAtARecordThatIsCutOff() throws IOException
    {
        final byte[] whole = Capture.of(PcapFile.RAW).add(tcp4(0, false), 100).add(tcp4(0, false), 100).toArray();
        for (int cut = 24 + 16 + 52; cut < whole.length; cut++)
        {
            final PcapFile pcap = new PcapFile(Arrays.copyOf(whole, cut), "x.pcap");
            assertTrue(pcap.next());
            assertFalse(pcap.next());
            assertEquals(cut != 24 + 16 + 52, pcap.isCutOff());
        }
    }

    @Test
    void shouldNotFailOnPacketsThatEndAnywhere() throws IOException
    {
        for (final byte[] packet : List.of(tcp4(20, false), tcp6(20)))
        {
            for (int length = 1; length < packet.length; length++)
            {
                final SegmentReader reader = new SegmentReader();
                final PcapFile pcap = Capture.of(PcapFile.RAW).add(packet, length).open();
                assertTrue(pcap.next());
                reader.take(TAP, pcap);
                assertEquals(1, reader.segments().size() + reader.unreadable());
            }
        }
    }

    @Test
    void shouldReadIcmp() throws IOException
    {
        final byte[] packet = new byte[28];
        new Ip4Header().wrap(new UnsafeBuffer(packet), 0).encode(0, 28, 1, 0, 64, 1, SRC, DST);
        packet[20] = 3;
        packet[21] = 1;
        final SegmentReader reader = new SegmentReader();
        final PcapFile pcap = Capture.of(PcapFile.RAW).add(packet, 100).open();
        assertTrue(pcap.next());
        reader.take(TAP, pcap);
        assertTrue(reader.icmp().get(0).isError());
        assertEquals(1, reader.icmp().get(0).code());
    }

    @Test
    void shouldRefuseWhatIsNotACapture()
    {
        assertTrue(assertThrows(IOException.class, () -> new PcapFile(new byte[10], "x.pcap")).getMessage()
            .contains("x.pcap"));
        assertTrue(assertThrows(IOException.class, () -> new PcapFile(new byte[40], "x.pcap")).getMessage()
            .contains("not a pcap"));
        assertTrue(assertThrows(IOException.class, () -> Capture.of(147).open()).getMessage().contains("147"));
    }

    @Test
    void shouldRefuseARecordOfImpossibleLength() throws IOException
    {
        final byte[] bytes = Capture.of(PcapFile.RAW).add(tcp4(0, false), 100).toArray();
        bytes[24 + 11] = (byte)0xFF;
        final PcapFile pcap = new PcapFile(bytes, "x.pcap");
        assertTrue(assertThrows(IOException.class, pcap::next).getMessage().contains("byte 24"));
    }
}
