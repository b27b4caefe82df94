package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;

/**
 * When a paced connection may send next, and how much at once. Every sending of {@code n} bytes puts the time of the
 * next one off by {@code n / rate}; what the shard came late for is made good by up to half of that, as on Linux.
 * <p>
 * A rate is in payload bytes a second. It is set by the congestion control ({@link
 * dev.baton.stack.tcp.congestion.CongestionControl#setsPacingRate()}) or follows from cwnd and RTT ({@link
 * WindowPacing}); {@link #maxRate} caps it (SO_MAX_PACING_RATE). One sending is what the rate gives in about a
 * millisecond, at least {@code tcp_min_tso_segs} segments: at high rates a whole super-segment.
 * <p>
 * Only paced connections have one; public fields are in an image. Not thread safe.
 */
public final class Pacing
{
    /** No limit. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** No sending is put off by more, in nanoseconds: about an hour. */
    public static final long MAX_DELAY_NS = 1L << 42;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long QUANTA_PER_SECOND = 1000;

    /** Bytes a second; {@link #UNLIMITED} until the first RTT is known. */
    public long rate;
    /** Greatest rate, set by the user; {@link #UNLIMITED} when he has not. */
    public long maxRate;
    /** When the next sending may happen. */
    public long nextSendAtNs;
    /** Timer: set while something waits for {@link #nextSendAtNs}, else {@link Tcb#NONE}. */
    public long timerAtNs;
    /** SND.NXT when cwnd was the limit last: with pacing that counts for one round trip. */
    public int limitedSeq;

    /** Be that of a connection from now on. */
    void begin(final int sndUna, final long nowNs)
    {
        rate = UNLIMITED;
        maxRate = UNLIMITED;
        nextSendAtNs = nowNs;
        timerAtNs = Tcb.NONE;
        limitedSeq = sndUna;
    }

    /** The rate that holds, in bytes a second. */
    public long effectiveRate()
    {
        return Math.max(1, Math.min(rate, maxRate));
    }

    /** Must the next segment wait? */
    boolean holds(final long nowNs)
    {
        return nextSendAtNs > nowNs;
    }

    /**
     * Most payload of one sending.
     *
     * @param unit        payload of a full segment in bytes.
     * @param minSegments least number of them ({@code tcp_min_tso_segs}).
     * @return whole segments in bytes.
     */
    public int quantumBytes(final int unit, final int minSegments)
    {
        final long bytes = Math.min(effectiveRate() / QUANTA_PER_SECOND, 1 << 16);
        return Math.max((int)(bytes - bytes % unit), minSegments * unit);
    }

    /** Now pacing is the limit: was cwnd, within the last round trip? In slow start half of it in use is enough. */
    boolean wasWindowLimited(final Tcb tcb)
    {
        return Seq.lt(tcb.sndUna, limitedSeq) ||
            !tcb.congestionControl.setsPacingRate() && tcb.cwndBytes < tcb.ssthreshBytes && tcb.pipeBytes() >= tcb.cwndBytes / 2;
    }

    /** Payload was sent. */
    void onSent(final int bytes, final long nowNs)
    {
        final long effective = effectiveRate();
        if (effective == UNLIMITED)
        {
            nextSendAtNs = nowNs;
            return;
        }
        final long delayNs = Math.min(bytes * NS_PER_SECOND / effective, MAX_DELAY_NS / 2);
        final long lateNs = Math.max(0, nowNs - nextSendAtNs);
        nextSendAtNs = Math.max(nowNs, nextSendAtNs) + delayNs - Math.min(delayNs / 2, lateNs);
    }
}
