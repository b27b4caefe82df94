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
            final List<String> words = LabHolder.command(runDir.toAbsolutePath().normalize());
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
