package dev.baton.stack.ip;

/** The plateau table of RFC 1191, section 7, for routers that do not tell the MTU of the next link. */
public final class MtuPlateaus
{
    private static final int[] PLATEAUS =
        {65_535, 32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};

    private MtuPlateaus()
    {
    }

    /**
     * The greatest plateau below the length of a packet that was too big.
     *
     * @param length in bytes.
     * @return in bytes, 68 at least.
     */
    public static int below(final int length)
    {
        for (final int plateau : PLATEAUS)
        {
            if (plateau < length)
            {
                return plateau;
            }
        }
        return PLATEAUS[PLATEAUS.length - 1];
    }
}
