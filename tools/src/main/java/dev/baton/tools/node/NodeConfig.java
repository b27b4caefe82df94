package dev.baton.tools.node;

import dev.baton.stack.wire.IpAddress;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Configuration of a node, as read from its file.
 *
 * @param name           of the node, as in its certificate.
 * @param runDirectory   where its socket is.
 * @param tunName        device to attach to.
 * @param addresses      the stack's own, at least one.
 * @param mtuBytes       to go by; 0 for the device's own.
 * @param timeWaitNs     how long TIME-WAIT lasts; 0 for the stack's default.
 * @param userTimeoutNs  how long sent data may stay unacknowledged; 0 for the stack's default.
 * @param drainNs        how long connections may take to end after TERM.
 * @param control        of the control channel; null when there is none.
 * @param services       built-in ones.
 * @param modules        to load at the start, in the order of their names.
 */
record NodeConfig(
    String name,
    Path runDirectory,
    String tunName,
    List<IpAddress> addresses,
    int mtuBytes,
    long timeWaitNs,
    long userTimeoutNs,
    long drainNs,
    Control control,
    Services services,
    List<Module> modules)
{
    /**
     * Of the control channel.
     *
     * @param listen       address and port; null: only dial.
     * @param peers        address and port by name.
     * @param keyStore     PKCS #12 file.
     * @param passwordFile whose first line opens it.
     * @param trust        certificates of the cluster's CA.
     */
    record Control(String listen, Map<String, String> peers, Path keyStore, Path passwordFile, Path trust)
    {
    }

    /**
     * Of the built-in services; a port is 0 when its service is off.
     *
     * @param httpPort    of the file server.
     * @param httpRoot    what it serves.
     * @param httpIdleNs  longest time without progress.
     * @param echoPort    of the echo service.
     * @param discardPort of the discard service.
     * @param chargenPort of the character generator.
     */
    record Services(int httpPort, Path httpRoot, long httpIdleNs, int echoPort, int discardPort, int chargenPort)
    {
    }

    /**
     * Of a module.
     *
     * @param name     in the file; the module must call itself so.
     * @param jar      to load; null when the file only has settings for a module that is loaded later.
     * @param settings passed to it.
     */
    record Module(String name, Path jar, Map<String, String> settings)
    {
    }

    /**
     * Settings for a module of a name.
     *
     * @param module its name.
     * @return empty when the file has none.
     */
    Map<String, String> settingsOf(final String module)
    {
        return modules.stream()
            .filter((candidate) -> candidate.name.equals(module))
            .findFirst()
            .map(Module::settings)
            .orElse(Map.of());
    }
}
