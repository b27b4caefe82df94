package dev.baton.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.tools.cli.ExitCodes;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldNameWhatIsNotBuiltOnlyInTheFooter()
    {
        assertEquals(ExitCodes.OK, run("--help"));
        final String[] halves = out.toString().split("Designed, not built yet:");
        assertEquals(2, halves.length);
        assertTrue(halves[1].contains("standby"));
        assertFalse(halves[0].contains("standby"));
        assertEquals(ExitCodes.USAGE, run("standby"));
    }

    @Test
    void shouldRefuseACommandLineWithoutACommand()
    {
        assertEquals(ExitCodes.USAGE, run());
        assertTrue(err.toString().contains("--help"));
    }

    @Test
    void shouldPrintItsVersion()
    {
        assertEquals(ExitCodes.OK, run("--version"));
        assertTrue(out.toString().startsWith("baton "));
    }

    @Test
    void shouldPrintACompletionScriptForEachShell()
    {
        assertEquals(ExitCodes.OK, run("completion", "bash"));
        assertTrue(out.toString().contains("complete -F _complete_baton"), out.toString());
        assertEquals(ExitCodes.OK, run("completion", "zsh"));
        assertTrue(out.toString().contains("bashcompinit"));
        assertEquals(ExitCodes.USAGE, run("completion", "fish"));
    }

    private int run(final String... args)
    {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }
}
