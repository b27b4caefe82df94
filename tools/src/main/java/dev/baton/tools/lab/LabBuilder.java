package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.Finding;
import dev.baton.tools.host.ProcessRunner;
import dev.baton.tools.host.Programs;
import dev.baton.tools.host.Rights;
import dev.baton.tools.host.TunAccess;
import dev.baton.tools.host.UserNamespaces;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a lab: checks what it needs, writes its files, runs its plan. One builder at a time per run directory. What it has
 * made is removed when it fails, and when the JVM is ended meanwhile: the hook waits for the step that is running and lets
 * no other start.
 */
final class LabBuilder
{
    private static final Pattern FAILED_LINE = Pattern.compile("Command failed -:([0-9]+)");

    private final LabConfig config;
    private final LabMode mode;
    private final Path directory;
    private final LabPlan plan;
    private final LabJournal journal;
    private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);
    private boolean cancelled;

    LabBuilder(final LabConfig config, final LabMode mode, final Path directory)
    {
        this.config = config;
        this.mode = mode;
        this.directory = directory;
        this.plan = new LabPlan(config, mode);
        this.journal = new LabJournal(directory);
    }

    static Path configIn(final Path directory)
    {
        return directory.resolve("lab.conf");
    }

    /** Name of the lab that a directory is, or was, of. */
    static String recordedName(final Path directory, final String otherwise)
    {
        final Path file = configIn(directory);
        return Files.exists(file) ? LabFile.read(file).name() : otherwise;
    }

    static Path nodeConf(final Path directory, final String node)
    {
        return directory.resolve(node + ".conf");
    }

    static LabCertificates certificates(final Path directory)
    {
        return new LabCertificates(directory.resolve("certs"), LabSweeper.makerMark(directory));
    }

    void build()
    {
        check();
        RunDirectories.make(directory);
        final Path lockFile = RunDirectories.lockOf(directory);
        try (FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
        {
            if (lock.tryLock() == null)
            {
                throw beingMade(null);
            }
            buildLocked();
        }
        catch (final OverlappingFileLockException ex)
        {
            throw beingMade(ex);
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "lab " + config.name(), "cannot be locked: " + ex, "check " + lockFile, ex);
        }
    }

    private CliError beingMade(final Throwable underlying)
    {
        return new CliError(ExitCodes.REFUSED, "lab " + config.name(), "is being made by another", "wait for that one",
            underlying);
    }

    private void buildLocked()
    {
        if (isThere())
        {
            return;
        }
        Lab.sweep(config.name(), mode, directory);
        if (LabJournal.isIn(directory))
        {
            Lab.sweep(recordedName(directory, config.name()), journal.mode(), directory);
        }
        final Thread hook = new Thread(this::cancel, "lab-roll-back");
        Runtime.getRuntime().addShutdownHook(hook);
        boolean complete = false;
        try
        {
            buildFresh();
            complete = true;
        }
        finally
        {
            if (!complete)
            {
                cancel();
            }
            removeHook(hook);
        }
    }

    /** Is exactly this lab up, so that nothing has to be done? */
    private boolean isThere()
    {
        if (!Lab.isUp(directory))
        {
            return false;
        }
        final LabConfig recorded = LabFile.read(configIn(directory));
        final LabMode recordedMode = journal.mode();
        final boolean whole = recordedMode == LabMode.ROOT ?
            LabSweeper.namespaces(recorded.name()).containsAll(new LabPlan(recorded, recordedMode).namespaces()) :
            journal.holder() != null && journal.holder().isAlive();
        if (whole && (!recorded.equals(config) || recordedMode != mode))
        {
            throw new CliError(ExitCodes.REFUSED, "lab " + config.name(), "is up with another configuration, in " + directory,
                "baton lab down, then baton lab up");
        }
        return whole;
    }

    private void buildFresh()
    {
        RunDirectories.make(directory);
        journal.append("mode " + (mode == LabMode.ROOT ? "root" : "rootless"));
        final LabFiles files = new LabFiles(config, directory);
        step(files::writeConfig);
        final List<String> entry = new ArrayList<>();
        if (mode == LabMode.ROOTLESS)
        {
            step(() -> entry.addAll(LabHolder.start(directory, journal).entry()));
        }
        // keytool is slow, so the nodes' files are written beside the other steps.
        step(() -> writing = CompletableFuture.runAsync(files::writeNodes));
        plan.namespaces().forEach(namespace -> step(() -> journal.append("netns " + namespace)));
        plan.steps().forEach(planned -> step(() -> run(entry, planned)));
        plan.namespaces().forEach(namespace ->
            step(() -> journal.append("inode " + namespace + " " + inode(namespace))));
        awaitFiles();
        step(() -> journal.append("up"));
    }

    private void awaitFiles()
    {
        try
        {
            writing.join();
        }
        catch (final CompletionException ex)
        {
            throw ex.getCause() instanceof CliError known ? known : ex;
        }
    }

    private long inode(final String namespace)
    {
        return mode == LabMode.ROOT ? LabSweeper.inode(namespace) :
            ProcFs.inode(Path.of("/proc/" + journal.holder().pid() + "/root/run/netns", namespace));
    }

    private synchronized void step(final Runnable change)
    {
        if (cancelled)
        {
            throw new CliError(ExitCodes.INTERNAL, "lab " + config.name(), "interrupted; what it made is removed", "repeat");
        }
        change.run();
    }

    private synchronized void cancel()
    {
        if (!cancelled)
        {
            cancelled = true;
            writing.exceptionally(ex -> null).join();
            Lab.sweep(config.name(), mode, directory);
        }
    }

    private static void removeHook(final Thread hook)
    {
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException ex)
        {
            System.getLogger(LabBuilder.class.getName()).log(System.Logger.Level.DEBUG, "already shutting down", ex);
        }
    }

    private void run(final List<String> entry, final LabStep step)
    {
        final List<String> command = new ArrayList<>(entry);
        command.add(Programs.require(step.command().get(0)));
        command.addAll(step.command().subList(1, step.command().size()));
        final ProcessRunner.Result result = ProcessRunner.run(command, step.input(), LabSweeper.makerMark(directory));
        if (result.exitCode() != 0)
        {
            final Matcher failed = FAILED_LINE.matcher(result.output());
            final int line = failed.find() ? Integer.parseInt(failed.group(1)) : 1;
            final String culprit = step.printed().get(Math.min(line, step.printed().size()) - 1);
            throw new CliError(ExitCodes.INTERNAL, culprit, result.firstLine(),
                "baton doctor; all that this lab had made is removed");
        }
    }

    /** Everything that is needed is looked for before anything is made. */
    private void check()
    {
        List.of("ip", "sysctl", "nsenter", "unshare", "setsid", "setpriv", "keytool").forEach(Programs::require);
        if (mode == LabMode.ROOT && !Rights.current().canMakeNamespaces())
        {
            throw new CliError(ExitCodes.REFUSED, "lab " + config.name(), "making network namespaces needs root",
                "sudo baton lab up, or baton lab up --rootless");
        }
        if (mode == LabMode.ROOT && !config.user().isEmpty())
        {
            LabOwner.group(config.user());
        }
        TunAccess.problem().map(Finding::asError).ifPresent(LabBuilder::refuse);
        if (mode == LabMode.ROOTLESS)
        {
            UserNamespaces.problem().map(Finding::asError).ifPresent(LabBuilder::refuse);
        }
    }

    private static void refuse(final CliError error)
    {
        throw error;
    }
}
