package dev.baton.tools.drill.run;

import dev.baton.stack.StackContext;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shell commands of scripts. {@code sysctl} and the usual scripts of defaults set options of the stack, as long as it
 * has not been
 * built; {@code sleep} lets virtual time pass. Anything else is run only when the user allows it, and not for ever.
 */
final class ShellCommands
{
    private static final long LONGEST_S = 10;
    private static final Pattern DEFAULTS = Pattern.compile("(?:\\S*/)?(?:defaults|tcp_defaults|set_defaults)\\.(?:sh|py)");
    private static final Pattern WITHOUT_EFFECT = Pattern.compile(
        "(?:true|:|#.*|sync|ethtool .*|tc qdisc .*|ip tcp_metrics .*|nstat -n.*|ip link set dev tun0 .*|wait)");
    private static final Pattern SET_SYSCTLS = Pattern.compile("(?:\\S*/)?(?:set_sysctls\\.py|sysctl)\\s+(.*)", Pattern.DOTALL);
    private static final Pattern ASSIGNMENT = Pattern.compile("([\\w./]+)\\s*=\\s*(\"[^\"]*\"|'[^']*'|\\S+)");
    private static final Pattern ECHO = Pattern.compile("echo\\s+(?:-n\\s+)?(.*?)\\s*>\\s*/proc/sys/(\\S+)");
    private static final Pattern SLEEP = Pattern.compile("sleep\\s+([\\d.]+)");

    private final StackContext context;
    private final boolean allowed;
    private final String script;

    ShellCommands(final StackContext context, final boolean allowed, final String script)
    {
        this.context = context;
        this.allowed = allowed;
        this.script = script;
    }

    /**
     * Run.
     *
     * @param command lines, each a command; {@code &&} and {@code ;} separate commands too.
     * @param early   may settings still change?
     * @return how long it sleeps, in microseconds.
     */
    long run(final String command, final boolean early)
    {
        long sleepUs = 0;
        for (final String line : command.replace("\\\n", " ").split("\n|&&|;"))
        {
            final String one = line.strip();
            final Matcher sleep = SLEEP.matcher(one);
            if (sleep.matches())
            {
                sleepUs += (long)(Double.parseDouble(sleep.group(1)) * 1_000_000);
            }
            else if (!one.isEmpty() && !DEFAULTS.matcher(one).matches() && !WITHOUT_EFFECT.matcher(one).matches() &&
                !isSetting(one, early))
            {
                outside(one);
            }
        }
        return sleepUs;
    }

    private boolean isSetting(final String command, final boolean early)
    {
        final Matcher echo = ECHO.matcher(command);
        if (echo.matches())
        {
            set(echo.group(2), echo.group(1), early);
            return true;
        }
        final Matcher settings = SET_SYSCTLS.matcher(command);
        if (!settings.matches())
        {
            return false;
        }
        // An option of sysctl, or a redirection, is none of its settings; a value in quotes may follow or surround the name.
        final String list = settings.group(1).replaceAll("[0-9]?>+\\s*\\S+", "").replaceAll("(?<=^|\\s)-\\w+", "");
        final Matcher assignment = ASSIGNMENT.matcher(list.replaceAll("(?<=^|\\s)\"([\\w./]+)=([^\"]*)\"", "$1=\"$2\""));
        boolean found = false;
        while (assignment.find())
        {
            set(assignment.group(1), assignment.group(2), early);
            found = true;
        }
        return found;
    }

    private void set(final String name, final String value, final boolean early)
    {
        if (!early)
        {
            throw new UnsupportedScript(UnsupportedReason.LATE_SYSCTL, name);
        }
        Sysctls.set(context, name, value);
    }

    private void outside(final String command)
    {
        if (!allowed)
        {
            throw new UnsupportedScript(UnsupportedReason.SHELL_COMMAND, command);
        }
        try
        {
            final Path directory = Path.of(script).toAbsolutePath().getParent();
            final Process process = new ProcessBuilder("/bin/sh", "-c", command).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS))
            {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new ScriptFailure("`" + command + "` has not ended after " + LONGEST_S + " s");
            }
            if (process.exitValue() != 0)
            {
                throw new ScriptFailure("`" + command + "` has ended with " + process.exitValue());
            }
        }
        catch (final IOException ex)
        {
            throw new ScriptFailure("`" + command + "` cannot be run: " + ex.getMessage());
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new ScriptFailure("`" + command + "` was interrupted");
        }
    }
}
