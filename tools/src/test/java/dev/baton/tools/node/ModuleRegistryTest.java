package dev.baton.tools.node;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.intercept.LoadedModule;
import dev.baton.stack.intercept.ModuleLoader;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ModuleRegistryTest
{
    private static final IpAddress ADDRESS = IpAddress.parse("198.18.0.2");

    @TempDir
    Path dir;
    private final List<String> log = new ArrayList<>();
    private Path jar;
    private NetStack stack;
    private ModuleRegistry registry;
    private long nowNs = 1;

    @BeforeEach
    void make() throws IOException
    {
        jar = FixtureModule.jar(dir.resolve("fixture.jar"));
        stack = new NetStack(
            new StackContext().address(ADDRESS).seed(1).conclude(), new SimWorld(1).host("node").link(ADDRESS));
        registry = new ModuleRegistry(stack.chain(), stack.counters(), (type) -> null, log::add);
    }

    @Test
    void shouldListWhatIsLoaded()
    {
        registry.add(load(), Map.of("live", "2"), nowNs);
        poll(3);

        final Map<String, Object> line = registry.report(true, nowNs).get(0);

        assertEquals("fixture", line.get("name"));
        assertEquals(2, line.get("live_entries"));
        assertEquals(jar.toString(), line.get("jar"));
        assertEquals(Map.of("polls", 3L), line.get("census"));
        assertEquals(64, line.get("sha256").toString().length());
        assertTrue(log.contains("module fixture: open"), log.toString());
    }

    @Test
    void shouldRefuseTheSameNameTwice()
    {
        registry.add(load(), Map.of(), nowNs);

        assertEquals(ExitCodes.REFUSED, refused(() -> registry.add(load(), Map.of(), nowNs)).exitCode());
        assertEquals(1, registry.report(false, nowNs).size());
    }

    @Test
    void shouldNotKeepAModuleThatDoesNotOpen()
    {
        final CliError error = refused(() -> registry.add(load(), Map.of("open", "fail"), nowNs));

        assertEquals(ExitCodes.USAGE, error.exitCode());
        assertTrue(error.reason().contains("open fails as asked"), error.reason());
        assertEquals(List.of(), registry.report(false, nowNs));
    }

    @Test
    void shouldHandItsStateToTheModuleThatReplacesIt()
    {
        registry.add(load(), Map.of(), nowNs);
        poll(5);

        registry.replace(load(), Map.of("live", "1"), nowNs);

        assertEquals(Map.of("polls", 5L), registry.report(true, nowNs).get(0).get("census"));
        assertEquals(1, registry.liveEntries());
    }

    @Test
    void shouldKeepTheOldModuleWhenTheNewOneRefusesItsState()
    {
        registry.add(load(), Map.of("live", "7"), nowNs);

        final CliError error = refused(() -> registry.replace(load(), Map.of("import", "fail"), nowNs));

        assertTrue(error.reason().contains("import fails as asked"), error.reason());
        assertEquals(7, registry.liveEntries());
        assertEquals(ExitCodes.NOT_FOUND, refused(() -> registry.remove("other", false, nowNs)).exitCode());
    }

    @Test
    void shouldRefuseToReplaceWhatIsNotLoaded()
    {
        assertEquals(ExitCodes.NOT_FOUND, refused(() -> registry.replace(load(), Map.of(), nowNs)).exitCode());
    }

    @Test
    void shouldUnloadAModuleWithLiveEntriesOnlyByForce()
    {
        registry.add(load(), Map.of("live", "1"), nowNs);

        assertEquals(ExitCodes.REFUSED, refused(() -> registry.remove("fixture", false, nowNs)).exitCode());
        registry.remove("fixture", true, nowNs);
        assertEquals(List.of(), registry.report(false, nowNs));
    }

    @Test
    void shouldSurviveACensusThatIsNoJson()
    {
        registry.add(load(), Map.of("census", "fail"), nowNs);

        assertTrue(registry.report(true, nowNs).get(0).get("census").toString().contains("census failed"));
    }

    @Test
    void shouldForgetAModuleThatTheChainHasThrownOut()
    {
        registry.add(load(), Map.of("poll", "fail"), nowNs);
        poll(100);
        registry.forgetThrownOut();

        assertEquals(List.of(), registry.report(false, nowNs));
        registry.add(load(), Map.of(), nowNs);
        assertEquals(1, registry.report(false, nowNs).size());
    }

    @Test
    void shouldLetTheClassLoaderGoAfterLoadReplaceAndUnload()
    {
        final List<WeakReference<ClassLoader>> loaders = loadReplaceAndUnload();

        for (int i = 0; i < 50 && loaders.stream().anyMatch((loader) -> loader.get() != null); i++)
        {
            System.gc();
        }
        for (final WeakReference<ClassLoader> loader : loaders)
        {
            assertNull(loader.get(), "something still holds the class loader of an unloaded module");
        }
    }

    private List<WeakReference<ClassLoader>> loadReplaceAndUnload()
    {
        final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        final LoadedModule first = load();
        final LoadedModule second = load();
        loaders.add(new WeakReference<>(first.loader()));
        loaders.add(new WeakReference<>(second.loader()));
        registry.add(first, Map.of(), nowNs);
        poll(10);
        registry.replace(second, Map.of(), nowNs);
        poll(10);
        registry.remove("fixture", false, nowNs);
        return loaders;
    }

    private LoadedModule load()
    {
        return ModuleAdmin.load(new ModuleLoader(), jar);
    }

    private void poll(final int times)
    {
        for (int i = 0; i < times; i++)
        {
            stack.poll(nowNs++);
        }
    }

    private static CliError refused(final Runnable change)
    {
        return assertThrows(CliError.class, change::run);
    }
}
