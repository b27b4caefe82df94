package dev.baton.stack.sim;

/**
 * The one source of chance of a {@link SimWorld}: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), a counter that is
 * mixed, so that its whole state is the seed and the number of draws. Draws are counted: two runs that differ in their
 * count have diverged.
 * <p>
 * Not thread safe; not for secrets.
 */
public final class SimRandom
{
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private final long seed;
    private long draws;

    /**
     * A generator.
     *
     * @param seed that determines everything it returns.
     */
    public SimRandom(final long seed)
    {
        this.seed = seed;
    }

    /**
     * Next 64 random bits.
     *
     * @return any long.
     */
    public long nextLong()
    {
        draws++;
        return mix(seed + draws * GOLDEN_GAMMA);
    }

    /**
     * Next number below a bound.
     *
     * @param bound 1 or more.
     * @return 0 to {@code bound - 1}.
     * @throws IllegalArgumentException when the bound is below 1.
     */
    public int nextInt(final int bound)
    {
        return (int)nextLong(bound);
    }

    /**
     * Next number below a bound. The slight bias of the remainder does not matter to a fault model.
     *
     * @param bound 1 or more.
     * @return 0 to {@code bound - 1}.
     * @throws IllegalArgumentException when the bound is below 1.
     */
    public long nextLong(final long bound)
    {
        if (bound < 1)
        {
            throw new IllegalArgumentException("random bound " + bound + " is below 1");
        }
        return (nextLong() >>> 1) % bound;
    }

    /**
     * Does something of a given probability happen? What is certain either way costs no draw.
     *
     * @param probability 0 to 1.
     * @return true when it does.
     */
    public boolean chance(final double probability)
    {
        if (probability <= 0)
        {
            return false;
        }
        return probability >= 1 || (nextLong() >>> 11) * 0x1.0p-53 < probability;
    }

    /**
     * How often it was drawn from.
     *
     * @return number of draws.
     */
    public long draws()
    {
        return draws;
    }

    /**
     * Mix the bits of a number: a bijection.
     *
     * @param value any.
     * @return its mixed form.
     */
    public static long mix(final long value)
    {
        long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
