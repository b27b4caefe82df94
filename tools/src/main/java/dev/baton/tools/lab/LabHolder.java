package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.Programs;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The process that holds a rootless lab: it sleeps inside a user, network and mount namespace of its own, with an empty
 * {@code /run} for ip-netns(8). Everything of the lab is below its user namespace, and vanishes with the last process in it.
 *
 * @param pid           of the holder.
 * @param startTicks    when it started; with the pid, a name that is never used again.
 * @param userNamespace inode of its user namespace.
 */
record LabHolder(long pid, long startTicks, long userNamespace)
{
    /** In the holder's environment: run directory of its lab. Finds a holder whose journal was lost. */
    static final String MARK = "BATON_LAB_HOLDER";

    private static final int READY_S = 10;

    /** A run directory below /run stays visible under the empty one: it is bound to its old place by its open descriptor. */
    private static final String SCRIPT = """
        set -e
        exec 9<"$1"
        mount -t tmpfs tmpfs /run
        mkdir -p /run/netns
        case $1 in
            /run/*) mkdir -p "$1"; mount --no-canonicalize --bind /proc/self/fd/9 "$1" ;;
        esac
        exec 9<&-
        echo ready
        exec >/dev/null
        exec sleep infinity""";

    /** Program and arguments, as a person would type them. */
    static List<String> command(final Path directory)
    {
        return List.of("setsid", "unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c", SCRIPT,
            "baton-lab-holder", directory.toString());
    }

    /** Start the holder of a lab; journalled before it is known to be ready. */
    static LabHolder start(final Path directory, final LabJournal journal)
    {
        final List<String> command = new ArrayList<>(command(directory));
        command.set(0, Programs.require("setsid"));
        command.set(1, Programs.require("unshare"));
        final Path log = directory.resolve("holder.log");
        final ProcessBuilder builder = new ProcessBuilder(command)
            .redirectInput(new File("/dev/null")).redirectError(log.toFile());
        builder.environment().put(MARK, directory.toString());
        try
        {
            final Process process = builder.start();
            CompletableFuture.delayedExecutor(READY_S, TimeUnit.SECONDS).execute(() -> killUnlessReady(process, directory));
            final BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
            final boolean ready = "ready".equals(reader.readLine());
            if (!ready)
            {
                process.destroyForcibly();
                throw new CliError(ExitCodes.REFUSED, "rootless lab", "its namespaces cannot be made: " +
                    Files.readString(log).strip(), "baton doctor");
            }
            final LabHolder holder = new LabHolder(process.pid(), ProcFs.startTicks(process.pid()),
                ProcFs.namespace(process.pid(), ProcFs.USER));
            journal.append("holder " + holder.pid + " " + holder.startTicks + " " + holder.userNamespace);
            return holder;
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "rootless lab", "its holder cannot be started: " + ex.getMessage(),
                "baton doctor", ex);
        }
    }

    private static void killUnlessReady(final Process process, final Path directory)
    {
        if (process.isAlive() && (!LabJournal.isIn(directory) || new LabJournal(directory).holder() == null))
        {
            process.destroyForcibly();
        }
    }

    static LabHolder parse(final String line)
    {
        final String[] words = line.split(" ");
        return new LabHolder(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    boolean isAlive()
    {
        return ProcFs.startTicks(pid) == startTicks;
    }

    /** What a command is prefixed with to run inside, as root of the lab. */
    List<String> entry()
    {
        return List.of(Programs.require("nsenter"), "--target", Long.toString(pid), "--user", "--net", "--mount",
            "--preserve-credentials", "--");
    }
}
