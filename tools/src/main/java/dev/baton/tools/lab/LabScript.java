package dev.baton.tools.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of a lab as text that a shell understands: what {@code --print} shows.
 */
final class LabScript
{
    private LabScript()
    {
    }

    static List<String> of(final LabConfig config, final LabMode mode, final Path runDir)
    {
        final List<String> lines = new ArrayList<>();
        if (mode == LabMode.ROOTLESS)
        {
            // Without setsid, which would fork below an interactive shell and hide the holder's pid from it.
            final List<String> command = LabHolder.command(runDir.toAbsolutePath().normalize());
            final List<String> words = command.subList(1, command.size());
            final List<String> quoted = words.stream().map(LabScript::quote).toList();
            lines.addAll(List.of((String.join(" ", quoted) + " &").split("\n")));
            lines.add("# the following inside: nsenter --target $! --user --net --mount --preserve-credentials");
        }
        new LabPlan(config, mode).steps().forEach(step -> lines.addAll(step.printed()));
        return lines;
    }

    private static String quote(final String word)
    {
        return word.matches("[A-Za-z0-9_./:=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
