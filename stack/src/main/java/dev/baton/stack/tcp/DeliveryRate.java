package dev.baton.stack.tcp;

/**
 * At which rate the network delivers what a connection sends (draft-ietf-ccwg-bbr, section "Delivery Rate Samples").
 * <p>
 * Each run of the {@link SentLog} is stamped with how much had been delivered, and when, at the time at which it was
 * sent. When it is delivered, the rate is what was delivered since, over the longer of the times that it took to send
 * it and to hear of it: so neither ACKs that come in a bunch nor a burst of sending makes the path seem faster than it
 * is. A sample whose time is shorter than the least RTT is none.
 * <pre>
 *     send    P0 ......... P                         send_elapsed = P - P0
 *     ACKs         a0 .................... a         ack_elapsed  = a - a0
 *     delivered    |&lt;--- RS.delivered --->|
 * </pre>
 * Only connections whose congestion control wants rates have one, and only their logs are stamped. Public fields are
 * the draft's C state, in an image; not thread safe.
 */
public final class DeliveryRate
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long MAX_BYTES = 1L << 32;

    /** C.delivered: bytes delivered so far. */
    public long deliveredBytes;
    /** C.delivered_time: when {@link #deliveredBytes} was last raised. */
    public long deliveredAtNs;
    /** C.first_send_time: when the newest of what was delivered last was sent. */
    public long firstSentAtNs;
    /** C.lost: bytes taken for lost so far. */
    public long lostBytes;
    /** C.app_limited: samples are application-limited until more than this has been delivered; 0 when they are not. */
    public long appLimitedBytes;

    /** Stamps of the runs of the connection's log. */
    public final RunRates runs = new RunRates();

    private final RateSample sample;
    private Tcb tcb;
    private long ackAtNs;
    private long sendElapsedNs;
    private long ackElapsedNs;
    private int newestEnd;

    /**
     * An unused one.
     *
     * @param sample of the shard, filled for one ACK after the other.
     */
    DeliveryRate(final RateSample sample)
    {
        this.sample = sample;
    }

    /** Serve a connection, or none. */
    void begin(final Tcb owner, final long nowNs)
    {
        tcb = owner;
        deliveredBytes = lostBytes = appLimitedBytes = 0;
        deliveredAtNs = firstSentAtNs = nowNs;
    }

    /**
     * What the ACK that is processed says.
     *
     * @return the shard's one sample.
     */
    public RateSample sample()
    {
        return sample;
    }

    /** OnPacketSent(): a run was sent; what is in flight includes it, and was 0 before it or not. */
    void onSent(final int run, final boolean wasIdle, final int inFlightBytes, final long nowNs)
    {
        if (wasIdle)
        {
            firstSentAtNs = nowNs;
            deliveredAtNs = nowNs;
        }
        runs.set(run, deliveredBytes, deliveredAtNs, firstSentAtNs, lostBytes, inFlightBytes, appLimitedBytes != 0);
    }

    /** InitRateSample(): an ACK is about to be taken in. */
    void onAckBegins(final long nowNs)
    {
        ackAtNs = nowNs;
        sample.clear();
    }

    /** UpdateRateSample(): bytes of a run have been delivered, as an ACK tells for the first time. */
    void onDelivered(final int run, final int bytes, final int end, final long sentNs, final boolean sentOnce)
    {
        deliveredBytes += bytes;
        deliveredAtNs = ackAtNs;
        sample.newlyAckedBytes += bytes;
        if (sentOnce)
        {
            final long rttNs = ackAtNs - sentNs;
            sample.rttNs = sample.rttNs < 0 ? rttNs : Math.min(sample.rttNs, rttNs);
        }
        if (runs.isStamped(run) && (!sample.hasData || isNewest(sentNs, end)))
        {
            sample.hasData = true;
            sample.priorDeliveredBytes = runs.delivered(run);
            sample.lostBytes = lostBytes - runs.lost(run);
            sample.txInFlightBytes = runs.txInFlightBytes(run);
            sample.appLimited = runs.appLimited(run);
            sendElapsedNs = sentNs - runs.firstSentAtNs(run);
            ackElapsedNs = ackAtNs - runs.deliveredAtNs(run);
            newestEnd = end;
            firstSentAtNs = sentNs;
        }
    }

    private boolean isNewest(final long sentNs, final int end)
    {
        return sentNs > firstSentAtNs || sentNs == firstSentAtNs && end - newestEnd > 0;
    }

    /** A run is taken for lost: the congestion control is told (HandleLostPacket()). */
    void onLost(final int run, final int bytes)
    {
        lostBytes += bytes;
        sample.newlyLostBytes += bytes;
        tcb.congestionControl.onPacketLost(
            tcb, bytes, lostBytes - runs.lost(run), runs.txInFlightBytes(run), runs.appLimited(run));
    }

    /** GenerateRateSample(): all that the ACK says has been taken in. */
    RateSample onAckEnds(final long minRttNs)
    {
        if (appLimitedBytes != 0 && deliveredBytes > appLimitedBytes)
        {
            appLimitedBytes = 0;
        }
        if (sample.hasData)
        {
            sample.intervalNs = Math.max(sendElapsedNs, ackElapsedNs);
            sample.deliveredBytes = deliveredBytes - sample.priorDeliveredBytes;
            if (sample.intervalNs > 0 && (minRttNs == Tcb.NONE || sample.intervalNs >= minRttNs))
            {
                sample.deliveryRate = perSecond(sample.deliveredBytes, sample.intervalNs);
            }
        }
        return sample;
    }

    /**
     * CheckIfApplicationLimited(): the user writes, an ACK comes in or a timer runs out, and until now there was
     * nothing to send though the window was open.
     */
    void checkAppLimited()
    {
        final int unsentBytes = tcb.sendRing.endSeq() - tcb.sndNxt;
        if (unsentBytes < tcb.effectiveMss && tcb.pipeBytes() < tcb.cwndBytes && tcb.sentLog.lostWaitingBytes() == 0)
        {
            markAppLimited();
        }
    }

    /** MarkConnectionAppLimited(). */
    public void markAppLimited()
    {
        appLimitedBytes = Math.max(1, deliveredBytes + tcb.pipeBytes());
    }

    private static long perSecond(final long bytes, final long ns)
    {
        return Math.min(bytes, MAX_BYTES) * NS_PER_SECOND / ns;
    }
}
