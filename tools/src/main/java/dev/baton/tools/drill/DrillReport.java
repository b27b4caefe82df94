package dev.baton.tools.drill;

import dev.baton.tools.cli.Output;
import dev.baton.tools.cli.Table;
import dev.baton.tools.drill.run.Profile;
import dev.baton.tools.drill.run.Verdict;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What users and programs are told of verdicts. */
final class DrillReport
{
    private final List<Verdict> verdicts;

    DrillReport(final List<Verdict> verdicts)
    {
        this.verdicts = verdicts;
    }

    boolean hasFailures()
    {
        return count(Verdict.Kind.FAIL) > 0;
    }

    private long count(final Verdict.Kind kind)
    {
        return verdicts.stream().filter((verdict) -> verdict.kind() == kind).count();
    }

    /** Failures with what was expected, a summary by directory, and with {@code explain} what is unsupported. */
    void print(final Output output, final boolean explain)
    {
        for (final Verdict verdict : verdicts)
        {
            if (verdict.kind() == Verdict.Kind.FAIL || explain && verdict.kind() == Verdict.Kind.UNSUPPORTED)
            {
                print(output, verdict);
            }
        }
        final Map<String, long[]> byDirectory = new TreeMap<>();
        for (final Verdict verdict : verdicts)
        {
            final Path directory = Path.of(verdict.script()).getParent();
            byDirectory.computeIfAbsent(directory == null ? "." : directory.toString(),
                (key) -> new long[Verdict.Kind.values().length])[verdict.kind().ordinal()]++;
        }
        final Table table = new Table("Directory", "Pass", "Fail", "Unsupported");
        byDirectory.forEach((directory, counts) -> table.row(directory, counts[0], counts[1], counts[2]));
        if (byDirectory.size() > 1)
        {
            table.row("all", count(Verdict.Kind.PASS), count(Verdict.Kind.FAIL), count(Verdict.Kind.UNSUPPORTED));
        }
        output.table(table);
    }

    private static void print(final Output output, final Verdict verdict)
    {
        output.line(verdict.kind().name().toLowerCase(Locale.ROOT) + " " + verdict.script() + ":" + verdict.line() + " (" +
            verdict.mode().text() + ", " + name(verdict.profile()) + "): " + verdict.reason());
        if (verdict.expected() != null)
        {
            output.line("  expected  " + verdict.expected());
        }
        if (verdict.actual() != null)
        {
            output.line("  actual    " + verdict.actual());
        }
    }

    private static String name(final Profile profile)
    {
        return profile.name().toLowerCase(Locale.ROOT);
    }

    /** The document for programs. */
    Map<String, Object> document()
    {
        final Map<String, Object> summary = new TreeMap<>();
        for (final Verdict.Kind kind : Verdict.Kind.values())
        {
            summary.put(kind.name().toLowerCase(Locale.ROOT), count(kind));
        }
        final List<Map<String, Object>> results = new ArrayList<>();
        verdicts.forEach((verdict) -> results.add(record(verdict)));
        final Map<String, Object> document = new TreeMap<>();
        document.put("summary", summary);
        document.put("results", results);
        return document;
    }

    private static Map<String, Object> record(final Verdict verdict)
    {
        final Map<String, Object> record = new TreeMap<>();
        record.put("script", verdict.script());
        record.put("mode", verdict.mode().text());
        record.put("profile", name(verdict.profile()));
        record.put("cut", null);
        record.put("cuts_run", 0);
        record.put("verdict", verdict.kind().name().toLowerCase(Locale.ROOT));
        record.put("line", verdict.line() == 0 ? null : verdict.line());
        record.put("reason", verdict.reason());
        record.put("expected", verdict.expected());
        record.put("actual", verdict.actual());
        return record;
    }
}
