package dev.baton.tools.node;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code baton conn}: the connections of a node. */
@Command(
    name = "conn",
    description = "List the connections of a node.",
    subcommands = ConnLsCommand.class,
    synopsisSubcommandLabel = "COMMAND")
public final class ConnCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    /** The noun. */
    public ConnCommand()
    {
    }

    @Override
    public Integer call()
    {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
