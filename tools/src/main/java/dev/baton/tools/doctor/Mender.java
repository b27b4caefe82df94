package dev.baton.tools.doctor;

import dev.baton.tools.cli.Output;
import dev.baton.tools.host.ProcessRunner;
import dev.baton.tools.host.Programs;
import dev.baton.tools.lab.LabLeftovers;
import java.util.List;

/**
 * What {@code doctor --fix} does by itself: it removes what interrupted labs have left and, when it is root already, runs
 * the commands that the report shows with {@code sudo}. Everything else stays with the user.
 */
final class Mender
{
    private static final String SUDO = "sudo ";

    private Mender()
    {
    }

    /**
     * Mend one thing.
     *
     * @param diagnosis what was found.
     * @param isRoot    may it run the command?
     * @param output    told what is run.
     * @return true when something was done.
     */
    static boolean mend(final Diagnosis diagnosis, final boolean isRoot, final Output output)
    {
        if ("labs".equals(diagnosis.id()))
        {
            output.log("baton doctor: removing what is left of " + LabLeftovers.find());
            LabLeftovers.remove();
            return true;
        }
        if (!isRoot || !diagnosis.mend().startsWith(SUDO))
        {
            return false;
        }
        final String command = diagnosis.mend().substring(SUDO.length()).split(", or ")[0];
        output.log("baton doctor: " + command);
        final ProcessRunner.Result result = ProcessRunner.run(List.of(Programs.require("sh"), "-c", command), "");
        if (result.exitCode() != 0)
        {
            output.log("  failed: " + result.firstLine());
        }
        return result.exitCode() == 0;
    }
}
