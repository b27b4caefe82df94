package dev.baton.tools.host;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finding the programs that commands call. Debian keeps some of them in {@code /usr/sbin}, which is not on an ordinary user's
 * path, so it is searched always.
 */
public final class Programs
{
    private static final Map<String, String> PACKAGES = Map.of(
        "ip", "iproute2",
        "sysctl", "procps",
        "nsenter", "util-linux",
        "unshare", "util-linux",
        "setpriv", "util-linux",
        "setsid", "util-linux",
        "ping", "iputils-ping",
        "keytool", "openjdk-17-jre-headless");

    private static final List<String> SYSTEM = List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin");

    private Programs()
    {
    }

    /**
     * Find a program.
     *
     * @param name of the program; {@code keytool} is looked for in the running Java's home first.
     * @return its absolute path, or empty.
     */
    public static Optional<Path> find(final String name)
    {
        return directories().stream()
            .map(directory -> Path.of(directory, name))
            .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
            .findFirst();
    }

    /**
     * Let the programs that a child process calls be found in the same places.
     *
     * @param environment of the child; its PATH is extended.
     */
    public static void extendPath(final Map<String, String> environment)
    {
        environment.merge("PATH", String.join(":", SYSTEM), (path, system) -> path + ":" + system);
    }

    /**
     * Find a program that must be there.
     *
     * @param name of the program.
     * @return its absolute path.
     * @throws CliError with the package that has it.
     */
    public static String require(final String name)
    {
        return find(name).map(Path::toString).orElseThrow(() ->
            new CliError(ExitCodes.NOT_FOUND, "program " + name, "not installed", install(List.of(name))));
    }

    /**
     * The command that installs programs.
     *
     * @param names of the programs.
     * @return one line for Debian's apt.
     */
    public static String install(final List<String> names)
    {
        final Set<String> packages = new LinkedHashSet<>();
        names.forEach(name -> packages.add(PACKAGES.getOrDefault(name, name)));
        return "sudo apt-get install -y --no-install-recommends " + String.join(" ", packages);
    }

    private static List<String> directories()
    {
        final List<String> directories = new ArrayList<>();
        directories.add(System.getProperty("java.home") + "/bin");
        final String path = System.getenv("PATH");
        if (path != null)
        {
            directories.addAll(List.of(path.split(":")));
        }
        directories.addAll(SYSTEM);
        return directories;
    }
}
