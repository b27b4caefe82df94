package dev.baton.tools.lab;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code baton lab}: namespaces and TUN devices to try Baton in.
 */
@Command(
    name = "lab",
    description = "A client, a front and some backs in network namespaces, each node with a TUN device.",
    subcommands = {LabUpCommand.class, LabDownCommand.class, LabStatusCommand.class, LabExecCommand.class})
public final class LabCommand implements Runnable
{
    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "a verb is missing: up, down, status or exec");
    }
}
