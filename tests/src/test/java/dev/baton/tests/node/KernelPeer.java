package dev.baton.tests.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The kernel's side in a namespace: its servers, and tcpdump on the device. What was started ends with {@link #close()}. */
final class KernelPeer implements AutoCloseable
{
    static final String V4 = "198.18.0.1";
    static final String V6 = "fd00:198:18::1";
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final List<Process> processes = new ArrayList<>();
    private final TestNamespace namespace;
    private final Path dir;

    KernelPeer(final TestNamespace namespace, final Path dir)
    {
        this.namespace = namespace;
        this.dir = dir;
    }

    /** Start a server, and wait until it listens. */
    Process serve(final int port, final String... command) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder(namespace.command(command)).redirectErrorStream(true)
            .redirectOutput(dir.resolve("server-" + port + ".log").toFile()).start();
        processes.add(process);
        await("a server on port " + port, () -> namespace.inside("ss", "-Hltn", "sport", "=", ":" + port).contains(":" + port));
        return process;
    }

    /** Capture the heads of all packets of the device. */
    Process capture(final Path file) throws IOException, InterruptedException
    {
        final Path log = dir.resolve(file.getFileName() + ".log");
        final Process process = new ProcessBuilder(namespace.command(
            "tcpdump", "-i", "bt0", "-s", "160", "-B", "65536", "-U", "--immediate-mode", "-Z", "root", "-w", file.toString(), "tcp"))
            .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        processes.add(process);
        await("a capture", () -> Files.readString(log).contains("listening on"));
        return process;
    }

    /** End a capture with what it has; its file is whole then. */
    CaptureCheck checked(final Process capture, final Path file) throws IOException, InterruptedException
    {
        // What tcpdump has not yet read would be lost.
        final long[] size = {-1};
        await("the end of a capture", () ->
        {
            final long before = size[0];
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            size[0] = Files.size(file);
            return size[0] == before;
        });
        capture.destroy();
        capture.waitFor();
        final String log = Files.readString(dir.resolve(file.getFileName() + ".log"));
        if (!log.contains("\n0 packets dropped by kernel"))
        {
            throw new IllegalStateException("the capture is not whole: " + log);
        }
        return CaptureCheck.of(file);
    }

    private interface Condition
    {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(final String what, final Condition condition) throws IOException, InterruptedException
    {
        final long endNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.holds())
        {
            if (System.nanoTime() > endNs)
            {
                throw new IllegalStateException(what + " did not come up");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Override
    public void close()
    {
        processes.forEach(Process::destroyForcibly);
    }
}
