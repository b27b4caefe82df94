package dev.baton.tools.demo;

import dev.baton.tools.Main;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks a running node through the same commands that an operator types, and reads their JSON. Thread safe.
 */
public final class NodeClient
{
    /** Name of the handoff module. */
    public static final String MODULE = "early-handoff";

    private final String node;
    private final Path directory;

    /**
     * A client.
     *
     * @param node      its name.
     * @param directory its run directory.
     */
    public NodeClient(final String node, final Path directory)
    {
        this.node = node;
        this.directory = directory;
    }

    /**
     * Run a command.
     *
     * @param words noun, verb and arguments, as after {@code baton}.
     * @return members of its document.
     * @throws CliError as the command told it.
     */
    public Map<String, Object> ask(final String... words)
    {
        final List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(2, List.of("--json", "--run-dir", directory.toString()));
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int exitCode =
            Main.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(new String[0]));
        if (exitCode != ExitCodes.OK)
        {
            throw refused(exitCode, String.join(" ", words), out.toString(), err.toString());
        }
        return Json.parseObject(out.toString());
    }

    private CliError refused(final int exitCode, final String command, final String out, final String err)
    {
        if (out.isBlank())
        {
            return new CliError(exitCode, command + " at " + node, err.strip(), "see the node's log");
        }
        final Map<?, ?> error = JsonFields.object(Json.parseObject(out), "error");
        return new CliError(exitCode, JsonFields.text(error, "thing"), JsonFields.text(error, "cause"),
            JsonFields.text(error, "mend"));
    }

    /**
     * Does it answer?
     *
     * @return false when there is no node, or it has not come up yet.
     */
    public boolean isUp()
    {
        try
        {
            return "serving".equals(ask("node", "status").get("state"));
        }
        catch (final CliError ex)
        {
            return false;
        }
    }

    /**
     * How many of its control channels are up?
     *
     * @return 0 to the number of its peers.
     */
    public int channelsUp()
    {
        int up = 0;
        for (final Object peer : JsonFields.list(JsonFields.object(ask("node", "status"), "control"), "peers"))
        {
            up += Boolean.TRUE.equals(JsonFields.object(peer).get("up")) ? 1 : 0;
        }
        return up;
    }

    /**
     * Its TCP connections.
     *
     * @return a line each: client and port as in a URL, then the state.
     */
    public List<String> connections()
    {
        final List<String> lines = new ArrayList<>();
        for (final Object element : JsonFields.list(ask("conn", "ls"), "connections"))
        {
            final Map<?, ?> connection = JsonFields.object(element);
            final String peer = JsonFields.text(connection, "peer");
            lines.add((peer.indexOf(':') >= 0 ? "[" + peer + "]" : peer) + ":" +
                JsonFields.number(connection, "peer_port") + " " +
                JsonFields.text(connection, "state"));
        }
        return lines;
    }

    /**
     * Connections that its HTTP service was shown since the node started.
     *
     * @return how many.
     */
    public long httpConnections()
    {
        final Map<?, ?> http = JsonFields.object(JsonFields.object(ask("node", "status"), "services"), "http");
        return JsonFields.number(http, "connections");
    }

    /**
     * Connections that depend on its handoff module now.
     *
     * @return how many; 0 when the module is not loaded.
     */
    public int liveEntries()
    {
        final Map<?, ?> module = module();
        return module == null ? 0 : (int)JsonFields.number(module, "live_entries");
    }

    /** The census of its handoff module; null when that is not loaded. */
    ModuleCensus census()
    {
        final Map<?, ?> module = module();
        return module == null ? null : ModuleCensus.of(node, JsonFields.object(module, "census"));
    }

    private Map<?, ?> module()
    {
        for (final Object element : JsonFields.list(ask("module", "ls"), "modules"))
        {
            final Map<?, ?> module = JsonFields.object(element);
            if (MODULE.equals(module.get("name")))
            {
                return module;
            }
        }
        return null;
    }
}
