package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the run directory of the node that a user means: a directory with a socket on which a node answers, below the
 * places where this user's nodes and labs are.
 */
final class NodeFinder
{
    private static final int DEPTH = 4;

    private final List<Path> bases;

    NodeFinder(final List<Path> bases)
    {
        this.bases = bases;
    }

    /**
     * The usual places: {@code /run/baton}, {@code $XDG_RUNTIME_DIR/baton}, {@code ~/.cache/baton}.
     *
     * @return a finder.
     */
    static NodeFinder standard()
    {
        final List<Path> bases = new ArrayList<>(List.of(Path.of("/run/baton")));
        final String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && runtime.startsWith("/"))
        {
            bases.add(Path.of(runtime, "baton"));
        }
        bases.add(Path.of(System.getProperty("user.home"), ".cache", "baton"));
        return new NodeFinder(bases);
    }

    /**
     * Find a node.
     *
     * @param name of it, or LAB/NAME; null when there is only one.
     * @return its run directory.
     * @throws CliError with {@link ExitCodes#NOT_FOUND} when there is none, with {@link ExitCodes#USAGE} when several
     *                  could be meant.
     */
    Path find(final String name)
    {
        final List<Path> found = new ArrayList<>();
        for (final Path directory : living())
        {
            if (name == null || directory.endsWith(name))
            {
                found.add(directory);
            }
        }
        if (found.isEmpty())
        {
            throw new CliError(ExitCodes.NOT_FOUND, name == null ? "node" : "node " + name, "no such node is running",
                "start it with 'baton node run -f', or name its directory with --run-dir");
        }
        if (found.size() > 1)
        {
            throw new CliError(ExitCodes.USAGE, name == null ? "node" : "node " + name, "several are running: " + found,
                "choose one with --run-dir, --node NAME or --node LAB/NAME");
        }
        return found.get(0);
    }

    private Set<Path> living()
    {
        final Set<Path> directories = new TreeSet<>();
        for (final Path base : bases)
        {
            try
            {
                Files.walkFileTree(base, EnumSet.noneOf(FileVisitOption.class), DEPTH, new SocketVisitor(directories));
            }
            catch (final IOException ex)
            {
                throw new CliError(ExitCodes.INTERNAL, "directory " + base, "cannot be searched (" + ex + ")",
                    "name the node's directory with --run-dir", ex);
            }
        }
        return directories;
    }

    private static boolean answers(final Path socket)
    {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket)))
        {
            return channel.isConnected();
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /** Collects directories with a socket that answers; what cannot be entered is left out. */
    private static final class SocketVisitor extends SimpleFileVisitor<Path>
    {
        private final Set<Path> directories;

        SocketVisitor(final Set<Path> directories)
        {
            this.directories = directories;
        }

        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
        {
            if (attributes.isOther() && file.equals(RunDirectory.socketIn(file.getParent())) && answers(file))
            {
                directories.add(file.getParent());
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(final Path file, final IOException ex)
        {
            return FileVisitResult.CONTINUE;
        }
    }
}
