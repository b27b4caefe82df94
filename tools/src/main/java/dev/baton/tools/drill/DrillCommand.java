package dev.baton.tools.drill;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.drill.run.Drill;
import dev.baton.tools.drill.run.Mode;
import dev.baton.tools.drill.run.Profile;
import dev.baton.tools.drill.run.UnsupportedReason;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code baton drill}: scripts in packetdrill's language against the stack, in virtual time. */
@Command(
    name = "drill",
    description = {
        "Run conformance scripts (packetdrill language) against the stack, in virtual time.",
        "A script may name its profile in a comment: // profile: linux. Exit code 5 when one fails; what is not " +
        "supported has its reason and fails nothing."})
public final class DrillCommand extends BatonCommand
{
    private static final int MOST_JOBS = 64;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Scripts, or directories with *.pkt.")
    private List<Path> paths;

    @Option(names = "--profile", defaultValue = "linux", paramLabel = "NAME",
        description = "linux, freebsd or neutral: for scripts that name none (default ${DEFAULT-VALUE}).")
    private String profile;

    @Option(names = "--mode", defaultValue = "all", paramLabel = "MODE",
        description = "ipv4, ipv4-mapped-ipv6, ipv6 or all (default ${DEFAULT-VALUE}).")
    private String mode;

    @Option(names = {"-D", "--define"}, paramLabel = "S=V", description = "Replace a word in scripts.")
    private Map<String, String> definitions = Map.of();

    @Option(names = "--trace", paramLabel = "DIR", description = "Write a pcapng file of each run there.")
    private Path traces;

    @Option(names = "--jobs", paramLabel = "N", description = "Threads (default: one for each processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--surplus", defaultValue = "profiled", paramLabel = "WHEN",
        description = "fail: packets that a script does not ask for are a failure; profiled: of scripts that name a " +
        "profile only (default ${DEFAULT-VALUE}).")
    private String surplus;

    @Option(names = "--explain", description = "Say why scripts are unsupported, and what the reasons mean.")
    private boolean explain;

    @Option(names = "--allow-shell", description = "Run other commands than settings, each for 10 s at most.")
    private boolean allowShell;

    /** The verb. */
    public DrillCommand()
    {
    }

    @Override
    protected int run(final Output output) throws InterruptedException
    {
        final boolean surplusFails = "fail".equals(surplus);
        if (!surplusFails && !"profiled".equals(surplus))
        {
            throw usage("--surplus " + surplus + ": it is fail or profiled");
        }
        if (jobs < 1 || jobs > MOST_JOBS)
        {
            throw usage("--jobs " + jobs + ": 1 to " + MOST_JOBS + " threads");
        }
        final Drill drill = new Drill(
            constant(Profile.class, "--profile", profile), modes(), definitions, surplusFails, allowShell, directory());
        final DrillReport report = new DrillReport(DrillJobs.run(drill, ScriptFiles.find(paths), jobs));
        report.print(output, explain);
        if (explain)
        {
            output.line("Reasons for unsupported: " + String.join(", ",
                Arrays.stream(UnsupportedReason.values()).map(UnsupportedReason::text).toList()));
        }
        output.document(report.document());
        return report.hasFailures() ? ExitCodes.CHECK_FAILED : ExitCodes.OK;
    }

    private List<Mode> modes()
    {
        return "all".equals(mode) ? List.of(Mode.values()) : List.of(constant(Mode.class, "--mode", mode));
    }

    private <E extends Enum<E>> E constant(final Class<E> type, final String option, final String text)
    {
        for (final E value : type.getEnumConstants())
        {
            if (value.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text))
            {
                return value;
            }
        }
        throw usage(option + " " + text + ": there is no such value; see --help");
    }

    private Path directory()
    {
        try
        {
            return traces == null ? null : Files.createDirectories(traces);
        }
        catch (final IOException ex)
        {
            throw new CliError(
                ExitCodes.REFUSED, traces.toString(), "it cannot be made: " + ex.getMessage(), "name another directory", ex);
        }
    }
}
