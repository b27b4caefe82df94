package dev.baton.tools.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * What /proc says of processes and the namespaces they are in. A process that has ended meanwhile, or that is another user's, is
 * simply not there.
 */
final class ProcFs
{
    /** Kinds of namespaces, as their links are called. */
    static final String NET = "net";
    static final String USER = "user";

    private static final long NONE = -1;

    private ProcFs()
    {
    }

    /** Inode of a process's namespace; -1 when it cannot be read. */
    static long namespace(final long pid, final String kind)
    {
        return inode(Path.of("/proc", Long.toString(pid), "ns", kind));
    }

    /** Inode of a namespace's file, followed through links; -1 when there is none. */
    static long inode(final Path file)
    {
        try
        {
            return (Long)Files.getAttribute(file, "unix:ino");
        }
        catch (final IOException ex)
        {
            return NONE;
        }
    }

    /** When a process started, in ticks since boot: with its pid, this names it for ever. -1 when it is gone. */
    static long startTicks(final long pid)
    {
        try
        {
            final String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name, in brackets, may hold blanks and brackets; after it comes field 3.
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return "Z".equals(fields[0]) ? NONE : Long.parseLong(fields[22 - 3]);
        }
        catch (final IOException ex)
        {
            return NONE;
        }
    }

    /** Does a process of this user have a variable in its environment? */
    static boolean hasEnvironment(final long pid, final String assignment)
    {
        try
        {
            final Path environment = Path.of("/proc", Long.toString(pid), "environ");
            return ("\0" + Files.readString(environment, StandardCharsets.ISO_8859_1)).contains("\0" + assignment + "\0");
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /** All processes but this one that fit. */
    static LongStream processes(final LongPredicate fits)
    {
        final long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses().mapToLong(ProcessHandle::pid).filter(pid -> pid != self).filter(fits);
    }
}
