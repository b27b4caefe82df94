package dev.baton.stack.tcp;

import java.util.Arrays;

/**
 * What {@link DeliveryRate} notes of each run of a {@link SentLog} when it is sent (draft-ietf-ccwg-bbr, section
 * "Per-packet (P) state"), in arrays parallel to the log's. P.send_time is the log's own. A run that was never stamped,
 * or has been delivered, has {@link Tcb#NONE} for P.delivered_time.
 */
public final class RunRates
{
    private static final int APP_LIMITED = 1 << 31;
    private static final int KEPT_RUNS = 512;

    private long[] runDelivered = new long[0];
    private long[] runDeliveredAtNs = new long[0];
    private long[] runFirstSentAtNs = new long[0];
    private long[] runLost = new long[0];
    /** P.tx_in_flight; the sign bit is P.is_app_limited. */
    private int[] runTxInFlight = new int[0];

    /** Have room for as many runs as the log has room for. */
    void ensure(final int length)
    {
        final int before = runDelivered.length;
        if (length <= before)
        {
            return;
        }
        runDelivered = Arrays.copyOf(runDelivered, length);
        runDeliveredAtNs = Arrays.copyOf(runDeliveredAtNs, length);
        runFirstSentAtNs = Arrays.copyOf(runFirstSentAtNs, length);
        runLost = Arrays.copyOf(runLost, length);
        runTxInFlight = Arrays.copyOf(runTxInFlight, length);
        for (int i = before; i < length; i++)
        {
            clear(i);
        }
    }

    /** Keep no large arrays: nothing is stamped any more. */
    void trim()
    {
        if (runDelivered.length > KEPT_RUNS)
        {
            runDelivered = new long[0];
            runDeliveredAtNs = new long[0];
            runFirstSentAtNs = new long[0];
            runLost = new long[0];
            runTxInFlight = new int[0];
        }
    }

    void move(final int from, final int to, final int count)
    {
        System.arraycopy(runDelivered, from, runDelivered, to, count);
        System.arraycopy(runDeliveredAtNs, from, runDeliveredAtNs, to, count);
        System.arraycopy(runFirstSentAtNs, from, runFirstSentAtNs, to, count);
        System.arraycopy(runLost, from, runLost, to, count);
        System.arraycopy(runTxInFlight, from, runTxInFlight, to, count);
    }

    /** The run has been delivered, or was sent before anybody wanted to know. */
    void clear(final int i)
    {
        set(i, 0, Tcb.NONE, 0, 0, 0, false);
    }

    void set(
        final int i,
        final long delivered,
        final long deliveredAtNs,
        final long firstSentAtNs,
        final long lost,
        final int txInFlightBytes,
        final boolean appLimited)
    {
        runDelivered[i] = delivered;
        runDeliveredAtNs[i] = deliveredAtNs;
        runFirstSentAtNs[i] = firstSentAtNs;
        runLost[i] = lost;
        runTxInFlight[i] = txInFlightBytes | (appLimited ? APP_LIMITED : 0);
    }

    /**
     * Stamp a run as it stood in another log.
     *
     * @param i             number of the run in the log.
     * @param delivered     P.delivered.
     * @param deliveredAtNs P.delivered_time, or {@link Tcb#NONE}.
     * @param firstSentAtNs P.first_send_time.
     * @param lost          P.lost.
     * @param txInFlight    of {@link #txInFlightWord(int)}.
     */
    public void restore(
        final int i,
        final long delivered,
        final long deliveredAtNs,
        final long firstSentAtNs,
        final long lost,
        final int txInFlight)
    {
        set(i, delivered, deliveredAtNs, firstSentAtNs, lost, txInFlight, false);
    }

    boolean isStamped(final int i)
    {
        return runDeliveredAtNs[i] != Tcb.NONE;
    }

    /**
     * P.delivered of a run.
     *
     * @param i number of the run in the log.
     * @return in bytes.
     */
    public long delivered(final int i)
    {
        return runDelivered[i];
    }

    /**
     * P.delivered_time of a run.
     *
     * @param i number of the run in the log.
     * @return a time; {@link Tcb#NONE} when it was not stamped, or is delivered.
     */
    public long deliveredAtNs(final int i)
    {
        return runDeliveredAtNs[i];
    }

    /**
     * P.first_send_time of a run.
     *
     * @param i number of the run in the log.
     * @return a time.
     */
    public long firstSentAtNs(final int i)
    {
        return runFirstSentAtNs[i];
    }

    /**
     * P.lost of a run.
     *
     * @param i number of the run in the log.
     * @return in bytes.
     */
    public long lost(final int i)
    {
        return runLost[i];
    }

    /**
     * P.tx_in_flight of a run, with P.is_app_limited.
     *
     * @param i number of the run in the log.
     * @return bytes; the sign bit is set when the user's pace was the limit.
     */
    public int txInFlightWord(final int i)
    {
        return runTxInFlight[i];
    }

    int txInFlightBytes(final int i)
    {
        return runTxInFlight[i] & ~APP_LIMITED;
    }

    boolean appLimited(final int i)
    {
        return runTxInFlight[i] < 0;
    }
}
