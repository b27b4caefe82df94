package dev.baton.tun;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VnetEncoderTest
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8192]);
    private final UnsafeBuffer headerBytes = new UnsafeBuffer(new byte[VnetHeader.LENGTH]);
    private final VnetHeader header = new VnetHeader().wrap(headerBytes, 0);
    private final VnetEncoder encoder = new VnetEncoder();

    @Test
    void shouldAskForChecksumOfPlainPartialSegment()
    {
        assertTrue(encoder.prepare(tcp4(100), true));
        encode();

        assertHeader(VnetHeader.NEEDS_CSUM, VnetHeader.GSO_NONE, 0, 0, 20, 16);
        assertFalse(encoder.isSuper());
    }

    @Test
    void shouldDescribeSuperSegmentOfEachFamily()
    {
        assertTrue(encoder.prepare(tcp4(2921).gsoSize(1460), true));
        encode();
        assertHeader(VnetHeader.NEEDS_CSUM, VnetHeader.GSO_TCPV4, 40, 1460, 20, 16);
        assertTrue(encoder.isSuper());

        assertTrue(encoder.prepare(Packets.tcp6(buffer, TcpHeader.ACK, 2881).gsoSize(1440), true));
        encode();
        assertHeader(VnetHeader.NEEDS_CSUM, VnetHeader.GSO_TCPV6, 60, 1440, 40, 16);
    }

    @Test
    void shouldCountOptionsAsHeader()
    {
        assertTrue(encoder.prepare(Packets.tcp4(buffer, 0, 0, 0, TcpHeader.ACK, 32, 3000).gsoSize(1448), true));
        encode();

        assertEquals(52, header.headerLength());
    }

    @Test
    void shouldMarkCwrOfSuperSegment()
    {
        assertTrue(encoder.prepare(Packets.tcp6(buffer, TcpHeader.ACK | TcpHeader.CWR, 3000).gsoSize(1440), true));
        encode();

        assertTrue(header.gsoEcn());
        assertEquals(VnetHeader.GSO_TCPV6, header.gsoType());
    }

    @Test
    void shouldSendAsPlainWhatFitsOneSegment()
    {
        assertTrue(encoder.prepare(tcp4(1460).gsoSize(1460), true));
        encode();

        assertHeader(VnetHeader.NEEDS_CSUM, VnetHeader.GSO_NONE, 0, 0, 20, 16);
    }

    @Test
    void shouldSayNothingOfCompletePacket()
    {
        assertTrue(encoder.prepare(tcp4(3000).gsoSize(1460), true));
        assertTrue(encoder.prepare(tcp4(100).checksum(Packet.CHECKSUM_COMPLETE), true));
        encode();
        assertHeader(0, VnetHeader.GSO_NONE, 0, 0, 0, 0);

        assertTrue(encoder.prepare(tcp4(100).checksum(Packet.CHECKSUM_VERIFIED), true));
        encode();
        assertHeader(0, VnetHeader.GSO_NONE, 0, 0, 0, 0);
    }

    @Test
    void shouldKnowChecksumFieldsOfUdpAndIcmp6()
    {
        assertTrue(encoder.prepare(partial(17, 4), true));
        encode();
        assertEquals(6, header.csumOffset());

        assertTrue(encoder.prepare(partial(58, 6), true));
        encode();
        assertEquals(2, header.csumOffset());
    }

    @Test
    void shouldRefuseWhatTheDeviceCannotComplete()
    {
        assertFalse(encoder.prepare(tcp4(100), false), "partial, but no header");
        assertFalse(encoder.prepare(tcp4(3000).gsoSize(1460), false), "super-segment, but no header");
        assertFalse(encoder.prepare(tcp4(3000).gsoSize(1460).checksum(Packet.CHECKSUM_COMPLETE), true), "not partial");
        assertFalse(encoder.prepare(partial(17, 4).gsoSize(8), true), "not TCP");
        assertFalse(encoder.prepare(partial(132, 4), true), "checksum field not known");
        assertFalse(encoder.prepare(partial(6, 0), true), "transport header not located");
        assertFalse(encoder.prepare(tcp4(100).length(37), true), "checksum field beyond the end");
        assertTrue(encoder.prepare(tcp4(100).checksum(Packet.CHECKSUM_COMPLETE), false), "plain");
    }

    private Packet tcp4(final int payloadLength)
    {
        return Packets.tcp4(buffer, 0, 0, 0, TcpHeader.ACK, TcpHeader.LENGTH, payloadLength);
    }

    private Packet partial(final int protocol, final int version)
    {
        return new Packet().wrap(buffer, 64, 100, 0, Packet.CHECKSUM_PARTIAL).l4(version, 64 + 20, protocol);
    }

    private void encode()
    {
        encoder.encode(headerBytes, 0);
    }

    private void assertHeader(
        final int flags, final int type, final int length, final int gsoSize, final int csumStart, final int csumOffset)
    {
        assertEquals(flags, header.flags());
        assertEquals(type, header.gsoType());
        assertEquals(length, header.headerLength());
        assertEquals(gsoSize, header.gsoSize());
        assertEquals(csumStart, header.csumStart());
        assertEquals(csumOffset, header.csumOffset());
    }
}
