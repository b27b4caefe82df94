package dev.baton.stack.ip;

import java.util.Arrays;

/**
 * How often each host is sent an ICMP error ({@code icmp_ratelimit}): a bucket of six messages for each, in a table of
 * fixed size under a keyed hash. Hosts that share a place take it from each other and begin with a full bucket, which
 * the limit for all hosts together makes up for.
 * <p>
 * Not thread safe; allocates nothing after construction.
 */
public final class HostLimiter
{
    /** Places in the table. */
    public static final int HOSTS = 256;
    /** Messages at once. */
    public static final int BURST = 6;

    private final long intervalNs;
    private long key;
    private final long[] hi = new long[HOSTS];
    private final long[] lo = new long[HOSTS];
    private final long[] creditNs = new long[HOSTS];
    private final long[] lastNs = new long[HOSTS];

    /**
     * A limiter that knows nobody.
     *
     * @param intervalNs mean time between messages to one host; 0 for no limit.
     * @param key        secret of the table.
     */
    public HostLimiter(final long intervalNs, final long key)
    {
        this.intervalNs = intervalNs;
        this.key = key;
    }

    /**
     * May a message be sent to a host now? Yes takes a token.
     *
     * @param dstHi address of the host, upper half.
     * @param dstLo address of the host, lower half.
     * @param nowNs time.
     * @return true when it may.
     */
    boolean allow(final long dstHi, final long dstLo, final long nowNs)
    {
        if (intervalNs == 0)
        {
            return true;
        }
        final int slot = slot(dstHi, dstLo);
        if (hi[slot] != dstHi || lo[slot] != dstLo)
        {
            put(dstHi, dstLo, BURST * intervalNs, nowNs);
        }
        final long elapsedNs = Math.max(0, nowNs - lastNs[slot]);
        creditNs[slot] = Math.min(BURST * intervalNs, creditNs[slot] + Math.min(elapsedNs, BURST * intervalNs));
        lastNs[slot] = Math.max(lastNs[slot], nowNs);
        if (creditNs[slot] < intervalNs)
        {
            return false;
        }
        creditNs[slot] -= intervalNs;
        return true;
    }

    private int slot(final long hostHi, final long hostLo)
    {
        return (int)(KeyedMix.mix(key, hostHi, hostLo) >>> 32) & HOSTS - 1;
    }

    /**
     * Take another key while nobody is known, for codecs.
     *
     * @param key that places depend on from now on.
     */
    public void key(final long key)
    {
        this.key = key;
    }

    /** Forget everybody, for codecs. */
    public void clear()
    {
        Arrays.fill(hi, 0);
        Arrays.fill(lo, 0);
    }

    /**
     * Set the place of a host, for codecs.
     *
     * @param hostHi   address of the host, upper half.
     * @param hostLo   address of the host, lower half.
     * @param creditNs what is in its bucket.
     * @param lastNs   when it was asked about last.
     */
    public void put(final long hostHi, final long hostLo, final long creditNs, final long lastNs)
    {
        final int slot = slot(hostHi, hostLo);
        hi[slot] = hostHi;
        lo[slot] = hostLo;
        this.creditNs[slot] = creditNs;
        this.lastNs[slot] = lastNs;
    }

    /** {@return whether somebody has a place} @param slot 0 to {@link #HOSTS} - 1. */
    public boolean isUsed(final int slot)
    {
        return (hi[slot] | lo[slot]) != 0;
    }

    /** {@return upper half of the address of who has a place} @param slot 0 to {@link #HOSTS} - 1. */
    public long hi(final int slot)
    {
        return hi[slot];
    }

    /** {@return lower half of the address of who has a place} @param slot 0 to {@link #HOSTS} - 1. */
    public long lo(final int slot)
    {
        return lo[slot];
    }

    /** {@return what is in the bucket of a place} @param slot 0 to {@link #HOSTS} - 1. */
    public long creditNs(final int slot)
    {
        return creditNs[slot];
    }

    /** {@return when a place was asked about last} @param slot 0 to {@link #HOSTS} - 1. */
    public long lastNs(final int slot)
    {
        return lastNs[slot];
    }
}
