package dev.baton.stack.tcp;

/**
 * The cookies that a server gives and takes (RFC 7413, section 4.1.2): a keyed hash of both addresses, so that nothing
 * is kept for a client. The secret changes by time; a cookie of the one before is still taken, and a new one sent.
 * <p>
 * State: the shard's secret and the clock reading that the secrets are counted from. Not thread safe; allocates nothing.
 */
public final class FastOpenCookies
{
    /** Length of a cookie in bytes. */
    static final int LENGTH = 8;
    /** Value of {@link #check}: not ours, or too old. */
    static final int INVALID = 0;
    /** Value of {@link #check}: made with the secret of now. */
    static final int CURRENT = 1;
    /** Value of {@link #check}: made with the secret before. */
    static final int PREVIOUS = 2;

    private static final long LABEL = 5L << 32;

    private final SipHash hash;
    private final long keyNs;
    private long epochNs;

    FastOpenCookies(final long k0, final long k1, final long keyNs)
    {
        hash = new SipHash(k0, k1);
        this.keyNs = keyNs;
    }

    /** The cookie of a client now, in eight bytes, big-endian. */
    long make(final Segment syn, final long nowNs)
    {
        return make(syn, epoch(nowNs));
    }

    private long make(final Segment s, final int epoch)
    {
        return hash.begin().word(s.localHi).word(s.localLo).word(s.remoteHi).word(s.remoteLo)
            .word(LABEL | epoch & 0xFFFF_FFFFL).word(0).end(0, 48);
    }

    /** Is the cookie of a SYN one of ours? */
    int check(final Segment syn, final long nowNs)
    {
        if (syn.options.fastOpenLength() != LENGTH)
        {
            return INVALID;
        }
        final int epoch = epoch(nowNs);
        final long cookie = syn.options.fastOpenHi();
        return cookie == make(syn, epoch) ? CURRENT : cookie == make(syn, epoch - 1) ? PREVIOUS : INVALID;
    }

    private int epoch(final long nowNs)
    {
        return (int)Math.floorDiv(nowNs - epochNs, keyNs);
    }

    /**
     * Age of the first secret: with the shard's secret it is what another shard needs to take these cookies.
     *
     * @param nowNs now, on the shard's clock.
     * @return nanoseconds.
     */
    public long epochAgeNs(final long nowNs)
    {
        return nowNs - epochNs;
    }

    /**
     * Go on where another shard stopped.
     *
     * @param epochAgeNs its {@link #epochAgeNs(long)}.
     * @param nowNs      now, on this shard's clock.
     */
    public void restore(final long epochAgeNs, final long nowNs)
    {
        epochNs = nowNs - epochAgeNs;
    }

    void key(final long k0, final long k1)
    {
        hash.key(k0, k1);
    }
}
