package dev.baton.tools;

import dev.baton.tools.cli.Errors;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Version;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code baton} command: noun, then verb.
 */
@Command(
    name = "baton",
    description = "A TCP/IP stack in one Java process, whose connections can be moved between nodes.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    private Main()
    {
    }

    /**
     * Run a command and end the process with its exit code.
     *
     * @param args the command line.
     */
    public static void main(final String[] args)
    {
        final int exitCode = run(new PrintWriter(System.out, false), new PrintWriter(System.err, true), args);
        System.exit(exitCode);
    }

    /**
     * Run a command inside this process.
     *
     * @param out  where its results go.
     * @param err  where logs and errors go.
     * @param args the command line.
     * @return one of {@link ExitCodes}, or that of the program which the command ran.
     */
    public static int run(final PrintWriter out, final PrintWriter err, final String... args)
    {
        final Errors errors = new Errors();
        final CommandLine root = new CommandLine(new Main());
        Commands.register(root);
        root.setOut(out).setErr(err)
            .setExecutionExceptionHandler(errors)
            .setParameterExceptionHandler(errors)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(false);
        final int exitCode = root.execute(args);
        out.flush();
        err.flush();
        return exitCode;
    }

    @Override
    public Integer call()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
