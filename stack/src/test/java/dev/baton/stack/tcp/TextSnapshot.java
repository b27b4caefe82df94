package dev.baton.stack.tcp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A table that is kept as a text file among the test resources, so that a change of behaviour shows as a diff. With the
 * system property {@code baton.snapshot.update} the file is written instead of compared.
 */
final class TextSnapshot
{
    static final String UPDATE_PROPERTY = "baton.snapshot.update";

    private static final Path FOLDER = Path.of("src", "test", "resources", "dev", "baton", "stack", "tcp");

    private TextSnapshot()
    {
    }

    static void check(final String name, final String text) throws IOException
    {
        final Path file = FOLDER.resolve(name);
        if (Boolean.getBoolean(UPDATE_PROPERTY))
        {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        }
        assertEquals(Files.readString(file, StandardCharsets.UTF_8), text,
            () -> file + " differs; if the change is meant, run the test with -D" + UPDATE_PROPERTY +
                "=true and review the diff");
    }
}
