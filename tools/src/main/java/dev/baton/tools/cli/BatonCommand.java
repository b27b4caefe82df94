package dev.baton.tools.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Base of every command that does something. A new command is one new class with picocli's {@code @Command} that extends this,
 * and one line where it is registered ({@code dev.baton.tools.Commands}, or the {@code subcommands} of its noun).
 */
public abstract class BatonCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "One JSON document on stdout instead of text.")
    private boolean json;

    private Output output;

    /** For subclasses. */
    protected BatonCommand()
    {
    }

    /**
     * Do it.
     *
     * @param output where to write.
     * @return one of {@link ExitCodes}.
     * @throws CliError  when the user can mend what is wrong.
     * @throws Exception for anything else; shown as a fault of Baton.
     */
    protected abstract int run(Output output) throws Exception;

    @Override
    public final Integer call() throws Exception
    {
        try
        {
            return run(output());
        }
        catch (final LinkageError | AssertionError ex)
        {
            // Picocli lets errors through, with a stack trace that only --debug may show.
            throw new IllegalStateException(ex.toString(), ex);
        }
    }

    /**
     * A usage error that picocli could not see by itself.
     *
     * @param message what is wrong with the command line.
     * @return to be thrown; exit code {@link ExitCodes#USAGE}.
     */
    protected final CommandLine.ParameterException usage(final String message)
    {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    final Output output()
    {
        if (output == null)
        {
            final CommandLine commandLine = spec.commandLine();
            final boolean colour = System.getenv("NO_COLOR") == null && !json && Output.isTerminal(1);
            output = new Output(commandLine.getOut(), commandLine.getErr(), json, colour, Output.isTerminal(2));
        }
        return output;
    }
}
