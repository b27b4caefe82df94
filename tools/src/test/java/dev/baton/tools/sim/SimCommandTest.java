package dev.baton.tools.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.tools.Main;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimCommandTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int sim(final String... arguments)
    {
        final String[] all = new String[arguments.length + 1];
        all[0] = "sim";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Main.run(new PrintWriter(out), new PrintWriter(err), all);
    }

    @Test
    void shouldGiveOneDocumentOfACampaign()
    {
        assertEquals(ExitCodes.OK, sim("--seeds", "60", "--jobs", "2", "--json"), err::toString);
        final Map<String, Object> document = Json.parseObject(out.toString());
        assertEquals(1L, document.get("schema"));
        assertEquals(60L, document.get("seeds"));
        assertEquals(List.of(), document.get("failures"));
        assertTrue((long)document.get("segments") > 1_000, out::toString);
        assertEquals("", err.toString());
    }

    @Test
    void shouldGiveTheSameHashForTheSameSeed()
    {
        assertEquals(ExitCodes.OK, sim("--seed", "7", "--json"), err::toString);
        final String first = out.toString();
        out.getBuffer().setLength(0);
        assertEquals(ExitCodes.OK, sim("--seed", "7", "--json"), err::toString);
        assertEquals(first, out.toString());
    }

    @Test
    void shouldWriteACaptureWithTheEventsOfFaults(@TempDir final Path directory) throws Exception
    {
        final Path file = directory.resolve("seed.pcapng");
        assertEquals(ExitCodes.OK, sim("--seed", "7", "--trace", file.toString()), err::toString);
        final byte[] capture = Files.readAllBytes(file);
        assertTrue(capture.length > 10_000, "capture of " + capture.length + " bytes");
        assertTrue(new String(capture, java.nio.charset.StandardCharsets.ISO_8859_1).contains("event "));
    }

    @Test
    void shouldRefuseWhatASeedDoesNotHave()
    {
        assertEquals(ExitCodes.USAGE, sim("--seed", "7", "--without", "x99"));
        assertTrue(err.toString().contains("x99"), err::toString);
        assertEquals(ExitCodes.USAGE, sim("--seeds", "2", "--trace", "a.pcapng"));
        assertEquals(ExitCodes.USAGE, sim("--seeds", "0"));
        assertEquals(ExitCodes.USAGE, sim("--seed", "7", "--trace", "/nowhere/a.pcapng"));
    }
}
