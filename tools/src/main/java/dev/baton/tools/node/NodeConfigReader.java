package dev.baton.tools.node;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.CliError;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Reads a {@link NodeConfig}. All of the file is checked before anything is done with it.
 */
final class NodeConfigReader
{
    private static final long MAX_MS = TimeUnit.DAYS.toMillis(1);
    private static final int MAX_PORT = 65_535;
    private static final int MIN_MTU = 576;
    private static final int MAX_MTU = 65_535;
    private static final long DEFAULT_DRAIN_MS = 10_000;
    private static final long DEFAULT_HTTP_IDLE_MS = 60_000;
    private static final String NODE_NAME = "[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?";
    private static final String MODULE_NAME = "[a-z0-9][a-z0-9-]{0,62}";
    private static final String MODULE = "module.";

    private final ConfigFile file;

    private NodeConfigReader(final ConfigFile file)
    {
        this.file = file;
    }

    /**
     * Read a configuration.
     *
     * @param path of the file.
     * @return what it says.
     * @throws CliError naming file and line when anything in it is wrong.
     */
    static NodeConfig read(final Path path)
    {
        return new NodeConfigReader(ConfigFile.read(path)).config();
    }

    private NodeConfig config()
    {
        final String name = file.required("node.name", "front");
        if (!name.matches(NODE_NAME))
        {
            throw file.wrong("node.name", "'" + name + "' is no node name",
                "use up to 63 lower case letters, digits, dashes and dots");
        }
        final Path given = file.path("node.run.dir");
        final NodeConfig config = new NodeConfig(
            name,
            given != null ? given : RunDirectory.defaultOf(name),
            file.required("tun.name", "bt0"),
            addresses(),
            (int)file.number("stack.mtu", MIN_MTU, MAX_MTU, 0),
            milliseconds("stack.time.wait.ms", 0),
            milliseconds("stack.user.timeout.ms", 0),
            TimeUnit.MILLISECONDS.toNanos(file.number("node.drain.ms", 0, MAX_MS, DEFAULT_DRAIN_MS)),
            control(),
            services(),
            modules());
        file.refuseUnknown();
        return config;
    }

    private long milliseconds(final String key, final long otherMs)
    {
        return TimeUnit.MILLISECONDS.toNanos(file.number(key, 1, MAX_MS, otherMs));
    }

    private List<IpAddress> addresses()
    {
        final String key = "stack.addresses";
        file.required(key, "198.18.1.1,fd00:198:18:1::1");
        final Set<IpAddress> addresses = new LinkedHashSet<>();
        for (final String text : file.convert(key, (value) -> value.split(","), "addresses"))
        {
            final IpAddress address =
                file.convert(key, (value) -> IpAddress.parse(text.strip()), "IPv4 and IPv6 addresses, separated by commas");
            if (!addresses.add(address))
            {
                throw file.wrong(key, address + " is named twice", "name every address once");
            }
        }
        return List.copyOf(addresses);
    }

    private NodeConfig.Control control()
    {
        if (!file.hasPrefix("control."))
        {
            return null;
        }
        file.required("control.keystore", "certs/front.p12");
        file.required("control.keystore.password.file", "certs/password");
        file.required("control.truststore", "certs/ca.pem");
        return new NodeConfig.Control(
            file.text("control.listen", null),
            peers(),
            existing("control.keystore"),
            existing("control.keystore.password.file"),
            existing("control.truststore"));
    }

    private Map<String, String> peers()
    {
        final String key = "control.peers";
        final Map<String, String> peers = new TreeMap<>();
        final String example = "NAME=HOST:PORT, separated by commas";
        for (final String text : file.text(key, "").split(","))
        {
            final int equals = text.indexOf('=');
            if (equals < 0 && !text.isBlank())
            {
                throw file.wrong(key, "'" + text.strip() + "' is no peer", "give " + example);
            }
            if (equals >= 0 && peers.put(text.substring(0, equals).strip(), text.substring(equals + 1).strip()) != null)
            {
                throw file.wrong(key, text.substring(0, equals).strip() + " is named twice", "name every peer once");
            }
        }
        return peers;
    }

    private NodeConfig.Services services()
    {
        final int httpPort = port("service.http.port");
        final Path root = file.path("service.http.root");
        if (httpPort != 0 && root == null)
        {
            throw file.wrong("service.http.port", "the file server has no root", "add service.http.root = DIRECTORY");
        }
        if (root != null && !Files.isDirectory(root))
        {
            throw file.wrong("service.http.root", root + " is no directory", "give a directory, or make it");
        }
        final NodeConfig.Services services = new NodeConfig.Services(
            httpPort,
            root,
            milliseconds("service.http.idle.ms", DEFAULT_HTTP_IDLE_MS),
            port("service.echo.port"),
            port("service.discard.port"),
            port("service.chargen.port"));
        refuseSharedPorts();
        return services;
    }

    private void refuseSharedPorts()
    {
        final Map<Integer, String> users = new TreeMap<>();
        for (final String service : List.of("http", "echo", "discard", "chargen"))
        {
            final String key = "service." + service + ".port";
            final String other = file.has(key) ? users.put(port(key), key) : null;
            if (other != null)
            {
                throw file.wrong(key, "the port is that of " + other, "give each service a port of its own");
            }
        }
    }

    private List<NodeConfig.Module> modules()
    {
        final Map<String, Map<String, String>> settings = new TreeMap<>();
        final Map<String, Path> jars = new TreeMap<>();
        for (final String key : file.keysWithPrefix(MODULE))
        {
            final int dot = key.indexOf('.', MODULE.length());
            final String name = dot < 0 ? "" : key.substring(MODULE.length(), dot);
            if (!name.matches(MODULE_NAME) || dot == key.length() - 1)
            {
                throw file.wrong(key, "is not of the form module.NAME.SETTING", "write for example module.early-handoff.jar");
            }
            final String setting = key.substring(dot + 1);
            settings.computeIfAbsent(name, (absent) -> new TreeMap<>());
            if ("jar".equals(setting))
            {
                jars.put(name, existing(key));
            }
            else
            {
                settings.get(name).put(setting, file.text(key, ""));
            }
        }
        final List<NodeConfig.Module> modules = new ArrayList<>();
        settings.forEach((name, values) -> modules.add(new NodeConfig.Module(name, jars.get(name), Map.copyOf(values))));
        return modules;
    }

    private int port(final String key)
    {
        return (int)file.number(key, 1, MAX_PORT, 0);
    }

    private Path existing(final String key)
    {
        final Path path = file.path(key);
        if (!Files.isRegularFile(path))
        {
            throw file.wrong(key, "there is no file " + path, "give the path of an existing file");
        }
        return path;
    }
}
