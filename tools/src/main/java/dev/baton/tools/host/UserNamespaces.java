package dev.baton.tools.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Can this user make a user namespace in which he is root? Three switches forbid it on some systems; what they do not explain is
 * found by trying.
 */
public final class UserNamespaces
{
    private static final String CLONE = "kernel.unprivileged_userns_clone";
    private static final String APPARMOR = "kernel.apparmor_restrict_unprivileged_userns";
    private static final String MAX = "user.max_user_namespaces";

    private UserNamespaces()
    {
    }

    /**
     * What is in the way, if anything.
     *
     * @return empty when {@code unshare --user --map-root-user --net --mount} works.
     */
    public static Optional<Finding> problem()
    {
        final Optional<Finding> forbidden = forbidden(Path.of("/proc/sys"), Rights.current());
        return forbidden.isPresent() ? forbidden : tried();
    }

    static Optional<Finding> forbidden(final Path sysctls, final Rights rights)
    {
        if ("0".equals(read(sysctls, MAX)))
        {
            return Optional.of(finding(MAX + " is 0", MAX + "=15000"));
        }
        if (rights.canMakeNamespaces())
        {
            return Optional.empty();
        }
        if ("0".equals(read(sysctls, CLONE)))
        {
            return Optional.of(finding(CLONE + " is 0", CLONE + "=1"));
        }
        if ("1".equals(read(sysctls, APPARMOR)))
        {
            return Optional.of(finding("AppArmor takes the rights in them away (" + APPARMOR + " is 1)", APPARMOR + "=0"));
        }
        return Optional.empty();
    }

    private static Optional<Finding> tried()
    {
        final ProcessRunner.Result result = ProcessRunner.run(List.of(
            Programs.require("unshare"), "--user", "--map-root-user", "--net", "--mount", "true"), "");
        return result.exitCode() == 0 ? Optional.empty() : Optional.of(new Finding("user namespaces",
            "the kernel refuses them: " + result.firstLine(),
            "allow user namespaces (in a container: its seccomp profile), or run as root without --rootless"));
    }

    private static Finding finding(final String cause, final String setting)
    {
        return new Finding("user namespaces", cause, "sudo sysctl -w " + setting + ", or run as root without --rootless");
    }

    private static String read(final Path sysctls, final String name)
    {
        final Path file = sysctls.resolve(name.replace('.', '/'));
        try
        {
            return Files.isReadable(file) ? Files.readString(file).strip() : "";
        }
        catch (final IOException ex)
        {
            return "";
        }
    }
}
