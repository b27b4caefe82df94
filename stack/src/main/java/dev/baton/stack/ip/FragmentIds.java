package dev.baton.stack.ip;

/**
 * Identifications of datagrams that may be fragmented (RFC 6864; RFC 8200, section 4.5; RFC 7739, section 5.3): a keyed
 * offset for each pair of addresses and protocol, and a counter that it shares with few others. So no identification
 * comes twice to one destination before all others did, and what was sent to one host tells nothing about what is sent
 * to another.
 * <p>
 * Atomic datagrams do not need one (RFC 6864, section 4.1). Not thread safe; allocates nothing after construction.
 */
public final class FragmentIds
{
    /** How many counters there are. */
    public static final int COUNTERS = 256;

    private long key;
    private final int[] counters = new int[COUNTERS];

    /**
     * Counters that stand at 0.
     *
     * @param key secret of the offsets.
     */
    public FragmentIds(final long key)
    {
        this.key = key;
    }

    /**
     * Next identification.
     *
     * @param srcHi    source address, upper half.
     * @param srcLo    source address, lower half.
     * @param dstHi    destination address, upper half.
     * @param dstLo    destination address, lower half.
     * @param protocol that the datagram carries.
     * @return 32 bits, the lower 16 of them for IPv4; never 0 in these.
     */
    public int next(final long srcHi, final long srcLo, final long dstHi, final long dstLo, final int protocol)
    {
        final long pair = KeyedMix.mix(KeyedMix.mix(key + protocol, srcHi, srcLo), dstHi, dstLo);
        final int slot = (int)(pair >>> 32) & COUNTERS - 1;
        int id = (int)pair + counters[slot]++;
        if ((id & 0xFFFF) == 0)
        {
            id = (int)pair + counters[slot]++;
        }
        return id;
    }

    /**
     * Take another key; counters stay, for codecs.
     *
     * @param key that places depend on from now on.
     */
    public void key(final long key)
    {
        this.key = key;
    }

    /**
     * A counter, for codecs.
     *
     * @param slot 0 to {@link #COUNTERS} - 1.
     * @return where it stands.
     */
    public int counter(final int slot)
    {
        return counters[slot];
    }

    /**
     * Set a counter, for codecs.
     *
     * @param slot  0 to {@link #COUNTERS} - 1.
     * @param value where it stands.
     */
    public void counter(final int slot, final int value)
    {
        counters[slot] = value;
    }
}
