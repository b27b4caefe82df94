package dev.baton.stack;

/**
 * The shard's only random source: SplitMix64 (Steele, Lea, Flood 2014), whose whole state is one number, so that it can
 * be exported, and the same seed gives the same run. What must not be guessed is made by a keyed hash instead.
 * <p>
 * Not thread safe.
 */
public final class ShardRandom
{
    private long state;

    /**
     * A source.
     *
     * @param seed any number.
     */
    public ShardRandom(final long seed)
    {
        state = seed;
    }

    /**
     * Next number.
     *
     * @return 64 bits.
     */
    public long nextLong()
    {
        state += 0x9E37_79B9_7F4A_7C15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /**
     * Next number below a bound; the tiny bias of the modulus does not matter to its users.
     *
     * @param bound above 0.
     * @return 0 to {@code bound - 1}.
     */
    public int nextInt(final int bound)
    {
        return (int)Long.remainderUnsigned(nextLong(), bound);
    }

    /**
     * The whole state.
     *
     * @return to be given to {@link #state(long)} of another source that goes on from here.
     */
    public long state()
    {
        return state;
    }

    /**
     * Go on from a state.
     *
     * @param state of another source.
     */
    public void state(final long state)
    {
        this.state = state;
    }
}
