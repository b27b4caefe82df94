package dev.baton.tests.lab;

import dev.baton.tools.demo.Cluster;
import dev.baton.tools.demo.NodeClient;
import dev.baton.tools.lab.Lab;
import dev.baton.tools.lab.LabConfig;
import dev.baton.tools.lab.LabMode;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Three nodes in a lab of root's, with short time-outs, and a curl that asks them. */
final class HandoffLab implements AutoCloseable
{
    static final String FRONT = LabConfig.FRONT;
    static final String B1 = "b1";
    static final String B2 = "b2";
    /** How long sent data may stay unacknowledged in this lab. */
    static final int USER_TIMEOUT_MS = 3_000;
    /** How long a back may be unreachable in this lab before its clients are reset. */
    static final int PEER_DEAD_MS = 2_000;
    /** What a loaded machine may need on top of a documented time. */
    static final int SLACK_MS = 10_000;

    private static final int GREAT_BYTES = 64 << 20;
    private static final String MODULE = "module." + NodeClient.MODULE + ".";

    final Lab lab;
    final Cluster cluster;
    private final Path directory;
    private int calls;

    HandoffLab(final Path directory) throws IOException, InterruptedException
    {
        this.directory = directory;
        final LabConfig config = LabConfig.defaults().withName("t" + ProcessHandle.current().pid())
            .withSetting(LabConfig.ALL_NODES, "stack.user.timeout.ms", Integer.toString(USER_TIMEOUT_MS))
            .withSetting(LabConfig.ALL_NODES, "service.http.idle.ms", "5000")
            .withSetting(LabConfig.ALL_NODES, MODULE + "jar",
            EarlyModuleJar.make(directory.resolve("early.jar")).toString())
            .withSetting(LabConfig.ALL_NODES, MODULE + "policy", "path")
            .withSetting(LabConfig.ALL_NODES, MODULE + "policy.rules", "/b1=b1,/b2=b2,*=stay")
            .withSetting(LabConfig.ALL_NODES, MODULE + "timeout.peer.dead.ms", Integer.toString(PEER_DEAD_MS))
            .withSetting(LabConfig.ALL_NODES, MODULE + "timeout.request.ms", "3000");
        lab = Lab.up(config, LabMode.ROOT, directory.resolve("lab")).downOnExit();
        cluster = new Cluster(lab, directory);
        for (final String name : List.of(B1, B2))
        {
            Files.createDirectories(lab.www().resolve(name));
            Files.writeString(lab.www().resolve(name).resolve("small"), "small of " + name);
        }
        final byte[] noise = new byte[GREAT_BYTES];
        new SplittableRandom(1).nextBytes(noise);
        Files.write(lab.www().resolve(B1).resolve("great"), noise);
        cluster.start();
    }

    /** A download that is running. */
    final class Download
    {
        final Process process;
        private final Path body = directory.resolve("download-" + ++calls);

        private Download(final String path, final int bytesPerSecond) throws IOException
        {
            process = lab.exec(LabConfig.CLIENT, "curl", "-q", "-sS", "--noproxy", "*", "--limit-rate",
                Integer.toString(bytesPerSecond),
                "-o", body.toString(), "http://" + lab.vip4() + path)
                .redirectErrorStream(true).redirectOutput(new File(body + ".log")).start();
        }

        /** Wait until more has come. */
        void awaitProgress() throws InterruptedException
        {
            final long from = size();
            Cluster.await("progress of a download", SLACK_MS, () -> size() > from + (1 << 20));
        }

        private long size()
        {
            return body.toFile().length();
        }

        /** Its exit code, if it ends in time. */
        int end(final long limitMs) throws InterruptedException
        {
            assertTrue(process.waitFor(limitMs, TimeUnit.MILLISECONDS), "curl still hangs");
            return process.exitValue();
        }

        boolean isWhole() throws IOException
        {
            return Files.mismatch(body, lab.www().resolve(B1).resolve("great")) < 0;
        }
    }

    Download download(final int bytesPerSecond) throws IOException, InterruptedException
    {
        final Download download = new Download("/b1/great", bytesPerSecond);
        download.awaitProgress();
        return download;
    }

    /** Ask for a small file; who answered? */
    String ask(final String path) throws IOException, InterruptedException
    {
        final Path headers = directory.resolve("headers-" + ++calls);
        final Process process = lab.exec(LabConfig.CLIENT, "curl", "-q", "-sS", "--noproxy", "*", "--max-time", "10",
            "-D", headers.toString(),
            "http://" + lab.vip4() + path).redirectErrorStream(true).start();
        final String body = new String(process.getInputStream().readAllBytes(),
            StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), body);
        assertEquals("small of " + path.substring(1, 3), body);
        return Files.readAllLines(headers).stream().filter(line -> line.startsWith("Server: baton/"))
            .map(line -> line.substring("Server: baton/".length())).findFirst().orElse("nobody");
    }

    NodeClient client(final String node)
    {
        return cluster.client(node);
    }

    /** Wait until a node has nothing of any connection left. */
    void awaitNothingLeft(final String node, final long limitMs) throws InterruptedException
    {
        Cluster.await("an end of all entries at " + node, limitMs,
            () -> client(node).liveEntries() == 0 && client(node).connections().isEmpty());
    }

    void awaitChannels(final String node, final int count) throws InterruptedException
    {
        Cluster.await(count + " control channels of " + node, 3 * SLACK_MS, () -> client(node).channelsUp() == count);
    }

    /** Run a command at the client's host. */
    void atClient(final String... command) throws IOException, InterruptedException
    {
        final Process process = lab.exec(LabConfig.CLIENT, new ArrayList<>(List.of(command))).redirectErrorStream(true)
            .start();
        final String output = new String(process.getInputStream().readAllBytes(),
            StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    @Override
    public void close()
    {
        cluster.close();
        lab.down();
    }
}
