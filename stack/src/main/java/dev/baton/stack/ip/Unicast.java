package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;

/**
 * Which addresses can name one host on a wire (RFC 1122, section 3.2.1.3; RFC 4291, section 2.4).
 */
final class Unicast
{
    private Unicast()
    {
    }

    /**
     * Can an address be the source of a packet, or a host's own?
     *
     * @param hi upper half, 0 for IPv4.
     * @param lo lower half, mapped for IPv4.
     * @return false for unspecified, loopback, multicast, broadcast and reserved addresses.
     */
    static boolean isHost(final long hi, final long lo)
    {
        if (IpAddress.isV4(hi, lo))
        {
            final int first = (int)(lo >>> 24) & 0xFF;
            return first != 0 && first != 127 && first < 224;
        }
        // Multicast is ff00::/8; ::/96 holds "::", "::1" and the old compatible form, none of which is seen on a wire.
        return hi >>> 56 != 0xFF && (hi != 0 || lo >>> 32 != 0);
    }
}
