package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where a node keeps its socket: a directory with mode 0700. A lock in it says that the node lives; the kernel drops
 * the lock with the process, so what a dead node left behind is told from what a living one uses, whatever the files
 * look like.
 */
final class RunDirectory implements AutoCloseable
{
    private static final String SOCKET = "admin.sock";
    private static final String LOCK = "node.lock";
    private static final String COUNTERS = "counters.dat";
    /** Longest path of a Unix socket: the kernel has 108 bytes with a final zero. */
    private static final int MAX_SOCKET_PATH = 107;

    private final Path directory;
    private final FileChannel lockFile;

    private RunDirectory(final Path directory, final FileChannel lockFile)
    {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    /**
     * Where a node's directory is when nobody says otherwise: below {@code /run/baton/nodes} for root, below
     * {@code $XDG_RUNTIME_DIR/baton/nodes} or {@code ~/.cache/baton/nodes} for others.
     *
     * @param node its name.
     * @return the path; it need not exist.
     */
    static Path defaultOf(final String node)
    {
        final String runtime = System.getenv("XDG_RUNTIME_DIR");
        final Path base;
        if ("root".equals(System.getProperty("user.name")))
        {
            base = Path.of("/run");
        }
        else if (runtime != null && runtime.startsWith("/"))
        {
            base = Path.of(runtime);
        }
        else
        {
            base = Path.of(System.getProperty("user.home"), ".cache");
        }
        return base.resolve("baton").resolve("nodes").resolve(node);
    }

    /**
     * The socket of a node.
     *
     * @param directory of the node.
     * @return the path; it need not exist.
     */
    static Path socketIn(final Path directory)
    {
        return directory.resolve(SOCKET);
    }

    /**
     * Make the directory, if it is not there, and take it for this process. A socket that a dead node left is removed.
     *
     * @param directory to take.
     * @return to be closed when the node ends.
     * @throws CliError with {@link ExitCodes#REFUSED} when a living node has it or it cannot be made, with
     *                  {@link ExitCodes#USAGE} when its path is too long for a socket.
     */
    static RunDirectory take(final Path directory)
    {
        final Path absolute = directory.toAbsolutePath().normalize();
        final int length = socketIn(absolute).toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH)
        {
            throw new CliError(ExitCodes.USAGE, "run directory " + absolute, "is too long for a Unix socket in it (" + length +
                " bytes of " + MAX_SOCKET_PATH + ")", "set node.run.dir to a shorter path");
        }
        try
        {
            Files.createDirectories(absolute);
            Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
            return lock(absolute);
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.REFUSED, "run directory " + absolute, "cannot be used (" + ex + ")",
                "set node.run.dir to a directory that this user may write", ex);
        }
    }

    private static RunDirectory lock(final Path directory) throws IOException
    {
        final FileChannel file =
            FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try
        {
            lock = file.tryLock();
        }
        catch (final OverlappingFileLockException ex)
        {
            throw living(directory);
        }
        finally
        {
            if (lock == null)
            {
                file.close();
            }
        }
        if (lock == null)
        {
            throw living(directory);
        }
        Files.deleteIfExists(socketIn(directory));
        return new RunDirectory(directory, file);
    }

    private static CliError living(final Path directory)
    {
        return new CliError(ExitCodes.REFUSED, "run directory " + directory, "belongs to a node that is running",
            "stop that node first, or set node.run.dir to another directory");
    }

    /**
     * Path of the directory.
     *
     * @return absolute.
     */
    Path path()
    {
        return directory;
    }

    /**
     * Path of the file with the counters.
     *
     * @return absolute.
     */
    Path counters()
    {
        return directory.resolve(COUNTERS);
    }

    /**
     * Path of the socket.
     *
     * @return absolute.
     */
    Path socket()
    {
        return socketIn(directory);
    }

    /** Remove the socket and give the directory back. */
    @Override
    public void close()
    {
        try
        {
            Files.deleteIfExists(socket());
            lockFile.close();
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "run directory " + directory, "cannot be given back (" + ex + ")",
                "remove " + socket() + " by hand", ex);
        }
    }
}
