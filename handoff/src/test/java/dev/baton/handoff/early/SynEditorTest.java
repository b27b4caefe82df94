package dev.baton.handoff.early;

import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** G1: what a replayed SYN may still offer. */
final class SynEditorTest
{
    private static final int AT = 7;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
    private final TcpHeader tcp = new TcpHeader();

    private void syn(final int... options)
    {
        final int padded = options.length + 3 & ~3;
        tcp.wrap(buffer, AT).headerLengthAndFlags(
            TcpHeader.LENGTH + padded, TcpHeader.SYN | TcpHeader.ECE | TcpHeader.CWR);
        for (int i = 0; i < padded; i++)
        {
            buffer.putByte(AT + TcpHeader.LENGTH + i, (byte)(i < options.length ? options[i] : TcpOptions.EOL));
        }
    }

    /** MSS 1460, SACK permitted, timestamps, NOP, window scale 7, and kind 34 (Fast Open), which nobody here knows. */
    private void full()
    {
        syn(2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7, 34, 6, 1, 2, 3, 4);
    }

    private TcpOptions parsed()
    {
        return new TcpOptions().parse(buffer, AT + TcpHeader.LENGTH, tcp.wrap(buffer, AT).headerLength() - TcpHeader.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void shouldLeaveExactlyWhatTheFrontAgreedTo(final int agreed)
    {
        final boolean scale = (agreed & 1) != 0;
        final boolean sack = (agreed & 2) != 0;
        final boolean timestamps = (agreed & 4) != 0;
        final boolean ecn = (agreed & 8) != 0;
        full();
        assertTrue(SynEditor.strip(buffer, AT, tcp, scale, sack, timestamps, ecn));
        final TcpOptions left = parsed();
        assertFalse(left.malformed());
        assertEquals(1460, left.mss());
        assertEquals(scale ? 7 : TcpOptions.ABSENT, left.windowScale());
        assertEquals(sack, left.sackPermitted());
        assertEquals(timestamps, left.hasTimestamps());
        assertEquals(0, left.unknownCount(), "an option that nobody agreed to must not be offered again");
        assertEquals(ecn, (tcp.flags() & TcpHeader.ECE) != 0);
        assertEquals(ecn, (tcp.flags() & TcpHeader.CWR) != 0);
        assertTrue((tcp.flags() & TcpHeader.SYN) != 0);
    }

    @Test
    void shouldStopAtTheEndOfTheList()
    {
        syn(2, 4, 5, 180, 0, 200, 201, 202);
        assertTrue(SynEditor.strip(buffer, AT, tcp, false, false, false, false));
        assertEquals((byte)200, buffer.getByte(AT + TcpHeader.LENGTH + 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "8,1", "8,0", "1,1,1,8", "2,4,5,180,3,9,7,1", "2,4,5,180,1,1,1,3"})
    void shouldRefuseADamagedList(final String text)
    {
        final String[] parts = text.split(",");
        final int[] options = new int[parts.length + 3 & ~3];
        for (int i = 0; i < options.length; i++)
        {
            options[i] = Integer.parseInt(parts[Math.min(i, parts.length - 1)]);
        }
        syn(options);
        assertFalse(SynEditor.strip(buffer, AT, tcp, true, true, true, true));
    }
}
