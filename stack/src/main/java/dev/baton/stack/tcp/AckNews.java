package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;

/**
 * What one ACK tells: which runs of the {@link SentLog} it reports for the first time, and which are taken for lost
 * because of it. The log adds to it while it takes the ACK in; the rules of recovery read it afterwards.
 * <p>
 * Of what was delivered, the run that was sent last is kept, as RACK wants it (RFC 8985, section 6.2, step 2). A run
 * that was ever sent twice does not count for that when the timestamp that comes back is older than its last
 * transmission, or when that was less than the least RTT ago: then it is an earlier transmission that has arrived.
 * <p>
 * One for a shard; used by the shard's thread while an ACK is processed. Allocates nothing.
 */
public final class AckNews
{
    private long nowNs;
    private long minRttNs;
    private int highestBefore;
    private int recoveryPoint;
    private boolean echoes;
    private int tsEcr;
    private int tsOffset;
    private int tsPhaseNs;

    private long sampleSentNs;
    private boolean sampleAmbiguous;
    private long newestSentNs;
    private int newestEnd;
    private int deliveredBytes;
    private int sackedBytes;
    private boolean reordered;
    private boolean original;
    private boolean beyond;
    private int lostBytes;
    private int lostAgainBytes;

    /** Nothing is known. */
    public AckNews()
    {
        newestSentNs = Long.MIN_VALUE;
        beginSample();
    }

    /**
     * An ACK comes in, or a timer looks at the log.
     *
     * @param tcb    of the connection, before anything of the ACK is taken over.
     * @param echoes does the ACK echo a timestamp?
     * @param tsEcr  the echo.
     * @param nowNs  now.
     */
    void begin(final Tcb tcb, final boolean echoes, final int tsEcr, final long nowNs)
    {
        this.nowNs = nowNs;
        this.echoes = echoes && tcb.timestampsOk;
        this.tsEcr = tsEcr;
        tsOffset = tcb.tsOffset;
        tsPhaseNs = tcb.tsPhaseNs;
        minRttNs = tcb.minRttNs;
        highestBefore = tcb.sentLog.highestSacked();
        recoveryPoint = tcb.recoveryPoint;
        newestSentNs = Long.MIN_VALUE;
        newestEnd = 0;
        deliveredBytes = sackedBytes = lostBytes = lostAgainBytes = 0;
        reordered = original = beyond = false;
    }

    /** The log is about to take off what is acknowledged. */
    void beginSample()
    {
        sampleSentNs = Tcb.NONE;
        sampleAmbiguous = false;
    }

    /** The log takes a run off, or a part of it. */
    void sample(final long sentNs, final int marks)
    {
        sampleAmbiguous |= (marks & SentLog.AMBIGUOUS) != 0;
        sampleSentNs = (marks & SentLog.SACKED) == 0 ? sentNs : sampleSentNs;
    }

    /**
     * When the newest of what the log last took off was sent, for an RTT sample (RFC 6298, section 3): a time, or {@link
     * Tcb#NONE} when some of it was sent twice, or all had been reported by SACK before.
     */
    long sampleSentNs()
    {
        return sampleAmbiguous ? Tcb.NONE : sampleSentNs;
    }

    /** A run, or the part of it that ends at a number, is reported for the first time. */
    void delivered(final int bytes, final int end, final long sentNs, final int marks, final boolean bySack)
    {
        deliveredBytes += bytes;
        sackedBytes += bySack ? bytes : 0;
        final boolean once = (marks & SentLog.AMBIGUOUS) == 0;
        beyond |= Seq.gt(end, recoveryPoint);
        if (once)
        {
            reordered |= Seq.lt(end, highestBefore);
            original |= Seq.leq(end, recoveryPoint);
        }
        if ((once || isOfLastTransmission(sentNs, bySack)) && isSentAfter(sentNs, end, newestSentNs, newestEnd))
        {
            newestSentNs = sentNs;
            newestEnd = end;
        }
    }

    /**
     * RFC 8985, section 6.2, step 2: the two checks of what was sent more than once. What SACK reports lies beyond a
     * hole, and the timestamp that is echoed then is that of a segment before the hole (RFC 7323, section 4.3): it says
     * nothing about the one that is reported.
     */
    private boolean isOfLastTransmission(final long sentNs, final boolean bySack)
    {
        final boolean echoedEarlier = echoes && !bySack && Seq.lt(tsEcr, Timestamps.value(tsOffset, sentNs + tsPhaseNs));
        return !echoedEarlier && (minRttNs == Tcb.NONE || nowNs - sentNs >= minRttNs);
    }

    /** A run is taken for lost. */
    void lost(final int bytes, final boolean again)
    {
        lostBytes += bytes;
        lostAgainBytes += again ? bytes : 0;
    }

    /** RACK_sent_after: the order of transmissions, which the sequence numbers decide when the times do not. */
    static boolean isSentAfter(final long aNs, final int aEnd, final long bNs, final int bEnd)
    {
        return aNs > bNs || aNs == bNs && Seq.gt(aEnd, bEnd);
    }

    /** When the last of what was delivered was sent; {@link Long#MIN_VALUE} when nothing counts. */
    long newestSentNs()
    {
        return newestSentNs;
    }

    /** Where that ends. */
    int newestEnd()
    {
        return newestEnd;
    }

    /** DeliveredData (RFC 9937): acknowledged or SACKed for the first time. */
    int deliveredBytes()
    {
        return deliveredBytes;
    }

    /** The part of it that SACK reported. */
    int sackedBytes()
    {
        return sackedBytes;
    }

    /** Was something delivered late that was sent once only (RFC 8985, section 6.2, step 3)? */
    boolean isReordered()
    {
        return reordered;
    }

    /** Was something delivered that was sent once only, before the recovery point (RFC 5682)? */
    boolean isOriginal()
    {
        return original;
    }

    /** Was something delivered that lies after the recovery point? */
    boolean isBeyond()
    {
        return beyond;
    }

    /** Newly taken for lost. */
    int lostBytes()
    {
        return lostBytes;
    }

    /** The part of it whose retransmission was lost. */
    int lostAgainBytes()
    {
        return lostAgainBytes;
    }
}
