package dev.baton.tests.node;

import dev.baton.tools.node.CounterFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A node in a process of its own on a TUN device of its own, used by the programs that people use. */
@Tag("tun")
@Timeout(120)
class NodeOnTunTest
{
    private static final String V4 = "http://" + TestNamespace.V4 + "/";
    private static final String V6 = "http://[" + TestNamespace.V6 + "]/";
    private static final int[] SIZES = {0, 1, 1_459, 1_460, 65_536, 1_000_003, 64 << 20};
    private static final long GIGABYTE = 1 << 30;

    @TempDir
    static Path dir;
    private static TestNamespace namespace;
    private static NodeChild node;

    @BeforeAll
    static void start() throws IOException, InterruptedException
    {
        namespace = TestNamespace.make("node");
        Files.createDirectories(dir.resolve("www"));
        for (final int size : SIZES)
        {
            fill(dir.resolve("www/f" + size), size);
        }
        node = NodeChild.start(namespace, configuration(""));
    }

    @AfterAll
    static void end() throws IOException, InterruptedException
    {
        if (node != null)
        {
            node.close();
        }
        if (namespace != null)
        {
            namespace.close();
        }
    }

    private static Path configuration(final String more) throws IOException
    {
        return Files.writeString(dir.resolve("node.conf"),
            "node.name = back1\nnode.run.dir = run\ntun.name = bt0\n" +
            "stack.addresses = " + TestNamespace.V4 + "," + TestNamespace.V6 + "\nstack.time.wait.ms = 2000\n" +
            "service.http.port = 80\nservice.http.root = www\nservice.echo.port = 7\nservice.discard.port = 9\n" +
            "service.chargen.port = 19\nnode.drain.ms = 3000\n" + more);
    }

    @Test
    void shouldAnswerPings() throws Exception
    {
        assertTrue(namespace.inside("ping", "-c3", "-i0.1", "-W2", TestNamespace.V4).contains(" 0% packet loss"));
        assertTrue(namespace.inside("ping", "-6", "-c3", "-i0.1", "-W2", TestNamespace.V6).contains(" 0% packet loss"));
        assertTrue(namespace.inside("ping", "-c2", "-i0.1", "-W2", "-s", "4000", TestNamespace.V4).contains(" 0% packet loss"));
    }

    @Test
    void shouldShowItsCountersToAnotherProcess() throws Exception
    {
        final Path counters = node.runDirectory().resolve("counters.dat");
        final long echosBefore = CounterFile.read(counters).get("IcmpInEchos");
        final long opensBefore = CounterFile.read(counters).get("TcpPassiveOpens");
        namespace.inside("ping", "-c4", "-i0.1", "-W2", TestNamespace.V4);
        namespace.inside("curl", "-sS", "-o", "/dev/null", V4 + "f1");
        assertEquals(echosBefore + 4, CounterFile.read(counters).get("IcmpInEchos"));
        assertEquals(opensBefore + 1, CounterFile.read(counters).get("TcpPassiveOpens"));
    }

