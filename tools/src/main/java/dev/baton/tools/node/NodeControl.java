package dev.baton.tools.node;

import dev.baton.handoff.control.ControlConfigBuilder;
import dev.baton.handoff.control.ControlPlane;
import dev.baton.handoff.control.TlsControlPlane;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** Makes a node's control plane. Stateless. */
final class NodeControl
{
    private NodeControl()
    {
    }

    /**
     * Start the control plane that a configuration asks for.
     *
     * @param config  of the node.
     * @param wake    of the shard's thread; called from others.
     * @param log     takes what happens on the channels.
     * @param closing gets what has to be closed.
     * @return a plane without peers when there is no control channel.
     * @throws CliError when keys, certificates or addresses are wrong.
     */
    static ControlPlane start(
        final NodeConfig config, final Runnable wake, final Consumer<String> log, final ClosingStack closing)
    {
        final NodeConfig.Control control = config.control();
        if (control == null)
        {
            return new NullControlPlane(config.name());
        }
        try
        {
            final ControlConfigBuilder builder = new ControlConfigBuilder()
                .node(config.name())
                .listen(control.listen())
                .keyStore(control.keyStore())
                .passwordFile(control.passwordFile())
                .trust(control.trust());
            control.peers().forEach(builder::peer);
            return closing.add(TlsControlPlane.start(builder.conclude(), wake, log));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliError(ExitCodes.USAGE, "control channel of " + config.name(), ex.getMessage(),
                "correct the control.* lines of the configuration", ex);
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.REFUSED, "control channel of " + config.name(), ex.getMessage(),
                "correct control.listen, or end what uses the port", ex);
        }
    }

    /**
     * Describe a plane.
     *
     * @param plane of this node.
     * @return an object for the operator; empty when there is no channel.
     */
    static Map<String, Object> report(final ControlPlane plane)
    {
        return plane instanceof TlsControlPlane tls ? Json.parseObject(tls.census()) : Map.of();
    }
}
