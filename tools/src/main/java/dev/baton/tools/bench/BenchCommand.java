package dev.baton.tools.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code baton bench}: measure. */
@Command(
    name = "bench",
    description = "Measure, and be measured.",
    subcommands = {BenchStackCommand.class, BenchServeCommand.class, KernelCommand.class, LoadCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class BenchCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    /** The noun. */
    public BenchCommand()
    {
    }

    @Override
    public Integer call()
    {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
