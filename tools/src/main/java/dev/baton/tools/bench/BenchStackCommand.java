package dev.baton.tools.bench;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;
import dev.baton.tools.cli.Output;
import dev.baton.tools.cli.Table;
import dev.baton.tools.host.Cleanup;
import dev.baton.tools.host.Running;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code baton bench stack}: kernel TCP over a veth pair and Baton over a TUN device, loaded by the same client in turns, in one
 * table. Both servers stay up for all rounds; each figure comes from a load generator in a process of its own.
 */
@Command(
    name = "stack",
    description = {
        "Kernel and Baton side by side: throughput, latency, connections and requests per second, in one table.",
        "Makes two network namespaces and a TUN device, and removes them."})
public final class BenchStackCommand extends BatonCommand
{
    private static final int MAX_ROUNDS = 99;

    @Option(names = "--rounds", defaultValue = "3", paramLabel = "N", description = "Rounds; the table has medians (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "2", paramLabel = "N",
        description = "Seconds that are counted for each figure (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--no-offload", description = "Baton takes plain packets of the device's MTU, checksums in software.")
    private boolean noOffload;

    private final Running running = new Running();

    /** The verb. */
    public BenchStackCommand()
    {
    }

    @Override
    protected int run(final Output output) throws IOException, InterruptedException
    {
        if (rounds < 1 || rounds > MAX_ROUNDS)
        {
            throw usage("--rounds " + rounds + ": it must be from 1 to " + MAX_ROUNDS);
        }
        if (!(seconds > 0 && seconds <= 60))
        {
            throw usage("--seconds " + seconds + ": it must be more than 0 and at most 60");
        }
        final Samples samples = new Samples();
        try (Cleanup cleanup = new Cleanup(output::log))
        {
            final BenchNetwork network = cleanup.add(new BenchNetwork());
            network.make();
            cleanup.add(running);
            serve(network.inKernel(self("kernel", "--addr", BenchNetwork.KERNEL_ADDRESS)));
            serve(network.inClient(self(batonServer())));
            measure(network, samples, output);
        }
        show(samples, output);
        return ExitCodes.OK;
    }

    private String[] batonServer()
    {
        final List<String> arguments = new ArrayList<>(List.of("serve", "--tun", BenchNetwork.DEVICE,
            "--addr", BenchNetwork.BATON_ADDRESS, "--gw", BenchNetwork.GATEWAY));
        if (noOffload)
        {
            arguments.add("--no-offload");
        }
        return arguments.toArray(new String[0]);
    }

    /** A command line that is this program with a verb of {@code bench}. */
    private static List<String> self(final String... arguments)
    {
        final String launcher = System.getProperty("baton.launcher");
        if (launcher == null)
        {
            throw new CliError(ExitCodes.USAGE, "baton bench stack", "it starts this program again, and does not know the launcher",
                "call it through tools/baton");
        }
        final List<String> command = new ArrayList<>(List.of(launcher, "bench"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Start a server, and wait until it says that it serves. */
    private void serve(final List<String> command) throws IOException
    {
        final Process process = running.start("a server", new ProcessBuilder(command).redirectErrorStream(true));
        final BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        final StringBuilder said = new StringBuilder();
        String line = lines.readLine();
        while (line != null && !line.startsWith("serving"))
        {
            said.append(line).append(' ');
            line = lines.readLine();
        }
        if (line == null)
        {
            throw new CliError(ExitCodes.REFUSED, String.join(" ", command), "ended before it served: " + said,
                "run it by hand in a namespace with such a device to see why");
        }
    }

    private void measure(final BenchNetwork network, final Samples samples, final Output output)
        throws IOException, InterruptedException
    {
        for (int round = 1; round <= rounds; round++)
        {
            for (final LoadKind kind : LoadKind.all())
            {
                output.progress("round " + round + " of " + rounds + ": " + kind.title());
                samples.addKernel(kind, load(network, BenchNetwork.KERNEL_ADDRESS, kind));
                samples.addBaton(kind, load(network, BenchNetwork.BATON_ADDRESS, kind));
            }
        }
    }

    private double load(final BenchNetwork network, final String address, final LoadKind kind)
        throws IOException, InterruptedException
    {
        final List<String> command = network.inClient(
            self("load", "--json", "--to", address, "--seconds", String.valueOf(seconds), kind.title()));
        final Process process = running.start("a load generator", new ProcessBuilder(command).redirectErrorStream(true));
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0)
        {
            throw new CliError(ExitCodes.CHECK_FAILED, kind.title() + " against " + address, said.strip(), "repeat it by hand: " +
                String.join(" ", command));
        }
        final String document = said.lines().filter(line -> line.startsWith("{")).findFirst().orElse("{}");
        return ((Number)Json.parseObject(document).get("value")).doubleValue();
    }

    private void show(final Samples samples, final Output output)
    {
        final Table table = new Table("what", "unit", "kernel", "baton", "baton/kernel");
        final List<Map<String, Object>> results = new ArrayList<>();
        for (final LoadKind kind : LoadKind.all())
        {
            table.row(kind.title(), kind.unit(), figure(samples.kernelMedian(kind)), figure(samples.batonMedian(kind)),
                String.format(Locale.ROOT, "%.2f", samples.ratio(kind)));
            results.add(samples.describe(kind));
        }
        output.table(table);
        output.line("medians of " + rounds + " rounds; for pp50 less is better, for all others more");
        final Map<String, Object> machine = new TreeMap<>();
        machine.put("cpus", Runtime.getRuntime().availableProcessors());
        machine.put("java", Runtime.version().toString());
        machine.put("kernel", System.getProperty("os.version"));
        output.document(Map.of("machine", machine, "results", results));
    }

    private static String figure(final double value)
    {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }
}
