package dev.baton.stack.ip;

import java.util.Arrays;

/**
 * What is known of paths that carry less than their first link (RFC 1191; RFC 8201): one entry for each destination
 * that a "too big" was believed about. An entry lives for a fixed time after it was set last (RFC 1191, section 6.3;
 * RFC 8201, section 4); then the path is taken to carry what the link does, and is found out again.
 * <p>
 * Entries are chained in a keyed hash table for the search, and in a list by age for expiry; the oldest one makes room
 * when the table is full. Nothing is ever visited in the table's order. {@link #version()} changes with every entry, so
 * that a connection needs to ask again only when something is new. Not thread safe; allocates nothing after
 * construction.
 */
public final class PathMtu
{
    private static final int NIL = -1;

    private final long lifetimeNs;
    private long key;
    private final int[] buckets;
    private final int[] chain;
    private final int[] older;
    private final int[] newer;
    private final long[] hi;
    private final long[] lo;
    private final int[] mtuBytes;
    private final long[] expiresNs;
    private int oldest = NIL;
    private int newest = NIL;
    private int free;
    private int size;
    private int version;

    /**
     * An empty table.
     *
     * @param maxEntries limit, 1 to 32768.
     * @param lifetimeNs of an entry.
     * @param key        secret of the hash.
     */
    public PathMtu(final int maxEntries, final long lifetimeNs, final long key)
    {
        this.lifetimeNs = lifetimeNs;
        this.key = key;
        buckets = new int[Integer.highestOneBit(maxEntries) << 1];
        chain = new int[maxEntries];
        older = new int[maxEntries];
        newer = new int[maxEntries];
        hi = new long[maxEntries];
        lo = new long[maxEntries];
        mtuBytes = new int[maxEntries];
        expiresNs = new long[maxEntries];
        clear();
    }

    /**
     * Take another key while the table is empty, for codecs.
     *
     * @param key that places depend on from now on.
     */
    public void key(final long key)
    {
        this.key = key;
    }

    /** Forget everything. */
    public void clear()
    {
        Arrays.fill(buckets, NIL);
        for (int i = 0; i < chain.length; i++)
        {
            chain[i] = i + 1 < chain.length ? i + 1 : NIL;
        }
        free = 0;
        oldest = newest = NIL;
        size = 0;
        version++;
    }

    /**
     * MTU of a path.
     *
     * @param dstHi destination, upper half.
     * @param dstLo destination, lower half.
     * @return in bytes; 0 when nothing is known.
     */
    public int get(final long dstHi, final long dstLo)
    {
        final int at = size == 0 ? NIL : find(dstHi, dstLo);
        return at == NIL ? 0 : mtuBytes[at];
    }

    /**
     * Time until an entry is forgotten.
     *
     * @param dstHi destination, upper half.
     * @param dstLo destination, lower half.
     * @return when it expires; {@link Long#MAX_VALUE} when nothing is known.
     */
    public long expiresNs(final long dstHi, final long dstLo)
    {
        final int at = size == 0 ? NIL : find(dstHi, dstLo);
        return at == NIL ? Long.MAX_VALUE : expiresNs[at];
    }

    /**
     * A path carries no more than this; the entry's time begins anew. A greater value than is known changes nothing.
     *
     * @param dstHi destination, upper half.
     * @param dstLo destination, lower half.
     * @param mtu   in bytes.
     * @param nowNs time.
     * @return true when the path's MTU is lower than before.
     */
    public boolean lower(final long dstHi, final long dstLo, final int mtu, final long nowNs)
    {
        final int at = find(dstHi, dstLo);
        if (at != NIL && mtu > mtuBytes[at])
        {
            return false;
        }
        final boolean lower = at == NIL || mtu < mtuBytes[at];
        put(dstHi, dstLo, mtu, nowNs + lifetimeNs);
        return lower;
    }

    /**
     * Set an entry as it stood in another table: entries come in the order of their expiry.
     *
     * @param dstHi     destination, upper half.
     * @param dstLo     destination, lower half.
     * @param mtu       in bytes.
     * @param expiresNs when it is to be forgotten.
     */
    public void put(final long dstHi, final long dstLo, final int mtu, final long expiresNs)
    {
        int at = find(dstHi, dstLo);
        if (at != NIL)
        {
            unlinkAge(at);
        }
        else
        {
            if (free == NIL)
            {
                remove(oldest);
            }
            at = free;
            free = chain[at];
            hi[at] = dstHi;
            lo[at] = dstLo;
            final int bucket = bucket(dstHi, dstLo);
            chain[at] = buckets[bucket];
            buckets[bucket] = at;
            size++;
        }
        mtuBytes[at] = mtu;
        this.expiresNs[at] = expiresNs;
        older[at] = newest;
        newer[at] = NIL;
        if (newest == NIL)
        {
            oldest = at;
        }
        else
        {
            newer[newest] = at;
        }
        newest = at;
        version++;
    }

    /**
     * Forget what is too old.
     *
     * @param nowNs time.
     * @return entries forgotten.
     */
    public int expire(final long nowNs)
    {
        int expired = 0;
        while (oldest != NIL && expiresNs[oldest] <= nowNs)
        {
            remove(oldest);
            version++;
            expired++;
        }
        return expired;
    }

    /**
     * When {@link #expire(long)} is due.
     *
     * @return the time; {@link Long#MAX_VALUE} when there is nothing.
     */
    public long nextDeadlineNs()
    {
        return oldest == NIL ? Long.MAX_VALUE : expiresNs[oldest];
    }

    /**
     * Changes with every change of the table.
     *
     * @return a number.
     */
    public int version()
    {
        return version;
    }

    /**
     * Entries in the table.
     *
     * @return how many.
     */
    public int size()
    {
        return size;
    }

    /**
     * Visit all entries, the one that expires first first.
     *
     * @param visitor is given each.
     */
    public void forEach(final Visitor visitor)
    {
        for (int at = oldest; at != NIL; at = newer[at])
        {
            visitor.onPath(hi[at], lo[at], mtuBytes[at], expiresNs[at]);
        }
    }

    /** Is given the entries of a table. */
    public interface Visitor
    {
        /**
         * An entry.
         *
         * @param dstHi     destination, upper half.
         * @param dstLo     destination, lower half.
         * @param mtuBytes  of the path.
         * @param expiresNs when it is forgotten.
         */
        void onPath(long dstHi, long dstLo, int mtuBytes, long expiresNs);
    }

    private int find(final long dstHi, final long dstLo)
    {
        int at = buckets[bucket(dstHi, dstLo)];
        while (at != NIL && (hi[at] != dstHi || lo[at] != dstLo))
        {
            at = chain[at];
        }
        return at;
    }

    private int bucket(final long dstHi, final long dstLo)
    {
        return (int)(KeyedMix.mix(key, dstHi, dstLo) >>> 32) & buckets.length - 1;
    }

    private void remove(final int at)
    {
        unlinkAge(at);
        final int bucket = bucket(hi[at], lo[at]);
        if (buckets[bucket] == at)
        {
            buckets[bucket] = chain[at];
        }
        else
        {
            int before = buckets[bucket];
            while (chain[before] != at)
            {
                before = chain[before];
            }
            chain[before] = chain[at];
        }
        chain[at] = free;
        free = at;
        size--;
    }

    private void unlinkAge(final int at)
    {
        if (older[at] == NIL)
        {
            oldest = newer[at];
        }
        else
        {
            newer[older[at]] = newer[at];
        }
        if (newer[at] == NIL)
        {
            newest = older[at];
        }
        else
        {
            older[newer[at]] = older[at];
        }
    }
}
