package dev.baton.tests.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@link RelayProcess} in a namespace. */
final class Relay implements AutoCloseable
{
    private final Process process;
    private final BufferedReader out;

    private Relay(final Process process)
    {
        this.process = process;
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    static Relay start(final TestNamespace namespace, final boolean offload, final int lostEvery) throws IOException
    {
        final List<String> command = namespace.command(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx256m",
            "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            RelayProcess.class.getName(), KernelPeer.V4, KernelPeer.V6, offload ? "offload" : "plain",
            Integer.toString(lostEvery));
        final Relay relay = new Relay(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        if (!"serving".equals(relay.out.readLine()))
        {
            relay.close();
            throw new IllegalStateException("the relay did not start");
        }
        return relay;
    }

    /** End it; its counters by their names. */
    Map<String, Long> end() throws IOException
    {
        process.getOutputStream().close();
        final Map<String, Long> counters = new HashMap<>();
        for (String line = out.readLine(); line != null; line = out.readLine())
        {
            final String[] words = line.split(" ");
            counters.put(words[0], Long.parseLong(words[1]));
        }
        return counters;
    }

    @Override
    public void close()
    {
        process.destroyForcibly();
    }
}
