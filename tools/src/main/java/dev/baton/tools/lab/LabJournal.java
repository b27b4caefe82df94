package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a lab has done to the machine, a line each, written before the effect: so {@code down} knows what to take away also
 * after a crash of {@code up}. The lines, in order:
 * <pre>
 * mode root|rootless
 * holder PID START-TICKS USER-NAMESPACE-INODE     rootless only
 * netns NAME                                      about to be made
 * inode NAME INODE                                has been made
 * up                                              all is there
 * </pre>
 * A last line that was cut short by a crash is ignored.
 */
final class LabJournal
{
    private static final String FILE = "journal";

    private final Path file;

    LabJournal(final Path directory)
    {
        file = fileIn(directory);
    }

    static Path fileIn(final Path directory)
    {
        return directory.resolve(FILE);
    }

    static boolean isIn(final Path directory)
    {
        return Files.isRegularFile(fileIn(directory));
    }

    void append(final String line)
    {
        try
        {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "journal " + file, "cannot be written: " + ex, "free space, check rights", ex);
        }
    }

    LabMode mode()
    {
        return lines().contains("mode rootless") ? LabMode.ROOTLESS : LabMode.ROOT;
    }

    boolean isUp()
    {
        return lines().contains("up");
    }

    /** The holder process; null when none was started. */
    LabHolder holder()
    {
        for (final String line : lines())
        {
            if (line.startsWith("holder "))
            {
                return LabHolder.parse(line);
            }
        }
        return null;
    }

    /** Inodes of network namespaces by their names, as far as they had been made. */
    Map<String, Long> inodes()
    {
        final Map<String, Long> inodes = new LinkedHashMap<>();
        for (final String line : lines())
        {
            if (line.startsWith("inode "))
            {
                final String[] words = line.split(" ");
                inodes.put(words[1], Long.parseLong(words[2]));
            }
        }
        return inodes;
    }

    private List<String> lines()
    {
        try
        {
            final String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "journal " + file, "cannot be read: " + ex,
                "remove the namespaces by 'ip netns del' and the directory by hand", ex);
        }
    }
}
