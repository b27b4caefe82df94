package dev.baton.tests.node;

import dev.baton.tools.cli.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code baton bench serve} on devices as a harness may have made them, used by curl and nc. */
@Tag("tun")
@Timeout(120)
class BenchServeTest
{
    private static final String DEVICE = "bs0";
    private static final String KERNEL = "198.18.1.1";
    private static final String STACK = "198.18.1.2";

    private static TestNamespace namespace;

    @TempDir
    Path dir;

    @BeforeAll
    static void make() throws IOException, InterruptedException
    {
        namespace = TestNamespace.make("bench");
    }

    @AfterAll
    static void end()
    {
        if (namespace != null)
        {
            namespace.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "vnet_hdr, '', true",
        "multi_queue, '', false",
        "multi_queue vnet_hdr, '', true",
        "'', --no-offload, false",
        "vnet_hdr, --no-offload, false"})
    void shouldServeOnWhateverDeviceIsThere(final String flags, final String option, final boolean offload)
        throws Exception
    {
        device(flags);
        final Process server = start(option);
        try
        {
            final Map<String, Object> ready =
                Json.parseObject(server.inputReader(StandardCharsets.US_ASCII).readLine());
            assertEquals("serving", ready.get("state"));
            assertEquals(offload, ready.get("offload"));
            assertEchoes();
            assertAnswersRequests();
            assertDiscardsAndGenerates();
            server.destroy();
            assertTrue(server.waitFor(10, TimeUnit.SECONDS), "TERM must end it");
            assertEquals(0, server.exitValue());
        }
        finally
        {
            server.destroyForcibly().waitFor();
            namespace.inside("ip", "link", "del", DEVICE);
        }
    }

    @Test
    void shouldRefuseAMissingDevice() throws Exception
    {
        final Process server = start("");
        final Map<String, Object> document =
            Json.parseObject(new String(server.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());

        assertEquals(4, server.waitFor());
        assertEquals("--tun " + DEVICE, ((Map<?, ?>)document.get("error")).get("thing"));
    }

    private void device(final String flags) throws IOException, InterruptedException
    {
        final List<String> add = new ArrayList<>(List.of("ip", "tuntap", "add", "dev", DEVICE, "mode", "tun"));
        add.addAll(flags.isEmpty() ? List.of() : List.of(flags.split(" ")));
        namespace.inside(add.toArray(new String[0]));
        namespace.inside("ip", "addr", "add", KERNEL + "/24", "dev", DEVICE);
        namespace.inside("ip", "link", "set", DEVICE, "up");
    }

    private Process start(final String option) throws IOException
    {
        final List<String> command =
            NodeChild.baton(namespace, "bench", "serve", "--tun", DEVICE, "--addr", STACK, "--gw", KERNEL, "--json");
        command.addAll(option.isEmpty() ? List.of() : List.of(option));
        return new ProcessBuilder(command).redirectError(dir.resolve("bench.err").toFile()).start();
    }

    private void assertEchoes() throws IOException, InterruptedException
    {
        final byte[] bytes = new byte[2_000_003];
        new Random(7).nextBytes(bytes);
        final Path sent = Files.write(dir.resolve("sent"), bytes);

        namespace.inside("bash", "-c", "set -o pipefail; nc -N " + STACK + " 7 < " + sent + " | cmp - " + sent);
    }

    private static void assertAnswersRequests() throws IOException, InterruptedException
    {
        final String url = "http://" + STACK + "/";

        assertEquals("1 200 128\n0 200 128\n", namespace.inside("curl", "-sS", "-o", "/dev/null", "-o", "/dev/null",
            "-w", "%{num_connects} %{http_code} %{size_download}\n", url, url));
    }

    private static void assertDiscardsAndGenerates() throws IOException, InterruptedException
    {
        final String text = namespace.inside("bash", "-c", "nc -d " + STACK + " 19 | head -c 148");

        namespace.inside("bash", "-c", "head -c 10000000 /dev/zero | nc -N " + STACK + " 9");
        assertTrue(text.startsWith(" !\"#$%&'()*+,-./0123456789"), text);
        assertEquals("\r\n!\"#", text.substring(72, 77));
    }
}
