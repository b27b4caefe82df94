package dev.baton.tools.lab;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lab file: a line {@code key = value} for what differs from the default; empty lines and lines that start with {@code #}
 * say nothing. All keys, with their defaults:
 * <pre>
 * lab.name = demo                 letters and digits, at most 16
 * lab.backs = 2                   1 to 16
 * lab.user =                      owner of the TUN devices when root makes the lab; empty: root
 * data.mtu = 1500                 1280 to 65535
 * data.txqueuelen = 5000          of the TUN devices, packets
 * data.ipv4 = 198.18.0.0/16       links, stack addresses and VIP are taken from it
 * data.ipv6 = fd00:198:18::/48    the same
 * mgmt.ipv4 = 198.19.0.0/24       control channels
 * service.port = 80               of the VIP
 * node.KEY = VALUE                a line for every node's node.conf
 * front.KEY = VALUE, b1.KEY = VALUE    a line for one node's; wins over node.KEY
 * </pre>
 * The file is checked as a whole before anything is made of it; the first fault is reported with its line.
 */
public final class LabFile
{
    private static final Set<String> KEYS = Set.of("lab.name", "lab.backs", "lab.user", "data.mtu", "data.txqueuelen",
        "data.ipv4", "data.ipv6", "mgmt.ipv4", "service.port");
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9._-]+)\\s*=\\s*(.*)");
    private static final Pattern SCOPED = Pattern.compile("(node|front|b[1-9][0-9]?)\\.(.+)");
    private static final int MAX_LINES = 1000;

    private final String source;
    private final SortedMap<String, SortedMap<String, String>> settings = new TreeMap<>();
    private final SortedMap<String, String> values = new TreeMap<>();
    private final SortedMap<String, Integer> lineOf = new TreeMap<>();

    private LabFile(final String source)
    {
        this.source = source;
    }

    /**
     * Read a lab file.
     *
     * @param file its path.
     * @return a valid configuration.
     * @throws CliError that names file, line, cause and mend; {@link ExitCodes#NOT_FOUND} when there is no such file, else
     *                  {@link ExitCodes#USAGE}.
     */
    public static LabConfig read(final Path file)
    {
        if (!Files.exists(file))
        {
            throw new CliError(ExitCodes.NOT_FOUND, "lab file " + file, "does not exist", "give an existing file after -f");
        }
        try
        {
            return parse(file.toString(), Files.readAllLines(file));
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.USAGE, "lab file " + file, "cannot be read as UTF-8 text: " + ex.getMessage(),
                "give a readable text file", ex);
        }
    }

    /**
     * Read the lines of a lab file.
     *
     * @param source how errors call it.
     * @param lines  all of it.
     * @return a valid configuration.
     * @throws CliError as {@link #read(Path)}.
     */
    public static LabConfig parse(final String source, final List<String> lines)
    {
        final LabFile file = new LabFile(source);
        if (lines.size() > MAX_LINES)
        {
            throw file.fault(MAX_LINES, "more than " + MAX_LINES + " lines", "a lab file is short; give another");
        }
        int number = 0;
        for (final String line : lines)
        {
            file.line(++number, line.strip());
        }
        return file.conclude();
    }

    /**
     * Write a configuration as a lab file that reads back as the same configuration.
     *
     * @param config to write.
     * @return its lines.
     */
    public static List<String> write(final LabConfig config)
    {
        final List<String> lines = new ArrayList<>(List.of(
            "lab.name = " + config.name(),
            "lab.backs = " + config.backs(),
            "lab.user = " + config.user(),
            "data.mtu = " + config.mtuBytes(),
            "data.txqueuelen = " + config.txQueueLen(),
            "data.ipv4 = " + config.data4() + ".0.0/16",
            "data.ipv6 = " + config.data6() + "::/48",
            "mgmt.ipv4 = " + config.mgmt4() + ".0/24",
            "service.port = " + config.httpPort()));
        config.settings().forEach((scope, keys) ->
            keys.forEach((key, value) -> lines.add(scope + "." + key + " = " + value)));
        return lines;
    }

    private void line(final int number, final String line)
    {
        if (line.isEmpty() || line.startsWith("#"))
        {
            return;
        }
        final Matcher matcher = LINE.matcher(line);
        if (!matcher.matches())
        {
            throw fault(number, "not of the form key = value: '" + line + "'", "write key = value, or # before a comment");
        }
        final String key = matcher.group(1);
        if (lineOf.putIfAbsent(key, number) != null)
        {
            throw fault(number, key + " was set in line " + lineOf.get(key) + " already", "remove one of the two");
        }
        final Matcher scoped = SCOPED.matcher(key);
        if (KEYS.contains(key))
        {
            values.put(key, matcher.group(2));
        }
        else if (scoped.matches())
        {
            settings.computeIfAbsent(scoped.group(1), s -> new TreeMap<>()).put(scoped.group(2), matcher.group(2));
        }
        else
        {
            throw fault(number, "unknown key '" + key + "'",
                "known are " + String.join(", ", new TreeSet<>(KEYS)) + ", node.*, front.*, b1.* and so on");
        }
    }

    private LabConfig conclude()
    {
        final LabConfig standard = LabConfig.defaults();
        final LabConfig config = new LabConfig(
            text("lab.name", standard.name(), "[a-z][a-z0-9]{0,15}", "a lower case letter, then at most 15 letters and digits"),
            number("lab.backs", standard.backs(), 1, LabConfig.MAX_BACKS),
            text("lab.user", standard.user(), "|[a-z_0-9][a-z0-9_.-]{0,31}", "a user's name or number"),
            number("data.mtu", standard.mtuBytes(), 1280, 65535),
            number("data.txqueuelen", standard.txQueueLen(), 1, 100_000),
            prefix("data.ipv4", standard.data4() + ".0.0/16", ".0.0/16"),
            prefix("data.ipv6", standard.data6() + "::/48", "::/48"),
            prefix("mgmt.ipv4", standard.mgmt4() + ".0/24", ".0/24"),
            number("service.port", standard.httpPort(), 1, 65535),
            settings);
        if (config.mgmt4().startsWith(config.data4() + "."))
        {
            throw fault(lineOf.getOrDefault("mgmt.ipv4", lineOf.getOrDefault("data.ipv4", 0)),
                "the management network lies inside the data network", "take mgmt.ipv4 from another prefix");
        }
        final Set<String> scopes = new HashSet<>(config.nodes());
        scopes.add(LabConfig.ALL_NODES);
        for (final String scope : settings.keySet())
        {
            if (!scopes.contains(scope))
            {
                final String key = scope + "." + settings.get(scope).firstKey();
                throw fault(lineOf.get(key), key + ": there is no node " + scope,
                    "nodes of this lab are " + String.join(", ", config.nodes()) + "; raise lab.backs for more");
            }
        }
        return config;
    }

    private String text(final String key, final String standard, final String pattern, final String wanted)
    {
        final String value = values.getOrDefault(key, standard);
        if (!value.matches(pattern))
        {
            throw fault(lineOf.get(key), key + " = '" + value + "'", "write " + wanted);
        }
        return value;
    }

    private int number(final String key, final int standard, final int min, final int max)
    {
        final String value = values.getOrDefault(key, Integer.toString(standard));
        if (value.matches("[0-9]{1,9}"))
        {
            final int number = Integer.parseInt(value);
            if (number >= min && number <= max)
            {
                return number;
            }
        }
        throw fault(lineOf.get(key), key + " = '" + value + "'", "write a whole number from " + min + " to " + max);
    }

    private String prefix(final String key, final String standard, final String ending)
    {
        final String value = values.getOrDefault(key, standard);
        final String mend = "write a prefix that ends with " + ending + ", such as " + standard;
        if (!value.endsWith(ending))
        {
            throw fault(lineOf.get(key), key + " = '" + value + "'", mend);
        }
        try
        {
            final IpAddress address = IpAddress.parse(value.substring(0, value.indexOf('/')));
            final boolean canonical = value.startsWith(address + "/");
            if (canonical && address.isV4() == key.endsWith("4"))
            {
                return value.substring(0, value.length() - ending.length());
            }
            throw fault(lineOf.get(key), key + " = '" + value + "' is not in its shortest form", mend);
        }
        catch (final IllegalArgumentException ex)
        {
            throw fault(lineOf.get(key), key + " = '" + value + "': " + ex.getMessage(), mend);
        }
    }

    private CliError fault(final int line, final String cause, final String mend)
    {
        return new CliError(ExitCodes.USAGE, "lab file " + source + ", line " + line, cause, mend);
    }
}
