package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;

/**
 * Leading bits of addresses. Lengths are those of the address's own family; inside, an IPv4 prefix lies behind the 96
 * bits of the mapped form.
 */
public final class Prefix
{
    /** Bits in front of a mapped IPv4 address. */
    static final int V4_BITS = 96;

    private Prefix()
    {
    }

    /**
     * The network that an address is in.
     *
     * @param address of either family.
     * @param length  of the prefix in bits, 0 to 32 or 128.
     * @return the address with all other bits 0.
     */
    public static IpAddress network(final IpAddress address, final int length)
    {
        final int bits = address.isV4() ? V4_BITS + length : length;
        return new IpAddress(address.hi() & maskHi(bits), address.lo() & maskLo(bits));
    }

    /** Mask of the upper half for so many leading bits of 128. */
    static long maskHi(final int bits)
    {
        return bits == 0 ? 0 : bits >= 64 ? -1L : -1L << 64 - bits;
    }

    /** Mask of the lower half for so many leading bits of 128. */
    static long maskLo(final int bits)
    {
        return bits <= 64 ? 0 : -1L << 128 - bits;
    }

    /** Leading bits that two addresses have in common, of 128. */
    static int common(final long hi, final long lo, final long otherHi, final long otherLo)
    {
        return hi == otherHi ? 64 + Long.numberOfLeadingZeros(lo ^ otherLo) : Long.numberOfLeadingZeros(hi ^ otherHi);
    }
}
