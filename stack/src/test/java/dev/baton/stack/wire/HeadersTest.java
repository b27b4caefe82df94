package dev.baton.stack.wire;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeadersTest
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[80]);

    @Test
    void shouldReadBackAnIpv4Header()
    {
        buffer.setMemory(0, 80, (byte)0xA5);
        final Ip4Header ip = new Ip4Header().wrap(buffer, 3)
            .encode(0xFF, 65535, 0xFFFE, Ip4Header.DONT_FRAGMENT, 255, 253, 0xC0A8_0001, 0x8000_0001);
        assertEquals(4, ip.version());
        assertEquals(20, ip.headerLength());
        assertEquals(0xFF, ip.tos());
        assertEquals(65535, ip.totalLength());
        assertEquals(0xFFFE, ip.id());
        assertEquals(Ip4Header.DONT_FRAGMENT, ip.flagsAndFragment());
        assertEquals(255, ip.ttl());
        assertEquals(253, ip.protocol());
        assertEquals(0xC0A8_0001, ip.src());
        assertEquals(0x8000_0001, ip.dst());
        assertTrue(ip.checksumHolds());
        assertFalse(ip.ttl(64).checksumHolds());
    }

    @Test
    void shouldComputeTheChecksumOverOptions()
    {
        buffer.putByte(0, (byte)0x4F);
        buffer.setMemory(20, 40, (byte)7);
        final Ip4Header ip = new Ip4Header().wrap(buffer, 0).computeChecksum();
        assertTrue(ip.checksumHolds());
        buffer.putByte(59, (byte)8);
        assertFalse(ip.checksumHolds());
    }

    @Test
    void shouldReadBackAnIpv6Header()
    {
        buffer.setMemory(0, 80, (byte)0xA5);
        final Ip6Header ip = new Ip6Header().wrap(buffer, 1).encode(0xFE, 0xFFFFF, 65535, 58, 255, -1, 1, 2, -3);
        assertEquals(6, ip.version());
        assertEquals(0xFE, ip.trafficClass());
        assertEquals(0xFFFFF, ip.flowLabel());
        assertEquals(65535, ip.payloadLength());
        assertEquals(58, ip.nextHeader());
        assertEquals(255, ip.hopLimit());
        assertEquals(-1, ip.srcHi());
        assertEquals(1, ip.srcLo());
        assertEquals(2, ip.dstHi());
        assertEquals(-3, ip.dstLo());
    }

    @Test
    void shouldReadBackATcpHeader()
    {
        final TcpHeader tcp = new TcpHeader().wrap(buffer, 5)
            .srcPort(65535).dstPort(1).seq(-2).ack(-3).headerLengthAndFlags(60, 0x1FF).window(65535).checksum(0xFFFF)
            .urgentPointer(9);
        assertEquals(65535, tcp.srcPort());
        assertEquals(1, tcp.dstPort());
        assertEquals(-2, tcp.seq());
        assertEquals(-3, tcp.ack());
        assertEquals(60, tcp.headerLength());
        assertEquals(0x1FF, tcp.flags());
        assertEquals(65535, tcp.window());
        assertEquals(0xFFFF, tcp.checksum());
        assertEquals(9, tcp.urgentPointer());
        assertEquals(TcpHeader.FIN, tcp.headerLengthAndFlags(20, TcpHeader.FIN).flags());
    }

    @Test
    void shouldReadBackAnIcmpHeader()
    {
        final IcmpHeader icmp = new IcmpHeader().wrap(buffer, 2).typeAndCode(255, 254).checksum(0xFFFE).rest(-5);
        assertEquals(255, icmp.type());
        assertEquals(254, icmp.code());
        assertEquals(0xFFFE, icmp.checksum());
        assertEquals(-5, icmp.rest());
    }
}
