package dev.baton.tools.node;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.cli.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;

/** {@code baton node status}: how a node is; with {@code --json} all of its counters. */
@Command(name = "status", description = "How a node is; its counters with --json.")
public final class NodeStatusCommand extends BatonCommand
{
    @Mixin
    private NodeSelector node;

    /** The verb. */
    public NodeStatusCommand()
    {
    }

    @Override
    protected int run(final Output output)
    {
        final Map<String, Object> status = AdminClient.ask(node.directory(), AdminCommands.STATUS, Map.of());
        final Table table = new Table("Node", String.valueOf(status.get("node")));
        for (final String key : new String[]{"state", "pid", "uptime_ms", "addresses", "connections", "modules", "run_dir"})
        {
            table.row(key, status.get(key));
        }
        section(table, "services", status.get("services"));
        section(table, "tun", status.get("tun"));
        section(table, "control", status.get("control"));
        if (status.get("shard") instanceof Map<?, ?> shard)
        {
            table.row("errors", shard.get("errors"));
        }
        output.table(table);
        output.document(status);
        return ExitCodes.OK;
    }

    private static void section(final Table table, final String name, final Object value)
    {
        if (value instanceof Map<?, ?> map)
        {
            map.forEach((key, member) -> section(table, name + "." + key, member));
        }
        else
        {
            table.row(name, value);
        }
    }
}
