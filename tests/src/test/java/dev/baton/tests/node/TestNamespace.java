package dev.baton.tests.node;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace of its own with one TUN device: the kernel has {@code .1} and {@code ::1} on it, the stack is to
 * have {@code .2} and {@code ::2}. Needs root; where that is missing the test is skipped, with the reason.
 */
final class TestNamespace implements AutoCloseable
{
    static final String V4 = "198.18.0.2";
    static final String V6 = "fd00:198:18::2";

    private final String name;

    private TestNamespace(final String name)
    {
        this.name = name;
    }

    static TestNamespace make(final String label) throws IOException, InterruptedException
    {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root: it makes a network namespace");
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/net/tun")), "needs /dev/net/tun: mknod /dev/net/tun c 10 200");
        final TestNamespace namespace = new TestNamespace("baton-" + label + "-" + ProcessHandle.current().pid());
        succeed("ip", "netns", "add", namespace.name);
        try
        {
            namespace.inside("ip", "link", "set", "lo", "up");
            namespace.inside("ip", "tuntap", "add", "dev", "bt0", "mode", "tun", "vnet_hdr");
            namespace.inside("ip", "addr", "add", "198.18.0.1/24", "dev", "bt0");
            namespace.inside("ip", "addr", "add", "fd00:198:18::1/64", "dev", "bt0", "nodad");
            namespace.inside("ip", "link", "set", "bt0", "up", "txqueuelen", "5000");
            return namespace;
        }
        catch (final IllegalStateException ex)
        {
            namespace.close();
            throw ex;
        }
    }

    /** Command line that runs a command in the namespace. */
    List<String> command(final String... command)
    {
        final List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command));
        return all;
    }

    /** Run a command in the namespace; its stdout. */
    String inside(final String... command) throws IOException, InterruptedException
    {
        return succeed(command(command).toArray(new String[0]));
    }

    /** Run a command; its stdout. */
    static String succeed(final String... command) throws IOException, InterruptedException
    {
        final Path errors = Files.createTempFile("baton-test", ".err");
        try
        {
            final Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0)
            {
                throw new IllegalStateException(String.join(" ", command) + ": " + process + "\n" + out +
                    Files.readString(errors));
            }
            return out;
        }
        finally
        {
            Files.delete(errors);
        }
    }

    @Override
    public void close()
    {
        try
        {
            succeed("ip", "netns", "del", name);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
