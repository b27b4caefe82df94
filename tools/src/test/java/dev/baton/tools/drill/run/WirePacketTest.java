package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.PacketSpec;
import dev.baton.tools.drill.script.Script;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

class WirePacketTest
{
    private static final int ACK = 0x10;

    private static byte[] segment(final Mode mode)
    {
        // What the script would inject is built as if the stack had sent it: the ends are turned round.
        final PacketBuilder builder = new PacketBuilder(new Ends(mode.remote(), mode.local()), false);
        final PacketSpec.Tcp tcp = new PacketSpec.Tcp(null, ACK, null, 1, 101, 1L, 257, null, List.of());
        return builder.build(new PacketSpec(false, List.of(), PacketSpec.Ip.NONE, tcp), new Flow(1001, 8080, false));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldSeeAnyBitThatIsWrong(final Mode mode)
    {
        final byte[] good = segment(mode);
        assertNull(new WirePacket(good, 0).fault());
        final int first = mode == Mode.IPV6 ? 40 : 0;
        for (int i = first; i < good.length; i++)
        {
            final byte[] bad = good.clone();
            bad[i] ^= 4;
            if (mode == Mode.IPV6 || i != 6 && i != 9)
            {
                assertNotNull(new WirePacket(bad, 0).fault(), "byte " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldSeeBytesThatWereNotWritten(final Mode mode)
    {
        final Script script = new Script("a", List.of(), null, null, List.of(), null);
        final PacketMatcher matcher = new PacketMatcher(
            new Ends(mode.local(), mode.remote()), Profile.LINUX, new DrillOptions(script, Map.of(), true));
        final Flow flow = new Flow(8080, 1001, false);
        flow.localIss(0, 0);
        flow.written().add(Pattern.bytes(0, 100), 100);
        final byte[] bytes = segment(mode);
        assertNull(matcher.payloadDifference(new WirePacket(bytes, 0), flow));
        bytes[bytes.length - 1]++;
        assertEquals("byte 99 of the stream is not the one that was written",
            matcher.payloadDifference(new WirePacket(bytes, 0), flow));
    }
}
