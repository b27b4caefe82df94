package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RecoveryState;
import dev.baton.stack.tcp.Tcb;

/**
 * How fast a connection may send. An implementation has no state of its own: everything it remembers is in the Tcb's
 * words
 * {@link Tcb#cwndBytes}, {@link Tcb#ssthreshBytes} and {@link Tcb#ccWord0} to {@link Tcb#ccWord3}. What was lost is
 * decided elsewhere; this only answers with windows. Called on the shard's thread; allocates nothing.
 */
public interface CongestionControl
{
    /**
     * Name by which it is chosen.
     *
     * @return lower case.
     */
    String name();

    /**
     * The connection is established: set the initial window.
     *
     * @param tcb                   of the connection; its effective MSS is known.
     * @param initialWindowSegments the configured initial window in segments.
     */
    void onEstablished(Tcb tcb, int initialWindowSegments);

    /**
     * New data was acknowledged while the window was the limit, outside of fast recovery.
     *
     * @param tcb        of the connection.
     * @param ackedBytes newly acknowledged.
     * @param nowNs      time of the ACK.
     */
    void onAck(Tcb tcb, int ackedBytes, long nowNs);

    /**
     * Loss was noticed by duplicate ACKs or SACK: set ssthresh, and cwnd for the recovery.
     *
     * @param tcb         of the connection.
     * @param flightBytes outstanding when it was noticed.
     * @param nowNs       time of the ACK.
     */
    void onLoss(Tcb tcb, int flightBytes, long nowNs);

    /**
     * A router has marked data instead of dropping it: as {@link #onLoss}, unless an implementation knows better. Called
     * at most once a window, and never in a recovery; cwnd does not grow until what was in flight is acknowledged.
     *
     * @param tcb         of the connection.
     * @param flightBytes outstanding before the ACK that told of the mark.
     * @param nowNs       time of the ACK.
     */
    default void onEcn(final Tcb tcb, final int flightBytes, final long nowNs)
    {
        onLoss(tcb, flightBytes, nowNs);
    }

    /**
     * The recovery is over: all that was outstanding when it began has been acknowledged.
     *
     * @param tcb   of the connection.
     * @param nowNs time of the ACK.
     */
    void onRecovered(Tcb tcb, long nowNs);

    /**
     * The retransmission timer ran out.
     *
     * @param tcb         of the connection.
     * @param flightBytes outstanding when it did.
     * @param first       is it the first time-out in a row?
     * @param nowNs       time of the timer.
     */
    void onTimeout(Tcb tcb, int flightBytes, boolean first, long nowNs);

    /**
     * The last reduction was needless, nothing was lost: the windows from before it come back (RFC 4015).
     *
     * @param tcb    of the connection.
     * @param before what was noted when the recovery began.
     * @param nowNs  now.
     */
    default void onUndo(final Tcb tcb, final RecoveryState before, final long nowNs)
    {
        tcb.cwndBytes = Math.max(tcb.cwndBytes, before.priorCwndBytes);
        tcb.ssthreshBytes = Math.max(tcb.ssthreshBytes, before.priorSsthreshBytes);
    }

    /**
     * Is cwnd led to ssthresh by proportional rate reduction during fast recovery (RFC 9937)? A control that has a
     * window of its own for recoveries says no.
     *
     * @return true when it is.
     */
    default boolean usesProportionalRate()
    {
        return true;
    }

    /**
     * Nothing was sent for longer than a retransmission time-out.
     *
     * @param tcb                   of the connection.
     * @param initialWindowSegments the configured initial window in segments.
     */
    void onIdle(Tcb tcb, int initialWindowSegments);

    /**
     * A threshold that an earlier connection to the same peer has found (RFC 9040), right after {@link #onEstablished}.
     *
     * @param tcb           of the connection.
     * @param ssthreshBytes two segments or more.
     */
    default void onRememberedThreshold(final Tcb tcb, final int ssthreshBytes)
    {
        tcb.ssthreshBytes = ssthreshBytes;
    }
}
