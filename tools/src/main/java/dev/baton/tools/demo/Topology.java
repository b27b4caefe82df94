package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * Who is who in the captures.
 *
 * @param client      name of the client's host.
 * @param front       name of the node whose TUN device has the VIP.
 * @param backs       names of the other nodes.
 * @param vips        addresses that clients connect to, one of each family.
 * @param port        TCP port there.
 * @param stacks      each node's own stack addresses.
 * @param mgmt        each node's address on the management network.
 * @param controlPort TCP port of the control channel.
 */
record Topology(
    String client,
    String front,
    List<String> backs,
    List<IpAddress> vips,
    int port,
    Map<String, List<IpAddress>> stacks,
    Map<String, IpAddress> mgmt,
    int controlPort)
{
    boolean isVip(final IpAddress address, final int atPort)
    {
        return atPort == port && vips.contains(address);
    }

    /** The node that has an address as its stack's own; null when none. */
    String nodeOf(final IpAddress address)
    {
        for (final Map.Entry<String, List<IpAddress>> entry : stacks.entrySet())
        {
            if (entry.getValue().contains(address))
            {
                return entry.getKey();
            }
        }
        return null;
    }

    /** The node that has an address on the management network; null when none. */
    String managedBy(final IpAddress address)
    {
        for (final Map.Entry<String, IpAddress> entry : mgmt.entrySet())
        {
            if (entry.getValue().equals(address))
            {
                return entry.getKey();
            }
        }
        return null;
    }

    /** A node's own stack address of the family of another address. */
    IpAddress stackOf(final String node, final IpAddress family)
    {
        return stacks.get(node).stream().filter(address -> address.isV4() == family.isV4()).findFirst().orElseThrow();
    }
}
