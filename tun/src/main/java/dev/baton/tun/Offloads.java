package dev.baton.tun;

/**
 * What the kernel may leave undone in packets that it hands to us (TUN_F_* of linux/if_tun.h), as {@link TunDevice#offloads()}
 * reports it. It says nothing of the other direction: packets with a virtio header may be partial or super-segments whenever
 * there is a header.
 */
public final class Offloads
{
    /** Partial transport checksums. */
    public static final int CSUM = 0x01;
    /** TCP super-segments over IPv4. */
    public static final int TSO4 = 0x02;
    /** TCP super-segments over IPv6. */
    public static final int TSO6 = 0x04;
    /** TCP super-segments whose first segment carries CWR. */
    public static final int TSO_ECN = 0x08;
    /** UDP super-datagrams over IPv4; the kernel takes both families or none. */
    public static final int USO4 = 0x20;
    /** UDP super-datagrams over IPv6. */
    public static final int USO6 = 0x40;

    /** Sets to offer, rich to poor: a kernel refuses a set with a bit it does not know. TSO needs CSUM. */
    static final int[] OFFERS =
    {
        CSUM | TSO4 | TSO6 | TSO_ECN | USO4 | USO6,
        CSUM | TSO4 | TSO6 | TSO_ECN,
        CSUM | TSO4 | TSO6,
        CSUM,
        0
    };

    private Offloads()
    {
    }

    /**
     * Are TCP super-segments agreed for both families?
     *
     * @param offloads as granted.
     * @return true when they are.
     */
    public static boolean segmentsTcp(final int offloads)
    {
        return (offloads & (TSO4 | TSO6)) == (TSO4 | TSO6);
    }

    /**
     * Name the bits.
     *
     * @param offloads as granted.
     * @return like {@code csum tso4 tso6}, or {@code none}.
     */
    public static String toString(final int offloads)
    {
        if (offloads == 0)
        {
            return "none";
        }
        final StringBuilder text = new StringBuilder(32);
        append(text, offloads, CSUM, "csum");
        append(text, offloads, TSO4, "tso4");
        append(text, offloads, TSO6, "tso6");
        append(text, offloads, TSO_ECN, "tso-ecn");
        append(text, offloads, USO4, "uso4");
        append(text, offloads, USO6, "uso6");
        return text.toString();
    }

    private static void append(final StringBuilder text, final int offloads, final int bit, final String name)
    {
        if ((offloads & bit) != 0)
        {
            text.append(text.length() == 0 ? "" : " ").append(name);
        }
    }
}
