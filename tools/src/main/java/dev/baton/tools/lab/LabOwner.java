package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The ordinary user who owns the TUN devices and runs the nodes of a lab that root makes.
 */
final class LabOwner
{
    private LabOwner()
    {
    }

    /** Primary group of a user, as a number. */
    static String group(final String user)
    {
        return id("-g", user);
    }

    /** Give files of the lab to its user. */
    static void give(final String user, final List<Path> files) throws IOException
    {
        final int uid = Integer.parseInt(id("-u", user));
        final int gid = Integer.parseInt(id("-g", user));
        for (final Path file : files)
        {
            Files.setAttribute(file, "unix:uid", uid);
            Files.setAttribute(file, "unix:gid", gid);
        }
    }

    private static String id(final String option, final String user)
    {
        final ProcessRunner.Result result = ProcessRunner.run(List.of("id", option, user), "");
        if (result.exitCode() != 0)
        {
            throw new CliError(ExitCodes.NOT_FOUND, "lab.user " + user, "there is no such user", "name an existing user");
        }
        return result.output().strip();
    }
}
