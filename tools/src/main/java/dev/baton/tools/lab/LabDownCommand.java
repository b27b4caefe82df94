package dev.baton.tools.lab;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code baton lab down}: removes all that {@code up} made, also when that was interrupted half-way.
 */
@Command(name = "down", description = "Take the lab away: its processes, namespaces, devices and files.")
public final class LabDownCommand extends BatonCommand
{
    @Mixin
    private LabOptions options;

    @Override
    protected int run(final Output output)
    {
        final LabConfig config = options.config();
        final List<LabOptions.Remains> remains = options.remains(config);
        for (final LabOptions.Remains lab : remains)
        {
            Lab.down(lab.name(), lab.mode(), lab.directory());
            output.line("lab " + lab.name() + " is down");
        }
        if (remains.isEmpty())
        {
            output.line("lab " + config.name() + " was not up");
        }
        output.document(Map.of("ok", true, "lab", config.name(), "removed", remains.size()));
        return ExitCodes.OK;
    }
}
