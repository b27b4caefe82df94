package dev.baton.tests.node;

import dev.baton.tools.cli.Json;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A node in a process of its own, run from the classes under test, and the {@code baton} command in this process. */
final class NodeChild implements AutoCloseable
{
    private final Process process;
    private final Path errors;
    private final Path runDirectory;

    private NodeChild(final Process process, final Path errors, final Path runDirectory)
    {
        this.process = process;
        this.errors = errors;
        this.runDirectory = runDirectory;
    }

    /**
     * Start a node and wait until it says that it serves.
     *
     * @param namespace     to run in.
     * @param configuration its file; {@code node.run.dir} must be {@code run}.
     */
    static NodeChild start(final TestNamespace namespace, final Path configuration) throws IOException
    {
        final Path errors = configuration.resolveSibling("node.err");
        final List<String> command = command(namespace, configuration);
        final Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        final NodeChild child = new NodeChild(process, errors, configuration.resolveSibling("run"));
        final BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        final String ready = out.readLine();
        if (ready == null || !"serving".equals(Json.parseObject(ready).get("state")))
        {
            throw new IllegalStateException("the node did not start: " + ready + "\n" + child.log());
        }
        return child;
    }

    /**
     * Start a node that must not come up.
     *
     * @return the one document that it wrote, with its exit code as {@code exit}.
     */
    static Map<String, Object> refused(final TestNamespace namespace, final Path configuration)
        throws IOException, InterruptedException
    {
        final Path errors = configuration.resolveSibling("node.err");
        final Process process =
            new ProcessBuilder(command(namespace, configuration)).redirectError(errors.toFile()).start();
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final Map<String, Object> document = Json.parseObject(out.strip());
        document.put("exit", (long)process.waitFor());
        document.put("stderr", Files.readString(errors));
        return document;
    }

    private static List<String> command(final TestNamespace namespace, final Path configuration)
    {
        return baton(namespace, "node", "run", "-f", configuration.toString(), "--json");
    }

    /** Command line that runs the {@code baton} command in the namespace, from the classes under test. */
    static List<String> baton(final TestNamespace namespace, final String... words)
    {
        final List<String> command = namespace.command(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            classPath(),
            "dev.baton.tools.Main");
        command.addAll(List.of(words));
        return command;
    }

    /** What surefire was given, without the tests: a module must not find its classes in the node. */
    private static String classPath()
    {
        final String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
            .filter((entry) -> !entry.endsWith("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    }

    String log() throws IOException
    {
        return Files.readString(errors);
    }

    /** Run a command against this node; its document. */
    Map<String, Object> ask(final int exitCode, final String... words)
    {
        final List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("--run-dir", runDirectory.toString(), "--json"));
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int code = dev.baton.tools.Main.run(
            new PrintWriter(out), new PrintWriter(err), command.toArray(new String[0]));
        if (code != exitCode)
        {
            throw new AssertionError("exit code " + code + " of " + command + "\n" + out + err);
        }
        return Json.parseObject(out.toString().strip());
    }

    /** A number in the node's status. */
    long status(final String... path)
    {
        Object value = ask(0, "node", "status");
        for (final String key : path)
        {
            value = ((Map<?, ?>)value).get(key);
        }
        return (Long)value;
    }

    /** Send TERM and wait for the end; the exit code. */
    int terminate() throws InterruptedException
    {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS))
        {
            throw new IllegalStateException("the node does not end");
        }
        return process.exitValue();
    }

    /** kill -9. */
    void kill() throws InterruptedException
    {
        process.destroyForcibly().waitFor();
    }

    boolean isAlive()
    {
        return process.isAlive();
    }

    Path runDirectory()
    {
        return runDirectory;
    }

    @Override
    public void close()
    {
        process.destroyForcibly();
    }
}
