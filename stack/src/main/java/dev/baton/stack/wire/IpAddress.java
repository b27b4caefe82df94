package dev.baton.stack.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address as two {@code long}s, so that flows of both families have one kind of key. An IPv4 address is
 * held in its mapped form, {@code ::ffff:a.b.c.d} (RFC 4291, section 2.5.5.2).
 *
 * @param hi the upper 64 bits; 0 for IPv4.
 * @param lo the lower 64 bits.
 */
public record IpAddress(long hi, long lo)
{
    /** Upper half of the lower 64 bits of every mapped IPv4 address. */
    public static final long MAPPED = 0x0000_FFFF_0000_0000L;

    /** The unspecified address, which stands for "any" in calls that take a local address. */
    public static final IpAddress ANY = new IpAddress(0, 0);

    /**
     * An IPv4 address.
     *
     * @param address its 32 bits.
     * @return the mapped form.
     */
    public static IpAddress v4(final int address)
    {
        return new IpAddress(0, mapped(address));
    }

    /**
     * The lower 64 bits of a mapped IPv4 address.
     *
     * @param address its 32 bits.
     * @return the lower half of the pair; the upper half is 0.
     */
    public static long mapped(final int address)
    {
        return MAPPED | address & 0xFFFF_FFFFL;
    }

    /**
     * Is a pair of longs a mapped IPv4 address?
     *
     * @param hi upper 64 bits.
     * @param lo lower 64 bits.
     * @return true for IPv4.
     */
    public static boolean isV4(final long hi, final long lo)
    {
        return hi == 0 && (lo & 0xFFFF_FFFF_0000_0000L) == MAPPED;
    }

    /**
     * Is this an IPv4 address?
     *
     * @return true for IPv4.
     */
    public boolean isV4()
    {
        return isV4(hi, lo);
    }

    /**
     * Read a literal address. Names are not looked up.
     *
     * @param text such as {@code 198.18.0.1} or {@code fd00::1}.
     * @return the address.
     * @throws IllegalArgumentException when the text is not an address literal.
     */
    public static IpAddress parse(final String text)
    {
        // Nothing but the address itself: neither brackets nor a zone, which the JDK would take.
        final boolean literal = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") ||
            text.indexOf(':') >= 0 && text.matches("[0-9a-fA-F:.]+");
        if (!literal)
        {
            throw new IllegalArgumentException("not an IP address: '" + text + "'");
        }
        try
        {
            final byte[] bytes = InetAddress.getByName(text).getAddress();
            final ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return bytes.length == 4 ? v4(buffer.getInt()) : new IpAddress(buffer.getLong(), buffer.getLong());
        }
        catch (final UnknownHostException ex)
        {
            throw new IllegalArgumentException("not an IP address: '" + text + "'", ex);
        }
    }

    /**
     * The text form: dotted for IPv4; for IPv6 the canonical form of RFC 5952.
     */
    @Override
    public String toString()
    {
        return toString(hi, lo);
    }

    /**
     * The text form of a pair of longs.
     *
     * @param hi upper 64 bits.
     * @param lo lower 64 bits.
     * @return dotted for IPv4; RFC 5952 for IPv6.
     */
    public static String toString(final long hi, final long lo)
    {
        if (isV4(hi, lo))
        {
            final int a = (int)lo;
            return (a >>> 24) + "." + (a >>> 16 & 0xFF) + "." + (a >>> 8 & 0xFF) + "." + (a & 0xFF);
        }
        final int[] groups = new int[8];
        for (int i = 0; i < 4; i++)
        {
            groups[i] = (int)(hi >>> 48 - 16 * i) & 0xFFFF;
            groups[i + 4] = (int)(lo >>> 48 - 16 * i) & 0xFFFF;
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; )
        {
            int j = i;
            while (j < 8 && groups[j] == 0)
            {
                j++;
            }
            if (j - i > bestLength)
            {
                bestStart = i;
                bestLength = j - i;
            }
            i = Math.max(j, i + 1);
        }
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++)
        {
            if (i == bestStart)
            {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':')
            {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
