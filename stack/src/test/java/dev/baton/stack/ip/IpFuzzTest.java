package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.sim.SimRandom;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static dev.baton.stack.ip.TestPackets.CLIENT_4;
import static dev.baton.stack.ip.TestPackets.CLIENT_6;
import static dev.baton.stack.ip.TestPackets.HOST_4;
import static dev.baton.stack.ip.TestPackets.HOST_6;
import static dev.baton.stack.ip.TestPackets.concat;
import static dev.baton.stack.ip.TestPackets.of;
import static dev.baton.stack.ip.TestPackets.pattern;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Nothing that comes in makes the input path throw, or lets through what is not inside of the packet. Buffers end where
 * packets end, so that a read outside throws.
 */
class IpFuzzTest
{
    private static final long SEED = 20_260_101;

    private final IpFixture ip = new IpFixture();

    @Test
    void shouldSurviveEveryByteMutation()
    {
        for (final byte[] valid : corpus())
        {
            for (int at = 0; at < valid.length; at++)
            {
                for (int value = 0; value < 256; value++)
                {
                    final byte[] mutated = valid.clone();
                    mutated[at] = (byte)value;
                    feed(mutated);
                }
            }
        }
    }

    /** The header checksum stops most mutations of an IPv4 header, so they are repeated with a right one. */
    @Test
    void shouldSurviveEveryHeaderMutationWithARightChecksum()
    {
        for (final byte[] valid : corpus())
        {
            final int headerLength = valid[0] >>> 4 == 4 ? (valid[0] & 0xF) << 2 : 0;
            for (int at = 0; at < headerLength; at++)
            {
                for (int value = 0; value < 256; value++)
                {
                    final byte[] mutated = valid.clone();
                    mutated[at] = (byte)value;
                    final Ip4Header header = new Ip4Header().wrap(new UnsafeBuffer(mutated), 0);
                    if (header.headerLength() <= mutated.length)
                    {
                        header.computeChecksum();
                    }
                    feed(mutated);
                }
            }
        }
    }

    @Test
    void shouldSurviveEveryTruncation()
    {
        for (final byte[] valid : corpus())
        {
            for (int length = 0; length < valid.length; length++)
            {
                final byte[] cut = Arrays.copyOf(valid, length);
                feed(cut);
                feed(withLength(cut));
            }
        }
    }

    @Test
    void shouldSurviveManyMutationsAtOnce()
    {
        final SimRandom random = new SimRandom(SEED);
        final List<byte[]> corpus = corpus();
        for (int i = 0; i < 200_000; i++)
        {
            byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
            for (int m = random.nextInt(6); m >= 0; m--)
            {
                final int value = random.nextInt(random.chance(0.3) ? 256 : 64);
                bytes[random.nextInt(bytes.length)] = (byte)value;
            }
            if (random.chance(0.2))
            {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            }
            feed(random.chance(0.7) ? withLength(bytes) : bytes);
            if (random.chance(0.001))
            {
                ip.reassembler.expire(Long.MAX_VALUE);
            }
        }
    }

    private void feed(final byte[] bytes)
    {
        final Packet packet = TestPackets.packet(bytes);
        if (ip.input.accept(packet, 0))
        {
            final int headerLength = new TcpHeader().wrap(packet.buffer(), packet.l4Offset()).headerLength();
            assertTrue(packet.protocol() == TcpHeader.PROTOCOL && packet.checksum() != Packet.CHECKSUM_COMPLETE);
            assertTrue(headerLength >= TcpHeader.LENGTH && headerLength <= packet.l4Length());
            assertTrue(packet.l4Offset() + packet.l4Length() <= packet.buffer().capacity());
            assertTrue(ip.local.contains(packet.dstHi(), packet.dstLo()));
        }
        ip.link.sent.clear();
        ip.link.checksums.clear();
        ip.icmpErrors.clear();
    }

    /** The same packet with length fields, and IPv4 checksum, that are right. */
    private static byte[] withLength(final byte[] bytes)
    {
        final byte[] mended = bytes.clone();
        final UnsafeBuffer buffer = new UnsafeBuffer(mended);
        if (mended.length >= 40 && (mended[0] & 0xF0) == 0x60)
        {
            new Ip6Header().wrap(buffer, 0).payloadLength(mended.length - 40);
        }
        else if (mended.length >= 20 && (mended[0] & 0xF) << 2 <= mended.length)
        {
            new Ip4Header().wrap(buffer, 0).totalLength(mended.length).computeChecksum();
        }
        return mended;
    }

    private static List<byte[]> corpus()
    {
        final byte[] segment6 = TestPackets.tcp(6, 1, TcpHeader.ACK, pattern(9));
        final List<byte[]> corpus = new ArrayList<>();
        for (final int version : new int[] {4, 6})
        {
            corpus.add(TestPackets.tcpPacket(version, pattern(11)));
            corpus.add(TestPackets.echo(version, pattern(5)));
            corpus.add(TestPackets.ip(version, 17, TestPackets.udp(version, pattern(6), true)));
            corpus.add(TestPackets.fragment(version, 1, 6, 0, true, Arrays.copyOf(segment6, 24)));
            corpus.add(TestPackets.fragment(version, 1, 6, 24, false, Arrays.copyOfRange(segment6, 24, 29)));
        }
        corpus.add(TestPackets.ip4WithOptions(
            6, of(148, 4, 0, 0, 7, 7, 4, 0, 0, 0, 0, 0), TestPackets.tcp(4, 1, 16, pattern(3))));
        corpus.add(TestPackets.icmpPacket(4, 3, 4, 1400,
            TestPackets.ip4(HOST_4, CLIENT_4, 6, 0, 0, TestPackets.tcp(HOST_4, CLIENT_4, 1, 16, new byte[0]))));
        corpus.add(TestPackets.icmpPacket(6, 2, 0, 1400,
            TestPackets.ip6(HOST_6, CLIENT_6, 60, concat(of(6, 0, 1, 4, 0, 0, 0, 0), segment6))));
        corpus.add(TestPackets.ip6(CLIENT_6, HOST_6, 0, concat(
            of(43, 0, 5, 2, 0, 0, 1, 0), of(60, 0, 253, 0, 0, 0, 0, 0), of(44, 0, 0x1E, 2, 0, 0, 1, 0),
            of(6, 0, 0, 0, 0, 0, 0, 9), segment6)));
        return corpus;
    }
}
