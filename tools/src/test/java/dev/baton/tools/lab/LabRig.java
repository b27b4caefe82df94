package dev.baton.tools.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baton.tools.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the tests of real labs share: running the command in this JVM, and looking at the machine from outside the command.
 */
final class LabRig
{
    /** What a command printed, and its exit code. */
    record Ran(int exitCode, String out, String err)
    {
    }

    private LabRig()
    {
    }

    static Ran baton(final String... args)
    {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    static Ran run(final ProcessBuilder builder) throws IOException, InterruptedException
    {
        final Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output, "");
    }

    static void assertPings(final Lab lab, final String from, final String address) throws Exception
    {
        final Ran ping = run(lab.exec(from, "ping", "-n", "-c", "1", "-W", "5", address));
        assertEquals(0, ping.exitCode, ping.out);
    }

    /** Names of this machine's namespaces that belong to a lab. */
    static List<String> namespaces(final String lab) throws IOException
    {
        final Path directory = Path.of("/run/netns");
        if (!Files.isDirectory(directory))
        {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory))
        {
            return entries.map(entry -> entry.getFileName().toString())
                .filter(name -> name.startsWith("baton-" + lab + "-")).toList();
        }
    }

    /** Counter of a protocol in a host, from /proc/net/snmp. */
    static long counter(final Lab lab, final String host, final String protocol, final String name) throws Exception
    {
        final List<String[]> lines = run(lab.exec(host, "cat", "/proc/net/snmp")).out.lines()
            .filter(line -> line.startsWith(protocol + ":")).map(line -> line.split(" ")).toList();
        return Long.parseLong(lines.get(1)[List.of(lines.get(0)).indexOf(name)]);
    }
}
