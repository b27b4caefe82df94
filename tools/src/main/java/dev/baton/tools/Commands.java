package dev.baton.tools;

import dev.baton.tools.bench.BenchCommand;
import dev.baton.tools.cli.CompletionCommand;
import dev.baton.tools.demo.DemoCommand;
import dev.baton.tools.doctor.DoctorCommand;
import dev.baton.tools.drill.DrillCommand;
import dev.baton.tools.lab.LabCommand;
import dev.baton.tools.node.ConnCommand;
import dev.baton.tools.node.ModuleCommand;
import dev.baton.tools.node.NodeCommand;
import dev.baton.tools.sim.SimCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * The first level of the command tree. A new command is registered by one line in {@link #built()}; what is designed but not
 * built is not in the tree, but named at the end of {@code baton --help}.
 */
final class Commands
{
    private Commands()
    {
    }

    /** All that can be called, in the order in which help lists it. */
    private static List<Object> built()
    {
        final List<Object> commands = new ArrayList<>();
        commands.add(new DemoCommand());
        commands.add(new LabCommand());
        commands.add(new DoctorCommand());
        commands.add(new NodeCommand());
        commands.add(new ConnCommand());
        commands.add(new ModuleCommand());
        commands.add(new DrillCommand());
        commands.add(new SimCommand());
        commands.add(new BenchCommand());
        commands.add(new CompletionCommand());
        commands.add(new CommandLine.HelpCommand());
        return commands;
    }

    /** All that the design names, in its order. */
    private static Map<String, String> designed()
    {
        final Map<String, String> commands = new LinkedHashMap<>();
        commands.put("demo", "a lab, real curl, a live move");
        commands.put("doctor", "what this machine lacks, and the command that mends it");
        commands.put("lab", "namespaces and TUN devices to try it in");
        commands.put("node", "run and control a node");
        commands.put("conn", "list and follow connections");
        commands.put("handoff", "move connections");
        commands.put("checkpoint", "save and restore whole stacks");
        commands.put("migrate", "move a whole stack");
        commands.put("standby", "follow a node and take over");
        commands.put("replay", "run a journal again");
        commands.put("module", "load and unload interceptors");
        commands.put("policy", "show and set the handoff policy");
        commands.put("capture", "write packets to a file");
        commands.put("drill", "conformance scripts");
        commands.put("sim", "simulation campaigns");
        commands.put("bench", "measurements beside the kernel");
        commands.put("top", "live view");
        return commands;
    }

    /**
     * Put the tree under its root.
     *
     * @param root the command {@code baton}.
     */
    static void register(final CommandLine root)
    {
        built().forEach(root::addSubcommand);
        final List<String> footer = new ArrayList<>();
        designed().forEach((name, what) ->
        {
            if (!root.getSubcommands().containsKey(name))
            {
                footer.add(String.format("  %-12s %s", name, what));
            }
        });
        if (!footer.isEmpty())
        {
            footer.add(0, "%nDesigned, not built yet:");
        }
        footer.add("%nThe launcher tools/baton also knows:%n  test         the whole test suite, as CI runs it");
        footer.add("%nExit codes: 0 ok, 1 internal, 2 usage, 3 not found, 4 refused, 5 check failed, 6 timeout, 7 partial.");
        root.getCommandSpec().usageMessage().footer(footer.toArray(new String[0]));
    }
}