    @ParameterizedTest
    @ValueSource(strings = {V4, V6})
    void shouldServeFilesOfAllSizesByteForByte(final String url) throws Exception
    {
        for (final int size : SIZES)
        {
            assertEquals(sha256(dir.resolve("www/f" + size)), sha256(url + "f" + size), "f" + size + " from " + url);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {V4, V6})
    void shouldKeepTheConnectionForManyRequests(final String url) throws Exception
    {
        final String connects = namespace.inside("curl", "-sS", "-g", "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null",
            "-w", "%{num_connects} %{http_code} %{size_download}\n", url + "f1", url + "f1460", url + "absent");

        assertEquals("1 200 1\n0 200 1460\n0 404 14\n", connects);
    }

    @Test
    void shouldServeRangesAndHeads() throws Exception
    {
        final byte[] file = Files.readAllBytes(dir.resolve("www/f1000003"));
        final Path part = dir.resolve("part");
        final String code = namespace.inside(
            "curl", "-sS", "-r", "100000-200000", "-o", part.toString(), "-w", "%{http_code}", V4 + "f1000003");
        final String head = namespace.inside("curl", "-sS", "-I", V4 + "f" + (64 << 20));

        assertEquals("206", code);
        assertArrayEquals(Arrays.copyOfRange(file, 100_000, 200_001), Files.readAllBytes(part));
        assertTrue(head.startsWith("HTTP/1.1 200 OK\r\nServer: baton/back1\r\n"), head);
        assertTrue(head.contains("\r\nContent-Length: " + (64 << 20) + "\r\n"), head);
    }

    @Test
    void shouldNotServeWhatIsOutsideTheRoot() throws Exception
    {
        final String code = namespace.inside(
            "curl", "-sS", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", V4 + "../node.conf");

        assertEquals("403", code);
    }

    @Test
    void shouldListAConnectionWhileItLasts() throws Exception
    {
        final Process slow = new ProcessBuilder(namespace.command(
            "curl", "-sS", "--limit-rate", "2M", "-o", "/dev/null", V4 + "f" + (64 << 20))).start();
        try
        {
            final Map<?, ?> connection = awaitConnection();

            assertEquals(TestNamespace.V4, connection.get("local"));
            assertEquals(80L, connection.get("local_port"));
            assertEquals("198.18.0.1", connection.get("peer"));
            assertEquals("back1", connection.get("owner"));
            assertEquals("serving", connection.get("phase"));
            assertTrue((Long)((Map<?, ?>)connection.get("info")).get("bytes_sent") > 0);
            assertEquals(List.of(), connections("-6", "state", "established"));
        }
        finally
        {
            slow.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldChangeModulesWhileADownloadRuns() throws Exception
    {
        final Path jar = CountingModule.jar(dir.resolve("counting.jar"));
        final Path target = dir.resolve("slow.bin");
        final Path go = dir.resolve("go");
        final Process slow = new ProcessBuilder(namespace.command("bash", "-c",
            "set -o pipefail; curl -sS " + V4 + "f" + (64 << 20) +
            " | { while [ ! -e " + go + " ]; do head -c 100000; sleep 0.1; done; cat; } > " + target)).start();
        awaitConnection();

        node.ask(0, "module", "load", jar.toString(), "--set", "live=0");
        node.ask(4, "module", "load", jar.toString());
        final long before = awaitSegments(1);
        Files.write(jar, new byte[0]);
        node.ask(2, "module", "replace", jar.toString());
        CountingModule.jar(jar);
        node.ask(0, "module", "replace", jar.toString(), "--set", "live=2");
        assertTrue(segments() >= before, "the count must go to the new one");
        awaitSegments(before + 10);
        node.ask(4, "module", "unload", "counting");
        node.ask(0, "module", "unload", "counting", "--force");
        node.ask(3, "module", "unload", "counting");
        assertEquals(List.of(), node.ask(0, "module", "ls").get("modules"));

        assertTrue(slow.isAlive(), "the download should have lasted longer than the changes");
        Files.createFile(go);
        assertTrue(slow.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, slow.exitValue());
        assertEquals(sha256(dir.resolve("www/f" + (64 << 20))), sha256(target));
    }

    @Test
    void shouldMoveAGigabyteEachWay() throws Exception
    {
        final Path big = dir.resolve("www/big");
        fill(big, GIGABYTE);
        final long before = node.status("services", "discard", "bytes");

        namespace.inside("bash", "-c", "set -o pipefail; curl -sS -f " + V4 + "big | cmp - " + big);
        uploadToEcho(big);
        namespace.inside("bash", "-c", "cat " + big + " > /dev/tcp/" + TestNamespace.V4 + "/9");
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (node.status("services", "discard", "bytes") < before + GIGABYTE && System.nanoTime() < end)
        {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        assertEquals(before + GIGABYTE, node.status("services", "discard", "bytes"));
        Files.delete(big);
    }

    /**
     * curl sends the file as a PUT; what the echo service sends back is the PUT's head and the file, which cmp then sees. Nobody ends
     * such a response, so curl is ended once all of it has come.
     */
    private void uploadToEcho(final Path file) throws Exception
    {
        final String head = "PUT /big HTTP/1.1\r\nHost: h\r\nContent-Length: " + GIGABYTE + "\r\n\r\n";
        final String pipe = dir.resolve("echoed").toString();
        namespace.inside("bash", "-c", "mkfifo " + pipe +
            "; curl -sSN --http0.9 --max-time 60 -H 'Host: h' -H User-Agent: -H Accept: -H Expect: -T " + file +
            " http://" + TestNamespace.V4 + ":7/big > " + pipe + " 2> /dev/null & " +
            "{ head -c " + head.length() + " > /dev/null; head -c " + GIGABYTE + "; } < " + pipe + " | cmp - " + file +
            "; same=$?; kill $!; exit $same");
    }

    @Test
    void shouldEchoByteForByte() throws Exception
    {
        final Path file = dir.resolve("www/f" + (64 << 20));
        final String echoed = namespace.inside(
            "bash", "-c", "nc -N " + TestNamespace.V6 + " 7 < " + file + " | sha256sum");

        assertEquals(sha256(file), echoed.substring(0, 64));
    }

    @Test
    void shouldEndOnTermAfterADrain() throws Exception
    {
        final Path conf = Files.createDirectories(dir.resolve("second")).resolve("node.conf");
        try (TestNamespace own = TestNamespace.make("drain"))
        {
            Files.writeString(conf, Files.readString(dir.resolve("node.conf")).replace("= www", "= ../www"));
            final NodeChild second = NodeChild.start(own, conf);
            final Process slow = new ProcessBuilder(own.command(
                "curl", "-sS", "--limit-rate", "40M", "-o", "/dev/null", V4 + "f" + (64 << 20))).start();
            while (second.status("connections") == 0)
            {
                assertTrue(slow.isAlive());
            }

            assertEquals(0, second.terminate());

            assertTrue(slow.waitFor(10, TimeUnit.SECONDS));
            assertEquals(0, slow.exitValue(), "the download that had begun must end well\n" + second.log());
            assertFalse(Files.exists(second.runDirectory().resolve("admin.sock")));
            assertFalse(Files.exists(second.runDirectory().resolve("counters.dat")));
            assertTrue(second.log().contains("drained"), second.log());
            second.close();
        }
    }

    private static Map<?, ?> awaitConnection()
    {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end)
        {
            for (final Object connection : connections("state", "established"))
            {
                final Map<?, ?> info = (Map<?, ?>)((Map<?, ?>)connection).get("info");
                if ((Long)info.get("bytes_sent") > 100_000)
                {
                    return (Map<?, ?>)connection;
                }
            }
        }
        throw new AssertionError("no connection is listed");
    }

    private static List<?> connections(final String... filter)
    {
        final String[] words = new String[filter.length + 2];
        words[0] = "conn";
        words[1] = "ls";
        System.arraycopy(filter, 0, words, 2, filter.length);
        return (List<?>)node.ask(0, words).get("connections");
    }

    private static long segments()
    {
        final Map<?, ?> module = (Map<?, ?>)((List<?>)node.ask(0, "module", "ls").get("modules")).get(0);
        return (Long)((Map<?, ?>)module.get("census")).get("segments");
    }

    private static long awaitSegments(final long count)
    {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        long seen = segments();
        while (seen < count && System.nanoTime() < end)
        {
            seen = segments();
        }
        assertTrue(seen >= count, "only " + seen + " segments went through the module");
        return seen;
    }

    private static void fill(final Path file, final long size) throws IOException
    {
        final byte[] block = new byte[1 << 20];
        new Random(size).nextBytes(block);
        try (OutputStream out = Files.newOutputStream(file))
        {
            for (long left = size; left > 0; left -= block.length)
            {
                ByteBuffer.wrap(block).putLong(left);
                out.write(block, 0, (int)Math.min(left, block.length));
            }
        }
    }

    private static String sha256(final Path file) throws Exception
    {
        if (Files.size(file) > 1 << 20)
        {
            return TestNamespace.succeed("sha256sum", file.toString()).substring(0, 64);
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static String sha256(final String url) throws Exception
    {
        return namespace.inside("bash", "-c", "set -o pipefail; curl -sS -g -f '" + url + "' | sha256sum").substring(0, 64);
    }
}
