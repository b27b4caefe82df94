package dev.baton.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

class ErrorsTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "baton", subcommands = {Failing.class, Broken.class, Answering.class, Unlinked.class})
    static final class Root
    {
        @Option(names = "--debug", scope = ScopeType.INHERIT)
        private boolean debug;
    }

    @Command(name = "failing")
    static final class Failing extends BatonCommand
    {
        @Override
        protected int run(final Output output)
        {
            throw new CliError(ExitCodes.NOT_FOUND, "node b9", "no such run directory", "baton node run -f b9.conf");
        }
    }

    @Command(name = "broken")
    static final class Broken extends BatonCommand
    {
        @Override
        protected int run(final Output output)
        {
            throw new IllegalStateException("seven");
        }
    }

    @Command(name = "unlinked")
    static final class Unlinked extends BatonCommand
    {
        @Override
        protected int run(final Output output)
        {
            throw new IllegalAccessError("closed package");
        }
    }

    @Command(name = "answering")
    static final class Answering extends BatonCommand
    {
        @Override
        protected int run(final Output output)
        {
            output.line("for people");
            output.log("a log line");
            output.document(Map.of("ok", true));
            throw new CliError(ExitCodes.CHECK_FAILED, "a", "b", "c");
        }
    }

    @Test
    void shouldNameThingCauseAndMend()
    {
        assertEquals(ExitCodes.NOT_FOUND, run("failing"));
        assertEquals("baton: node b9: no such run directory\n  mend: baton node run -f b9.conf\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldAnswerWithOneDocumentAlsoWhenItFails()
    {
        assertEquals(ExitCodes.NOT_FOUND, run("failing", "--json"));
        final Map<String, Object> document = Json.parseObject(out.toString());
        assertEquals(false, document.get("ok"));
        assertEquals(1L, document.get("schema"));
        assertEquals(3L, ((Map<?, ?>)document.get("error")).get("exit_code"));
    }

    @Test
    void shouldNotAddASecondDocument()
    {
        assertEquals(ExitCodes.CHECK_FAILED, run("answering", "--json"));
        assertEquals("{\"ok\":true,\"schema\":1}\n", out.toString());
    }

    @Test
    void shouldShowTextOnlyToPeople()
    {
        run("answering");
        assertEquals("for people\n", out.toString());
    }

    @Test
    void shouldShowAStackTraceOnlyWithDebug()
    {
        assertEquals(ExitCodes.INTERNAL, run("broken"));
        assertFalse(err.toString().contains("\tat "));
        assertTrue(err.toString().contains("IllegalStateException: seven"));
        run("broken", "--debug");
        assertTrue(err.toString().contains("\tat "));
    }

    @Test
    void shouldHideTheStackTraceOfAnErrorToo()
    {
        assertEquals(ExitCodes.INTERNAL, run("unlinked"));
        assertFalse(err.toString().contains("\tat "));
        assertTrue(err.toString().contains("IllegalAccessError"));
    }

    @Test
    void shouldCallAWrongCommandLineAUsageError()
    {
        assertEquals(ExitCodes.USAGE, run("failing", "--nonsense"));
        assertTrue(err.toString().contains("--help"));
        assertEquals("", out.toString());
    }

    private int run(final String... args)
    {
        final Errors errors = new Errors();
        return new CommandLine(new Root())
            .setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(errors).setParameterExceptionHandler(errors)
            .execute(args);
    }
}
