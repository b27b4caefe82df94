package dev.baton.tools.demo;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.demo.Tap.Device;
import dev.baton.tools.host.Programs;
import dev.baton.tools.host.Running;
import dev.baton.tools.lab.Lab;
import dev.baton.tools.lab.LabMode;
import dev.baton.tools.lab.LabPlan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code tcpdump} in each host's namespace, on all of its interfaces at once, outside of the node's process: what a
 * kernel emits by itself is seen too, and packets of one host are in one file in one order.
 */
final class Captures
{
    /** Enough for all headers, the header of "cooked" captures, and the first line of a request. */
    private static final int SNAP_BYTES = 256;
    private static final int BUFFER_KB = 32 * 1024;
    private static final long READY_NS = TimeUnit.SECONDS.toNanos(10);
    /** The kernel hands a block of packets over at the latest after a second. */
    private static final long FLUSH_MS = 1_200;
    private static final Pattern DROPPED = Pattern.compile("(\\d+) packets dropped by (kernel|interface)");
    private static final Pattern LINK = Pattern.compile("^(\\d+): ([^:@]+)");

    private final Lab lab;
    private final Path directory;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Map<String, Map<Integer, Device>> interfaces = new HashMap<>();
    private long lost;

    /**
     * Start to capture.
     *
     * @param lab       in whose hosts.
     * @param directory for the files.
     * @param running   processes that must not outlive the demonstration.
     * @throws IOException          when tcpdump cannot be started.
     * @throws InterruptedException when interrupted.
     */
    Captures(final Lab lab, final Path directory, final Running running) throws IOException, InterruptedException
    {
        this.lab = lab;
        this.directory = directory;
        final String program = Programs.require("tcpdump");
        for (final String host : lab.config().hosts())
        {
            interfaces.put(host, devices(host));
            // Without -Z it would become an ordinary user before it opens its file.
            final ProcessBuilder builder = lab.exec(host, program, "-i", "any", "-n", "-Z", "root",
                "-s", Integer.toString(SNAP_BYTES), "-B", Integer.toString(BUFFER_KB), "-y", "LINUX_SLL2",
                "-w", file(host).toString(), "ip or ip6").redirectErrorStream(true).redirectOutput(log(host).toFile());
            processes.put(host, lab.mode() == LabMode.ROOT ?
                running.start("tcpdump", builder) :
                NoGroups.call(() -> running.start("tcpdump", builder)));
        }
        for (final String host : processes.keySet())
        {
            awaitListening(host);
        }
    }

    private Map<Integer, Device> devices(final String host) throws IOException, InterruptedException
    {
        final Process process = lab.exec(host, "ip", "-o", "link", "show").redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(),
            StandardCharsets.UTF_8);
        process.waitFor();
        final Map<Integer, Device> devices = new HashMap<>();
        for (final String line : output.split("\n"))
        {
            final Matcher matcher = LINK.matcher(line);
            final Device device = matcher.find() ? device(matcher.group(2)) : null;
            if (device != null)
            {
                devices.put(Integer.parseInt(matcher.group(1)), device);
            }
        }
        if (!devices.containsValue(Device.DATA))
        {
            throw new CliError(ExitCodes.INTERNAL, "host " + host, "its links cannot be listed: " + output.strip(),
                "baton lab status");
        }
        return devices;
    }

    private static Device device(final String name)
    {
        return switch (name)
        {
            case LabPlan.TUN -> Device.TUN;
            case LabPlan.DATA_LINK -> Device.DATA;
            case LabPlan.MGMT_LINK -> Device.MGMT;
            default -> null;
        };
    }

    private void awaitListening(final String host) throws IOException, InterruptedException
    {
        final long endNs = System.nanoTime() + READY_NS;
        while (!Files.readString(log(host)).contains("listening on"))
        {
            if (!processes.get(host).isAlive() || System.nanoTime() > endNs)
            {
                throw new CliError(ExitCodes.INTERNAL, "capture at " + host, "tcpdump does not begin: " +
                    Files.readString(log(host)).strip(), "run 'baton doctor'");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /**
     * Stop, after everything that has passed so far is in the files.
     *
     * @throws IOException          when a log cannot be read.
     * @throws InterruptedException when interrupted.
     */
    void stop() throws IOException, InterruptedException
    {
        TimeUnit.MILLISECONDS.sleep(FLUSH_MS);
        processes.values().forEach(Process::destroy);
        for (final Map.Entry<String, Process> entry : processes.entrySet())
        {
            if (!entry.getValue().waitFor(5, TimeUnit.SECONDS))
            {
                throw new CliError(ExitCodes.TIMEOUT, "capture at " + entry.getKey(), "tcpdump does not end", "repeat");
            }
            final Matcher dropped = DROPPED.matcher(Files.readString(log(entry.getKey())));
            while (dropped.find())
            {
                lost += Long.parseLong(dropped.group(1));
            }
        }
    }

    /** Packets that the kernel could not keep for tcpdump; known after {@link #stop()}. */
    long lost()
    {
        return lost;
    }

    /**
     * Read all files.
     *
     * @return everything that was captured.
     * @throws IOException when a file is damaged.
     */
    SegmentReader read() throws IOException
    {
        final SegmentReader reader = new SegmentReader();
        for (final String host : processes.keySet())
        {
            final Map<Integer, Device> devices = interfaces.get(host);
            final PcapFile pcap = PcapFile.open(file(host));
            while (pcap.next())
            {
                final Device device = devices.get(pcap.interfaceIndex());
                if (device != null)
                {
                    reader.take(new Tap(host, device), pcap);
                }
            }
        }
        return reader;
    }

    /** Files, by host: for those who want to look for themselves. */
    Map<String, Path> files()
    {
        final Map<String, Path> files = new LinkedHashMap<>();
        processes.keySet().forEach(host -> files.put(host, file(host)));
        return files;
    }

    private Path file(final String host)
    {
        return directory.resolve(host + ".pcap");
    }

    private Path log(final String host)
    {
        return directory.resolve(host + ".tcpdump.log");
    }

    /** Hosts that are watched. */
    List<String> hosts()
    {
        return List.copyOf(processes.keySet());
    }
}
