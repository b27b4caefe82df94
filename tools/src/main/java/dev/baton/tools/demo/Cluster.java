package dev.baton.tools.demo;

import dev.baton.tools.Main;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.Running;
import dev.baton.tools.lab.Lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The node processes of a lab: one JVM per node, in its namespace, without a single capability. They run the same
 * classes as this process.
 * <p>
 * One thread.
 */
public final class Cluster implements AutoCloseable
{
    private static final long START_MS = 90_000;
    private static final long LOOK_MS = 20;

    private final Lab lab;
    private final Path logs;
    private final Running running = new Running();
    private final Map<String, Process> processes = new LinkedHashMap<>();

    /**
     * No node yet.
     *
     * @param lab  that is up.
     * @param logs directory for what the nodes print.
     */
    public Cluster(final Lab lab, final Path logs)
    {
        this.lab = lab;
        this.logs = logs;
    }

    /**
     * Start all nodes side by side, and wait until each serves and all control channels are up.
     *
     * @throws IOException          when one cannot be started.
     * @throws InterruptedException when interrupted.
     * @throws CliError             when one does not come up; it says what the node said.
     */
    public void start() throws IOException, InterruptedException
    {
        for (final String node : lab.config().nodes())
        {
            launch(node);
        }
        for (final String node : lab.config().nodes())
        {
            awaitServing(node);
        }
        final int peers = lab.config().nodes().size() - 1;
        for (final String node : lab.config().nodes())
        {
            await("control channels of " + node, START_MS, () -> client(node).channelsUp() == peers);
        }
    }

    /**
     * Start one node and wait until it serves.
     *
     * @param node its name.
     * @throws IOException          when it cannot be started.
     * @throws InterruptedException when interrupted.
     * @throws CliError             when it does not come up.
     */
    public void start(final String node) throws IOException, InterruptedException
    {
        launch(node);
        awaitServing(node);
    }

    private void launch(final String node) throws IOException
    {
        // A node of a demonstration lives for half a minute: what C2 would gain costs more than that, three times at
        // once.
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"));
        final String extract = System.getProperty("jffi.extract.dir");
        if (extract != null)
        {
            command.add("-Djffi.extract.dir=" + extract);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(),
            "node", "run", "-f", lab.nodeConf(node).toString()));
        processes.put(node, running.start("node " + node, lab.execUnprivileged(node, command)
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log(node).toFile()))));
    }

    private void awaitServing(final String node) throws IOException, InterruptedException
    {
        final Process process = processes.get(node);
        final NodeClient client = client(node);
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        while (!client.isUp())
        {
            if (!process.isAlive() || System.nanoTime() > endNs)
            {
                throw new CliError(ExitCodes.INTERNAL, "node " + node, "does not serve: " + lastWords(node),
                    "run it by hand: baton lab up, then baton lab exec " + node + " -- baton node run -f " +
                    lab.nodeConf(node));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    private String lastWords(final String node) throws IOException
    {
        final List<String> lines = Files.exists(log(node)) ? Files.readAllLines(log(node)) : List.of();
        return lines.isEmpty() ? "it has said nothing" :
            String.join(" / ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    }

    /**
     * Wait for a condition.
     *
     * @param what      is waited for, for the error.
     * @param limitMs   longest wait.
     * @param condition asked again and again.
     * @return how long it took, in milliseconds.
     * @throws InterruptedException when interrupted.
     * @throws CliError             with {@link ExitCodes#TIMEOUT} when it does not become true.
     */
    public static long await(final String what, final long limitMs,
        final BooleanSupplier condition) throws InterruptedException
    {
        final long beginNs = System.nanoTime();
        final long endNs = beginNs + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() > endNs)
            {
                throw new CliError(ExitCodes.TIMEOUT, what, "not after " + limitMs + " ms",
                    "see the logs of the nodes");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs);
    }

    /**
     * A way to ask a node.
     *
     * @param node its name.
     * @return for any thread.
     */
    public NodeClient client(final String node)
    {
        return new NodeClient(node, lab.nodeDir(node));
    }

    /**
     * Process of a node.
     *
     * @param node its name.
     * @return as last started.
     */
    public Process process(final String node)
    {
        return processes.get(node);
    }

    /**
     * What a node has printed.
     *
     * @param node its name.
     * @return a file.
     */
    public Path log(final String node)
    {
        return logs.resolve(node + ".log");
    }

    /**
     * End all nodes: a node is asked, and killed when it does not end within two seconds.
     */
    @Override
    public void close()
    {
        running.close();
    }
}
