package dev.baton.tun;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs a test's body on a thread that has a network namespace of its own; processes and sockets that the body makes are in it
 * too. The namespace and all its devices end with the thread, what it opened, and the processes it started.
 */
final class NetNs
{
    private static final int CLONE_NEWNET = 0x40000000;
    private static final long PROCESS_TIMEOUT_S = 20;

    /** What a test does inside. */
    @FunctionalInterface
    interface Body
    {
        void run() throws Exception;
    }

    private NetNs()
    {
    }

    /** Skip, with the reason, where a namespace or a TUN cannot be had at all. */
    static void run(final Body body) throws Exception
    {
        Assumptions.assumeTrue("Linux".equals(System.getProperty("os.name")), "needs Linux");
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        Assumptions.assumeTrue(Native.libc().geteuid() == 0, "needs root, or unshare -Urn, for a network namespace");
        final ExecutorService executor = Executors.newSingleThreadExecutor();
        try
        {
            final Throwable failure = executor.submit(() -> inside(body)).get();
            if (failure instanceof Error error)
            {
                throw error;
            }
            if (failure instanceof Exception exception)
            {
                throw exception;
            }
        }
        finally
        {
            executor.shutdown();
        }
    }

    /** Run a command inside; it must succeed. */
    static String sh(final String command) throws IOException, InterruptedException
    {
        final Process process = start(command);
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PROCESS_TIMEOUT_S, TimeUnit.SECONDS) || process.exitValue() != 0)
        {
            process.destroyForcibly();
            throw new IOException("'" + command + "' failed: " + output);
        }
        return output;
    }

    /** Start a command inside. */
    static Process start(final String command) throws IOException
    {
        return new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    }

    /** A device that is made by ip(8), with the address 198.18.0.1/24, up; IPv6 off unless it is wanted, as it chatters. */
    static void device(final String name, final String flags) throws IOException, InterruptedException
    {
        sh("ip tuntap add dev " + name + " mode tun " + flags);
        configure(name);
    }

    static void configure(final String name) throws IOException, InterruptedException
    {
        sh("sysctl -qw net.ipv6.conf." + name + ".disable_ipv6=1; ip addr add 198.18.0.1/24 dev " + name +
            " && ip link set dev " + name + " up");
    }

    /** Wait until the kernel's link watch has seen that somebody attached: it drops what is for the device before. */
    static void awaitLink(final String name) throws IOException, InterruptedException
    {
        sh("for i in $(seq 200); do ip link show dev " + name + " | grep -q 'state DOWN' || exit 0; sleep 0.05; done; exit 1");
    }

    /** Skip, with the reason, where the namespace of users has too few of them, as inside unshare -Urn. */
    static void requireUsers() throws IOException
    {
        final String[] map = Files.readString(Path.of("/proc/self/uid_map")).trim().split("\\s+");
        Assumptions.assumeTrue(Long.parseLong(map[2]) > 65534, "needs more users than this user namespace has");
    }

    private static Throwable inside(final Body body)
    {
        try
        {
            Assumptions.assumeTrue(
                TestLibC.INSTANCE.unshare(CLONE_NEWNET) == 0, "this machine does not allow a network namespace");
            body.run();
            return null;
        }
        catch (final Throwable e)
        {
            return e;
        }
    }
}
