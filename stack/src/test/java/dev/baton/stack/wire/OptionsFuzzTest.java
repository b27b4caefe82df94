package dev.baton.stack.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.agrona.concurrent.UnsafeBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever stands in the options of a segment is parsed without reading beyond them, and always to the same. */
class OptionsFuzzTest
{
    private static final int LONGEST = 40;

    @FuzzTest
    void shouldParseAnything(final byte[] data)
    {
        final int length = Math.min(data.length, LONGEST);
        final byte[] exact = new byte[length];
        System.arraycopy(data, 0, exact, 0, length);
        final TcpOptions options = new TcpOptions().parse(new UnsafeBuffer(exact), 0, length);
        assertTrue(options.sackCount() >= 0 && options.sackCount() * 8 <= length, "SACK blocks " + options.sackCount());
        assertTrue(options.mss() >= 0 && options.mss() <= 0xFFFF);
        assertTrue(options.windowScale() <= 14, "RFC 7323, section 2.3");
        assertTrue(options.fastOpenLength() <= 16, "RFC 7413, section 4.1.1");
        for (int i = 0; i < options.sackCount(); i++)
        {
            options.sackStart(i);
            options.sackEnd(i);
        }
        assertSameElsewhere(options, exact);
    }

    /** A parser that served another segment before, at another place, sees the same. */
    private static void assertSameElsewhere(final TcpOptions first, final byte[] exact)
    {
        final byte[] shifted = new byte[exact.length + 3];
        System.arraycopy(exact, 0, shifted, 3, exact.length);
        final byte[] before = {2, 4, 5, (byte)180, 3, 3, 7, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8};
        final TcpOptions second = new TcpOptions().parse(new UnsafeBuffer(before), 0, before.length);
        second.parse(new UnsafeBuffer(shifted), 3, exact.length);
        assertEquals(first.mss(), second.mss());
        assertEquals(first.windowScale(), second.windowScale());
        assertEquals(first.sackPermitted(), second.sackPermitted());
        assertEquals(first.hasTimestamps(), second.hasTimestamps());
        assertEquals(first.tsVal(), second.tsVal());
        assertEquals(first.tsEcr(), second.tsEcr());
        assertEquals(first.sackCount(), second.sackCount());
        assertEquals(first.userTimeout(), second.userTimeout());
        assertEquals(first.fastOpenLength(), second.fastOpenLength());
        assertEquals(first.unknownCount(), second.unknownCount());
        assertEquals(first.malformed(), second.malformed());
    }
}
