package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.Cleanup;
import dev.baton.tools.host.Running;
import dev.baton.tools.lab.Lab;
import dev.baton.tools.lab.LabAddresses;
import dev.baton.tools.lab.LabConfig;
import dev.baton.tools.lab.LabMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * The demonstration from the making of the lab to the judgement of what happened in it. Everything that it makes is
 * gone when {@link #run()} returns, throws, or the process is interrupted.
 */
final class EarlyDemo
{
    /** TCP port of the control channel in a lab. */
    private static final int CONTROL_PORT = 7400;
    private static final int WORKERS = 3;

    private final LabMode mode;
    private final Path module;
    private final Path keep;
    private final Consumer<String> log;
    private final long beganNs = System.nanoTime();

    /**
     * A demonstration.
     *
     * @param mode   whose rights make the lab.
     * @param module jar of the handoff module.
     * @param keep   where captures and logs are to stay; null when they need not.
     * @param log    takes what is being done, step by step.
     */
    EarlyDemo(final LabMode mode, final Path module, final Path keep, final Consumer<String> log)
    {
        this.mode = mode;
        this.module = module;
        this.keep = keep;
        this.log = log;
    }

    /**
     * Do it.
     *
     * @return what was found.
     * @throws IOException          when a file or process fails.
     * @throws InterruptedException when interrupted.
     */
    DemoResult run() throws IOException, InterruptedException
    {
        if (!Files.isRegularFile(module))
        {
            throw new CliError(ExitCodes.NOT_FOUND, "module jar " + module, "is not there", "build it: mvn package");
        }
        try (Cleanup cleanup = new Cleanup(log))
        {
            try
            {
                return run(cleanup);
            }
            catch (final IOException | RuntimeException ex)
            {
                if (!cleanup.isInterrupted())
                {
                    throw ex;
                }
                throw new CliError(ExitCodes.INTERNAL, "demo", "interrupted", "everything that it had made is removed",
                    ex);
            }
        }
    }

    private DemoResult run(final Cleanup cleanup) throws IOException, InterruptedException
    {
        final WorkDirectory work = cleanup.add(new WorkDirectory());
        final LabConfig config = config();
        final RequestPlan plan = new RequestPlan(config.backNames());
        final Path www = Files.createDirectory(work.path().resolve("www"));
        final LabConfig configured = configured(config, plan, www);
        say("making the lab: client, %s, each in a network namespace, IPv4 and IPv6",
            String.join(", ", config.nodes()));
        final Lab lab = cleanup.add(Lab.up(configured, mode));
        final Running running = cleanup.add(new Running());
        final Cluster cluster = cleanup.add(new Cluster(lab, work.path()));
        say("capturing on every interface of every host with tcpdump, outside the nodes");
        final Captures captures = new Captures(lab, work.path(), running);
        say("starting %d nodes as processes without any capability, and writing the files that they serve",
            config.nodes().size());
        final FutureTask<Site> site = new FutureTask<>(() -> new Site(www, plan.directories()));
        new Thread(site, "baton-demo-site").start();
        cluster.start();
        final Curl curl = new Curl(lab, work.path(), result(site), plan, running);
        final DemoRun run = new DemoRun(lab, cluster, curl, plan, module, this::say);
        final List<Fetch> fetches = new ArrayList<>(run.modulesComeAndGo());
        fetches.addAll(sideBySide(run, plan));
        say("waiting until no node has anything left of any connection");
        final Settled settled = run.settle();
        captures.stop();
        if (keep != null)
        {
            work.keep(keep);
        }
        cluster.close();
        say("reading the captures and judging");
        final SegmentReader packets = captures.read();
        final Trace trace = new Trace(topology(lab), packets.segments(), packets.icmp());
        final Evidence evidence =
            new Evidence(trace, fetches, run.moduleEvents(), settled, CodeScan.of(module),
            captures.lost() + packets.unreadable());
        return new DemoResult(evidence, curl.version(), mode == LabMode.ROOTLESS,
            (System.nanoTime() - beganNs) / 1_000_000);
    }

    /** A loaded machine may be late with an answer, which shall not look like a refusal. */
    private LabConfig configured(final LabConfig config, final RequestPlan plan, final Path www)
    {
        final String setting = "module." + NodeClient.MODULE + ".";
        return config
            .withSetting(LabConfig.ALL_NODES, "service.http.root", www.toString())
            .withSetting(LabConfig.ALL_NODES, setting + "jar", module.toString())
            .withSetting(LabConfig.ALL_NODES, setting + "policy", "path")
            .withSetting(LabConfig.ALL_NODES, setting + "policy.rules", plan.rules())
            .withSetting(LabConfig.ALL_NODES, setting + "timeout.request.ms", "3000");
    }

    private static LabConfig config()
    {
        return LabConfig.defaults().withName("demo" + ProcessHandle.current().pid());
    }

    private List<Fetch> sideBySide(final DemoRun run, final RequestPlan plan) throws IOException, InterruptedException
    {
        final int requests = plan.sideBySide().stream().mapToInt(call -> call.paths().size()).sum();
        say("%d requests with %d curl processes, %d at a time", requests, plan.sideBySide().size(), WORKERS);
        final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try
        {
            final List<Future<List<Fetch>>> futures = new ArrayList<>();
            for (final CurlCall call : plan.sideBySide())
            {
                futures.add(workers.submit(() -> run.fetch(call, true)));
            }
            final List<Fetch> fetches = new ArrayList<>();
            for (final Future<List<Fetch>> future : futures)
            {
                fetches.addAll(result(future));
            }
            return fetches;
        }
        finally
        {
            workers.shutdownNow();
        }
    }

    private static <T> T result(final Future<T> future) throws IOException, InterruptedException
    {
        try
        {
            return future.get();
        }
        catch (final ExecutionException ex)
        {
            if (ex.getCause() instanceof IOException io)
            {
                throw io;
            }
            if (ex.getCause() instanceof RuntimeException known)
            {
                throw known;
            }
            throw new IOException(ex.getCause());
        }
    }

    private static Topology topology(final Lab lab)
    {
        final LabAddresses addresses = lab.addresses();
        final Map<String, List<IpAddress>> stacks = new TreeMap<>();
        final Map<String, IpAddress> mgmt = new TreeMap<>();
        for (final String node : lab.config().nodes())
        {
            stacks.put(node, List.of(IpAddress.parse(addresses.stack4(node)), IpAddress.parse(addresses.stack6(node))));
            mgmt.put(node, IpAddress.parse(addresses.mgmt4(node)));
        }
        return new Topology(
            LabConfig.CLIENT, LabConfig.FRONT, lab.config().backNames(),
            List.of(IpAddress.parse(lab.vip4()), IpAddress.parse(lab.vip6())), lab.config().httpPort(), stacks, mgmt,
            CONTROL_PORT);
    }

    private void say(final String format, final Object... values)
    {
        log.accept(String.format(Locale.ROOT, "[%5.1f s] ", (System.nanoTime() - beganNs) / 1e9) +
            String.format(Locale.ROOT, format, values));
    }
}
