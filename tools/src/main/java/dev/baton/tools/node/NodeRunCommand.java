package dev.baton.tools.node;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code baton node run -f node.conf}: be a node. The line (with {@code --json} the document) on stdout says that the
 * node serves; it comes when clients are answered, not before. TERM and INT drain, a second one ends at once; both exit
 * with 0.
 */
@Command(
    name = "run",
    description = "Be a node, until TERM.",
    footerHeading = "%nKeys of the configuration, a line 'key = value' each; relative paths begin at the file's directory:%n",
    footer = {
        "  node.name = NAME                  as in its certificate",
        "  node.run.dir = DIR                where its socket is (default: by name, below the user's run directory)",
        "  node.drain.ms = N                 how long connections may take to end after TERM (default 10000)",
        "  tun.name = DEVICE                 must be there and up",
        "  stack.addresses = A,B,...         the stack's own IPv4 and IPv6 addresses",
        "  stack.mtu = N                     default: the device's",
        "  stack.time.wait.ms = N            default: 60000",
        "  stack.user.timeout.ms = N         default: by retransmissions",
        "  control.listen = HOST:PORT        without any control.* there is no control channel",
        "  control.peers = NAME=HOST:PORT,...",
        "  control.keystore = FILE           PKCS #12: key and certificate of this node",
        "  control.keystore.password.file = FILE",
        "  control.truststore = FILE         the cluster's CA",
        "  service.http.port = N             file server",
        "  service.http.root = DIR",
        "  service.http.idle.ms = N          default 60000",
        "  service.echo.port = N",
        "  service.discard.port = N",
        "  service.chargen.port = N",
        "  module.NAME.jar = FILE            loaded at the start",
        "  module.NAME.SETTING = VALUE       passed to the module"})
public final class NodeRunCommand extends BatonCommand
{
    @Option(names = "-f", required = true, paramLabel = "FILE", description = "Configuration of the node.")
    private Path file;

    /** The verb. */
    public NodeRunCommand()
    {
    }

    @Override
    protected int run(final Output output) throws InterruptedException
    {
        final NodeConfig config = NodeConfigReader.read(file);
        final Consumer<String> log = new NodeLog(output::log);
        final NodeProcess process = NodeProcess.start(config, log);
        final Thread hook = new Thread(process::close, "baton-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        Signals.handle(List.of("TERM", "INT"), process::requestStop);
        announce(output, process.readiness());
        process.join();
        process.close();
        Runtime.getRuntime().removeShutdownHook(hook);
        return ExitCodes.OK;
    }

    private static void announce(final Output output, final Map<String, Object> ready)
    {
        output.line("serving " + ready.get("node") + " on " + ready.get("tun") + ": " + ready.get("addresses") +
            " services " + ready.get("services") + " pid " + ready.get("pid"));
        output.document(ready);
    }
}
