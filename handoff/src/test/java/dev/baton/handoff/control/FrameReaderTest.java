package dev.baton.handoff.control;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class FrameReaderTest
{
    private static FrameReader reader(final byte... bytes)
    {
        return new FrameReader(new ByteArrayInputStream(bytes));
    }

    private static byte[] frame(final int length)
    {
        final ByteBuffer frame = ByteBuffer.allocate(4 + length).putInt(length);
        for (int i = 0; i < length; i++)
        {
            frame.put((byte)i);
        }
        return frame.array();
    }

    @Test
    void shouldTakeFramesThatComeInAnyPieces() throws IOException
    {
        final byte[] one = frame(ControlPlane.MAX_FRAME_BYTES);
        final byte[] two = frame(8);
        final byte[] both = ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
        final Random random = new Random(5);
        final FrameReader reader = new FrameReader(new InputStream()
        {
            private int at;

            @Override
            public int read()
            {
                return at == both.length ? -1 : both[at++] & 0xFF;
            }

            @Override
            public int read(final byte[] to, final int offset, final int length)
            {
                final int count = Math.min(1 + random.nextInt(length), both.length - at);
                System.arraycopy(both, at, to, offset, count);
                at += count;
                return count == 0 ? -1 : count;
            }
        });
        assertEquals(ControlPlane.MAX_FRAME_BYTES, reader.next());
        assertEquals((byte)16383, reader.buffer().getByte(16383));
        assertEquals(8, reader.next());
        assertEquals(7, reader.buffer().getByte(7));
        assertEquals(-1, reader.next());
    }

    @Test
    void shouldTellAnEndBetweenFramesFromOneInside() throws IOException
    {
        assertEquals(-1, reader().next());
        final byte[] whole = frame(20);
        for (int cut = 1; cut < whole.length; cut++)
        {
            final FrameReader reader = reader(Arrays.copyOf(whole, cut));
            assertThrows(EOFException.class, reader::next, "cut at " + cut);
        }
    }

    @Test
    void shouldRefuseImpossibleLengths()
    {
        for (final int length : new int[]{0, 1, 7, ControlPlane.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
        {
            final FrameReader reader = reader(ByteBuffer.allocate(64).putInt(length).array());
            final ControlProtocolException ex = assertThrows(ControlProtocolException.class, reader::next);
            assertEquals("frame length " + (length & 0xFFFF_FFFFL) + " is not in 8 to 16384 bytes", ex.getMessage());
        }
    }
}
