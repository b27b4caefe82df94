package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.Rights;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where labs keep what belongs to them: journal, configuration files, certificates, sockets. Root's labs are below
 * {@code /run/baton}, which other users can pass through, as a node may run as one; other users' are below
 * {@code $XDG_RUNTIME_DIR/baton}, else {@code ~/.cache/baton/run}, else {@code /tmp/baton-UID/run}.
 */
public final class RunDirectories
{
    /** Longest path of a run directory: a Unix socket below it has to stay under the kernel's 108 bytes. */
    static final int MAX_BYTES = 70;

    private RunDirectories()
    {
    }

    /**
     * Where a lab of this user is, or would be.
     *
     * @param lab  its name.
     * @param mode root's labs and rootless ones are apart.
     * @return an absolute path; not made yet.
     */
    public static Path of(final String lab, final LabMode mode)
    {
        final int uid = Rights.current().uid();
        if (mode == LabMode.ROOT)
        {
            return Path.of("/run/baton", lab);
        }
        final String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (isUsable(runtime))
        {
            return Path.of(runtime, "baton", lab);
        }
        final String home = System.getenv("HOME");
        return isUsable(home) ? Path.of(home, ".cache/baton/run", lab) : Path.of("/tmp/baton-" + uid, "run", lab);
    }

    private static boolean isUsable(final String directory)
    {
        return directory != null && directory.startsWith("/") && Files.isWritable(Path.of(directory));
    }

    /**
     * Find the lab that a user means by its name: root's own or his rootless one.
     *
     * @param lab its name.
     * @return run directories that hold a journal.
     */
    public static List<Path> existing(final String lab)
    {
        return Stream.of(LabMode.values()).map(mode -> of(lab, mode)).filter(LabJournal::isIn).toList();
    }

    /**
     * Make a run directory, mode 0711: its subdirectories say who may look into them.
     *
     * @param directory to make; may exist when it is empty or a lab's.
     * @throws CliError when it cannot be made, or holds something else.
     */
    static void make(final Path directory)
    {
        if (directory.toString().length() > MAX_BYTES)
        {
            throw new CliError(ExitCodes.USAGE, "run directory " + directory, "longer than " + MAX_BYTES +
                " bytes, so sockets in it could not be bound", "give a shorter one with --run-dir");
        }
        try
        {
            Files.createDirectories(directory.getParent());
            if (!Files.isDirectory(directory))
            {
                Files.createDirectory(directory);
            }
            try (Stream<Path> entries = Files.list(directory))
            {
                if (!LabJournal.isIn(directory) && entries.findAny().isPresent())
                {
                    throw new CliError(ExitCodes.REFUSED, "run directory " + directory, "holds files that are not a lab's",
                        "give an empty or new directory with --run-dir");
                }
            }
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            requireOwn(directory.getParent());
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.REFUSED, "run directory " + directory, "cannot be made: " + ex,
                "give a writable directory with --run-dir", ex);
        }
    }

    /** The file by whose lock only one process at a time makes a lab. */
    static Path lockOf(final Path directory)
    {
        return directory.resolveSibling(directory.getFileName() + ".lock");
    }

    /** Is a process making the lab of this directory just now? */
    static boolean isLocked(final Path directory)
    {
        final Path file = lockOf(directory);
        if (!Files.exists(file))
        {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock())
        {
            return lock == null;
        }
        catch (final OverlappingFileLockException ex)
        {
            return true;
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "lock " + file, "cannot be opened: " + ex, "remove it", ex);
        }
    }

    static void removeLock(final Path directory)
    {
        try
        {
            Files.deleteIfExists(lockOf(directory));
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "lock " + lockOf(directory), "cannot be removed: " + ex, "remove it", ex);
        }
    }

    /** In /tmp another user could have made the parent first, and could then exchange what is below it. */
    private static void requireOwn(final Path parent) throws IOException
    {
        final int owner = (Integer)Files.getAttribute(parent, "unix:uid");
        if (owner != 0 && owner != Rights.current().uid())
        {
            throw new CliError(ExitCodes.REFUSED, "directory " + parent, "belongs to uid " + owner,
                "give a directory of your own with --run-dir");
        }
    }

    /**
     * Remove a lab's run directory with all that is in it.
     *
     * @param directory that holds a journal; anything else stays.
     * @throws CliError when something in it cannot be removed.
     */
    static void remove(final Path directory)
    {
        if (!LabJournal.isIn(directory))
        {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory))
        {
            final Path journal = LabJournal.fileIn(directory);
            final List<Path> paths = new ArrayList<>(tree.sorted(Comparator.reverseOrder()).toList());
            paths.remove(journal);
            paths.remove(directory);
            // The journal goes last, so that an interrupted removal can be repeated.
            paths.add(journal);
            paths.add(directory);
            for (final Path path : paths)
            {
                Files.deleteIfExists(path);
            }
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "run directory " + directory, "cannot be removed: " + ex,
                "remove what is named there and repeat 'baton lab down'", ex);
        }
    }
}
