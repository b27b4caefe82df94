package dev.baton.tests.lab;

import dev.baton.tools.cli.Json;
import dev.baton.tools.host.Rights;
import dev.baton.tools.host.TunAccess;
import dev.baton.tools.host.UserNamespaces;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * {@code baton demo early} as a user calls it: the packaged jar, real devices, the real curl, the document on stdout.
 */
@Tag("lab")
@Timeout(300)
class DemoTest
{
    private static final Path TARGET = Path.of("").toAbsolutePath().getParent().resolve("tools/target");
    private static final int NOBODY = 65534;

    @BeforeEach
    void needWhatItNeeds()
    {
        assumeTrue(Files.exists(TARGET.resolve("baton.jar")) &&
            Files.exists(TARGET.resolve("modules/early-handoff.jar")),
            "needs tools/target/baton.jar: run mvn verify, not mvn test");
        assumeTrue(Rights.current().canMakeNamespaces(), "needs root: makes network namespaces, or becomes nobody");
        assumeTrue(TunAccess.problem().isEmpty(), "needs /dev/net/tun");
    }

    @Test
    void shouldProveEveryBehaviourAsRoot() throws Exception
    {
        final Process process = demo(List.of(), TARGET).start();
        judge(process, 4);
        assertEquals("", leftovers(process.pid()));
    }

    @Test
    void shouldProveEveryBehaviourAsAnOrdinaryUser() throws Exception
    {
        assumeTrue(UserNamespaces.problem().isEmpty(), () -> "needs user namespaces: " + UserNamespaces.problem());
        final Path home = Files.createTempDirectory("baton-nobody");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        try
        {
            // The checkout may be in a directory that other users cannot enter.
            Files.createDirectory(home.resolve("modules"));
            Files.copy(TARGET.resolve("baton.jar"), home.resolve("baton.jar"));
            Files.copy(TARGET.resolve("modules/early-handoff.jar"), home.resolve("modules/early-handoff.jar"));
            final List<String> nobody =
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all");
            final ProcessBuilder builder = demo(nobody, home).directory(home.toFile());
            builder.command().add("--rootless");
            builder.environment().put("HOME", home.toString());
            builder.environment().remove("XDG_RUNTIME_DIR");
            final Process process = builder.start();
            judge(process, 4);
        }
        finally
        {
            deleteTree(home);
        }
    }

    @Test
    void shouldRemoveEverythingWhenInterrupted() throws Exception
    {
        final Process process = demo(List.of(), TARGET).start();
        try (var err = process.errorReader(StandardCharsets.UTF_8))
        {
            String line = err.readLine();
            while (line != null && !line.contains("slow download"))
            {
                line = err.readLine();
            }
            assertNotEquals("", leftovers(process.pid()), "the lab must be there by now");
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the demo ignores TERM");
        }
        assertNotEquals(0, process.exitValue());
        assertEquals("", leftovers(process.pid()));
    }

    private static ProcessBuilder demo(final List<String> before, final Path directory)
    {
        final List<String> command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"), "-jar",
            directory.resolve("baton.jar").toString(),
            "demo", "early", "--json"));
        return new ProcessBuilder(command);
    }

    /** The document that programs read. */
    private static void judge(final Process process, final int greatFiles) throws Exception
    {
        final Thread errors = new Thread(() -> process.errorReader(StandardCharsets.UTF_8).lines()
            .forEach(System.err::println));
        errors.start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final int exitCode = process.waitFor();
        errors.join();
        assertEquals(1, text.lines().count(), text);
        final Map<String, Object> document = Json.parseObject(text);
        assertEquals(1L, document.get("schema"));
        final List<?> checks = (List<?>)document.get("checks");
        final List<String> ids = new ArrayList<>();
        for (int i = 1; i <= 28; i++)
        {
            ids.add(String.format("P%02d", i));
        }
        assertEquals(ids, checks.stream().map(check -> ((Map<?, ?>)check).get("id")).toList());
        for (final Object check : checks)
        {
            assertEquals(true, ((Map<?, ?>)check).get("ok"), check::toString);
            assertFalse(((String)((Map<?, ?>)check).get("evidence")).isBlank());
        }
        ((List<?>)document.get("invariants")).forEach(check ->
            assertEquals(true, ((Map<?, ?>)check).get("ok"), check::toString));
        final List<?> digests = (List<?>)document.get("sha256");
        assertEquals(100, digests.size());
        assertEquals(greatFiles, digests.stream().filter(digest -> ((Map<?, ?>)digest).get("bytes").equals(64L << 20))
            .count());
        for (final Object digest : digests)
        {
            final Map<?, ?> members = (Map<?, ?>)digest;
            assertTrue("HEAD".equals(members.get("method")) ||
                members.get("curl").equals(members.get("file")), members::toString);
        }
        assertEquals(true, document.get("ok"));
        assertEquals(0, exitCode);
    }

    /** Namespaces, run directories and temporary files of a demonstration. */
    private static String leftovers(final long pid) throws IOException, InterruptedException
    {
        final String name = "demo" + pid;
        final Process process = new ProcessBuilder("ip", "netns", "list").start();
        final String namespaces = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        final List<String> left = new ArrayList<>(namespaces.lines()
            .filter(line -> line.contains("baton-" + name + "-")).toList());
        if (Files.exists(Path.of("/run/baton", name)))
        {
            left.add("/run/baton/" + name);
        }
        return String.join(" ", left);
    }

    private static void deleteTree(final Path directory) throws IOException
    {
        try (Stream<Path> tree = Files.walk(directory))
        {
            for (final Path path : tree.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(path);
            }
        }
    }
}
