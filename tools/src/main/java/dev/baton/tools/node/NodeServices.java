package dev.baton.tools.node;

import dev.baton.stack.NetStack;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.service.ChargenService;
import dev.baton.tools.service.DiscardService;
import dev.baton.tools.service.EchoService;
import dev.baton.tools.service.HttpFileService;
import dev.baton.tools.service.HttpFileSettings;
import org.agrona.concurrent.SystemEpochClock;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The built-in services that a configuration asks for, and their listeners. Belongs to the shard's thread once that
 * runs.
 */
final class NodeServices
{
    private final Map<String, Listener> listeners = new TreeMap<>();
    private final HttpFileService http;
    private final DiscardService discard = new DiscardService();

    /**
     * Make the services and listen on all addresses.
     *
     * @param config of the node.
     * @param stack  of the node.
     * @throws CliError when the file server's root cannot be used.
     */
    NodeServices(final NodeConfig config, final NetStack stack)
    {
        final NodeConfig.Services services = config.services();
        http = services.httpPort() == 0 ? null : httpService(config);
        listen(stack, "http", services.httpPort(), http);
        listen(stack, "echo", services.echoPort(), new EchoService());
        listen(stack, "discard", services.discardPort(), discard);
        listen(stack, "chargen", services.chargenPort(), new ChargenService());
    }

    private static HttpFileService httpService(final NodeConfig config)
    {
        try
        {
            return new HttpFileService(
                new HttpFileSettings(config.services().httpRoot(), config.name()).withIdleNs(config.services().httpIdleNs()),
                SystemEpochClock.INSTANCE);
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.USAGE, "service.http.root " + config.services().httpRoot(),
                "cannot be served (" + ex.getMessage() + ")", "give a directory that this user may read", ex);
        }
    }

    private void listen(final NetStack stack, final String name, final int port, final TcpService service)
    {
        if (port != 0)
        {
            listeners.put(name, stack.listen(IpAddress.ANY, port, service));
        }
    }

    /** Stop listening, and let the file server say so in its last answers. */
    void drain(final NetStack stack)
    {
        listeners.values().forEach(stack::unlisten);
        if (http != null)
        {
            http.drain();
        }
    }

    /**
     * Ports by service.
     *
     * @return sorted by name.
     */
    Map<String, Object> ports()
    {
        final Map<String, Object> ports = new TreeMap<>();
        listeners.forEach((name, listener) -> ports.put(name, listener.port()));
        return ports;
    }

    /**
     * Describe the listeners.
     *
     * @return in the order of the services' names.
     */
    List<Map<String, Object>> listenerReport()
    {
        final List<Map<String, Object>> list = new ArrayList<>();
        listeners.forEach((name, listener) -> list.add(Map.of(
            "service", name,
            "state", "LISTEN",
            "local", IpAddress.ANY.equals(listener.address()) ? "*" : listener.address().toString(),
            "local_port", listener.port(),
            "accepted", listener.acceptedCount())));
        return list;
    }

    /**
     * What the services have done.
     *
     * @return by name.
     */
    Map<String, Object> report()
    {
        final Map<String, Object> report = new TreeMap<>();
        listeners.forEach((name, listener) ->
        {
            final Map<String, Object> service = "http".equals(name) ? http.counters() : new TreeMap<>();
            service.put("port", listener.port());
            service.put("accepted", listener.acceptedCount());
            if ("discard".equals(name))
            {
                service.put("bytes", discard.bytes());
            }
            report.put(name, service);
        });
        return report;
    }
}
