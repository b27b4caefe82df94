package dev.baton.stack.sim.check;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class WireCheckTest
{
    private static final long A = 0xFFFF_0A00_0001L;
    private static final long B = 0xFFFF_0A00_0002L;
    private static final int SALT = BytePattern.salt(A, 1000, B, 80);

    private final WireCheck check = new WireCheck();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final Packet packet = new Packet();
    private long nowNs;

    @BeforeEach
    void handshake()
    {
        send(true, TcpHeader.SYN, 100, 0, 1000, 0, 0);
        send(false, TcpHeader.SYN | TcpHeader.ACK, 500, 101, 1000, 0, 0);
        deliver(false, TcpHeader.SYN | TcpHeader.ACK, 500, 101, 1000);
    }

    /** A segment from A (or B): 10.0.0.1:1000 to 10.0.0.2:80. */
    private void build(
        final boolean fromA,
        final int flags,
        final int seq,
        final int ack,
        final int window,
        final int length,
        final int offset)
    {
        final int at = Packet.HEADROOM;
        final int total = Ip4Header.LENGTH + TcpHeader.LENGTH + length;
        buffer.setMemory(0, buffer.capacity(), (byte)0);
        buffer.putByte(at, (byte)0x45);
        buffer.putShort(at + 2, (short)total, ByteOrder.BIG_ENDIAN);
        buffer.putByte(at + 8, (byte)64);
        buffer.putByte(at + 9, (byte)TcpHeader.PROTOCOL);
        buffer.putInt(at + Ip4Header.SRC_OFFSET, fromA ? 0x0A00_0001 : 0x0A00_0002, ByteOrder.BIG_ENDIAN);
        buffer.putInt(at + Ip4Header.DST_OFFSET, fromA ? 0x0A00_0002 : 0x0A00_0001, ByteOrder.BIG_ENDIAN);
        new Ip4Header().wrap(buffer, at).computeChecksum();
        final int l4 = at + Ip4Header.LENGTH;
        new TcpHeader().wrap(buffer, l4).srcPort(fromA ? 1000 : 80).dstPort(fromA ? 80 : 1000).seq(seq).ack(ack)
            .headerLengthAndFlags(TcpHeader.LENGTH, flags).window(window);
        buffer.putBytes(l4 + TcpHeader.LENGTH, BytePattern.table(), BytePattern.at(SALT, offset), length);
        packet.wrap(buffer, at, total, 0, Packet.CHECKSUM_COMPLETE).l4(4, l4, TcpHeader.PROTOCOL);
        sum();
    }

    private void sum()
    {
        final int l4 = packet.l4Offset();
        buffer.putShort(l4 + TcpHeader.CHECKSUM_OFFSET, (short)0);
        final long sum = Checksum.pseudoHeader(
            buffer, packet.offset() + Ip4Header.SRC_OFFSET, 8, TcpHeader.PROTOCOL, packet.l4Length());
        buffer.putShort(l4 + TcpHeader.CHECKSUM_OFFSET,
            (short)Checksum.finish(sum + Checksum.sum(buffer, l4, packet.l4Length())), ByteOrder.BIG_ENDIAN);
    }

    private void send(
        final boolean fromA,
        final int flags,
        final int seq,
        final int ack,
        final int window,
        final int length,
        final int offset)
    {
        build(fromA, flags, seq, ack, window, length, offset);
        check.onPacket(null, true, packet, nowNs);
    }

    private void deliver(final boolean fromA, final int flags, final int seq, final int ack, final int window)
    {
        build(fromA, flags, seq, ack, window, 0, 0);
        check.onPacket(null, false, packet, nowNs);
    }

    private void assertBreaks(final String invariant, final Runnable action)
    {
        assertEquals(invariant, assertThrows(Violation.class, action::run).invariant());
    }

    @Test
    void shouldTakeWhatIsRight()
    {
        send(true, TcpHeader.ACK, 101, 501, 1000, 300, 0);
        send(true, TcpHeader.ACK, 401, 501, 1000, 700, 300);
        send(true, TcpHeader.ACK, 101, 501, 1000, 1000, 0);
        send(false, TcpHeader.ACK, 501, 1101, 1000, 0, 0);
        assertEquals(6, check.segments());
    }

    @Test
    void shouldRejectAnotherByteForTheSameNumber()
    {
        send(true, TcpHeader.ACK, 101, 501, 1000, 300, 0);
        assertBreaks(Violation.WIRE, () -> send(true, TcpHeader.ACK, 101, 501, 1000, 300, 1));
    }

    @Test
    void shouldRejectAWrongChecksum()
    {
        build(true, TcpHeader.ACK, 101, 501, 1000, 300, 0);
        buffer.putByte(packet.l4Offset() + 30, (byte)(buffer.getByte(packet.l4Offset() + 30) + 1));
        assertBreaks(Violation.WIRE, () -> check.onPacket(null, true, packet, nowNs));
    }

    @Test
    void shouldRejectDataBeyondThePeersWindowButForAProbe()
    {
        send(true, TcpHeader.ACK, 101, 501, 1000, 1001, 0);
        assertBreaks(Violation.SEQUENCE, () -> send(true, TcpHeader.ACK, 101, 501, 1000, 1002, 0));
    }

    @Test
    void shouldRejectAHoleInWhatIsSent()
    {
        assertBreaks(Violation.SEQUENCE, () -> send(true, TcpHeader.ACK, 201, 501, 1000, 100, 100));
    }

    @Test
    void shouldRejectAnAckOfWhatWasNeverSent()
    {
        send(true, TcpHeader.ACK, 101, 501, 1000, 300, 0);
        assertBreaks(Violation.SEQUENCE, () -> send(false, TcpHeader.ACK, 501, 402, 1000, 0, 0));
    }

    @Test
    void shouldRejectAcksWithoutEnd()
    {
        assertBreaks(Violation.BOUNDED, () ->
        {
            for (int i = 0; i < 1_000; i++)
            {
                send(true, TcpHeader.ACK, 101, 501, 1000, 0, 0);
            }
        });
    }
}
