package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;

import java.util.Locale;

/**
 * An entry of the {@link RouteTable}. A TUN has neither neighbours nor a next hop, so a route has no gateway: it says
 * which packets may leave, and how.
 *
 * @param prefix       network address; bits behind the length are 0.
 * @param prefixLength of the prefix in bits: 0 to 32 for IPv4, 0 to 128 for IPv6.
 * @param kind         what becomes of matching packets.
 * @param source       preferred local address ({@code src}); null to choose by RFC 6724.
 * @param mtuBytes     greatest packet ({@code mtu}); 0 for the link's.
 * @param hopLimit     time to live or hop limit ({@code hoplimit}); 0 for the stack's default.
 * @param metric       of two routes to one prefix the one with the least is used.
 */
public record Route(
    IpAddress prefix, int prefixLength, RouteKind kind, IpAddress source, int mtuBytes, int hopLimit, int metric)
{
    /** Least MTU that a route may set: what every IPv4 link carries (RFC 791, section 3.2). */
    public static final int MIN_MTU_BYTES = 68;
    /** Least MTU of IPv6 (RFC 8200, section 5). */
    public static final int MIN_MTU_BYTES_V6 = 1280;

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException when a value cannot work; the text names it.
     */
    public Route
    {
        final int bits = prefix.isV4() ? 32 : 128;
        if (prefixLength < 0 || prefixLength > bits)
        {
            throw new IllegalArgumentException("route to " + prefix + " has a prefix of " + prefixLength +
                " bits; it must have 0 to " + bits);
        }
        if (!prefix.equals(Prefix.network(prefix, prefixLength)))
        {
            throw new IllegalArgumentException("route to " + prefix + "/" + prefixLength +
                " has bits behind its prefix; write " + Prefix.network(prefix, prefixLength) + "/" + prefixLength);
        }
        if (source != null && source.isV4() != prefix.isV4())
        {
            throw new IllegalArgumentException("route to " + prefix + "/" + prefixLength + " has the source " + source +
                " of the other family; take one of the same");
        }
        final int least = prefix.isV4() ? MIN_MTU_BYTES : MIN_MTU_BYTES_V6;
        if (mtuBytes != 0 && (mtuBytes < least || mtuBytes > 65_535))
        {
            throw new IllegalArgumentException("route to " + prefix + "/" + prefixLength + " has the MTU " + mtuBytes +
                "; it must be from " + least + " to 65535, or 0 for the link's");
        }
        if (hopLimit < 0 || hopLimit > 255)
        {
            throw new IllegalArgumentException("route to " + prefix + "/" + prefixLength + " has the hop limit " +
                hopLimit + "; it must be from 1 to 255, or 0 for the default");
        }
        if (metric < 0)
        {
            throw new IllegalArgumentException("route to " + prefix + "/" + prefixLength + " has the metric " + metric +
                "; it cannot be negative");
        }
    }

    /**
     * A route with nothing but its prefix and kind.
     *
     * @param prefix       network address.
     * @param prefixLength in bits.
     * @param kind         what becomes of matching packets.
     * @return the route.
     */
    public static Route to(final IpAddress prefix, final int prefixLength, final RouteKind kind)
    {
        return new Route(prefix, prefixLength, kind, null, 0, 0, 0);
    }

    @Override
    public String toString()
    {
        return kind.name().toLowerCase(Locale.ROOT) + " " + prefix + "/" + prefixLength +
            (source == null ? "" : " src " + source) + (mtuBytes == 0 ? "" : " mtu " + mtuBytes) +
            (hopLimit == 0 ? "" : " hoplimit " + hopLimit) + " metric " + metric;
    }
}
