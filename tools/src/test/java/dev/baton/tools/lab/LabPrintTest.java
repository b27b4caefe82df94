package dev.baton.tools.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabPrintTest
{
    private static final Path DIRECTORY = Path.of("/run/baton/demo");

    @Test
    void shouldShowTheCommandsOfRootsLab() throws IOException
    {
        assertEquals(golden("print-root.txt"), LabScript.of(LabConfig.defaults(), LabMode.ROOT, DIRECTORY));
    }

    @Test
    void shouldShowTheCommandsOfARootlessLab() throws IOException
    {
        final LabConfig config = LabConfig.defaults().withName("small").withBacks(1);
        assertEquals(golden("print-rootless.txt"), LabScript.of(config, LabMode.ROOTLESS, Path.of("/home/user/lab")));
    }

    private static List<String> golden(final String name) throws IOException
    {
        try (InputStream in = LabPrintTest.class.getResourceAsStream(name))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
