package dev.baton.stack.socket;

import dev.baton.stack.wire.IpAddress;

/**
 * A socket address: {@code sockaddr_in} or {@code sockaddr_in6} without scope. Filled by who uses it, or by a call that
 * returns one. An IPv4 address in the family {@link SocketConstants#AF_INET6} stands for its mapped form (RFC 4291,
 * section 2.5.5.2), which has the same bits here. The wildcard of either family is {@link IpAddress#ANY}.
 * <p>
 * Mutable and reused; not thread safe.
 */
public final class SockAddr
{
    private int family;
    private IpAddress address = IpAddress.ANY;
    private int port;

    /** An address of no family. */
    public SockAddr()
    {
    }

    /**
     * An address.
     *
     * @param family  {@link SocketConstants#AF_INET} or {@link SocketConstants#AF_INET6}.
     * @param address {@link IpAddress#ANY} for the wildcard.
     * @param port    0 to 65535.
     */
    public SockAddr(final int family, final IpAddress address, final int port)
    {
        set(family, address, port);
    }

    /**
     * An address of its own family.
     *
     * @param address of a host.
     * @param port    0 to 65535.
     * @return a new one.
     */
    public static SockAddr of(final IpAddress address, final int port)
    {
        return new SockAddr(address.isV4() ? SocketConstants.AF_INET : SocketConstants.AF_INET6, address, port);
    }

    /**
     * Set all of it.
     *
     * @param family  {@link SocketConstants#AF_UNSPEC}, {@link SocketConstants#AF_INET} or
     *                {@link SocketConstants#AF_INET6}.
     * @param address {@link IpAddress#ANY} for the wildcard.
     * @param port    0 to 65535.
     * @return this.
     */
    public SockAddr set(final int family, final IpAddress address, final int port)
    {
        this.family = family;
        this.address = address;
        this.port = port;
        return this;
    }

    /** {@return the family} */
    public int family()
    {
        return family;
    }

    /** {@return the address; the wildcard is {@link IpAddress#ANY}} */
    public IpAddress address()
    {
        return address;
    }

    /** {@return the port, 0 to 65535} */
    public int port()
    {
        return port;
    }

    /** {@return true for an IPv4 address that an IPv6 socket uses} */
    public boolean isMapped()
    {
        return family == SocketConstants.AF_INET6 && address.isV4();
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof SockAddr that && family == that.family && port == that.port &&
            address.equals(that.address);
    }

    @Override
    public int hashCode()
    {
        return (address.hashCode() * 31 + port) * 31 + family;
    }

    @Override
    public String toString()
    {
        final String host = isMapped() ? "::ffff:" + address : address.toString();
        return family == SocketConstants.AF_INET6 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
