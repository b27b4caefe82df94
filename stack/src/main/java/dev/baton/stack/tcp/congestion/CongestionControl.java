package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RateSample;
import dev.baton.stack.tcp.RecoveryState;
import dev.baton.stack.tcp.Tcb;

/**
 * How fast a connection may send. A new one is one class and one entry in {@link CongestionControls}.
 * <p>
 * An implementation has no state of its own. What it remembers is in the Tcb's words {@link Tcb#cwndBytes}, {@link
 * Tcb#ssthreshBytes} and {@link Tcb#ccWord0} to {@link Tcb#ccWord3}; who needs more asks for an array of further words
 * ({@link #timeWords()}, {@link #plainWords()}), which is taken from a pool when the connection is established. All of
 * that is exported without any code of the implementation. What was lost is decided elsewhere; this only answers with
 * windows, and with a pacing rate if it likes. Called on the shard's thread; allocates nothing.
 * <p>
 * Two styles, and what each is told:
 * <pre>
 *   window (Reno, CUBIC)                       model (BBR): wantsRates()
 *   onAck        cwnd was the limit: grow      onRate       every ACK: a rate sample
 *   onLoss       a recovery begins: reduce     onPacketLost every run that is taken for lost
 *   onRecovered  it is over                    onLoss, onRecovered: remember cwnd, restore it
 *   onEcn        as onLoss, nothing was lost   onEcn
 *   onTimeout, onIdle, onUndo                  the same
 * </pre>
 * During a recovery cwnd is what proportional rate reduction (RFC 9937) makes of ssthresh, where {@link
 * #usesProportionalRate()}.
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
     * How many of its further words hold times of the shard's clock, {@link Tcb#NONE} when not set: the first ones of
     * {@link Tcb#ccWords}. An image holds them relative to the cut.
     *
     * @return 0 or more.
     */
    default int timeWords()
    {
        return 0;
    }

    /**
     * How many further words it needs behind the times.
     *
     * @return 0 or more, together with the times at most {@link Tcb#MAX_CC_WORDS}.
     */
    default int plainWords()
    {
        return 0;
    }

    /**
     * Look at words of an image before a connection goes on with them.
     *
     * @param words as many as it asked for, times not included in the verdict.
     * @return number of the first word that cannot be, or -1.
     */
    default int firstBadWord(final long[] words)
    {
        return -1;
    }

    /**
     * Does it want rate samples? {@link #onRate} and {@link #onPacketLost} are called only then.
     *
     * @return the same at every call.
     */
    default boolean wantsRates()
    {
        return false;
    }

    /**
     * Does it set {@link dev.baton.stack.tcp.Pacing#rate}? Its connections are paced whatever the configuration says.
     *
     * @return the same at every call.
     */
    default boolean setsPacingRate()
    {
        return false;
    }

    /**
     * The connection is established: set the initial window.
     *
     * @param tcb                   of the connection; its effective MSS is known, its further words are 0, and a delivery
     *                              rate that it wants is fresh, so that {@code rate.deliveredAtNs} is now.
     * @param initialWindowSegments the configured initial window in segments.
     */
    void onEstablished(Tcb tcb, int initialWindowSegments);

    /**
     * It takes an established connection over from another control, right after {@link #onEstablished}: cwnd and
     * ssthresh are those of the other one.
     *
     * @param tcb of the connection.
     */
    default void onTakeOver(final Tcb tcb)
    {
    }

    /**
     * New data was acknowledged while the window was the limit, outside of fast recovery.
     *
     * @param tcb        of the connection.
     * @param ackedBytes newly acknowledged.
     * @param nowNs      time of the ACK.
     */
    void onAck(Tcb tcb, int ackedBytes, long nowNs);

    /**
     * An ACK has been taken in, all that it says about loss included; after every other call for the same ACK.
     *
     * @param tcb    of the connection.
     * @param sample what it says; valid during the call.
     * @param nowNs  time of the ACK.
     */
    default void onRate(final Tcb tcb, final RateSample sample, final long nowNs)
    {
    }

    /**
     * A run of what was sent is taken for lost, before {@link #onLoss} or {@link #onTimeout} for the same event.
     *
     * @param tcb             of the connection.
     * @param bytes           of the run.
     * @param lostSinceBytes  taken for lost since it was sent, itself included.
     * @param txInFlightBytes in flight when it had just been sent.
     * @param appLimited      was the user's pace the limit then?
     */
    default void onPacketLost(
        final Tcb tcb,
        final int bytes,
        final long lostSinceBytes,
        final int txInFlightBytes,
        final boolean appLimited)
    {
    }

    /**
     * Loss was noticed by duplicate ACKs, SACK, RACK or a loss probe: set ssthresh, and cwnd for the recovery.
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
     * Nothing was sent for longer than a retransmission time-out, and {@code tcp_slow_start_after_idle} is on.
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

    /**
     * Data is about to be sent, and nothing is in flight; only for those that want rates.
     *
     * @param tcb   of the connection.
     * @param nowNs now.
     */
    default void onRestart(final Tcb tcb, final long nowNs)
    {
    }

    /**
     * What operators want to know of it (TCP_CC_INFO), as {@code ss -i} writes it behind the name, for instance {@code
     * bbr:(bw:96.5Mbps,mrtt:40.1,pacing_gain:1.25,cwnd_gain:2)}. Not called on the packet path.
     *
     * @param tcb  of the connection.
     * @param text to be appended to; nothing is when there is nothing to tell.
     */
    default void describe(final Tcb tcb, final StringBuilder text)
    {
    }
}
