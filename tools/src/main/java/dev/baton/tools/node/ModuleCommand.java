package dev.baton.tools.node;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.cli.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code baton module}: the interceptor modules of a running node. */
@Command(
    name = "module",
    description = "List, load, unload and replace the modules of a running node.",
    subcommands = {
        ModuleCommand.Ls.class, ModuleCommand.Load.class, ModuleCommand.Unload.class, ModuleCommand.Replace.class},
    synopsisSubcommandLabel = "COMMAND")
public final class ModuleCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    /** The noun. */
    public ModuleCommand()
    {
    }

    @Override
    public Integer call()
    {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** {@code baton module ls}. */
    @Command(name = "ls", description = "List the modules; with --json their own accounts too.")
    static final class Ls extends BatonCommand
    {
        @Mixin
        private NodeSelector node;

        Ls()
        {
        }

        @Override
        protected int run(final Output output)
        {
            final Map<String, Object> answer = AdminClient.ask(node.directory(), AdminCommands.MODULE_LS, Map.of());
            final Table table = new Table("Name", "Entries", "Jar", "SHA-256");
            for (final Object module : (List<?>)answer.get("modules"))
            {
                final Map<?, ?> line = (Map<?, ?>)module;
                table.row(line.get("name"), line.get("live_entries"), line.get("jar"), line.get("sha256"));
            }
            output.table(table);
            output.document(answer);
            return ExitCodes.OK;
        }
    }

    /** A command that gives the node a jar. */
    abstract static class WithJar extends BatonCommand
    {
        @Mixin
        private NodeSelector node;

        @Parameters(paramLabel = "JAR", description = "The module's jar.")
        private Path jar;

        @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting; wins over the node's configuration.")
        private Map<String, String> settings = new TreeMap<>();

        WithJar()
        {
        }

        int send(final Output output, final String command, final String done)
        {
            final Map<String, Object> answer = AdminClient.ask(node.directory(), command, Map.of(
                ModuleAdmin.JAR, jar.toAbsolutePath().normalize().toString(), ModuleAdmin.SETTINGS, settings));
            output.line(done + " " + answer.get("name") + " on " + answer.get("node") + " (sha256 " + answer.get("sha256") + ")");
            output.document(answer);
            return ExitCodes.OK;
        }
    }

    /** {@code baton module load}. */
    @Command(name = "load", description = "Load a module; connections that are alive go through it from now on.")
    static final class Load extends WithJar
    {
        Load()
        {
        }

        @Override
        protected int run(final Output output)
        {
            return send(output, AdminCommands.MODULE_LOAD, "loaded");
        }
    }

    /** {@code baton module replace}. */
    @Command(name = "replace", description = "Put a module in the place of the one of the same name; it takes over its state.")
    static final class Replace extends WithJar
    {
        Replace()
        {
        }

        @Override
        protected int run(final Output output)
        {
            return send(output, AdminCommands.MODULE_REPLACE, "replaced");
        }
    }

    /** {@code baton module unload}. */
    @Command(name = "unload", description = "Unload a module; refused while connections depend on it.")
    static final class Unload extends BatonCommand
    {
        @Mixin
        private NodeSelector node;

        @Parameters(paramLabel = "NAME", description = "As 'module ls' shows it.")
        private String name;

        @Option(names = "--force", description = "Also when connections depend on it; they break.")
        private boolean force;

        Unload()
        {
        }

        @Override
        protected int run(final Output output)
        {
            final Map<String, Object> answer = AdminClient.ask(node.directory(), AdminCommands.MODULE_UNLOAD,
                Map.of(ModuleAdmin.NAME, name, ModuleAdmin.FORCE, force));
            output.line("unloaded " + name + " on " + answer.get("node"));
            output.document(answer);
            return ExitCodes.OK;
        }
    }
}
