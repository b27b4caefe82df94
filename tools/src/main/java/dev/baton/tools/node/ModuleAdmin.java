package dev.baton.tools.node;

import dev.baton.stack.intercept.LoadedModule;
import dev.baton.stack.intercept.ModuleLoadException;
import dev.baton.stack.intercept.ModuleLoader;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The commands on modules. A jar is read on the socket's thread, so the shard does not wait for the disk; the chain
 * changes on the shard's.
 */
final class ModuleAdmin
{
    /** Member: path of a jar. */
    static final String JAR = "jar";
    /** Member: name of a module. */
    static final String NAME = "name";
    /** Member: unload although connections depend on it. */
    static final String FORCE = "force";
    /** Member: settings that win over those of the configuration. */
    static final String SETTINGS = "settings";

    private final ModuleLoader loader = new ModuleLoader();
    private final Node node;

    ModuleAdmin(final Node node)
    {
        this.node = node;
    }

    /**
     * Load a jar.
     *
     * @param loader to use.
     * @param jar    its path.
     * @return not in a chain yet.
     * @throws CliError with {@link ExitCodes#USAGE} when it is no usable module.
     */
    static LoadedModule load(final ModuleLoader loader, final Path jar)
    {
        try
        {
            return loader.load(jar, System.currentTimeMillis());
        }
        catch (final ModuleLoadException ex)
        {
            throw new CliError(ExitCodes.USAGE, "module jar " + jar, ex.reason(), ex.mend(), ex);
        }
    }

    AdminCommand.ShardStep list(final Map<String, Object> request)
    {
        return (nowNs) -> Map.of("node", node.config().name(), "modules", node.modules().report(true, nowNs));
    }

    AdminCommand.ShardStep load(final Map<String, Object> request)
    {
        final Map<String, String> settings = settings(request);
        final LoadedModule module = load(loader, jar(request));
        return (nowNs) ->
        {
            node.modules().add(module, withConfigured(module, settings), nowNs);
            return describe(module);
        };
    }

    AdminCommand.ShardStep replace(final Map<String, Object> request)
    {
        final Map<String, String> settings = settings(request);
        final LoadedModule module = load(loader, jar(request));
        return (nowNs) ->
        {
            node.modules().replace(module, withConfigured(module, settings), nowNs);
            return describe(module);
        };
    }

    AdminCommand.ShardStep unload(final Map<String, Object> request)
    {
        if (!(request.get(NAME) instanceof String name))
        {
            throw AdminDocuments.badRequest("no module is named", "add a member \"name\"");
        }
        final boolean force = Boolean.TRUE.equals(request.get(FORCE));
        return (nowNs) ->
        {
            node.modules().remove(name, force, nowNs);
            return Map.of("node", node.config().name(), "unloaded", name);
        };
    }

    private Map<String, Object> describe(final LoadedModule module)
    {
        return Map.of(
            "node", node.config().name(),
            "name", module.module().name(),
            "jar", module.jar().toString(),
            "sha256", module.sha256());
    }

    private Map<String, String> withConfigured(final LoadedModule module, final Map<String, String> settings)
    {
        final Map<String, String> all = new TreeMap<>(node.config().settingsOf(module.module().name()));
        all.putAll(settings);
        return all;
    }

    private static Map<String, String> settings(final Map<String, Object> request)
    {
        final Map<String, String> settings = new TreeMap<>();
        if (request.get(SETTINGS) instanceof Map<?, ?> given)
        {
            given.forEach((key, value) -> settings.put(String.valueOf(key), String.valueOf(value)));
        }
        return settings;
    }

    private static Path jar(final Map<String, Object> request)
    {
        if (!(request.get(JAR) instanceof String text))
        {
            throw AdminDocuments.badRequest("no jar is named", "add a member \"jar\"");
        }
        try
        {
            return Path.of(text);
        }
        catch (final InvalidPathException ex)
        {
            throw AdminDocuments.badRequest(ex.getMessage(), "give the path of a module jar");
        }
    }
}
