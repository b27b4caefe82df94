package dev.baton.tools.bench;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.ProcessRunner;
import dev.baton.tools.host.Programs;
import dev.baton.tools.host.Rights;

import java.util.ArrayList;
import java.util.List;

/**
 * Two network namespaces of this process: the client's, with a TUN device for Baton, and the kernel server's, joined by a veth pair.
 * <pre>
 *     client 10.79.1.1 ---- veth ---- 10.79.1.2 the kernel's row
 *     client 10.79.2.1 ---- TUN  ---- 10.79.2.2 Baton's row
 * </pre>
 */
final class BenchNetwork implements AutoCloseable
{
    /** Where the kernel serves. */
    static final String KERNEL_ADDRESS = "10.79.1.2";
    /** Where Baton serves. */
    static final String BATON_ADDRESS = "10.79.2.2";
    /** The client's address on the TUN device. */
    static final String GATEWAY = "10.79.2.1";
    /** The TUN device. */
    static final String DEVICE = "bench0";

    private static final String CLIENT_ADDRESS = "10.79.1.1";

    private final String ip = Programs.require("ip");
    private final String client;
    private final String kernel;
    private final List<String> made = new ArrayList<>();

    /**
     * Nothing made yet.
     *
     * @throws CliError without the rights for it.
     */
    BenchNetwork()
    {
        if (!Rights.current().canMakeNamespaces())
        {
            throw new CliError(ExitCodes.REFUSED, "baton bench stack", "it makes network namespaces, which this user may not",
                "run it as root: sudo tools/baton bench stack");
        }
        final String stem = "bb" + ProcessHandle.current().pid();
        client = stem + "c";
        kernel = stem + "k";
    }

    /**
     * Make it.
     *
     * @throws CliError when a step fails; what was made goes with {@link #close()}.
     */
    void make()
    {
        add(client);
        add(kernel);
        call("link", "add", "bk", "netns", client, "type", "veth", "peer", "name", "bk", "netns", kernel);
        address(client, "bk", CLIENT_ADDRESS);
        address(kernel, "bk", KERNEL_ADDRESS);
        call("-n", client, "tuntap", "add", "dev", DEVICE, "mode", "tun", "one_queue", "vnet_hdr");
        address(client, DEVICE, GATEWAY);
    }

    private void add(final String name)
    {
        call("netns", "add", name);
        made.add(name);
        call("-n", name, "link", "set", "lo", "up");
    }

    private void address(final String name, final String device, final String address)
    {
        call("-n", name, "addr", "add", address + "/24", "dev", device);
        call("-n", name, "link", "set", device, "up");
    }

    private void call(final String... arguments)
    {
        final List<String> command = new ArrayList<>(List.of(ip));
        command.addAll(List.of(arguments));
        final ProcessRunner.Result result = ProcessRunner.run(command, "");
        if (result.exitCode() != 0)
        {
            throw new CliError(ExitCodes.REFUSED, "ip " + String.join(" ", arguments), result.firstLine(),
                "run it by hand to see why");
        }
    }

    /** A command line that runs in the client's namespace. */
    List<String> inClient(final List<String> command)
    {
        return inside(client, command);
    }

    /** A command line that runs in the kernel server's namespace. */
    List<String> inKernel(final List<String> command)
    {
        return inside(kernel, command);
    }

    private List<String> inside(final String name, final List<String> command)
    {
        final List<String> whole = new ArrayList<>(List.of(ip, "netns", "exec", name));
        whole.addAll(command);
        return whole;
    }

    @Override
    public void close()
    {
        made.forEach(name -> ProcessRunner.run(List.of(ip, "netns", "del", name), ""));
        made.clear();
    }
}
