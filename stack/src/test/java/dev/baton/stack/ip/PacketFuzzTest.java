package dev.baton.stack.ip;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** IP's input with what chance makes: bytes alone, and fragments that may overlap, in any order. */
class PacketFuzzTest
{
    private static final int MOST = 64;
    private static final int LONGEST = 2000;

    @FuzzTest
    void shouldSurviveAnyPacket(final byte[] data)
    {
        final IpFixture ip = new IpFixture();
        accept(ip, data);
        if (data.length > 0)
        {
            // A right version brings more of them through the first check.
            final byte[] four = data.clone();
            four[0] = 0x45;
            accept(ip, four);
            final byte[] six = data.clone();
            six[0] = 0x60;
            accept(ip, six);
        }
    }

    /** Of one datagram or of four, with true lengths: a program of fragments and of time that passes. */
    @FuzzTest
    void shouldReassembleOrDropAnyFragments(final FuzzedDataProvider data)
    {
        final IpFixture ip = new IpFixture();
        long nowNs = 0;
        for (int i = 0; i < MOST && data.remainingBytes() > 0; i++)
        {
            final int version = data.consumeBoolean() ? 4 : 6;
            final int id = data.consumeInt(0, 3);
            final int protocol = data.pickValue(new int[]{1, 6, 17, 58});
            final int start = data.consumeInt(0, 0x1FFF) << 3;
            final boolean more = data.consumeBoolean();
            final byte[] payload = TestPackets.pattern(data.consumeInt(0, LONGEST));
            nowNs += data.consumeLong(0, 8_000_000_000L);
            ip.reassembler.expire(nowNs);
            accept(ip, TestPackets.fragment(version, id, protocol, start, more, payload));
            assertTrue(ip.reassembler.waiting().size() <= Reassembler.DEFAULT_DATAGRAMS);
        }
        ip.reassembler.expire(Long.MAX_VALUE);
        assertEquals(0, ip.reassembler.waiting().size(), "waits for ever");
    }

    private static void accept(final IpFixture ip, final byte[] bytes)
    {
        final Packet packet = TestPackets.packet(Arrays.copyOf(bytes, Math.min(bytes.length, Packet.MAX_LENGTH)));
        final int before = ip.link.sent.size();
        if (ip.input.accept(packet, 0) && packet.protocol() == TcpHeader.PROTOCOL)
        {
            final int headerLength = new TcpHeader().wrap(packet.buffer(), packet.l4Offset()).headerLength();
            assertTrue(headerLength >= TcpHeader.LENGTH && headerLength <= packet.l4Length(), "header " + headerLength);
            assertTrue(packet.l4Offset() + packet.l4Length() <= packet.buffer().capacity());
        }
        assertTrue(ip.link.sent.size() <= before + 1, "answers");
    }
}
