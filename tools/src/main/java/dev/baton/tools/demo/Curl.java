package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.host.ProcessRunner;
import dev.baton.tools.host.Programs;
import dev.baton.tools.host.Running;
import dev.baton.tools.lab.Lab;
import dev.baton.tools.lab.LabConfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Runs the machine's own {@code curl} in the client's namespace and reads what it got. Thread safe: every call has
 * files of its own.
 */
final class Curl
{
    private static final int LIMIT_S = 60;
    private static final String FORMAT = "%{http_code} %{size_download} %{num_connects} %{local_ip} %{local_port}\\n";

    private final Lab lab;
    private final Path directory;
    private final Site site;
    private final RequestPlan plan;
    private final String program = Programs.require("curl");
    private final Running running;

    /**
     * Runs curl.
     *
     * @param lab       whose client asks.
     * @param directory for what it downloads.
     * @param site      that the nodes serve.
     * @param plan      that says who should answer.
     * @param running   processes that must not outlive the demonstration.
     */
    Curl(final Lab lab, final Path directory, final Site site, final RequestPlan plan, final Running running)
    {
        this.lab = lab;
        this.directory = directory;
        this.site = site;
        this.plan = plan;
        this.running = running;
    }

    /** A call that has been started. */
    final class Started
    {
        private final CurlCall call;
        private final boolean policyApplies;
        private final Process process;
        private final long beganNs;

        private Started(final CurlCall call, final boolean policyApplies) throws IOException
        {
            this.call = call;
            this.policyApplies = policyApplies;
            this.beganNs = WallClock.nowNs();
            final ProcessBuilder builder = lab.exec(LabConfig.CLIENT, command(call))
                .redirectOutput(file(call, "got").toFile()).redirectError(file(call, "err").toFile());
            builder.environment().keySet().removeIf(isProxy());
            this.process = running.start("curl", builder);
        }

        /** How many bytes of the body have come. */
        long bytesSoFar() throws IOException
        {
            final Path body = body(call, 0);
            return Files.exists(body) ? Files.size(body) : 0;
        }

        boolean isAlive()
        {
            return process.isAlive();
        }

        /** Wait for its end. */
        List<Fetch> finish() throws IOException, InterruptedException
        {
            if (!process.waitFor(LIMIT_S + 5, TimeUnit.SECONDS))
            {
                process.destroyForcibly().waitFor();
            }
            return read(call, policyApplies, beganNs, WallClock.nowNs(), process.exitValue());
        }
    }

    /**
     * Start a call.
     *
     * @param call          to make.
     * @param policyApplies is the handoff module there to choose a node?
     * @return running.
     * @throws IOException when it cannot be started.
     */
    Started start(final CurlCall call, final boolean policyApplies) throws IOException
    {
        return new Started(call, policyApplies);
    }

    /**
     * Version of the program.
     *
     * @return first line of what it says.
     */
    String version()
    {
        return ProcessRunner.run(List.of(program, "--version"), "").firstLine();
    }

    private static Predicate<String> isProxy()
    {
        return name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy");
    }

    private List<String> command(final CurlCall call)
    {
        final List<String> words = new ArrayList<>(List.of(program, "-q", "-sS", "-g", "--max-time",
            Integer.toString(LIMIT_S),
            "-w", FORMAT, "-D", file(call, "head").toString()));
        if (call.head())
        {
            words.add("-I");
        }
        if (call.close())
        {
            words.addAll(List.of("-H", "Connection: close"));
        }
        if (call.rateBytes() > 0)
        {
            words.addAll(List.of("--limit-rate", Integer.toString(call.rateBytes())));
        }
        if (call.localPort() > 0)
        {
            words.addAll(List.of("--local-port", Integer.toString(call.localPort())));
        }
        for (int i = 0; i < call.paths().size(); i++)
        {
            words.addAll(List.of("-o", body(call, i).toString(), url(call, call.paths().get(i))));
        }
        return words;
    }

    private String url(final CurlCall call, final String path)
    {
        return "http://" + (call.ip6() ? "[" + lab.vip6() + "]" : lab.vip4()) +
            (lab.config().httpPort() == 80 ? "" : ":" + lab.config().httpPort()) + path;
    }

    private Path file(final CurlCall call, final String kind)
    {
        return directory.resolve("curl-" + call.number() + "." + kind);
    }

    private Path body(final CurlCall call, final int index)
    {
        return file(call, index + ".body");
    }

    private List<Fetch> read(
        final CurlCall call, final boolean policyApplies, final long beganNs, final long endedNs, final int exitCode)
        throws IOException
    {
        final List<String> got = lines(file(call, "got"));
        final List<String> servers = CurlHeaders.servers(lines(file(call, "head")));
        final String complaint = exitCode == 0 ? "" : "curl " + exitCode + ": " +
            String.join(" ", lines(file(call, "err")));
        final String front = LabConfig.FRONT;
        final String expected = policyApplies ? plan.chosen(call.paths().get(0), front) : front;
        final List<Fetch> fetches = new ArrayList<>();
        for (int i = 0; i < call.paths().size(); i++)
        {
            final String path = call.paths().get(i);
            final String[] words = i < got.size() ? got.get(i).split(" ") : new String[0];
            final boolean complete = words.length == 5;
            final Path body = body(call, i);
            final boolean hasBody = !call.head() && Files.exists(body);
            fetches.add(new Fetch(
                call.number(), url(call, path), path, call.head(), beganNs, endedNs,
                complete && !words[3].isEmpty() ? IpAddress.parse(words[3]) : IpAddress.ANY,
                complete ? Integer.parseInt(words[4]) : 0,
                complete && Integer.parseInt(words[2]) > 0,
                complete ? Integer.parseInt(words[0]) : 0,
                complete && !call.head() ? Long.parseLong(words[1]) : 0,
                hasBody ? Site.sha256(body) : "",
                site.sha256Of(path),
                i < servers.size() ? servers.get(i) : "",
                expected, policyApplies, complaint));
            Files.deleteIfExists(body);
        }
        return fetches;
    }

    private static List<String> lines(final Path file) throws IOException
    {
        return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
    }
}
