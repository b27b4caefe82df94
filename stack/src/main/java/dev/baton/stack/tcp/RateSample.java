package dev.baton.stack.tcp;

/**
 * What one ACK says about the rate at which the network delivers (draft-ietf-ccwg-bbr, section "Rate Sample Output";
 * its RS). Filled by {@link DeliveryRate} and valid while that ACK is processed; one serves a whole shard, and nothing
 * of it outlives the ACK, so no image holds it.
 */
public final class RateSample
{
    /** RS.newly_acked: bytes that this ACK tells of for the first time, by its number or by SACK. */
    public long newlyAckedBytes;
    /** RS.newly_lost: bytes marked lost while this ACK was processed. */
    public long newlyLostBytes;
    /** Was anything delivered that had been stamped when it was sent, so that the fields below count? */
    public boolean hasData;
    /** RS.prior_delivered: what had been delivered when the newest of the acknowledged was sent, in bytes. */
    public long priorDeliveredBytes;
    /** RS.delivered: bytes delivered over the interval; 0 without data. */
    public long deliveredBytes;
    /** RS.interval in nanoseconds: the longer of the sending and the acknowledging of what was delivered. */
    public long intervalNs;
    /** RS.delivery_rate in bytes a second; 0 when this ACK gives no reliable rate. */
    public long deliveryRate;
    /** RS.rtt in nanoseconds, of what was sent once only; -1 when this ACK gives none. */
    public long rttNs;
    /** RS.lost: bytes marked lost since the newest of the acknowledged was sent. */
    public long lostBytes;
    /** RS.tx_in_flight: bytes in flight when the newest of the acknowledged had just been sent. */
    public int txInFlightBytes;
    /** RS.is_app_limited: had the user, not the network, set the pace? */
    public boolean appLimited;

    /** InitRateSample(). */
    void clear()
    {
        newlyAckedBytes = newlyLostBytes = 0;
        hasData = false;
        priorDeliveredBytes = deliveredBytes = intervalNs = deliveryRate = lostBytes = 0;
        rttNs = -1;
        txInFlightBytes = 0;
        appLimited = false;
    }
}
