package dev.baton.handoff.early;

import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Settings: what they mean, and that each error names the setting, the cause and the mend. */
final class EarlyConfigTest
{
    private static Map<String, String> front()
    {
        final Map<String, String> settings = new HashMap<>();
        settings.put("vips", "198.18.0.10:80, [fd00::10]:8080");
        settings.put("policy.rules", "/=b1");
        settings.put("back.b1", "198.18.1.2,fd00:1::2");
        return settings;
    }

    @Test
    void shouldReadVipsOfBothFamiliesAndBacks()
    {
        final EarlyConfig config = new EarlyConfig(front());
        final IpAddress v4 = IpAddress.parse("198.18.0.10");
        final IpAddress v6 = IpAddress.parse("fd00::10");
        assertTrue(config.isVip(v4.hi(), v4.lo(), 80));
        assertFalse(config.isVip(v4.hi(), v4.lo(), 8080));
        assertTrue(config.isVip(v6.hi(), v6.lo(), 8080));
        assertTrue(config.isVip(v6.hi(), v6.lo()));
        assertEquals(2, config.backs.get("b1").size());
        assertEquals(8_100_000_000_000L, config.idleTimeoutNs);
    }

    @Test
    void shouldNeedNothingOnANodeThatIsOnlyABack()
    {
        final EarlyConfig config = new EarlyConfig(Map.of());
        assertTrue(config.vips.isEmpty());
        assertEquals(65536, config.flowLimit);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "vips|198.18.0.10|has no port|write 198.18.0.10:80",
        "vips|fd00::10:80|cannot be told|write [fd00::10]:80",
        "vips|198.18.0.10:http|is not a number|from 1 to 65535",
        "vips|198.18.0.10:0|0 is out of range|from 1 to 65535",
        "vips|198.18.0.300:80|vips: |198.18.0.300",
        "back.b1|,|back.b1 is empty|198.18.1.2,fd00:1::2",
        "back.b1|nonsense|back.b1: |nonsense",
        "limit.flows|0|limit.flows: 0 is out of range|from 1 to 1048576",
        "limit.hold.bytes|1|limit.hold.bytes: 1 is out of range|from 2048",
        "limit.holds|many|is not a number|from 1 to 65536",
        "timeout.hold.ms|-1|timeout.hold.ms: -1 is out of range|from 1",
        "timeout.prepared.ms|5000|timeout.prepared.ms must be above timeout.commit.ms|costs the client",
        "policy.rules||vips are given but no policy.rules|say who serves what",
        "vips||policy.rules are given but no vips|needs neither",
        "timeout.holds.ms|5|unknown setting|timeout.hold.ms"})
    void shouldNameTheSettingTheCauseAndTheMend(
        final String name, final String value, final String cause, final String mend)
    {
        final Map<String, String> settings = front();
        settings.put(name, value == null ? "" : value);
        final String message =
            assertThrows(IllegalArgumentException.class, () -> new EarlyConfig(settings)).getMessage();
        assertTrue(message.contains(name), message);
        assertTrue(message.contains(cause), message);
        assertTrue(message.contains(mend), message);
    }
}
