package dev.baton.stack.wire;

import dev.baton.stack.sim.SimRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ChecksumTest
{
    private static final long SEED = 20240611;

    @Test
    void shouldMatchTheExampleOfRfc1071()
    {
        final byte[] bytes = {0, 1, (byte)0xF2, 3, (byte)0xF4, (byte)0xF5, (byte)0xF6, (byte)0xF7};
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        assertEquals(0xDDF2, Checksum.fold(Checksum.sum(buffer, 0, 8)));
        assertEquals(0x220D, Checksum.finish(Checksum.sum(buffer, 0, 8)));
    }

    @Test
    void shouldMatchANaiveSumForAllOffsetsAndLengths()
    {
        final SimRandom random = new SimRandom(SEED);
        final UnsafeBuffer heap = new UnsafeBuffer(new byte[700]);
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(700));
        fill(heap, random);
        direct.putBytes(0, heap, 0, 700);
        for (int offset = 0; offset < 17; offset++)
        {
            for (int length = 0; length <= 600; length++)
            {
                final int expected = naive(heap, offset, length);
                assertEquals(expected, Checksum.fold(Checksum.sum(heap, offset, length)));
                assertEquals(expected, Checksum.fold(Checksum.sum(direct, offset, length)));
            }
        }
    }

    @Test
    void shouldRefuseARangeThatIsNotInTheBuffer()
    {
        final UnsafeBuffer part = new UnsafeBuffer(new byte[200], 50, 100);
        assertEquals(0, Checksum.sum(part, 0, 100));
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.sum(part, 0, 104));
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.sum(part, 60, 41));
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.sum(part, -4, 8));
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.sum(part, 8, -4));
    }

    @Test
    void shouldNotLoseCarriesOfTheLargestPacket()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[65536]);
        buffer.setMemory(0, 65536, (byte)0xFF);
        assertEquals(0xFFFF, Checksum.fold(Checksum.sum(buffer, 0, 65536)));
        assertEquals(naive(buffer, 1, 65535), Checksum.fold(Checksum.sum(buffer, 1, 65535)));
    }

    @Test
    void shouldUpdateAFieldAsRecomputationWould()
    {
        final SimRandom random = new SimRandom(SEED + 1);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        for (int i = 0; i < 20_000; i++)
        {
            fill(buffer, random);
            final int words = 1 + random.nextInt(8);
            final int at = 2 * random.nextInt(120 - words);
            final int field = Checksum.finish(Checksum.sum(buffer, 0, 240));
            final long before = Checksum.sum(buffer, at, 2 * words);
            for (int w = 0; w < words; w++)
            {
                final int extreme = random.nextInt(4);
                final int word = extreme == 0 ? 0 : extreme == 1 ? 0xFFFF : random.nextInt(65536);
                buffer.putShort(at + 2 * w, (short)word);
            }
            final long after = Checksum.sum(buffer, at, 2 * words);
            assertEquals(Checksum.finish(Checksum.sum(buffer, 0, 240)), Checksum.update(field, before, after));
        }
    }

    @Test
    void shouldUpdateTheExampleOfRfc1624()
    {
        assertEquals(0x0000, Checksum.update(0xDD2F, 0x5555, 0x3285));
    }

    @Test
    void shouldUpdateAPartialFieldAsRecomputationWould()
    {
        final SimRandom random = new SimRandom(SEED + 2);
        final UnsafeBuffer addresses = new UnsafeBuffer(new byte[32]);
        for (int i = 0; i < 20_000; i++)
        {
            final int half = random.chance(0.5) ? 4 : 16;
            fill(addresses, random);
            final int l4Length = 20 + random.nextInt(65500);
            final int field = Checksum.fold(Checksum.pseudoHeader(addresses, 0, 2 * half, 6, l4Length));
            final int at = random.chance(0.5) ? 0 : half;
            final long before = Checksum.sum(addresses, at, half);
            for (int b = 0; b < half; b++)
            {
                addresses.putByte(at + b, (byte)random.nextInt(256));
            }
            final int updated = Checksum.updatePartial(field, before, Checksum.sum(addresses, at, half));
            assertEquals(Checksum.fold(Checksum.pseudoHeader(addresses, 0, 2 * half, 6, l4Length)), updated);
        }
    }

    private static void fill(final UnsafeBuffer buffer, final SimRandom random)
    {
        for (int i = 0; i < buffer.capacity(); i++)
        {
            buffer.putByte(i, (byte)random.nextLong());
        }
    }

    private static int naive(final DirectBuffer buffer, final int offset, final int length)
    {
        long sum = 0;
        for (int i = 0; i + 1 < length; i += 2)
        {
            sum += buffer.getShort(offset + i, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        }
        if ((length & 1) == 1)
        {
            sum += (buffer.getByte(offset + length - 1) & 0xFF) << 8;
        }
        while (sum >>> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int)sum;
    }
}
