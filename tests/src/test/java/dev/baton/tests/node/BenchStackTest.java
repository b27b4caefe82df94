package dev.baton.tests.node;

import dev.baton.tools.cli.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code baton bench stack}: it loads both stacks, says so in one document, and leaves nothing behind. */
@Tag("tun")
@Timeout(180)
class BenchStackTest
{
    private static final Path NAMESPACES = Path.of("/run/netns");

    @TempDir
    Path dir;

    private Process start(final String... options) throws IOException
    {
        final ProcessBuilder builder = new ProcessBuilder("tools/baton", "bench", "stack", "--json");
        builder.command().addAll(List.of(options));
        return builder.directory(Path.of("..").toFile()).redirectError(dir.resolve("err").toFile()).start();
    }

    private static boolean namespacesOf(final long pid)
    {
        if (!Files.isDirectory(NAMESPACES))
        {
            return false;
        }
        try (Stream<Path> names = Files.list(NAMESPACES))
        {
            return names.anyMatch(name -> name.getFileName().toString().startsWith("bb" + pid));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Test
    void shouldLoadBothStacksAndLeaveNothing() throws Exception
    {
        final Process bench = start("--rounds", "1", "--seconds", "0.2");
        final String said = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bench.waitFor(), () -> said + read(dir.resolve("err")));
        final List<?> results = (List<?>)Json.parseObject(said).get("results");
        assertEquals(List.of("tx1", "rx1", "tx8", "rx8", "pp50", "crr16", "http16"),
            results.stream().map(result -> ((Map<?, ?>)result).get("name")).toList());
        for (final Object result : results)
        {
            final Map<?, ?> entry = (Map<?, ?>)result;
            assertTrue(((Number)entry.get("p50")).doubleValue() > 0, () -> "Baton's figure of " + entry);
            assertTrue(((Number)((Map<?, ?>)entry.get("baseline")).get("p50")).doubleValue() > 0, () -> "the kernel's of " + entry);
            assertTrue(((Number)entry.get("ratio")).doubleValue() > 0, () -> "ratio of " + entry);
        }
        assertFalse(namespacesOf(bench.pid()), "a namespace is left");
    }

    @Test
    void shouldCleanUpWhenItIsEnded() throws Exception
    {
        final Process bench = start("--rounds", "9", "--seconds", "5");
        while (bench.isAlive() && !namespacesOf(bench.pid()))
        {
            bench.waitFor(50, TimeUnit.MILLISECONDS);
        }
        bench.destroy();
        assertTrue(bench.waitFor(30, TimeUnit.SECONDS), "TERM must end it");
        assertFalse(namespacesOf(bench.pid()), "a namespace is left");
    }

    @Test
    void shouldNameWhatCannotBeMeasured() throws Exception
    {
        final Process bench = start("--rounds", "0");
        bench.getInputStream().readAllBytes();
        assertEquals(2, bench.waitFor());
        assertTrue(read(dir.resolve("err")).contains("--rounds 0"));
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
