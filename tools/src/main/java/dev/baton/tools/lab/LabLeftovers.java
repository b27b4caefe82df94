package dev.baton.tools.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Labs of this user that are not whole: their making was interrupted, or their holder is dead. Looks where run directories are by
 * default; a lab with a {@code --run-dir} of its own is its maker's affair, as nothing tells whether it is in use.
 */
public final class LabLeftovers
{
    private LabLeftovers()
    {
    }

    /**
     * Find them.
     *
     * @return their names, sorted.
     */
    public static List<String> find()
    {
        return List.copyOf(broken().keySet());
    }

    /**
     * Remove them.
     */
    public static void remove()
    {
        remove(name -> true);
    }

    static void remove(final Predicate<String> which)
    {
        broken().forEach((name, left) ->
        {
            if (which.test(name))
            {
                Lab.down(left.name(), left.mode(), left.directory());
            }
        });
    }

    private static TreeMap<String, LabOptions.Remains> broken()
    {
        final TreeMap<String, LabOptions.Remains> broken = new TreeMap<>();
        for (final LabMode mode : LabMode.values())
        {
            for (final Path directory : directories(RunDirectories.of("any", mode).getParent()))
            {
                if (!isWhole(directory))
                {
                    final String place = directory.getFileName().toString();
                    broken.put(place, new LabOptions.Remains(
                        LabBuilder.recordedName(directory, place), new LabJournal(directory).mode(), directory));
                }
            }
        }
        return broken;
    }

    private static boolean isWhole(final Path directory)
    {
        final LabJournal journal = new LabJournal(directory);
        if (RunDirectories.isLocked(directory))
        {
            return true;
        }
        return journal.isUp() && (journal.mode() == LabMode.ROOT || journal.holder() != null && journal.holder().isAlive());
    }

    private static List<Path> directories(final Path parent)
    {
        if (!Files.isReadable(parent))
        {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent))
        {
            return entries.filter(LabJournal::isIn).sorted().toList();
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(parent + ": cannot be listed", ex);
        }
    }
}
