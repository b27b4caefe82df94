package dev.baton.stack.wire;

import dev.baton.stack.sim.SimRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IpAddressTest
{
    @ParameterizedTest
    @CsvSource({
        "198.18.0.1, 198.18.0.1",
        "255.255.255.255, 255.255.255.255",
        "0.0.0.0, 0.0.0.0",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "fd00::1, fd00::1",
        "FD00:0:0:0:0:0:0:ABCD, fd00::abcd",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
        "1:0:3:0:5:0:7:0, 1:0:3:0:5:0:7:0",
    })
    void shouldPrintTheCanonicalForm(final String text, final String canonical)
    {
        assertEquals(canonical, IpAddress.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "localhost", "example.com", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "1..2.3", "1.2.3.4/8",
        "0x7f.0.0.1", "1:2", ":", ":::", "1::2::3", "g::1", "12345::", "1:2:3:4:5:6:7:8:9",
        "fd00::1%", "fd00::1%eth0", "[::1]", "[fd00::1]", "::1.2.3",
    })
    void shouldRefuseWhatIsNoLiteral(final String text)
    {
        final IllegalArgumentException ex =
            assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text), text);
        assertTrue(ex.getMessage().contains("'" + text + "'"), ex.getMessage());
    }

    @Test
    void shouldHoldIpv4InMappedForm()
    {
        final IpAddress address = IpAddress.parse("198.18.0.1");
        assertTrue(address.isV4());
        assertEquals(0, address.hi());
        assertEquals(0xFFFF_C612_0001L, address.lo());
        assertEquals(address, IpAddress.v4(0xC612_0001));
        assertEquals(address, IpAddress.parse("::ffff:198.18.0.1"));
        assertTrue(IpAddress.v4(-1).isV4());
        assertFalse(IpAddress.parse("::1").isV4());
        assertFalse(IpAddress.ANY.isV4());
    }

    @Test
    void shouldParseWhatItPrints()
    {
        final SimRandom random = new SimRandom(5952);
        for (int i = 0; i < 50_000; i++)
        {
            long hi = 0;
            long lo = 0;
            for (int group = 0; group < 4; group++)
            {
                hi = hi << 16 | (random.chance(0.5) ? 0 : random.nextInt(65536));
                lo = lo << 16 | (random.chance(0.5) ? 0 : random.nextInt(65536));
            }
            final IpAddress address = new IpAddress(hi, lo);
            assertEquals(address, IpAddress.parse(address.toString()), address.toString());
        }
    }
}
