package dev.baton.tools.node;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CounterFileTest
{
    @TempDir
    Path dir;

    @Test
    void shouldBeReadWhileItIsWritten() throws IOException
    {
        final Path path = dir.resolve("counters.dat");
        Files.writeString(path, "left by a node that died");
        try (CounterFile file = CounterFile.create(path))
        {
            final StackCounters counters = new StackCounters(file.space());
            counters.add(StackCounter.TCP_IN_SEGS, 41);
            assertEquals(41, CounterFile.read(path).get("TcpInSegs"));
            counters.increment(StackCounter.TCP_IN_SEGS);
            assertEquals(42, CounterFile.read(path).get("TcpInSegs"));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void shouldNotTakeAnotherFileForCounters() throws IOException
    {
        final Path path = Files.writeString(dir.resolve("other"), "something else");
        final IOException refusal = assertThrows(IOException.class, () -> CounterFile.read(path));
        assertTrue(refusal.getMessage().contains(path.toString()));
    }
}
