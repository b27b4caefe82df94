package dev.baton.tools.drill.run;

import dev.baton.stack.wire.IpAddress;

import java.util.Locale;

/** Which sockets and which packets a script is run with. */
public enum Mode
{
    /** IPv4 sockets, IPv4 packets. */
    IPV4("192.168.0.1", "192.0.2.1", 1500),
    /** IPv6 sockets, IPv4 packets. */
    IPV4_MAPPED_IPV6("192.168.0.1", "192.0.2.1", 1500),
    /** IPv6 sockets, IPv6 packets; the MTU is greater by what the header is, so that the MSS is the same. */
    IPV6("fd3d:a0b:17d6::1", "fd3d:fa7b:d17d::1", 1520);

    private final IpAddress local;
    private final IpAddress remote;
    private final int mtu;

    Mode(final String local, final String remote, final int mtu)
    {
        this.local = IpAddress.parse(local);
        this.remote = IpAddress.parse(remote);
        this.mtu = mtu;
    }

    /** {@return the name that scripts and users write: {@code ipv4-mapped-ipv6}} */
    public String text()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Address of the stack under test when a script names none. */
    IpAddress local()
    {
        return local;
    }

    /** Address that the script plays when it names none. */
    IpAddress remote()
    {
        return remote;
    }

    int mtu()
    {
        return mtu;
    }

    boolean isV6Socket()
    {
        return this != IPV4;
    }
}
