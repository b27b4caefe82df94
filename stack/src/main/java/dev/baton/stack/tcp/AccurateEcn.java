package dev.baton.stack.tcp;

/**
 * What accurate ECN counts and owes beyond what every connection has (RFC 9768, section 3.2.1): state only. A
 * {@link Tcb} gets one when it first agrees to accurate ECN and keeps it when it is pooled; it counts only while {@link
 * Tcb#ecnMode} is {@link Tcb#ECN_ACCURATE}.
 * <p>
 * Counters of bytes begin at 0 here; on the wire {@link AccurateEcnOption} adds where they begin there.
 */
public final class AccurateEcn
{
    /** {@link #reflect}: the handshake's feedback is not owed. */
    public static final int NOTHING = -1;

    /** ECN field of the peer's last SYN or SYN/ACK. */
    public int synEcn;
    /** ECN field of the SYN/ACK that the next pure ACK is to tell, or {@link #NOTHING}. */
    public int reflect;
    /** {@link Tcb#ceReceived} when a segment was last sent. */
    public int ceAcked;
    /** r.e0b: payload bytes received with ECT(0). */
    public int receivedE0Bytes;
    /** r.ceb: payload bytes received with CE. */
    public int receivedCeBytes;
    /** r.e1b: payload bytes received with ECT(1). */
    public int receivedE1Bytes;
    /** s.e0b: payload bytes that the peer says it received with ECT(0). */
    public int deliveredE0Bytes;
    /** s.ceb: payload bytes that the peer says it received with CE. */
    public int deliveredCeBytes;
    /** s.e1b: payload bytes that the peer says it received with ECT(1). */
    public int deliveredE1Bytes;
    /** When an option was last sent; {@link Tcb#NONE} before the first. */
    public long optionSentAtNs;
    /** Did the last segment with data carry CE? */
    public boolean lastCe;
    /** Has r.e0b changed since it was last sent? */
    public boolean e0Due;
    /** Has r.ceb changed since it was last sent? */
    public boolean ceDue;
    /** Has r.e1b changed since it was last sent? */
    public boolean e1Due;
    /** Has a segment without SYN been tested for an ACE field that was zeroed? */
    public boolean aceSeen;
    /** Has the peer ever sent an option? */
    public boolean optionSeen;
    /** Do we send no option? */
    public boolean optionMute;
    /** Are the peer's options not believed? */
    public boolean optionRefused;

    AccurateEcn()
    {
        reset();
    }

    void reset()
    {
        synEcn = 0;
        reflect = NOTHING;
        ceAcked = 0;
        receivedE0Bytes = receivedCeBytes = receivedE1Bytes = 0;
        deliveredE0Bytes = deliveredCeBytes = deliveredE1Bytes = 0;
        optionSentAtNs = Tcb.NONE;
        lastCe = e0Due = ceDue = e1Due = aceSeen = optionSeen = optionMute = optionRefused = false;
    }

    /** All counters are to be sent. */
    void allDue()
    {
        e0Due = ceDue = e1Due = true;
    }
}
