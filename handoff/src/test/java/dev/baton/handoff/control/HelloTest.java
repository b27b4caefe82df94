package dev.baton.handoff.control;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HelloTest
{
    private static final Hello HELLO = new Hello("back1.example", 0x1234_5678_9ABC_DEF0L, new VersionRange(3, 4));

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);

    @Test
    void shouldReadWhatItWrites() throws ControlProtocolException
    {
        assertEquals(HELLO, Hello.decode(buffer, HELLO.encode(buffer, 0)));
    }

    @Test
    void shouldRefuseEveryTruncation()
    {
        final int length = HELLO.encode(buffer, 0);
        for (int cut = FrameReader.MIN_FRAME_BYTES; cut < length; cut++)
        {
            final int shorter = cut;
            assertThrows(ControlProtocolException.class, () -> Hello.decode(buffer, shorter), "cut at " + cut);
        }
    }

    @Test
    void shouldNeverThrowAnythingElseOnDamage()
    {
        final Random random = new Random(77);
        final int length = HELLO.encode(buffer, 0);
        final byte[] whole = new byte[length];
        buffer.getBytes(0, whole);
        for (int i = 0; i < 20_000; i++)
        {
            buffer.putBytes(0, whole);
            for (int n = random.nextInt(4); n >= 0; n--)
            {
                buffer.putByte(random.nextInt(length), (byte)random.nextInt());
            }
            try
            {
                assertTrue(NodeName.isValid(Hello.decode(buffer, length).node()));
            }
            catch (final ControlProtocolException ex)
            {
                assertFalse(ex.getMessage().isEmpty());
            }
        }
    }

    @Test
    void shouldAgreeWithNeighbouringVersionsOnly()
    {
        final VersionRange here = new VersionRange(4, 5);
        assertTrue(here.meets(new VersionRange(5, 6)));
        assertTrue(here.meets(new VersionRange(3, 4)));
        assertFalse(here.meets(new VersionRange(6, 7)));
        assertFalse(here.meets(new VersionRange(2, 3)));
        assertFalse(here.meets(new VersionRange(6, 4)));
        assertTrue(here.contains(4));
        assertFalse(here.contains(6));
        assertFalse(here.contains(3));
    }
}
