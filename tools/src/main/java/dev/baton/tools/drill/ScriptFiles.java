package dev.baton.tools.drill;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which files a user means: those named, and the scripts ({@code *.pkt}) below directories, sorted by name. */
public final class ScriptFiles
{
    private ScriptFiles()
    {
    }

    /**
     * Find them.
     *
     * @param paths files and directories.
     * @return scripts, in the order of the paths; those of a directory sorted.
     * @throws CliError when a path does not exist, cannot be read, or holds no script.
     */
    public static List<Path> find(final List<Path> paths)
    {
        final List<Path> scripts = new ArrayList<>();
        for (final Path path : paths)
        {
            if (!Files.exists(path))
            {
                throw new CliError(ExitCodes.NOT_FOUND, path.toString(),
                    "there is no such file or directory", "name one that exists");
            }
            if (!Files.isDirectory(path))
            {
                scripts.add(path);
                continue;
            }
            final List<Path> below = below(path);
            if (below.isEmpty())
            {
                throw new CliError(ExitCodes.NOT_FOUND, path.toString(), "no *.pkt below it", "name a directory with scripts");
            }
            scripts.addAll(below);
        }
        return scripts;
    }

    private static List<Path> below(final Path directory)
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            return files.filter((file) -> file.toString().endsWith(".pkt") && Files.isRegularFile(file)).sorted().toList();
        }
        catch (final IOException | UncheckedIOException ex)
        {
            throw new CliError(ExitCodes.NOT_FOUND, directory.toString(), "it cannot be read: " + ex.getMessage(),
                "check its rights", ex);
        }
    }
}
