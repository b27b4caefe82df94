package dev.baton.tools.node;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NodeConfigReaderTest
{
    private static final String LEAST = "node.name = front\ntun.name = bt0\nstack.addresses = 198.18.1.1\n";

    @TempDir
    Path dir;

    @BeforeEach
    void makeFiles() throws IOException
    {
        Files.createDirectory(dir.resolve("www"));
        for (final String name : List.of("front.p12", "password", "ca.pem", "early.jar"))
        {
            Files.writeString(dir.resolve(name), "x");
        }
    }

    @Test
    void shouldReadAllKeys() throws IOException
    {
        final NodeConfig config = read("# a comment\n\n" +
            "node.name = front\nnode.run.dir = run\nnode.drain.ms = 1500\ntun.name = bt0\n" +
            "stack.addresses = 198.18.1.1 , fd00::1\nstack.mtu=1400\nstack.time.wait.ms=2000\nstack.user.timeout.ms=5000\n" +
            "control.listen=198.19.0.1:7000\ncontrol.peers=b1=198.19.0.2:7000, b2=[fd01::2]:7000\n" +
            "control.keystore=front.p12\ncontrol.keystore.password.file=password\ncontrol.truststore=ca.pem\n" +
            "service.http.port=80\nservice.http.root=www\nservice.http.idle.ms=1000\n" +
            "service.echo.port=7\nservice.discard.port=9\nservice.chargen.port=19\n" +
            "module.early.jar=early.jar\nmodule.early.policy.rules=/a=b1,*=stay\nmodule.late.size=3\n");

        assertEquals("front", config.name());
        assertEquals(dir.resolve("run"), config.runDirectory());
        assertEquals(1_500_000_000L, config.drainNs());
        assertEquals("bt0", config.tunName());
        assertEquals(List.of(IpAddress.parse("198.18.1.1"), IpAddress.parse("fd00::1")), config.addresses());
        assertEquals(1400, config.mtuBytes());
        assertEquals(2_000_000_000L, config.timeWaitNs());
        assertEquals(5_000_000_000L, config.userTimeoutNs());
        assertEquals(
            new NodeConfig.Control("198.19.0.1:7000", Map.of("b1", "198.19.0.2:7000", "b2", "[fd01::2]:7000"),
                dir.resolve("front.p12"), dir.resolve("password"), dir.resolve("ca.pem")),
            config.control());
        assertEquals(new NodeConfig.Services(80, dir.resolve("www"), 1_000_000_000L, 7, 9, 19), config.services());
        assertEquals(
            List.of(
                new NodeConfig.Module("early", dir.resolve("early.jar"), Map.of("policy.rules", "/a=b1,*=stay")),
                new NodeConfig.Module("late", null, Map.of("size", "3"))),
            config.modules());
        assertEquals(Map.of("size", "3"), config.settingsOf("late"));
        assertEquals(Map.of(), config.settingsOf("absent"));
    }

    @Test
    void shouldFillInDefaults() throws IOException
    {
        final NodeConfig config = read(LEAST);

        assertTrue(config.runDirectory().endsWith("baton/nodes/front"));
        assertEquals(10_000_000_000L, config.drainNs());
        assertEquals(0, config.mtuBytes());
        assertNull(config.control());
        assertEquals(new NodeConfig.Services(0, null, 60_000_000_000L, 0, 0, 0), config.services());
        assertEquals(List.of(), config.modules());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "stack.mtuu = 1400|:4|unknown key 'stack.mtuu'",
        "control.lisen = x|node.conf|control.keystore is missing",
        "stack.mtu = many|:4|'many' is no number",
        "stack.mtu = 10|:4|'10' is out of range",
        "stack.time.wait.ms = 0|:4|'0' is out of range",
        "service.http.port = 80|:4|the file server has no root",
        "service.http.port = 65536|:4|'65536' is out of range",
        "service.http.root = absent|:4|is no directory",
        "service.http.idle.ms = 99999999999999999999|:4|is no number",
        "module.early.jar = absent.jar|:4|there is no file",
        "module.Early.jar = early.jar|:4|is not of the form module.NAME.SETTING",
        "module.early = early.jar|:4|is not of the form module.NAME.SETTING",
        "node.name = back|:4|was given in line 1 already",
        "just a text|:4|is not of the form key = value",
        "= value|:4|is not of the form key = value",
    })
    void shouldNameFileAndLineOfAFault(final String line, final String place, final String cause)
    {
        final CliError error = assertThrows(CliError.class, () -> read(LEAST + line + "\n"));

        assertEquals(ExitCodes.USAGE, error.exitCode());
        assertTrue(error.thing().endsWith(place), error.thing());
        assertTrue(error.thing().startsWith(dir.toString()), error.thing());
        assertTrue(error.reason().contains(cause), error.reason());
        assertTrue(error.mend().length() > 5, error.mend());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "node.name|node.name is missing",
        "tun.name|tun.name is missing",
        "stack.addresses|stack.addresses is missing",
    })
    void shouldMissWhatIsNeeded(final String key, final String cause)
    {
        final CliError error = assertThrows(CliError.class, () -> read(LEAST.replaceAll("(?m)^" + key + ".*\n", "")));

        assertEquals(cause, error.reason());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "node.name = Front Node|is no node name",
        "node.name =|node.name: is empty",
        "stack.addresses = 198.18.1.256|198.18.1.256",
        "stack.addresses = localhost|not an IP address",
        "stack.addresses = 198.18.1.1,198.18.1.1|is named twice",
    })
    void shouldRefuseBadValues(final String line, final String cause)
    {
        final String key = line.substring(0, line.indexOf(' '));
        final CliError error =
            assertThrows(CliError.class, () -> read(LEAST.replaceAll("(?m)^" + key + ".*\n", "") + line + "\n"));

        assertTrue(error.reason().contains(cause), error.reason());
        assertTrue(error.thing().endsWith(":3"), error.thing());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "b1|'b1' is no peer",
        "b1=x:1,b1=y:1|b1 is named twice",
    })
    void shouldRefuseBadPeers(final String peers, final String cause)
    {
        final CliError error = assertThrows(CliError.class, () -> read(LEAST + "control.keystore=front.p12\n" +
            "control.keystore.password.file=password\ncontrol.truststore=ca.pem\ncontrol.peers=" + peers + "\n"));

        assertTrue(error.reason().contains(cause), error.reason());
        assertTrue(error.thing().endsWith(":7"), error.thing());
    }

    @Test
    void shouldRefuseTwoServicesOnOnePort()
    {
        final CliError error =
            assertThrows(CliError.class, () -> read(LEAST + "service.echo.port=7\nservice.discard.port=7\n"));

        assertTrue(error.reason().contains("service.echo.port"), error.reason());
        assertTrue(error.thing().endsWith(":5"), error.thing());
    }

    @Test
    void shouldRefuseFilesThatAreNoConfiguration() throws IOException
    {
        assertEquals("no such file", refused(dir.resolve("absent.conf")).reason());
        assertEquals("not a text in UTF-8",
            refused(Files.write(dir.resolve("binary.conf"), new byte[]{(byte)0xC3, 'x', 0, 1})).reason());
        assertTrue(refused(dir).reason().startsWith("cannot be read"));
        assertTrue(refused(Files.write(dir.resolve("large.conf"), new byte[(1 << 20) + 1])).reason().startsWith("larger"));
    }

    private static CliError refused(final Path file)
    {
        return assertThrows(CliError.class, () -> NodeConfigReader.read(file));
    }

    private NodeConfig read(final String text) throws IOException
    {
        return NodeConfigReader.read(Files.write(dir.resolve("node.conf"), text.getBytes(StandardCharsets.UTF_8)));
    }
}
