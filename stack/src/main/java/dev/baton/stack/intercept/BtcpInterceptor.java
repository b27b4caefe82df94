package dev.baton.stack.intercept;

import dev.baton.stack.Packet;

/**
 * A module's part below TCP. It sees every TCP segment both ways, whole (a super-segment is one call), after the IP layer has
 * validated it: an incoming segment's checksum is verified or partial, an outgoing one's is partial.
 * <p>
 * It may rewrite headers in place, keeping the checksum field in step; it never changes payload bytes. Called on the shard's
 * thread. Injecting from inside a call-back is allowed upwards only from {@link #onIngress(Packet, long)}.
 */
public interface BtcpInterceptor
{
    /** Verdict: the next module, then TCP or IP, gets the packet. */
    int PASS = 0;
    /** Verdict: the packet ends here. */
    int DROP = 1;
    /** Verdict: the module has copied the packet and will inject it, or something in its place, later. */
    int HOLD = 2;

    /**
     * A segment on its way up to TCP.
     *
     * @param packet the segment.
     * @param nowNs  time of this poll.
     * @return {@link #PASS}, {@link #DROP} or {@link #HOLD}.
     */
    int onIngress(Packet packet, long nowNs);

    /**
     * A segment on its way down from TCP.
     *
     * @param packet the segment.
     * @param nowNs  time of this poll.
     * @return {@link #PASS}, {@link #DROP} or {@link #HOLD}.
     */
    int onEgress(Packet packet, long nowNs);
}
