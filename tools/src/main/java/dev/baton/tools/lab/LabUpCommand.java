package dev.baton.tools.lab;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code baton lab up}: makes the lab, or shows the commands that would.
 */
@Command(name = "up", description = "Make the lab. Does nothing when it is up already.")
public final class LabUpCommand extends BatonCommand
{
    @Mixin
    private LabOptions options;

    @Option(names = "--print", description = "Show every command and run none.")
    private boolean print;

    @Override
    protected int run(final Output output)
    {
        final LabConfig config = options.config();
        if (print)
        {
            final List<String> commands = LabScript.of(config, options.mode(), options.runDir(config));
            commands.forEach(output::line);
            output.document(Map.of("ok", true, "commands", commands));
            return ExitCodes.OK;
        }
        final Lab lab = Lab.up(config, options.mode(), options.runDir(config));
        output.line("lab " + config.name() + " is up: client, " + String.join(", ", config.nodes()) + "; VIP " + lab.vip4() +
            " and " + lab.vip6());
        output.line("  files        " + lab.runDir());
        output.line("  try          baton lab exec client -- ping -c 1 " + lab.addresses().kernel4(LabConfig.FRONT));
        output.line("  take away    baton lab down");
        output.document(lab.status().document());
        return ExitCodes.OK;
    }
}
