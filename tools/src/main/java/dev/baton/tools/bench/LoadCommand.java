package dev.baton.tools.bench;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.Map;

/** {@code baton bench load}: the client's half of {@code baton bench stack}, in a process of its own. */
@Command(
    name = "load",
    description = "Load a server that serves what 'bench serve' does, through the kernel's sockets, and print one figure.")
public final class LoadCommand extends BatonCommand
{
    @Option(names = "--to", required = true, paramLabel = "A", description = "The server's address.")
    private String address;

    @Option(names = "--seconds", defaultValue = "2", paramLabel = "N", description = "How long to count (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Parameters(paramLabel = "KIND", description = "tx1, rx1, tx8, rx8 (Gbit/s), pp50 (us), crr16, http16 (per second).")
    private String title;

    /** The verb. */
    public LoadCommand()
    {
    }

    @Override
    protected int run(final Output output) throws InterruptedException
    {
        final LoadKind kind = LoadKind.of(title);
        if (kind == null)
        {
            throw usage(title + " is nothing to be measured: it must be tx1, rx1, tx8, rx8, pp50, crr16 or http16");
        }
        if (!(seconds > 0 && seconds <= 3600))
        {
            throw usage("--seconds " + seconds + ": it must be more than 0 and at most 3600");
        }
        try
        {
            final double value = new Load(address, kind, seconds).run();
            output.line(kind.title() + " " + value + " " + kind.unit());
            output.document(Map.of("name", kind.title(), "unit", kind.unit(), "value", value));
            return ExitCodes.OK;
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.NOT_FOUND, "--to " + address, String.valueOf(ex.getMessage()),
                "start 'baton bench serve' or 'baton bench kernel' there first", ex);
        }
    }
}
