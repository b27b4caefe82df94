package dev.baton.tools.node;

import dev.baton.handoff.control.ControlPlane;
import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.intercept.LoadedModule;
import dev.baton.stack.intercept.ModuleLoader;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tun.TunConfig;
import dev.baton.tun.TunDevice;
import dev.baton.tun.TunException;
import dev.baton.tun.Waiter;
import org.agrona.concurrent.NanoClock;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A node: one shard on one TUN device with its control plane, modules and services, and the socket by which it is
 * administered.
 * <p>
 * Its files are read first; then it is put together in an order in which no client is answered before everything works:
 * device, control channel, modules, listeners; then the shard's thread starts, and last the socket answers. When a step
 * fails, what was opened is closed again. {@link #requestStop()} from any thread, the rest from the one that started
 * it.
 */
final class NodeProcess implements AutoCloseable
{
    private static final String THREAD = "baton-shard-0";
    /** The shard's clock begins here, so that its times are positive on every machine. */
    private static final long FIRST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_JOIN_MS = 5_000;

    private final ClosingStack closing;
    private final Node node;
    private final Thread thread;

    private NodeProcess(final ClosingStack closing, final Node node)
    {
        this.closing = closing;
        this.node = node;
        thread = new Thread(node.loop(), THREAD);
    }

    /**
     * Start a node.
     *
     * @param config of it.
     * @param log    takes its messages, from any thread.
     * @return serving.
     * @throws CliError when something is missing or refused; nothing is left open then.
     */
    static NodeProcess start(final NodeConfig config, final Consumer<String> log)
    {
        final ClosingStack closing = new ClosingStack(log);
        try
        {
            final RunDirectory directory = closing.add(RunDirectory.take(config.runDirectory()));
            final CounterFile counters = closing.add(CounterFile.create(directory.counters()));
            final NodeProcess process = new NodeProcess(closing, assemble(config, counters, log, closing));
            process.thread.start();
            closing.add(process::endThread);
            closing.add(AdminSocket.open(
                directory.socket(), AdminCommands.of(process.node), process.node.commands(), log));
            return process;
        }
        catch (final RuntimeException | Error ex)
        {
            closing.close();
            throw ex;
        }
    }

    private static Node assemble(
        final NodeConfig config, final CounterFile counters, final Consumer<String> log, final ClosingStack closing)
    {
        final NanoClock clock = clock();
        final List<LoadedModule> jars = loadJars(config);
        final TunDevice device = openDevice(config, closing);
        final Waiter waiter = openWaiter(device, closing);
        final ErrorLog errors = new ErrorLog(log);
        final NetStack stack = new NetStack(context(config, counters, errors), device.queue(0));
        final ControlPlane control = NodeControl.start(config, waiter::wake, log, closing);
        final ModuleRegistry modules = new ModuleRegistry(
            stack.chain(), stack.counters(), (type) -> type == ControlPlane.class ? control : null, log);
        closing.add(() -> modules.removeAll(clock.nanoTime()));
        jars.forEach((jar) -> modules.add(jar, config.settingsOf(jar.module().name()), clock.nanoTime()));
        final NodeServices services = new NodeServices(config, stack);
        final CommandQueue commands = new CommandQueue(waiter::wake);
        final Drain drain = new Drain(stack, services, modules, config.drainNs(), log);
        final ShardLoop loop = new ShardLoop(stack, commands, drain, errors, waiter::await, clock);
        return new Node(config, System.currentTimeMillis(), device, waiter, stack, control, modules, services, commands,
            errors, loop);
    }

    private static NanoClock clock()
    {
        final long originNs = System.nanoTime() - FIRST_NS;
        return () -> System.nanoTime() - originNs;
    }

    private static TunDevice openDevice(final NodeConfig config, final ClosingStack closing)
    {
        try
        {
            final TunDevice device = closing.add(TunDevice.open(TunConfig.attach(config.tunName()).withMtu(config.mtuBytes())));
            device.requireUp();
            return device;
        }
        catch (final TunException ex)
        {
            throw refused(ex);
        }
    }

    private static Waiter openWaiter(final TunDevice device, final ClosingStack closing)
    {
        try
        {
            return closing.add(new Waiter(device.queue(0)));
        }
        catch (final TunException ex)
        {
            throw refused(ex);
        }
    }

    private static CliError refused(final TunException ex)
    {
        final String errno = ex.errno() == 0 ? "" : ex.errnoName() + ", ";
        return new CliError(
            ExitCodes.REFUSED, "tun.name " + ex.device(), ex.call() + ": " + errno + ex.why(), ex.mend(), ex);
    }

    private static StackContext context(
        final NodeConfig config, final CounterFile counters, final Consumer<Throwable> errors)
    {
        final SecureRandom random = new SecureRandom();
        final StackContext context = new StackContext()
            .seed(random.nextLong())
            .secret(random.nextLong(), random.nextLong())
            .counterSpace(counters.space())
            .errorHandler(errors);
        config.addresses().forEach(context::address);
        if (config.timeWaitNs() != 0)
        {
            context.timeWaitNs(config.timeWaitNs());
        }
        if (config.userTimeoutNs() != 0)
        {
            context.userTimeoutNs(config.userTimeoutNs());
        }
        try
        {
            return context.conclude();
        }
        catch (final IllegalStateException | IllegalArgumentException ex)
        {
            throw new CliError(ExitCodes.USAGE, "stack.* of " + config.name(), ex.getMessage(),
                "correct the stack.* lines of the configuration", ex);
        }
    }

    private static List<LoadedModule> loadJars(final NodeConfig config)
    {
        final ModuleLoader loader = new ModuleLoader();
        final List<LoadedModule> jars = new ArrayList<>();
        for (final NodeConfig.Module module : config.modules())
        {
            if (module.jar() != null)
            {
                jars.add(load(loader, module));
            }
        }
        return jars;
    }

    private static LoadedModule load(final ModuleLoader loader, final NodeConfig.Module module)
    {
        final LoadedModule loaded = ModuleAdmin.load(loader, module.jar());
        final String name = loaded.module().name();
        if (!name.equals(module.name()))
        {
            loaded.close();
            throw new CliError(ExitCodes.USAGE, "module." + module.name() + ".jar", "the module in " + module.jar() +
                " calls itself " + name, "write module." + name + ". in front of its lines");
        }
        return loaded;
    }

    /**
     * The parts.
     *
     * @return of this node.
     */
    Node node()
    {
        return node;
    }

    /** Ask for the end: the first time the node drains, the second time it ends at once. */
    void requestStop()
    {
        node.loop().requestStop();
        node.waiter().wake();
    }

    /**
     * Wait for the end of the shard's thread.
     *
     * @throws InterruptedException when this thread is interrupted.
     */
    void join() throws InterruptedException
    {
        thread.join();
    }

    /** What a client of this node needs to know. */
    Map<String, Object> readiness()
    {
        final Map<String, Object> ready = new TreeMap<>();
        ready.put("node", node.config().name());
        ready.put("state", "serving");
        ready.put("tun", node.device().name());
        ready.put("addresses", node.config().addresses().stream().map(Object::toString).toList());
        ready.put("services", node.services().ports());
        ready.put("run_dir", node.config().runDirectory().toString());
        ready.put("pid", ProcessHandle.current().pid());
        return ready;
    }

    /** End at once, if the node has not ended yet, and give everything back. Calling it again does nothing. */
    @Override
    public void close()
    {
        closing.close();
    }

    private void endThread() throws InterruptedException
    {
        requestStop();
        requestStop();
        thread.join(CLOSE_JOIN_MS);
    }
}
