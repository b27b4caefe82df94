package dev.baton.tools.node;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code baton node}: run a node, and ask one how it is. */
@Command(
    name = "node",
    description = "Run and control a node.",
    subcommands = {NodeRunCommand.class, NodeStatusCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class NodeCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    /** The noun. */
    public NodeCommand()
    {
    }

    @Override
    public Integer call()
    {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
