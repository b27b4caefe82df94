package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.util.Arrays;

import static dev.baton.stack.ip.TestPackets.CLIENT_6;
import static dev.baton.stack.ip.TestPackets.HOST_6;
import static dev.baton.stack.ip.TestPackets.concat;
import static dev.baton.stack.ip.TestPackets.ip6;
import static dev.baton.stack.ip.TestPackets.of;
import static dev.baton.stack.ip.TestPackets.pattern;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class Ip6ExtensionsTest
{
    private static final int HOP = 0;
    private static final int TCP = 6;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION = 60;
    private static final byte[] SEGMENT = TestPackets.tcp(6, 1, TcpHeader.ACK, pattern(9));

    private final IpFixture ip = new IpFixture();

    @Test
    void shouldFindTheSegmentBehindHeadersInAnyOrder()
    {
        final byte[] chain = concat(
            of(DESTINATION, 0, 1, 4, 0, 0, 0, 0),
            of(ROUTING, 1, 1, 2, 0, 0, 0x1E, 6, 0, 0, 0, 0, 0, 0, 0, 0),
            of(DESTINATION, 0, 4, 0, 0, 0, 0, 0),
            of(TCP, 0, 0, 0, 0, 0, 0, 0),
            SEGMENT);
        final Packet packet = ip.accepted(ip6(CLIENT_6, HOST_6, HOP, chain));
        assertNotNull(packet);
        assertEquals(packet.offset() + 40 + 40, packet.l4Offset());
        assertEquals(SEGMENT.length, packet.l4Length());
    }

    @Test
    void shouldDoWhatTheActionBitsOfAnUnknownOptionSay()
    {
        for (int action = 0; action < 4; action++)
        {
            ip.link.sent.clear();
            final byte[] chain = concat(of(TCP, 0, 1, 0, action << 6 | 0x1E, 0, 0, 0), SEGMENT);
            assertEquals(action == 0, ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, chain)), "action " + action);
            if (action < 2)
            {
                assertTrue(ip.link.sent.isEmpty(), "action " + action + " is silent");
            }
            else
            {
                assertProblem(2, 44);
            }
        }
    }

    @Test
    void shouldRefuseJumboPayloads()
    {
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, HOP, concat(of(TCP, 0, 0xC2, 4, 0, 1, 0, 0), SEGMENT))));
        assertProblem(2, 42);
    }

    @Test
    void shouldSurviveAnyOptionLength()
    {
        for (int length = 0; length < 256; length++)
        {
            final byte[] chain = concat(of(TCP, 0, 0, 0, 0x1E, length, 0, 0), SEGMENT);
            assertEquals(length <= 2, ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, chain)), "length " + length);
        }
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, concat(of(TCP, 0, 0, 0, 0, 0, 0, 0x1E), SEGMENT))));
    }

    @Test
    void shouldRefuseHopByHopOptionsAnywhereButFirst()
    {
        final byte[] chain = concat(of(HOP, 0, 1, 4, 0, 0, 0, 0), of(TCP, 0, 1, 4, 0, 0, 0, 0), SEGMENT);
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, chain)));
        assertProblem(1, 40);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 253})
    void shouldRefuseRoutesWithSegmentsLeft(final int type)
    {
        final byte[] rest = new byte[16];
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, ROUTING, concat(of(TCP, 2, type, 1, 0, 0, 0, 0), rest, SEGMENT))));
        assertProblem(0, 42);
        assertTrue(ip.accept(ip6(CLIENT_6, HOST_6, ROUTING, concat(of(TCP, 2, type, 0, 0, 0, 0, 0), rest, SEGMENT))));
        assertEquals(1, ip.count(IpCounter.IN_SOURCE_ROUTED));
    }

    @Test
    void shouldDropNoNextHeaderSilently()
    {
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, 59, pattern(8))));
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, of(59, 0, 1, 4, 0, 0, 0, 0))));
        assertTrue(ip.link.sent.isEmpty());
    }

    @Test
    void shouldPointAtTheFieldThatNamesAnUnknownHeader()
    {
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, concat(of(51, 0, 1, 4, 0, 0, 0, 0), pattern(24)))));
        assertProblem(1, 40);
    }

    @Test
    void shouldWalkABoundedNumberOfHeaders()
    {
        byte[] chain = SEGMENT;
        int next = TCP;
        for (int headers = 1; headers <= 40; headers++)
        {
            chain = concat(of(next, 0, 1, 4, 0, 0, 0, 0), chain);
            next = DESTINATION;
            assertEquals(headers < Ip6Chain.MAX_HEADERS, ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, chain)));
        }
    }

    @Test
    void shouldDropHeadersThatAreCutOff()
    {
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, of(TCP, 1, 1, 4, 0, 0, 0, 0))));
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, DESTINATION, of(TCP, 0, 1, 3, 0, 0, 0))));
        assertFalse(ip.accept(ip6(CLIENT_6, HOST_6, FRAGMENT, of(TCP, 0, 0, 0, 0, 0, 0))));
        assertEquals(3, ip.count(IpCounter.IN_TRUNCATED_PKTS));
    }

    @Test
    void shouldTakeAnAtomicFragmentAsAWholeDatagram()
    {
        final Packet packet = ip.accepted(TestPackets.fragment6(7, TCP, 0, false, SEGMENT));
        assertNotNull(packet);
        assertEquals(packet.offset() + 48, packet.l4Offset());
        assertEquals(0, ip.count(IpCounter.REASM_REQDS));
        assertEquals(Long.MAX_VALUE, ip.reassembler.nextDeadlineNs());
    }

    @Test
    void shouldRefuseFragmentsThatBreakTheRules()
    {
        ip.accept(TestPackets.fragment6(1, TCP, 0, true, pattern(31)));
        assertProblem(0, 4);
        ip.accept(TestPackets.fragment6(2, TCP, 65528, false, pattern(8)));
        assertProblemSuppressed();
        ip.accept(TestPackets.fragment6(3, TCP, 0, true, pattern(16)));
        assertProblem(3, 0);
        ip.accept(ip6(CLIENT_6, HOST_6, FRAGMENT, of(DESTINATION, 0, 0, 1, 0, 0, 0, 4, TCP, 1, 1, 4, 0, 0, 0, 0)));
        assertProblem(3, 0);
        assertEquals(4, ip.count(IpCounter.REASM_FAILS));
    }

    @Test
    void shouldRefuseAFragmentInsideADatagram()
    {
        final byte[] inner = concat(of(TCP, 0, 0, 1, 0, 0, 0, 9), SEGMENT, new byte[3]);
        assertFalse(ip.accept(TestPackets.fragment6(9, FRAGMENT, 0, true, Arrays.copyOf(inner, 32))));
        ip.accept(TestPackets.fragment6(9, FRAGMENT, 32, false, new byte[8]));
        assertEquals(1, ip.count(IpCounter.REASM_OKS));
        assertEquals(1, ip.count(IpCounter.IN_HDR_ERRORS));
    }

    private void assertProblem(final int code, final int pointer)
    {
        final UnsafeBuffer sent = new UnsafeBuffer(ip.lastSent());
        assertEquals(58, sent.getByte(6));
        assertEquals(4, sent.getByte(40), "parameter problem");
        assertEquals(code, sent.getByte(41), "code");
        assertEquals(pointer, sent.getInt(44, ByteOrder.BIG_ENDIAN), "pointer");
        final byte[] destination = new byte[16];
        sent.getBytes(24, destination);
        final byte[] client = new byte[16];
        new UnsafeBuffer(client).putLong(0, CLIENT_6.hi(), ByteOrder.BIG_ENDIAN);
        new UnsafeBuffer(client).putLong(8, CLIENT_6.lo(), ByteOrder.BIG_ENDIAN);
        assertArrayEquals(client, destination);
        ip.link.sent.clear();
    }

    private void assertProblemSuppressed()
    {
        assertTrue(ip.link.sent.isEmpty(), "nothing is sent about a fragment that is not the first");
    }
}
