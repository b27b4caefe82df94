package dev.baton.tools.lab;

import dev.baton.tools.Installation;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a lab in its run directory: the lab file it was made from, a configuration and a directory for each node, the
 * directory that they serve, and certificates.
 */
final class LabFiles
{
    private final LabConfig config;
    private final Path directory;

    LabFiles(final LabConfig config, final Path directory)
    {
        this.config = config;
        this.directory = directory;
    }

    /** By it the lab is found again: it is there whole or not at all, whenever its maker is killed. */
    void writeConfig()
    {
        guarded(() ->
        {
            final Path file = LabBuilder.configIn(directory);
            final Path unfinished = Files.write(file.resolveSibling("lab.conf.new"), LabFile.write(config));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    /** All that a node needs to run. */
    void writeNodes()
    {
        guarded(() ->
        {
            final LabCertificates certificates = LabBuilder.certificates(directory);
            certificates.make(config.nodes());
            final NodeConf conf = new NodeConf(config, directory, certificates);
            final List<Path> owned = new ArrayList<>(List.of(certificates.passwordFile()));
            final Path www = Files.createDirectories(directory.resolve("www"));
            Files.setPosixFilePermissions(www, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (final String node : config.nodes())
            {
                final Path file = LabBuilder.nodeConf(directory, node);
                Files.write(file, conf.lines(node, Installation.earlyModule()));
                final Path own = Files.createDirectories(directory.resolve(node));
                Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
                owned.addAll(List.of(file, own, certificates.keyStore(node)));
            }
            if (!config.user().isEmpty() && new LabJournal(directory).mode() == LabMode.ROOT)
            {
                LabOwner.give(config.user(), owned);
            }
        });
    }

    private void guarded(final FileWork work)
    {
        try
        {
            work.run();
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "files of lab " + config.name(), "cannot be written: " + ex,
                "check space and rights of " + directory, ex);
        }
    }

    /** Something with files. */
    private interface FileWork
    {
        void run() throws IOException;
    }
}
