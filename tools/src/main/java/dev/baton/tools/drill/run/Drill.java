package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.Position;
import dev.baton.tools.drill.script.Script;
import dev.baton.tools.drill.script.ScriptException;
import dev.baton.tools.drill.script.ScriptParser;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Runs one script after another, each over a stack of its own, in virtual time: the same script has the same verdict
 * every time. Any
 * number of threads may use one; it keeps nothing.
 *
 * @param profile      when a script names none.
 * @param modes        in which scripts are run, as far as they allow.
 * @param definitions  words to be replaced in scripts.
 * @param surplusFails are packets that a script does not ask for a failure, also when it names no profile?
 * @param allowShell   may scripts run commands?
 * @param traces       directory for a capture of each run; null for none.
 */
public record Drill(
    Profile profile,
    List<Mode> modes,
    Map<String, String> definitions,
    boolean surplusFails,
    boolean allowShell,
    Path traces)
{
    /**
     * Run a script in all modes.
     *
     * @param path of it.
     * @return a verdict for each mode that the script allows; one when it cannot be read.
     */
    public List<Verdict> run(final Path path)
    {
        final List<Verdict> verdicts = new ArrayList<>();
        for (final Mode mode : modes)
        {
            try
            {
                final Set<String> conditions = Set.of(mode == Mode.IPV6 ? "IPv6" : "IPv4", mode.name());
                final Script script = ScriptParser.parse(path, definitions, conditions);
                if (allows(script, mode))
                {
                    verdicts.add(run(script, mode));
                }
            }
            catch (final ScriptException ex)
            {
                final Position at = ex.position();
                verdicts.add(new Verdict(path.toString(), mode, profile, Verdict.Kind.FAIL,
                    at.line(), ex.getMessage(), null, null));
                return verdicts;
            }
        }
        return verdicts;
    }

    private static boolean allows(final Script script, final Mode mode)
    {
        if (script.name().endsWith("-v4.pkt") && mode == Mode.IPV6 || script.name().endsWith("-v6.pkt") && mode != Mode.IPV6)
        {
            return false;
        }
        for (final Script.Option option : script.options())
        {
            if ("ip_version".equals(option.name()) && !option.value().replace('_', '-').equals(mode.text()))
            {
                return false;
            }
        }
        return true;
    }

    private Verdict run(final Script script, final Mode mode)
    {
        final Profile used =
            script.profile() == null ? profile : Profile.valueOf(script.profile().toUpperCase(Locale.ROOT));
        final DrillOptions options = new DrillOptions(script, new HashMap<>(), true);
        final Trace trace = Trace.to(traces == null ? null : traces.resolve(fileName(script.name(), mode)));
        ScriptRun run = null;
        try
        {
            run = new ScriptRun(script, mode, used, options, allowShell, trace);
            run.run(surplusFails || script.profile() != null);
            return new Verdict(script.name(), mode, used, Verdict.Kind.PASS, 0, null, null, null);
        }
        catch (final ScriptFailure ex)
        {
            return new Verdict(script.name(), mode, used, Verdict.Kind.FAIL, line(run), ex.getMessage(),
                ex.expected() == null ? text(run) : ex.expected(), ex.actual());
        }
        catch (final UnsupportedScript ex)
        {
            return new Verdict(
                script.name(), mode, used, Verdict.Kind.UNSUPPORTED, line(run), ex.getMessage(), text(run), null);
        }
        catch (final RuntimeException ex)
        {
            // One script must not end the others; that it is no fault of the script is said.
            return new Verdict(script.name(), mode, used, Verdict.Kind.FAIL, line(run),
                "the runner has failed: " + ex, text(run), null);
        }
        finally
        {
            trace.close();
        }
    }

    private static String fileName(final String script, final Mode mode)
    {
        return script.replaceAll("^[./]+", "").replaceAll("[^\\w.-]", "_") + "." + mode.text() + ".pcapng";
    }

    private static int line(final ScriptRun run)
    {
        return run == null || run.event() == null ? 1 : run.event().at().line();
    }

    private static String text(final ScriptRun run)
    {
        return run == null || run.event() == null ? null : run.event().text();
    }
}
