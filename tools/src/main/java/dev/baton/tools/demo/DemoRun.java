package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.lab.Lab;
import dev.baton.tools.lab.LabConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is done to running nodes: requests, modules that come and go meanwhile, and the wait until everything has come
 * to its end.
 */
final class DemoRun
{
    /** TIME-WAIT in the lab, a quarter of it between two looks of the back, and time for TERMINATION and its answer. */
    static final long SETTLE_LIMIT_MS = 2_000 + 500 + 2_500;

    private static final long PROGRESS_BYTES = 1 << 20;
    private static final long PROGRESS_LIMIT_MS = 10_000;

    private final Lab lab;
    private final Cluster cluster;
    private final Curl curl;
    private final RequestPlan plan;
    private final Path module;
    private final Say say;
    private final CensusLog census = new CensusLog();
    private final List<ModuleEvent> events = new ArrayList<>();
    private final Map<String, List<String>> busy = new TreeMap<>();

    /** Takes a line about what is being done. */
    interface Say
    {
        /**
         * Say it.
         *
         * @param format of the line.
         * @param values of it.
         */
        void line(String format, Object... values);
    }

    DemoRun(final Lab lab, final Cluster cluster, final Curl curl, final RequestPlan plan, final Path module,
        final Say say)
    {
        this.lab = lab;
        this.cluster = cluster;
        this.curl = curl;
        this.plan = plan;
        this.module = module;
        this.say = say;
    }

    /** Make a call and wait for its end. */
    List<Fetch> fetch(final CurlCall call, final boolean policyApplies) throws IOException, InterruptedException
    {
        return curl.start(call, policyApplies).finish();
    }

    /**
     * P03: with a download running from a back, the modules of the front and of that back are replaced; with one
     * running from the front, the front's is unloaded and loaded again. Nothing else may be going on: what a module
     * counts between its last words and its end is lost.
     *
     * @return the requests that were made meanwhile.
     */
    List<Fetch> modulesComeAndGo() throws IOException, InterruptedException
    {
        final String back = plan.chosen(plan.slowMoved().paths().get(0), LabConfig.FRONT);
        final List<Fetch> fetches = new ArrayList<>();
        say.line("a slow download from %s; meanwhile the modules of %s and %s are replaced", back, LabConfig.FRONT,
            back);
        final Curl.Started moved = curl.start(plan.slowMoved(), true);
        progress(moved);
        for (final String node : lab.config().nodes())
        {
            busy.put(node, cluster.client(node).connections());
        }
        event(LabConfig.FRONT, "refused unload", plan.slowMoved(), "module", "unload", NodeClient.MODULE);
        census.lastWords(cluster.client(LabConfig.FRONT).census());
        event(LabConfig.FRONT, "replace", plan.slowMoved(), "module", "replace", module.toString());
        progress(moved);
        census.lastWords(cluster.client(back).census());
        event(back, "replace", plan.slowMoved(), "module", "replace", module.toString());
        progress(moved);
        fetches.addAll(moved.finish());

        say.line("a slow download from %s; meanwhile its module is unloaded and loaded again", LabConfig.FRONT);
        final Curl.Started stayed = curl.start(plan.slowStayed(), true);
        progress(stayed);
        final NodeClient front = cluster.client(LabConfig.FRONT);
        Cluster.await("the end of all entries at " + LabConfig.FRONT, SETTLE_LIMIT_MS, () -> front.liveEntries() == 0);
        census.lastWords(front.census());
        event(LabConfig.FRONT, "unload", plan.slowStayed(), "module", "unload", NodeClient.MODULE);
        for (final CurlCall call : plan.withoutModule())
        {
            fetches.addAll(fetch(call, false));
        }
        event(LabConfig.FRONT, "load", plan.slowStayed(), "module", "load", module.toString());
        for (final CurlCall call : plan.afterwards())
        {
            fetches.addAll(fetch(call, true));
        }
        progress(stayed);
        fetches.addAll(stayed.finish());
        return fetches;
    }

    /** Wait until a download has gone on for a while. */
    private static void progress(final Curl.Started download) throws IOException, InterruptedException
    {
        final long from = download.bytesSoFar();
        Cluster.await("progress of a download", PROGRESS_LIMIT_MS, () -> bytes(download) >= from + PROGRESS_BYTES ||
            !download.isAlive());
    }

    private static long bytes(final Curl.Started download)
    {
        try
        {
            return download.bytesSoFar();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void event(final String node, final String action, final CurlCall call, final String... words)
    {
        final boolean shallBeRefused = action.startsWith("refused");
        final long beganNs = WallClock.nowNs();
        boolean ok;
        String answer;
        try
        {
            answer = cluster.client(node).ask(words).toString();
            ok = !shallBeRefused;
        }
        catch (final CliError ex)
        {
            answer = ex.getMessage();
            ok = shallBeRefused && ex.exitCode() == ExitCodes.REFUSED;
        }
        events.add(new ModuleEvent(node, action, beganNs, WallClock.nowNs(), client(call), call.localPort(), ok,
            answer));
    }

    private IpAddress client(final CurlCall call)
    {
        return IpAddress.parse(
            call.ip6() ? lab.addresses().kernel6(LabConfig.CLIENT) : lab.addresses().kernel4(LabConfig.CLIENT));
    }

    List<ModuleEvent> moduleEvents()
    {
        return events;
    }

    /**
     * Wait for the end of every connection everywhere, and ask the nodes a last time. Time is not limited to what is
     * documented, it is measured.
     */
    Settled settle() throws InterruptedException
    {
        final long beginNs = System.nanoTime();
        long settledMs = Long.MAX_VALUE;
        try
        {
            Cluster.await("the end of all connections", 3 * SETTLE_LIMIT_MS, this::isSettled);
            settledMs = (System.nanoTime() - beginNs) / 1_000_000;
        }
        catch (final CliError ex)
        {
            say.line("%s: %s", ex.thing(), ex.reason());
        }
        final Map<String, List<String>> connections = new TreeMap<>();
        for (final String node : lab.config().nodes())
        {
            connections.put(node, cluster.client(node).connections());
            census.now(cluster.client(node).census());
        }
        final IpAddress client = client(plan.slowMoved());
        return new Settled(
            census, connections, busy, client + ":" + plan.slowMoved().localPort(),
            plan.chosen(plan.slowMoved().paths().get(0), ""),
            cluster.client(LabConfig.FRONT).httpConnections(), settledMs, SETTLE_LIMIT_MS);
    }

    private boolean isSettled()
    {
        for (final String node : lab.config().nodes())
        {
            final NodeClient asked = cluster.client(node);
            if (!asked.census().isIdle() || !asked.connections().isEmpty())
            {
                return false;
            }
        }
        return true;
    }
}
