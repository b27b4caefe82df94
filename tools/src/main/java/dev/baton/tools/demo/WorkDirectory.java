package dev.baton.tools.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a demonstration keeps captures, logs and downloads: a temporary directory that goes away with it.
 */
final class WorkDirectory implements AutoCloseable
{
    private final Path path;

    WorkDirectory() throws IOException
    {
        path = Files.createTempDirectory("baton-demo-");
    }

    Path path()
    {
        return path;
    }

    /**
     * Copy captures and logs to where they stay.
     *
     * @param target a directory; made if it is not there.
     * @throws IOException when that fails.
     */
    void keep(final Path target) throws IOException
    {
        Files.createDirectories(target);
        for (final Path file : list())
        {
            final String name = file.getFileName().toString();
            if (name.endsWith(".pcap") || name.endsWith(".log"))
            {
                Files.copy(file, target.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private List<Path> list() throws IOException
    {
        try (Stream<Path> files = Files.list(path))
        {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Override
    public void close() throws IOException
    {
        try (Stream<Path> files = Files.walk(path))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.deleteIfExists(file);
            }
        }
    }
}
