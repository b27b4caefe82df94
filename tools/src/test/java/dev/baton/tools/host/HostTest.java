package dev.baton.tools.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest
{
    private static final Rights USER = new Rights(1000, 0);

    @TempDir
    private Path sysctls;

    @Test
    void shouldSeeEachSwitchThatForbidsUserNamespaces() throws IOException
    {
        assertTrue(UserNamespaces.forbidden(sysctls, USER).isEmpty());
        set("kernel/apparmor_restrict_unprivileged_userns", "1");
        assertMend("sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
        set("kernel/unprivileged_userns_clone", "0");
        assertMend("sudo sysctl -w kernel.unprivileged_userns_clone=1");
        set("user/max_user_namespaces", "0");
        assertMend("sudo sysctl -w user.max_user_namespaces=15000");
    }

    @Test
    void shouldNotApplyToRootWhatForbidsOnlyOrdinaryUsers() throws IOException
    {
        set("kernel/apparmor_restrict_unprivileged_userns", "1");
        set("kernel/unprivileged_userns_clone", "0");
        assertTrue(UserNamespaces.forbidden(sysctls, new Rights(0, -1L)).isEmpty());
    }

    @Test
    void shouldTellHowToMakeAMissingTunDevice()
    {
        final Finding missing = TunAccess.problem(sysctls.resolve("tun")).orElseThrow();
        assertEquals("does not exist", missing.cause());
        assertTrue(missing.mend().contains("mknod /dev/net/tun c 10 200"), missing.mend());
    }

    @Test
    void shouldNameThePackageOfAMissingProgram()
    {
        final CliError error = assertThrows(CliError.class, () -> Programs.require("no-such-program-7"));
        assertEquals(ExitCodes.NOT_FOUND, error.exitCode());
        assertEquals("sudo apt-get install -y --no-install-recommends iproute2 util-linux",
            Programs.install(List.of("ip", "nsenter", "unshare")));
    }

    @Test
    void shouldReportHowAProgramEnded()
    {
        final ProcessRunner.Result result = ProcessRunner.run(List.of("sh", "-c", "cat; echo oops >&2; exit 3"), "in\n");
        assertEquals(3, result.exitCode());
        assertEquals("in\noops\n", result.output());
        assertEquals("in", result.firstLine());
    }

    @Test
    void shouldNotMindAProgramThatDoesNotReadItsInput()
    {
        assertEquals(0, ProcessRunner.run(List.of("true"), "x".repeat(1_000_000)).exitCode());
    }

    private void set(final String name, final String value) throws IOException
    {
        final Path file = sysctls.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }

    private void assertMend(final String command)
    {
        final String mend = UserNamespaces.forbidden(sysctls, USER).orElseThrow().mend();
        assertTrue(mend.startsWith(command), mend);
    }
}
