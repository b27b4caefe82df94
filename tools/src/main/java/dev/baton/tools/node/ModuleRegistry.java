package dev.baton.tools.node;

import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.intercept.InterceptorModule;
import dev.baton.stack.intercept.LoadedModule;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The modules in the shard's chain and the jars they came from. Belongs to the shard's thread. Every refusal is a
 * {@link CliError} and has changed nothing.
 */
final class ModuleRegistry
{
    private final InterceptorChain chain;
    private final StackCounters counters;
    private final Function<Class<?>, Object> services;
    private final Consumer<String> log;
    private final Map<String, LoadedModule> loaded = new TreeMap<>();
    private long unloadedSeen;

    ModuleRegistry(
        final InterceptorChain chain,
        final StackCounters counters,
        final Function<Class<?>, Object> services,
        final Consumer<String> log)
    {
        this.chain = chain;
        this.counters = counters;
        this.services = services;
        this.log = log;
    }

    /**
     * Put a module into the chain.
     *
     * @param module   just loaded; closed when it is refused.
     * @param settings of it.
     * @param nowNs    time of this turn.
     */
    void add(final LoadedModule module, final Map<String, String> settings, final long nowNs)
    {
        final String name = module.module().name();
        change(module, () -> chain.add(module.module(), settings, services, moduleLog(), nowNs));
        loaded.put(name, module);
        log.accept("module " + name + ": loaded from " + module.jar());
    }

    /**
     * Put a module into the place of the one of the same name.
     *
     * @param module   just loaded; closed when it is refused.
     * @param settings of it.
     * @param nowNs    time of this turn.
     */
    void replace(final LoadedModule module, final Map<String, String> settings, final long nowNs)
    {
        final String name = module.module().name();
        try
        {
            known(name);
        }
        catch (final CliError ex)
        {
            module.close();
            throw ex;
        }
        change(module, () -> chain.replace(module.module(), settings, services, moduleLog(), nowNs));
        loaded.put(name, module).close();
        log.accept("module " + name + ": replaced by the one from " + module.jar());
    }

    /**
     * Take a module out of the chain and forget it.
     *
     * @param name  of it.
     * @param force also when connections depend on it.
     * @param nowNs time of this turn.
     */
    void remove(final String name, final boolean force, final long nowNs)
    {
        final LoadedModule module = known(name);
        final int live = module.module().liveEntries();
        if (live > 0 && !force)
        {
            throw new CliError(ExitCodes.REFUSED, "module " + name, live + " connections depend on it",
                "wait until they have ended, replace the module, or use --force");
        }
        chain.remove(name, true, nowNs);
        loaded.remove(name);
        module.close();
        log.accept("module " + name + ": unloaded");
    }

    /** Forget modules that the chain has thrown out because of their faults. */
    void forgetThrownOut()
    {
        final long unloaded = counters.get(StackCounter.MODULES_UNLOADED);
        if (unloaded != unloadedSeen)
        {
            unloadedSeen = unloaded;
            final Collection<InterceptorModule> alive = chain.modules();
            loaded.values().removeIf((module) ->
            {
                final boolean gone = !alive.contains(module.module());
                if (gone)
                {
                    module.close();
                }
                return gone;
            });
        }
    }

    /** Take all modules out, the last one first. */
    void removeAll(final long nowNs)
    {
        final List<InterceptorModule> modules = chain.modules();
        for (int i = modules.size() - 1; i >= 0; i--)
        {
            chain.remove(modules.get(i).name(), true, nowNs);
        }
        loaded.values().forEach(LoadedModule::close);
        loaded.clear();
    }

    /**
     * Connections that depend on modules.
     *
     * @return how many.
     */
    int liveEntries()
    {
        int live = 0;
        for (final LoadedModule module : loaded.values())
        {
            live += module.module().liveEntries();
        }
        return live;
    }

    /**
     * Describe the modules.
     *
     * @param census ask each for its own account too.
     * @param nowNs  time of this turn.
     * @return in the order of the chain, nearest to the link first.
     */
    List<Map<String, Object>> report(final boolean census, final long nowNs)
    {
        forgetThrownOut();
        final List<Map<String, Object>> list = new ArrayList<>();
        for (final InterceptorModule module : chain.modules())
        {
            final LoadedModule from = loaded.get(module.name());
            final Map<String, Object> line = new TreeMap<>();
            line.put("name", module.name());
            line.put("live_entries", module.liveEntries());
            line.put("jar", from == null ? null : from.jar().toString());
            line.put("sha256", from == null ? null : from.sha256());
            line.put("loaded_at_ms", from == null ? null : from.loadedAtMs());
            if (census)
            {
                line.put("census", census(module, nowNs));
            }
            list.add(line);
        }
        return list;
    }

    private static Object census(final InterceptorModule module, final long nowNs)
    {
        try
        {
            return Json.parseObject(module.census(nowNs));
        }
        catch (final RuntimeException | LinkageError ex)
        {
            return Map.of("error", "the module's census failed: " + ex);
        }
    }

    private void change(final LoadedModule module, final Runnable change)
    {
        final String thing = "module " + module.module().name() + " from " + module.jar();
        try
        {
            change.run();
        }
        catch (final IllegalStateException ex)
        {
            module.close();
            throw new CliError(ExitCodes.REFUSED, thing, ex.getMessage(), "see 'baton module ls'", ex);
        }
        catch (final IllegalArgumentException ex)
        {
            module.close();
            throw new CliError(ExitCodes.USAGE, thing, "refuses its settings or the state of the module that it replaces: " +
                ex.getMessage(), "correct its module.* lines or --set options, or use a jar of a version that fits", ex);
        }
        catch (final RuntimeException | LinkageError ex)
        {
            module.close();
            throw new CliError(ExitCodes.REFUSED, thing, "failed while it was opened: " + ex, "use another build of it", ex);
        }
    }

    private LoadedModule known(final String name)
    {
        forgetThrownOut();
        final LoadedModule module = loaded.get(name);
        if (module == null)
        {
            throw new CliError(ExitCodes.NOT_FOUND, "module " + name, "is not loaded", "loaded are " + loaded.keySet());
        }
        return module;
    }

    /** The chain puts the module's name in front. */
    private Consumer<String> moduleLog()
    {
        return (text) -> log.accept("module " + text);
    }
}
