package dev.baton.tools.sim;

import dev.baton.stack.sim.PcapngTap;
import dev.baton.stack.sim.campaign.Campaign;
import dev.baton.stack.sim.campaign.Verdict;
import dev.baton.stack.trace.PcapngWriter;
import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.Colour;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code baton sim}: random worlds in virtual time with every invariant checked after every event; for a failure its seed, the
 * event, and the command that shows it again.
 */
@Command(name = "sim", description = "Simulation campaigns in virtual time: random hosts, paths, traffic, faults and moves, with " +
    "all invariants checked after every event. Exit code 5 when a seed fails.")
public final class SimCommand extends BatonCommand
{
    private static final long DEFAULT_SEEDS = 1_000;
    private static final int MAX_JOBS = 256;

    @Option(names = "--seeds", paramLabel = "N", description = "How many seeds (default 1000; 1 with --seed).")
    private Long seeds;

    @Option(names = "--seed", paramLabel = "S", description = "The first seed (default 1).")
    private Long seed;

    @Option(names = "--without", paramLabel = "PART", split = ",",
        description = "Leave out faults (x1), flows (f0) or the faults of a path (p0-1) of one seed, as a failure suggests.")
    private List<String> without = List.of();

    @Option(names = "--trace", paramLabel = "FILE.pcapng",
        description = "Write what one seed sends to a capture; its comments tell faults, moves and their events.")
    private Path trace;

    @Option(names = "--jobs", paramLabel = "N", description = "Threads (default: one per processor).")
    private Integer jobs;

    @Override
    protected int run(final Output output) throws Exception
    {
        final long count = seeds != null ? seeds : seed != null ? 1 : DEFAULT_SEEDS;
        final int threads = jobs != null ? jobs : Runtime.getRuntime().availableProcessors();
        if (count < 1 || threads < 1 || threads > MAX_JOBS)
        {
            throw usage("--seeds " + count + " and --jobs " + threads + ": take 1 seed or more, and 1 to " + MAX_JOBS +
                " jobs");
        }
        if (count == 1)
        {
            return one(output, seed == null ? 1 : seed);
        }
        if (trace != null || !without.isEmpty())
        {
            throw usage("--trace and --without are for one seed; give --seed S and no --seeds");
        }
        return many(output, seed == null ? 1 : seed, count, threads);
    }

    private int one(final Output output, final long which) throws IOException
    {
        Campaign.describe(which).forEach(output::line);
        final Verdict verdict = replay(which);
        final SeedRunner.Failure failure = verdict.ok() ? null :
            new SeedRunner.Failure(verdict, without.isEmpty() ? Campaign.shrink(verdict) : verdict);
        show(output, failure == null ? List.of() : List.of(failure));
        output.line(output.paint(verdict.ok() ? Colour.GREEN : Colour.RED, verdict.ok() ? "ok" : "failed") + "    hash " +
            Long.toHexString(verdict.hash()) + ", " + verdict.events() + " events, " + verdict.segments() + " segments, " +
            verdict.moves() + " moves, " + verdict.virtualNs() / 1_000_000_000L + " s of virtual time");
        final Map<String, Object> members = document(1, failure == null ? List.of() : List.of(failure), verdict.ok() ? 0 : 1);
        members.put("hash", Long.toHexString(verdict.hash()));
        members.put("events", verdict.events());
        members.put("segments", verdict.segments());
        members.put("moves", verdict.moves());
        members.put("virtual_ms", verdict.virtualNs() / 1_000_000L);
        output.document(members);
        return verdict.ok() ? ExitCodes.OK : ExitCodes.CHECK_FAILED;
    }

    private Verdict replay(final long which)
    {
        try
        {
            if (trace == null)
            {
                return Campaign.run(which, without, null);
            }
            try (PcapngWriter writer = PcapngWriter.open(trace))
            {
                return Campaign.run(which, without, new PcapngTap(writer));
            }
        }
        catch (final IllegalArgumentException unknown)
        {
            throw usage(unknown.getMessage());
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.USAGE, trace.toString(), "the capture cannot be written: " + ex.getMessage(),
                "name a file in a directory that you may write to", ex);
        }
    }

    private static int many(final Output output, final long first, final long count, final int threads)
        throws InterruptedException
    {
        final long startNs = System.nanoTime();
        final SeedRunner runner = new SeedRunner(first, count);
        final ProgressBar bar = new ProgressBar(count);
        runner.run(threads, () ->
        {
            bar.show(runner.done(), runner.failed());
            return true;
        });
        bar.clear();
        final long elapsedMs = (System.nanoTime() - startNs) / 1_000_000L;
        show(output, runner.failures());
        output.line(runner.done() + " seeds, " + runner.failed() + " failed; " + runner.events() + " events, " +
            runner.segments() + " segments, " + runner.moves() + " moves, " + runner.virtualNs() / 3_600_000_000_000L +
            " h of virtual time in " + elapsedMs / 1000 + " s on " + threads + " threads");
        final Map<String, Object> members = document(count, runner.failures(), runner.failed());
        members.put("events", runner.events());
        members.put("segments", runner.segments());
        members.put("moves", runner.moves());
        members.put("virtual_ms", runner.virtualNs() / 1_000_000L);
        members.put("elapsed_ms", elapsedMs);
        members.put("jobs", threads);
        output.document(members);
        return runner.failed() == 0 ? ExitCodes.OK : ExitCodes.CHECK_FAILED;
    }

    private static void show(final Output output, final List<SeedRunner.Failure> failures)
    {
        for (final SeedRunner.Failure failure : failures)
        {
            final Verdict verdict = failure.verdict();
            output.line(output.paint(Colour.RED, "fail") + "  seed " + verdict.seed() + ", cut at event " + verdict.events() +
                ": " + verdict.message());
            output.line("      " + verdict.replay());
            if (!failure.smallest().without().equals(verdict.without()))
            {
                output.line("      smaller, cut at event " + failure.smallest().events() + ": " +
                    failure.smallest().replay());
            }
        }
    }

    private static Map<String, Object> document(
        final long count, final List<SeedRunner.Failure> failures, final long failed)
    {
        final Map<String, Object> members = new LinkedHashMap<>();
        members.put("ok", failed == 0);
        members.put("seeds", count);
        members.put("failed", failed);
        members.put("failures", failures.stream().map(SimCommand::document).toList());
        return members;
    }

    private static Map<String, Object> document(final SeedRunner.Failure failure)
    {
        final Verdict verdict = failure.verdict();
        return Map.of(
            "seed", verdict.seed(),
            "cut", verdict.events(),
            "invariant", verdict.invariant(),
            "message", verdict.message(),
            "replay", verdict.replay(),
            "smallest", failure.smallest().replay(),
            "smallest_cut", failure.smallest().events());
    }
}
