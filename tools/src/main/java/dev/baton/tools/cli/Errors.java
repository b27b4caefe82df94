package dev.baton.tools.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command throws into one message and an exit code. A {@link CliError} is shown as thing, cause and mend; anything
 * else is a fault of Baton. With {@code --json} the one document on stdout says the same, so that a program never meets
 * an empty stdout.
 */
public final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler
{
    @Override
    public int handleExecutionException(final Exception ex, final CommandLine commandLine, final ParseResult parsed)
    {
        final CliError error = ex instanceof CliError known ? known : internal(ex);
        final PrintWriter err = commandLine.getErr();
        err.println("baton: " + error.thing() + ": " + error.reason());
        err.println("  mend: " + error.mend());
        if (isDebug(commandLine))
        {
            ex.printStackTrace(err);
        }
        err.flush();
        if (commandLine.getCommand() instanceof BatonCommand command && !command.output().documentWritten())
        {
            command.output().document(Map.of("ok", false, "error", describe(error)));
        }
        return error.exitCode();
    }

    @Override
    public int handleParseException(final ParameterException ex, final String[] args)
    {
        final CommandLine commandLine = ex.getCommandLine();
        final PrintWriter err = commandLine.getErr();
        final String name = commandLine.getCommandSpec().qualifiedName();
        err.println("baton: " + ex.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(ex, err);
        err.println("  mend: see '" + name + " --help'");
        err.flush();
        return ExitCodes.USAGE;
    }

    private static CliError internal(final Exception ex)
    {
        final String message = ex.getMessage();
        final String reason = ex.getClass().getSimpleName() + (message == null ? "" : ": " + message);
        return new CliError(ExitCodes.INTERNAL, "internal error", reason,
            "repeat with --debug and report the stack trace");
    }

    private static Map<String, Object> describe(final CliError error)
    {
        final Map<String, Object> members = new TreeMap<>();
        members.put("exit_code", error.exitCode());
        members.put("thing", error.thing());
        members.put("cause", error.reason());
        members.put("mend", error.mend());
        return members;
    }

    private static boolean isDebug(final CommandLine commandLine)
    {
        final CommandLine.Model.OptionSpec debug = commandLine.getCommandSpec().findOption("--debug");
        return debug != null && Boolean.TRUE.equals(debug.getValue());
    }
}
