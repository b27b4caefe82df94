package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.ProcessRunner;
import dev.baton.tools.host.Programs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/**
 * Takes labs away: ends what runs in their namespaces, then removes the namespaces, and with them every device, address and
 * route. Works from names and journals, so it does not matter how far the lab had come.
 */
final class LabSweeper
{
    private static final Path NETNS = Path.of("/run/netns");
    private static final String MAKER = "BATON_LAB_MAKER";
    private static final int TERM_S = 2;
    private static final int ROUNDS = 10;

    private LabSweeper()
    {
    }

    /** Namespaces of root's lab that exist, by their names. */
    static List<String> namespaces(final String lab)
    {
        final List<String> names = new ArrayList<>();
        if (Files.isDirectory(NETNS))
        {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(NETNS, LabPlan.prefix(lab) + "*"))
            {
                entries.forEach(entry -> names.add(entry.getFileName().toString()));
            }
            catch (final IOException ex)
            {
                throw new IllegalStateException(NETNS + ": cannot be listed", ex);
            }
        }
        names.sort(null);
        return names;
    }

    /** Inode of a namespace of root's lab; -1 when there is none. */
    static long inode(final String namespace)
    {
        return ProcFs.inode(NETNS.resolve(namespace));
    }

    /** Environment of every program that helps to make a lab: what outlives a maker that was killed is found by it. */
    static Map<String, String> makerMark(final Path directory)
    {
        return Map.of(MAKER, directory.toString());
    }

    /** End the helpers of a maker that was killed, before they make more. */
    static void sweepMakers(final Path directory)
    {
        end(pid -> ProcFs.hasEnvironment(pid, MAKER + "=" + directory));
    }

    /** Remove root's lab by the prefix of its names. */
    static void sweepRoot(final String lab)
    {
        final List<String> namespaces = namespaces(lab);
        if (namespaces.isEmpty())
        {
            return;
        }
        final Set<Long> inodes = new HashSet<>();
        namespaces.forEach(namespace -> inodes.add(inode(namespace)));
        inodes.remove(-1L);
        inodes.remove(ProcFs.namespace(ProcessHandle.current().pid(), ProcFs.NET));
        end(pid -> inodes.contains(ProcFs.namespace(pid, ProcFs.NET)));
        final List<String> lines = namespaces.stream().map("netns del "::concat).toList();
        final ProcessRunner.Result result = ProcessRunner.run(
            List.of(Programs.require("ip"), "-force", "-batch", "-"), String.join("\n", lines) + "\n");
        final List<String> left = namespaces(lab);
        if (!left.isEmpty())
        {
            throw new CliError(ExitCodes.INTERNAL, "lab " + lab,
                "namespaces cannot be removed: " + left + ": " + result.firstLine(), "ip netns del NAME, as root");
        }
    }

    /**
     * Remove a rootless lab. While its holder lives, all that is in the holder's user namespace belongs to the lab. Once it is
     * dead, that inode may have been given to another, so a process must also be in one of the lab's network namespaces.
     */
    static void sweepRootless(final LabJournal journal, final Path directory)
    {
        final LabHolder holder = journal.holder();
        final String mark = LabHolder.MARK + "=" + directory;
        if (holder == null)
        {
            end(pid -> ProcFs.hasEnvironment(pid, mark));
        }
        else if (holder.isAlive())
        {
            end(pid -> ProcFs.namespace(pid, ProcFs.USER) == holder.userNamespace() && pid != holder.pid());
            end(pid -> pid == holder.pid() && holder.isAlive());
        }
        else
        {
            final Set<Long> inodes = new HashSet<>(journal.inodes().values());
            end(pid -> ProcFs.namespace(pid, ProcFs.USER) == holder.userNamespace() &&
                inodes.contains(ProcFs.namespace(pid, ProcFs.NET)));
        }
    }

    /** End all processes that fit: TERM, and KILL after two seconds; again for what they started meanwhile. */
    private static void end(final LongPredicate fits)
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final Map<Long, Long> startTicks = new HashMap<>();
            ProcFs.processes(fits).forEach(pid -> startTicks.put(pid, ProcFs.startTicks(pid)));
            startTicks.values().removeIf(ticks -> ticks < 0);
            if (startTicks.isEmpty())
            {
                return;
            }
            signal(startTicks, false);
            await(startTicks);
            signal(startTicks, true);
            await(startTicks);
        }
    }

    private static void signal(final Map<Long, Long> processes, final boolean kill)
    {
        for (final Map.Entry<Long, Long> process : processes.entrySet())
        {
            final long pid = process.getKey();
            if (ProcFs.startTicks(pid) == process.getValue())
            {
                ProcessHandle.of(pid).map(handle -> kill ? handle.destroyForcibly() : handle.destroy());
            }
        }
    }

    /** Until all have ended, at most two seconds. A zombie has ended: ProcessHandle.onExit would wait for its parent. */
    private static void await(final Map<Long, Long> processes)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TERM_S);
        while (processes.entrySet().stream().anyMatch(entry -> ProcFs.startTicks(entry.getKey()) == entry.getValue()) &&
            System.nanoTime() - deadlineNs < 0)
        {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
