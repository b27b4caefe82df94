package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpOptions;

/**
 * SYN cookies (RFC 4987, section 3.6): a SYN/ACK whose sequence number holds what a half-open connection would, so that
 * nothing is kept until the peer shows that it got it.
 * <pre>
 *      31           24 23                            3 2         0
 *     +---------------+-------------------------------+-----------+
 *     | minute, low 8 | H(flow, IRS, minute, MSS index) | MSS index |  + H(flow) + IRS, modulo 2^32
 *     +---------------+-------------------------------+-----------+
 *
 *     TSval of the SYN/ACK:  | 26 bits of the clock | ECN | SACK | peer's window shift, 15: none |
 * </pre>
 * H is keyed by the shard's secret. A cookie is taken in its own minute and the next; of 2^28 numbers that are guessed
 * one is right, and what is near a right one is not more likely so. A peer without timestamps gets neither window
 * scaling nor SACK, because there is no place to keep them.
 * <p>
 * State: the secret, which shard clock reading the minutes are counted from, and when a cookie was last sent. Not thread
 * safe; allocates nothing.
 */
public final class SynCookies
{
    /** Value of {@link #mss} for a number that is no cookie of ours. */
    static final int NO_COOKIE = -1;

    private static final int LABEL_FLOW = 3;
    private static final int LABEL_MINUTE = 4;
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int VALID_MINUTES = 2;
    private static final int MINUTE_SHIFT = 24;
    private static final int LOW_24 = (1 << MINUTE_SHIFT) - 1;
    private static final int INDEX_MASK = 7;
    /** Announcements are rounded down to one of these; the common ones are there exactly. */
    private static final int[] MSS_V4 = {48, 536, 1220, 1300, 1400, 1440, 1460, 8960};
    private static final int[] MSS_V6 = {48, 1220, 1300, 1360, 1400, 1420, 1440, 8940};

    private static final int OPTION_BITS = 6;
    private static final int OPTION_MASK = (1 << OPTION_BITS) - 1;
    private static final int SHIFT_MASK = 0xF;
    private static final int NO_SHIFT = 0xF;
    private static final int SACK_BIT = 1 << 4;
    private static final int ECN_BIT = 1 << 5;

    private final SipHash hash;
    private long epochNs;
    private long lastSentNs = Long.MIN_VALUE;

    /**
     * Cookies of a shard.
     *
     * @param k0 first half of the shard's secret.
     * @param k1 second half of the shard's secret.
     */
    SynCookies(final long k0, final long k1)
    {
        hash = new SipHash(k0, k1);
    }

    /** The initial sequence number of the answer to a SYN. */
    int iss(final Segment syn, final int announcedMss, final boolean v4, final long nowNs)
    {
        lastSentNs = nowNs;
        final long minute = minute(nowNs);
        final int index = index(v4 ? MSS_V4 : MSS_V6, announcedMss);
        return ((int)minute << MINUTE_SHIFT | proof(syn, syn.seq, minute, index)) + (int)flow(syn) + syn.seq;
    }

    /**
     * What the cookie that an ACK brings back says of the peer's MSS, or {@link #NO_COOKIE} when it is none of ours, or
     * too old.
     */
    int mss(final Segment ack, final boolean v4, final long nowNs)
    {
        final int irs = ack.seq - 1;
        final int cookie = ack.ack - 1 - irs - (int)flow(ack);
        final long now = minute(nowNs);
        final int age = (int)now - (cookie >>> MINUTE_SHIFT) & 0xFF;
        if (age >= VALID_MINUTES)
        {
            return NO_COOKIE;
        }
        final int index = cookie & INDEX_MASK;
        final boolean holds = (cookie & LOW_24) == proof(ack, irs, now - age, index);
        return holds ? (v4 ? MSS_V4 : MSS_V6)[index] : NO_COOKIE;
    }

    /** May there be cookies that have not come back yet? */
    boolean areOut(final long nowNs)
    {
        return lastSentNs != Long.MIN_VALUE && nowNs - lastSentNs <= VALID_MINUTES * MINUTE_NS;
    }

    /** A TSval near the clock's, never ahead of it, that holds what a SYN asked for; a negative shift means none. */
    static int tsVal(final int clock, final int shift, final boolean sack, final boolean ecn)
    {
        final int bits = (shift < 0 ? NO_SHIFT : shift) | (sack ? SACK_BIT : 0) | (ecn ? ECN_BIT : 0);
        final int tsVal = clock & ~OPTION_MASK | bits;
        return Seq.gt(tsVal, clock) ? tsVal - (1 << OPTION_BITS) : tsVal;
    }

    /** The peer's window shift in an echoed TSval, or {@link TcpOptions#ABSENT}. */
    static int shift(final int tsEcr)
    {
        final int shift = tsEcr & SHIFT_MASK;
        return shift == NO_SHIFT ? TcpOptions.ABSENT : shift;
    }

    /** Was SACK agreed, by an echoed TSval? */
    static boolean sack(final int tsEcr)
    {
        return (tsEcr & SACK_BIT) != 0;
    }

    /** Was ECN agreed, by an echoed TSval? */
    static boolean ecn(final int tsEcr)
    {
        return (tsEcr & ECN_BIT) != 0;
    }

    /**
     * Age of the minute counter: with the secret it is what another shard needs to take these cookies.
     *
     * @param nowNs now, on the shard's clock.
     * @return nanoseconds since minute 0.
     */
    public long epochAgeNs(final long nowNs)
    {
        return nowNs - epochNs;
    }

    /**
     * How long ago a cookie was last sent.
     *
     * @param nowNs now, on the shard's clock.
     * @return nanoseconds; -1 when none was sent.
     */
    public long lastSentAgeNs(final long nowNs)
    {
        return lastSentNs == Long.MIN_VALUE ? -1 : nowNs - lastSentNs;
    }

    /**
     * Go on where another shard stopped.
     *
     * @param epochAgeNs    its {@link #epochAgeNs(long)}.
     * @param lastSentAgeNs its {@link #lastSentAgeNs(long)}.
     * @param nowNs         now, on this shard's clock.
     */
    public void restore(final long epochAgeNs, final long lastSentAgeNs, final long nowNs)
    {
        epochNs = nowNs - epochAgeNs;
        lastSentNs = lastSentAgeNs < 0 ? Long.MIN_VALUE : nowNs - lastSentAgeNs;
    }

    private long minute(final long nowNs)
    {
        return Math.floorDiv(nowNs - epochNs, MINUTE_NS);
    }

    private long flow(final Segment s)
    {
        return hash.flow(LABEL_FLOW, s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort);
    }

    /** The low 24 bits of a cookie. */
    private int proof(final Segment s, final int irs, final long minute, final int index)
    {
        hash.begin().word(s.localHi).word(s.localLo).word(s.remoteHi).word(s.remoteLo);
        hash.word((long)LABEL_MINUTE << 32 | (long)s.localPort << 16 | s.remotePort);
        final int proof = (int)hash.word((long)irs << 32 | index).word(minute).end(0, 56);
        return proof & LOW_24 & ~INDEX_MASK | index;
    }

    /** The greatest entry that is not above the announcement, which is at least the first. */
    private static int index(final int[] table, final int announcedMss)
    {
        int index = table.length - 1;
        while (index > 0 && table[index] > announcedMss)
        {
            index--;
        }
        return index;
    }

    void key(final long k0, final long k1)
    {
        hash.key(k0, k1);
    }
}
