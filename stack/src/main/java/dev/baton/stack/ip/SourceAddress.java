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
     * @param dstHi       destination, upper half.
     * @param dstLo       destination, lower half.
     * @return null when the shard has no address of the destination's family.
     */
    public static IpAddress choose(
        final LocalAddresses local, final RouteTable routes, final long dstHi, final long dstLo)
    {
        final Route route = routes.lookup(dstHi, dstLo);
        if (route != null && route.source() != null && local.contains(route.source().hi(), route.source().lo()))
        {
            return route.source();
        }
        final boolean v4 = IpAddress.isV4(dstHi, dstLo);
        IpAddress best = null;
        for (int i = 0; i < local.size(); i++)
        {
            final IpAddress candidate = local.get(i);
            if (candidate.isV4() == v4 && (best == null || better(candidate, best, dstHi, dstLo, local)))
            {
                best = candidate;
            }
        }
        return best;
    }

    /** Is a better than b, which was added before it? */
    private static boolean better(
        final IpAddress a, final IpAddress b, final long dstHi, final long dstLo, final LocalAddresses local)
    {
        final int scopeA = scope(a.hi(), a.lo());
        final int scopeB = scope(b.hi(), b.lo());
        if (scopeA != scopeB)
        {
            // Rule 2: prefer the smaller one if it reaches, else the greater one.
            final boolean smaller = scopeA < scopeB;
            return smaller == (Math.min(scopeA, scopeB) >= scope(dstHi, dstLo));
        }
        final int label = label(dstHi, dstLo);
        final boolean sameA = label(a.hi(), a.lo()) == label;
        if (sameA != (label(b.hi(), b.lo()) == label))
        {
            return sameA;
        }
        return matching(a, dstHi, dstLo, local) > matching(b, dstHi, dstLo, local);
    }

    /** CommonPrefixLen of section 2.2. */
    private static int matching(
        final IpAddress address, final long dstHi, final long dstLo, final LocalAddresses local)
    {
        final int length = local.prefixLength(address);
        final int common = Prefix.common(address.hi(), address.lo(), dstHi, dstLo);
        if (address.isV4())
        {
            return common - Prefix.V4_BITS >= length ? length : 0;
        }
        return Math.min(length, common);
    }

    /** Scope (section 3.1 and 3.2; RFC 4291, section 2.5; RFC 4007). */
    static int scope(final long hi, final long lo)
    {
        if (IpAddress.isV4(hi, lo))
        {
            final int v4 = (int)lo;
            return v4 >>> 16 == 0xA9FE || v4 >>> 24 == 127 ? SCOPE_LINK : SCOPE_GLOBAL;
        }
        if (hi >>> 56 == 0xFF)
        {
            return (int)(hi >>> 48) & 0xF;
        }
        if (hi >>> 54 == 0xFE80 >>> 6 || hi == 0 && lo == 1)
        {
            return SCOPE_LINK;
        }
        return hi >>> 54 == 0xFEC0 >>> 6 ? SCOPE_SITE : SCOPE_GLOBAL;
    }

    /** Label of the policy table. */
    static int label(final long hi, final long lo)
    {
        for (final long[] entry : POLICY)
        {
            final int bits = (int)entry[2];
            if ((hi & Prefix.maskHi(bits)) == entry[0] && (lo & Prefix.maskLo(bits)) == entry[1])
            {
                return (int)entry[3];
            }
        }
        throw new AssertionError("the last entry of the policy table matches everything");
    }
}
