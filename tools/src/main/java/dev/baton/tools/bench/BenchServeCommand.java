package dev.baton.tools.bench;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.node.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code baton bench serve}: echo, discard, chargen and a fixed HTTP answer on one device, until TERM or INT, which end
 * it at once. The line (with {@code --json} the document) on stdout says that it serves.
 */
@Command(
    name = "serve",
    description = {
        "Serve echo (7), discard (9), chargen (19) and HTTP (80: 200 OK with 128 bytes) on a TUN device, until TERM.",
        "The device must be there and up. A single-queue device gets virtio headers, and so super-packets, also when " +
        "it was made without; a multi-queue device is taken as it is."})
public final class BenchServeCommand extends BatonCommand
{
    @Option(names = "--tun", required = true, paramLabel = "DEV", description = "The device.")
    private String device;

    @Option(names = "--addr", required = true, paramLabel = "A", description = "The stack's address, IPv4 or IPv6.")
    private String address;

    @Option(names = "--gw", required = true, paramLabel = "G",
        description = "Address of the kernel's side: of the same family, and not the stack's own.")
    private String gateway;

    @Option(names = "--no-offload", description = "Plain packets of the device's MTU, checksums in software.")
    private boolean noOffload;

    /** The verb. */
    public BenchServeCommand()
    {
    }

    @Override
    protected int run(final Output output) throws InterruptedException
    {
        final IpAddress own = parse("--addr", address);
        final IpAddress peer = parse("--gw", gateway);
        if (own.equals(peer) || own.isV4() != peer.isV4())
        {
            throw usage("--gw " + gateway + ": it must be another address than --addr " + address +
                ", of the same family");
        }
        try (BenchServer server = BenchServer.start(device, own, !noOffload, output::log))
        {
            Signals.handle(List.of("TERM", "INT"), server::requestStop);
            announce(output, server);
            server.join();
        }
        return ExitCodes.OK;
    }

    private void announce(final Output output, final BenchServer server)
    {
        output.line("serving " + address + " on " + server.device() + ": echo 7, discard 9, chargen 19, http 80");
        final Map<String, Object> ready = new TreeMap<>();
        ready.put("state", "serving");
        ready.put("tun", device);
        ready.put("address", address);
        ready.put("gateway", gateway);
        ready.put("offload", server.device().vnetHeader());
        ready.put("services", Map.of("echo", 7, "discard", 9, "chargen", 19, "http", 80));
        ready.put("pid", ProcessHandle.current().pid());
        output.document(ready);
    }

    private IpAddress parse(final String option, final String text)
    {
        try
        {
            return IpAddress.parse(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw usage(option + " " + text + ": " + ex.getMessage());
        }
    }
}
