package dev.baton.tools.doctor;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.Colour;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.host.Rights;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code baton doctor}: a line per check, with the command that mends what is wrong.
 */
@Command(name = "doctor", description = "Look at this machine: each line ok, warn or fail, with the command that mends it. " +
    "Exit code 5 when something fails.")
public final class DoctorCommand extends BatonCommand
{
    @Option(names = "--fix", description = "Mend what can be mended: as root run the commands shown, and remove leftover labs.")
    private boolean fix;

    @Override
    protected int run(final Output output)
    {
        List<Diagnosis> report = examine();
        if (fix)
        {
            final boolean isRoot = Rights.current().uid() == 0;
            final long mended = report.stream()
                .filter(diagnosis -> diagnosis.level() != Diagnosis.Level.OK)
                .filter(diagnosis -> Mender.mend(diagnosis, isRoot, output))
                .count();
            report = mended > 0 ? examine() : report;
        }
        report.forEach(diagnosis -> show(diagnosis, output));
        final boolean ok = report.stream().noneMatch(diagnosis -> diagnosis.level() == Diagnosis.Level.FAIL);
        output.document(Map.of("ok", ok, "checks", report.stream().map(DoctorCommand::document).toList()));
        return ok ? ExitCodes.OK : ExitCodes.CHECK_FAILED;
    }

    private static List<Diagnosis> examine()
    {
        return Checks.all().stream().map(Supplier::get).toList();
    }

    private static void show(final Diagnosis diagnosis, final Output output)
    {
        final Colour colour = switch (diagnosis.level())
        {
            case OK -> Colour.GREEN;
            case WARN -> Colour.YELLOW;
            case FAIL -> Colour.RED;
        };
        output.line(output.paint(colour, String.format("%-4s", level(diagnosis))) + "  " +
            String.format("%-17s", diagnosis.id()) + diagnosis.text());
        if (!diagnosis.mend().isEmpty())
        {
            output.line(" ".repeat(23) + diagnosis.mend());
        }
    }

    private static Map<String, Object> document(final Diagnosis diagnosis)
    {
        return Map.of(
            "id", diagnosis.id(),
            "ok", diagnosis.level() != Diagnosis.Level.FAIL,
            "level", level(diagnosis),
            "evidence", diagnosis.text(),
            "mend", diagnosis.mend());
    }

    private static String level(final Diagnosis diagnosis)
    {
        return diagnosis.level().name().toLowerCase(Locale.ROOT);
    }
}
