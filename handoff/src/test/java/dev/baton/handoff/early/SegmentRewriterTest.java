package dev.baton.handoff.early;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rewritten segments against a checksum computed from nothing: both families, complete and partial, options at any offset. */
final class SegmentRewriterTest
{
    private static final int ROUNDS = 2000;
    private static final IpAddress NEW4 = IpAddress.parse("203.0.113.77");
    private static final IpAddress NEW6 = IpAddress.parse("fd00:77::abcd");

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final Packet packet = new Packet();
    private final TcpHeader tcp = new TcpHeader();
    private final SegmentRewriter rewriter = new SegmentRewriter();
    private final TcpOptions options = new TcpOptions();

    /** A random segment with SACK and timestamps behind 0 to 3 NOPs, and, for IPv4, up to 40 bytes of IP options. */
    private void build(final Random random, final boolean v6, final int checksum)
    {
        final byte[] noise = new byte[buffer.capacity()];
        random.nextBytes(noise);
        buffer.putBytes(0, noise);
        final int offset = Packet.HEADROOM;
        final int ipLength = v6 ? Ip6Header.LENGTH : Ip4Header.LENGTH + 4 * random.nextInt(11);
        final int l4 = offset + ipLength;
        final int headerLength = 60;
        final int length = ipLength + headerLength + random.nextInt(1400);
        if (v6)
        {
            new Ip6Header().wrap(buffer, offset).encode(0, 0, length - ipLength, TcpHeader.PROTOCOL, 9,
                random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
        }
        else
        {
            new Ip4Header().wrap(buffer, offset).encode(
                0, length, 7, 0, 9, TcpHeader.PROTOCOL, random.nextInt(), random.nextInt());
            buffer.putByte(offset, (byte)(0x40 | ipLength / 4));
            new Ip4Header().wrap(buffer, offset).computeChecksum();
        }
        tcp.wrap(buffer, l4).headerLengthAndFlags(headerLength, TcpHeader.ACK | TcpHeader.PSH);
        int at = l4 + TcpHeader.LENGTH;
        for (int i = random.nextInt(4); i > 0; i--)
        {
            buffer.putByte(at++, (byte)TcpOptions.NOP);
        }
        buffer.putByte(at, (byte)TcpOptions.TIMESTAMPS);
        buffer.putByte(at + 1, (byte)10);
        at += 10;
        for (int i = random.nextInt(4); i > 0; i--)
        {
            buffer.putByte(at++, (byte)TcpOptions.NOP);
        }
        buffer.putByte(at, (byte)TcpOptions.SACK);
        buffer.putByte(at + 1, (byte)18);
        buffer.putByte(at + 18, (byte)TcpOptions.EOL);
        packet.wrap(buffer, offset, length, 0, checksum).l4(v6 ? 6 : 4, l4, TcpHeader.PROTOCOL);
        tcp.checksum(expectedChecksum());
    }

    private int expectedChecksum()
    {
        final boolean v6 = packet.version() == 6;
        final int length = packet.l4Length();
        final int addresses = packet.offset() + (v6 ? Ip6Header.SRC_OFFSET : Ip4Header.SRC_OFFSET);
        final long pseudo =
            Checksum.pseudoHeader(buffer, addresses, v6 ? 32 : 8, TcpHeader.PROTOCOL, length);
        if (packet.checksum() == Packet.CHECKSUM_PARTIAL)
        {
            return Checksum.fold(pseudo);
        }
        final int field = tcp.checksum();
        tcp.checksum(0);
        final int sum = Checksum.finish(pseudo + Checksum.sum(buffer, packet.l4Offset(), length));
        tcp.checksum(field);
        return sum;
    }

    private TcpOptions parsed()
    {
        return options.parse(buffer, packet.l4Offset() + TcpHeader.LENGTH, tcp.headerLength() - TcpHeader.LENGTH);
    }

    private void assertIpChecksumHolds()
    {
        if (packet.version() == 4)
        {
            assertEquals(0, Checksum.finish(Checksum.sum(buffer, packet.offset(), packet.l4Offset() - packet.offset())));
        }
    }

    @ParameterizedTest
    @CsvSource({"false,0", "false,1", "false,2", "true,0", "true,1", "true,2"})
    void shouldKeepChecksumsRightWhateverIsRewritten(final boolean v6, final int checksum)
    {
        final Random random = new Random(4711 + checksum + (v6 ? 10 : 0));
        for (int round = 0; round < ROUNDS; round++)
        {
            build(random, v6, checksum);
            final int by = random.nextInt();
            final int seq = tcp.seq();
            final int ack = tcp.ack();
            final int tsVal = parsed().tsVal();
            final int tsEcr = options.tsEcr();
            final int sackStart = options.sackStart(1);
            final int sackEnd = options.sackEnd(1);
            final IpAddress to = v6 ? NEW6 : NEW4;
            rewriter.begin(packet);
            if (random.nextBoolean())
            {
                rewriter.destination(to.hi(), to.lo(), 4242);
            }
            else
            {
                rewriter.source(to.hi(), to.lo(), 4242);
            }
            final boolean alive = rewriter.shiftSeq(-by).shiftAck(by).shiftTsVal(by + 1).shiftTsEcr(by + 2).decrementTtl();
            rewriter.end();
            assertTrue(alive);
            assertEquals(expectedChecksum(), tcp.checksum(), "round " + round);
            assertIpChecksumHolds();
            assertEquals(seq - by, tcp.seq());
            assertEquals(ack + by, tcp.ack());
            assertEquals(tsVal + by + 1, parsed().tsVal());
            assertEquals(tsEcr + by + 2, options.tsEcr());
            assertEquals(2, options.sackCount());
            assertEquals(sackStart + by, options.sackStart(1));
            assertEquals(sackEnd + by, options.sackEnd(1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveADamagedSegmentDamaged(final boolean v6)
    {
        final Random random = new Random(5);
        for (int round = 0; round < ROUNDS; round++)
        {
            build(random, v6, Packet.CHECKSUM_COMPLETE);
            final int error = 1 + random.nextInt(0xFFFE);
            tcp.checksum(Checksum.fold(tcp.checksum() + (long)error));
            final boolean damaged = tcp.checksum() != expectedChecksum();
            rewriter.begin(packet).shiftSeq(random.nextInt()).shiftAck(random.nextInt()).end();
            assertEquals(damaged, tcp.checksum() != expectedChecksum());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotTouchTheNumbersOfASegmentWithoutAck(final boolean v6)
    {
        build(new Random(6), v6, Packet.CHECKSUM_COMPLETE);
        tcp.headerLengthAndFlags(tcp.headerLength(), TcpHeader.SYN);
        tcp.checksum(expectedChecksum());
        final int ack = tcp.ack();
        final int tsEcr = parsed().tsEcr();
        final int sackStart = options.sackStart(0);
        rewriter.begin(packet).shiftAck(77).shiftTsEcr(77).end();
        assertEquals(ack, tcp.ack());
        assertEquals(tsEcr, parsed().tsEcr());
        assertEquals(sackStart, options.sackStart(0));
        assertEquals(expectedChecksum(), tcp.checksum());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldComputeAChecksumFromNothingAndSayWhenNoHopIsLeft(final boolean v6)
    {
        build(new Random(7), v6, Packet.CHECKSUM_VERIFIED);
        tcp.checksum(0x1234);
        rewriter.begin(packet).tsEcr(99).end();
        rewriter.recomputeChecksum();
        assertEquals(expectedChecksum(), tcp.checksum());
        assertEquals(99, parsed().tsEcr());
        buffer.putByte(packet.offset() + (v6 ? 7 : 8), (byte)1);
        assertEquals(false, rewriter.begin(packet).decrementTtl());
    }
}
