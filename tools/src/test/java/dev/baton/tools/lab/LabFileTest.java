package dev.baton.tools.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabFileTest
{
    @Test
    void shouldTakeDefaultsForWhatIsNotSaid()
    {
        assertEquals(LabConfig.defaults(), LabFile.parse("x", List.of("", "# nothing", "   ")));
    }

    @Test
    void shouldReadEveryKey()
    {
        final LabConfig config = LabFile.parse("x", List.of("lab.name=big", "lab.backs = 3", "lab.user = nobody", "data.mtu=9000",
            "data.txqueuelen=100", "data.ipv4=10.7.0.0/16", "data.ipv6=fd00:7:7::/48", "mgmt.ipv4=10.8.1.0/24",
            "service.port=8080", "node.stack.mtu=1400", "b3.stack.mtu=1300", "front.control.x=a=b # c"));
        assertEquals("big", config.name());
        assertEquals(List.of("front", "b1", "b2", "b3"), config.nodes());
        assertEquals("nobody", config.user());
        assertEquals(9000, config.mtuBytes());
        assertEquals(100, config.txQueueLen());
        assertEquals("10.7.255.1", new LabAddresses(config).vip4());
        assertEquals("fd00:7:7:200::5", new LabAddresses(config).stack6("b3"));
        assertEquals("10.8.1.12", new LabAddresses(config).mgmt4("front"));
        assertEquals(8080, config.httpPort());
        assertEquals(Map.of("stack.mtu", "1300"), config.settingsOf("b3"));
        assertEquals(Map.of("stack.mtu", "1400", "control.x", "a=b # c"), config.settingsOf("front"));
    }

    @Test
    void shouldReadBackWhatItWrites()
    {
        final LabConfig config = LabConfig.defaults().withName("other").withBacks(5).withSetting("b5", "a.b", "c d")
            .withSetting("node", "e", "");
        assertEquals(config, LabFile.parse("x", LabFile.write(config)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        lab.backs = 0            | whole number from 1 to 16
        lab.backs = 17           | whole number from 1 to 16
        lab.backs = two          | whole number
        lab.backs = 99999999999  | whole number
        lab.name = Demo          | lower case
        lab.name = a-b           | lower case
        lab.user = x;y           | a user's name
        lab.colour = red         | unknown key 'lab.colour'
        backs                    | key = value
        data.ipv4 = 198.18.0.0/15 | ends with .0.0/16
        data.ipv4 = 998.18.0.0/16 | not an IP address
        data.ipv4 = 0198.18.0.0/16 | not an IP address
        data.ipv6 = fd00:00:18::/48 | shortest form
        data.ipv6 = 1.2.0.0::/48 | not an IP address
        mgmt.ipv4 = 198.18.7.0/24 | inside the data network
        service.port = 65536     | 1 to 65535
        b3.stack.mtu = 9         | there is no node b3
        """)
    void shouldNameLineCauseAndMendOfAFault(final String line, final String expected)
    {
        final CliError error = assertThrows(CliError.class, () -> LabFile.parse("my.conf", List.of("# first", line)));
        assertEquals(ExitCodes.USAGE, error.exitCode());
        assertEquals("lab file my.conf, line 2", error.thing());
        final String text = error.reason() + " " + error.mend();
        assertTrue(text.contains(expected), text);
    }

    @Test
    void shouldRefuseAKeyThatIsSetTwice()
    {
        final CliError error =
            assertThrows(CliError.class, () -> LabFile.parse("x", List.of("lab.backs=1", "", "lab.backs=1")));
        assertEquals("lab file x, line 3", error.thing());
        assertTrue(error.reason().contains("line 1"), error.reason());
    }

    @Test
    void shouldSayThatAFileIsMissing()
    {
        final CliError error = assertThrows(CliError.class, () -> LabFile.read(Path.of("/nowhere/lab.conf")));
        assertEquals(ExitCodes.NOT_FOUND, error.exitCode());
    }
}
