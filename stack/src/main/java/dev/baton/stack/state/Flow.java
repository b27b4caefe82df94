package dev.baton.stack.state;

import dev.baton.stack.wire.IpAddress;

/**
 * The 4-tuple of a connection, seen from the shard that it is in.
 *
 * @param local      local address.
 * @param localPort  local port, 1 to 65535.
 * @param remote     the peer's address.
 * @param remotePort the peer's port, 1 to 65535.
 */
public record Flow(IpAddress local, int localPort, IpAddress remote, int remotePort)
{
    Flow(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        this(new IpAddress(localHi, localLo), localPort, new IpAddress(remoteHi, remoteLo), remotePort);
    }

    /** Both ends, local first. */
    @Override
    public String toString()
    {
        return end(local, localPort) + " <-> " + end(remote, remotePort);
    }

    private static String end(final IpAddress address, final int port)
    {
        return address.isV4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
