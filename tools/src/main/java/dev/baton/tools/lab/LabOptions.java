package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.Rights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Which lab: shared by the verbs of {@code baton lab}.
 */
final class LabOptions
{
    @Option(names = {"-f", "--file"}, paramLabel = "LAB.CONF",
        description = "Lab file; without it: lab 'demo', a client, a front and two backs.")
    private Path file;

    @Option(names = "--rootless", description = "Inside a user namespace of this user; needs no root.")
    private boolean rootless;

    @Option(names = "--run-dir", paramLabel = "DIR",
        description = "Where the lab's files are (default /run/baton/LAB for root, else $XDG_RUNTIME_DIR/baton/LAB or " +
            "~/.cache/baton/run/LAB).")
    private Path runDir;

    /** What is wanted. */
    LabConfig config()
    {
        return file == null ? LabConfig.defaults() : LabFile.read(file);
    }

    /** Whose rights make it. */
    LabMode mode()
    {
        return rootless ? LabMode.ROOTLESS : LabMode.ROOT;
    }

    /** Where it is to be made. */
    Path runDir(final LabConfig config)
    {
        return runDir == null ? RunDirectories.of(config.name(), mode()) : runDir;
    }

    /**
     * A lab that was made before. Without {@code --rootless} and {@code --run-dir} both kinds are looked for.
     */
    Path existing(final LabConfig config)
    {
        final List<Path> found = candidates(config);
        if (found.isEmpty())
        {
            throw new CliError(ExitCodes.NOT_FOUND, "lab " + config.name(), "is not up", "baton lab up");
        }
        if (found.size() > 1)
        {
            throw new CliError(ExitCodes.USAGE, "lab " + config.name(), "is up twice: " + found, "say which one with --run-dir");
        }
        return found.get(0);
    }

    private List<Path> candidates(final LabConfig config)
    {
        final List<Path> candidates = new ArrayList<>();
        if (runDir != null || rootless)
        {
            candidates.add(runDir(config));
            candidates.removeIf(directory -> !LabJournal.isIn(directory));
        }
        else
        {
            candidates.addAll(RunDirectories.existing(config.name()));
        }
        return candidates;
    }

    /** What {@code down} has to take away: what has a journal, and what root's namespaces are named for. */
    List<Remains> remains(final LabConfig config)
    {
        final List<Remains> remains = new ArrayList<>();
        for (final Path directory : candidates(config))
        {
            final String name = LabBuilder.recordedName(directory, config.name());
            remains.add(new Remains(name, new LabJournal(directory).mode(), directory));
        }
        if (!rootless && remains.isEmpty() && Rights.current().canMakeNamespaces() &&
            !LabSweeper.namespaces(config.name()).isEmpty())
        {
            remains.add(new Remains(config.name(), LabMode.ROOT, RunDirectories.of(config.name(), LabMode.ROOT)));
        }
        return remains;
    }

    /**
     * A lab, or what is left of one.
     *
     * @param name      of the lab.
     * @param mode      how it was made.
     * @param directory its run directory; need not exist.
     */
    record Remains(String name, LabMode mode, Path directory)
    {
    }
}
