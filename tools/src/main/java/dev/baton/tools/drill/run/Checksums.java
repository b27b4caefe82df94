package dev.baton.tools.drill.run;

/** The Internet checksum (RFC 1071) over bytes of packets. */
final class Checksums
{
    private Checksums()
    {
    }

    /** Sum of 16-bit words, folded; an odd byte counts as the upper half of a word. */
    static int sum(final byte[] bytes, final int from, final int until, final int initial)
    {
        long sum = initial;
        for (int i = from; i < until; i++)
        {
            sum += (i - from) % 2 == 0 ? (bytes[i] & 0xFF) << 8 : bytes[i] & 0xFF;
        }
        while (sum >>> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int)sum;
    }

    /** Sum with the pseudo-header of a transport protocol: addresses, length, protocol. */
    static int transport(
        final byte[] packet, final int addressesAt, final int addressesLength, final int l4, final int end, final int protocol)
    {
        final int addresses = sum(packet, addressesAt, addressesAt + addressesLength, 0);
        return sum(packet, l4, end, addresses + (end - l4 & 0xFFFF) + (end - l4 >>> 16) + protocol);
    }
}
