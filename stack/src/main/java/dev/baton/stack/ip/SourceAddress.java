package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;

/**
 * Default source address selection (RFC 6724, section 5): of all local addresses of the destination's family the one
 * that wins every comparison. The rules in their order, and what they mean on one TUN:
 * <ol>
 * <li>the destination's own address; such packets never leave, so this never applies;</li>
 * <li>appropriate scope: the least scope that reaches the destination, else the greatest;</li>
 * <li>deprecated addresses: a shard has none, an address is there or not;</li>
 * <li>home addresses (Mobile IPv6): none;</li>
 * <li>outgoing interface: there is one (5.5, prefixes of the next hop: none advertises any);</li>
 * <li>the label of the destination, by the default policy table of section 2.1;</li>
 * <li>temporary addresses: not made here;</li>
 * <li>the longest matching prefix, of IPv6 at most the prefix length of the address (section 2.2).</li>
 * </ol>
 * Section 5 does not speak of IPv4; of rule 8 it has what Linux does: an address of the destination's own network is
 * preferred, of the narrowest one. What is still equal goes to the address that was added first.
 */
public final class SourceAddress
{
    private static final int SCOPE_LINK = 0x2;
    private static final int SCOPE_SITE = 0x5;
    private static final int SCOPE_GLOBAL = 0xE;

    /** The policy table of section 2.1: prefix (hi, lo), its length, label; longest first. */
    private static final long[][] POLICY =
    {
        {0, 1, 128, 0},
        {0, IpAddress.MAPPED, 96, 4},
        {0, 0, 96, 3},
        {0x2001_0000_0000_0000L, 0, 32, 5},
        {0x2002_0000_0000_0000L, 0, 16, 2},
        {0x3FFE_0000_0000_0000L, 0, 16, 12},
        {0xFEC0_0000_0000_0000L, 0, 10, 11},
        {0xFC00_0000_0000_0000L, 0, 7, 13},
        {0, 0, 0, 1},
    };

    private SourceAddress()
    {
    }

    /**
     * Choose a local address for a destination.
     *
     * @param local       addresses of the shard.
     * @param routes      of the shard; a route with a preferred source that is local decides alone.
     * @param destination unicast.
     * @return null when the shard has no address of the destination's family.
     */
    public static IpAddress choose(final LocalAddresses local, final RouteTable routes, final IpAddress destination)
    {
        final Route route = routes.lookup(destination.hi(), destination.lo());
        if (route != null && route.source() != null && local.contains(route.source().hi(), route.source().lo()))
        {
            return route.source();
        }
        IpAddress best = null;
        for (int i = 0; i < local.size(); i++)
        {
            final IpAddress candidate = local.list().get(i);
            if (candidate.isV4() == destination.isV4() && (best == null || better(candidate, best, destination, local)))
            {
                best = candidate;
            }
        }
        return best;
    }

    /** Is a better than b, which was added before it? */
    private static boolean better(
        final IpAddress a, final IpAddress b, final IpAddress destination, final LocalAddresses local)
    {
        final int scopeA = scope(a);
        final int scopeB = scope(b);
        if (scopeA != scopeB)
        {
            // Rule 2: prefer the smaller one if it reaches, else the greater one.
            final boolean smaller = scopeA < scopeB;
            return smaller == (Math.min(scopeA, scopeB) >= scope(destination));
        }
        final int label = label(destination);
        if ((label(a) == label) != (label(b) == label))
        {
            return label(a) == label;
        }
        return matching(a, destination, local) > matching(b, destination, local);
    }

    /** CommonPrefixLen of section 2.2. */
    private static int matching(final IpAddress address, final IpAddress destination, final LocalAddresses local)
    {
        final int length = local.prefixLength(address);
        final int common = Prefix.common(address.hi(), address.lo(), destination.hi(), destination.lo());
        if (address.isV4())
        {
            return common - Prefix.V4_BITS >= length ? length : 0;
        }
        return Math.min(length, common);
    }

    /** Scope (section 3.1 and 3.2; RFC 4291, section 2.5; RFC 4007). */
    static int scope(final IpAddress address)
    {
        if (address.isV4())
        {
            final int v4 = (int)address.lo();
            return v4 >>> 16 == 0xA9FE || v4 >>> 24 == 127 ? SCOPE_LINK : SCOPE_GLOBAL;
        }
        if (address.hi() >>> 56 == 0xFF)
        {
            return (int)(address.hi() >>> 48) & 0xF;
        }
        if (address.hi() >>> 54 == 0xFE80 >>> 6 || address.hi() == 0 && address.lo() == 1)
        {
            return SCOPE_LINK;
        }
        return address.hi() >>> 54 == 0xFEC0 >>> 6 ? SCOPE_SITE : SCOPE_GLOBAL;
    }

    /** Label of the policy table. */
    static int label(final IpAddress address)
    {
        for (final long[] entry : POLICY)
        {
            final int bits = (int)entry[2];
            if ((address.hi() & Prefix.maskHi(bits)) == entry[0] && (address.lo() & Prefix.maskLo(bits)) == entry[1])
            {
                return (int)entry[3];
            }
        }
        throw new AssertionError("the last entry of the policy table matches everything");
    }
}
