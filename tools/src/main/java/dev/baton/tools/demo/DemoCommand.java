package dev.baton.tools.demo;

import dev.baton.tools.Installation;
import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.Colour;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.cli.Table;
import dev.baton.tools.host.Programs;
import dev.baton.tools.host.Rights;
import dev.baton.tools.lab.LabMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code baton demo [early]}: live early handoffs in a lab of its own, seen from outside, and what they prove.
 */
@Command(
    name = "demo",
    description = "Show live handoffs: a lab, real nodes, 100 requests of the machine's own curl, captures outside " +
    "the nodes, and a verdict on each behaviour of an early handoff. Cleans up. Exit code 5 when a check fails.")
public final class DemoCommand extends BatonCommand
{
    /** What can be shown. */
    public enum Scene
    {
        /** Early handoff by replay, with rewriting. */
        early
    }

    @Parameters(arity = "0..1", defaultValue = "early", description =
        "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Scene scene;

    @Option(names = "--rootless", description = "As an ordinary user, in namespaces of his own.")
    private boolean rootless;

    @Option(names = "--keep", paramLabel = "DIR", description = "Leave captures and the nodes' logs there.")
    private Path keep;

    @Option(names = "--module", paramLabel = "JAR", hidden = true, description = "The handoff module to show.")
    private Path module;

    /** The noun. */
    public DemoCommand()
    {
    }

    @Override
    protected int run(final Output output) throws IOException, InterruptedException
    {
        List.of("curl", "tcpdump", "ip").forEach(Programs::require);
        if (!rootless && !Rights.current().canMakeNamespaces())
        {
            throw new CliError(ExitCodes.REFUSED, "demo", "making network namespaces needs root",
                "sudo baton demo, or baton demo --rootless");
        }
        final DemoResult result = new EarlyDemo(
            rootless ? LabMode.ROOTLESS : LabMode.ROOT,
            (module == null ? Installation.earlyModule() : module).toAbsolutePath(), keep, output::log).run();
        print(output, result);
        output.document(result.document());
        return result.isOk() ? ExitCodes.OK : ExitCodes.CHECK_FAILED;
    }

    private static void print(final Output output, final DemoResult result)
    {
        output.line("");
        output.line(output.paint(Colour.BOLD, "One handoff, as the captures saw it"));
        Timeline.of(result.evidence()).lines().forEach(output::line);
        output.line("");
        output.line(output.paint(Colour.BOLD,
            "What curl got and what the files are (SHA-256; one line of each size and server)"));
        output.table(digests(result));
        output.line("");
        output.line(output.paint(Colour.BOLD, "P01 to P28"));
        result.behaviours().forEach(check -> verdict(output, check));
        output.line("");
        output.line(output.paint(Colour.BOLD, "Beyond them"));
        result.invariants().forEach(check -> verdict(output, check));
        output.line("");
        final long failed = result.behaviours().stream().filter(check -> !check.ok()).count() +
            result.invariants().stream().filter(check -> !check.ok()).count();
        output.line(output.paint(result.isOk() ? Colour.GREEN : Colour.RED, result.isOk() ? "all hold" :
            failed + " do not hold") +
            ": " + result.evidence().fetches().size() + " requests of " +
            result.curlVersion().split(" \\(")[0] + " on " +
            result.evidence().trace().connections().size() + " connections, " + result.evidence().handoffs().size() +
            " of them handed off, in " + result.tookMs() / 1000 + " s");
    }

    private static void verdict(final Output output, final Check check)
    {
        output.line((check.ok() ? output.paint(Colour.GREEN, "ok   ") : output.paint(Colour.RED, "FAIL ")) +
            check.id() + "  " +
            check.evidence());
    }

    private static Table digests(final DemoResult result)
    {
        final Table table = new Table("Bytes", "Server", "Requests", "curl", "file", "");
        result.evidence().fetches().stream()
            .filter(fetch -> !fetch.head())
            .collect(Collectors.groupingBy(
                fetch -> List.of(fetch.file(), fetch.server(), fetch.sha256()), LinkedHashMap::new,
                Collectors.toList()))
            .values().stream()
            .sorted(Comparator.<List<Fetch>>comparingLong(same -> same.get(0).bytes()))
            .forEach(same -> table.row(same.get(0).bytes(), same.get(0).server(), same.size(),
            brief(same.get(0).sha256()),
                brief(same.get(0).file()), same.stream().allMatch(Fetch::isOk) ? "same" : "DIFFERENT"));
        return table;
    }

    private static String brief(final String sha256)
    {
        return sha256.isEmpty() ? "nothing" : sha256;
    }
}
