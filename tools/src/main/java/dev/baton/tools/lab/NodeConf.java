package dev.baton.tools.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the lab writes into a node's node.conf, a file of {@link java.util.Properties}. The early-handoff module is configured on
 * every node, so that any of them can be the front of a VIP.
 */
final class NodeConf
{
    /** TCP port of the control channel on the management network. */
    static final int CONTROL_PORT = 7400;

    private final LabConfig config;
    private final Path directory;
    private final LabAddresses addresses;
    private final LabCertificates certificates;

    NodeConf(final LabConfig config, final Path directory, final LabCertificates certificates)
    {
        this.config = config;
        this.directory = directory;
        this.addresses = new LabAddresses(config);
        this.certificates = certificates;
    }

    /** Lines of a node's file. */
    List<String> lines(final String node, final Path earlyModule)
    {
        final Map<String, String> values = new LinkedHashMap<>();
        values.put("node.name", node);
        values.put("node.run.dir", directory.resolve(node).toString());
        values.put("tun.name", LabPlan.TUN);
        values.put("stack.addresses", stackAddresses(node));
        values.put("stack.time.wait.ms", "2000");
        values.put("stack.user.timeout.ms", "20000");
        values.put("control.listen", control(node));
        values.put("control.peers", peers(node));
        values.put("control.keystore", certificates.keyStore(node).toString());
        values.put("control.keystore.password.file", certificates.passwordFile().toString());
        values.put("control.truststore", certificates.trustStore().toString());
        values.put("service.http.port", Integer.toString(config.httpPort()));
        values.put("service.http.root", directory.resolve("www").toString());
        values.put("service.http.idle.ms", "30000");
        values.put("module.early-handoff.jar", earlyModule.toString());
        values.put("module.early-handoff.vips", vips());
        values.put("module.early-handoff.policy", "round-robin");
        values.put("module.early-handoff.policy.rules", String.join(",", config.backNames()));
        for (final String back : config.backNames())
        {
            values.put("module.early-handoff.back." + back, addresses.stack4(back) + "," + addresses.stack6(back));
        }
        values.putAll(config.settingsOf(node));
        final List<String> lines = new ArrayList<>();
        lines.add("# Written by baton lab up for node " + node + " of lab " + config.name() + ".");
        values.forEach((key, value) -> lines.add(key + "=" + escape(value)));
        return lines;
    }

    private String stackAddresses(final String node)
    {
        final String own = addresses.stack4(node) + "," + addresses.stack6(node);
        return LabConfig.FRONT.equals(node) ? own + "," + addresses.vip4() + "," + addresses.vip6() : own;
    }

    private String vips()
    {
        return addresses.vip4() + ":" + config.httpPort() + ",[" + addresses.vip6() + "]:" + config.httpPort();
    }

    private String control(final String node)
    {
        return addresses.mgmt4(node) + ":" + CONTROL_PORT;
    }

    private String peers(final String node)
    {
        final List<String> peers = new ArrayList<>();
        config.nodes().stream().filter(peer -> !peer.equals(node)).forEach(peer -> peers.add(peer + "=" + control(peer)));
        return String.join(",", peers);
    }

    /** For Properties.load of a UTF-8 reader: a backslash there escapes. */
    private static String escape(final String value)
    {
        return value.replace("\\", "\\\\");
    }
}
