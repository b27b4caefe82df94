package dev.baton.tools.demo;

import java.util.Locale;

/**
 * A place where packets were captured: an interface of the kernel in a host's namespace, outside any node process.
 *
 * @param host   name of the host in the lab.
 * @param device what the interface is there.
 */
record Tap(String host, Device device)
{
    /** What an interface is for. */
    enum Device
    {
        /** The TUN device: what passes between the kernel and the node's stack. */
        TUN,
        /** The link to the data network. */
        DATA,
        /** The link to the management network. */
        MGMT
    }

    @Override
    public String toString()
    {
        return host + " " + device.name().toLowerCase(Locale.ROOT);
    }
}
