package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.wire.Seq;

/**
 * The first slow start of a connection, which ends before the bottleneck's queue overflows (RFC 9406).
 * <pre>
 *                  the least RTT of this round is a threshold above that of the last
 *     SLOW START ----------------------------------------------------------------------> CSS ---> done: ssthresh = cwnd
 *                &lt;----------------------------------------------------------------------      CSS_ROUNDS rounds
 *                            an RTT below the one with which CSS began
 * </pre>
 * A round ends when what had been sent at its start is acknowledged; windowEnd is taken with its first ACK, so that it
 * takes in what the last ACK of the round before has released. Without that the slow end of a burst would be the
 * beginning of the next round. In conservative slow start (CSS) the window grows a quarter as fast.
 * <p>
 * L, the segments that one ACK may add, is without limit although nothing is paced (section 4.3 recommends 8): the ACK
 * of a super-segment stands for the many that its segments would have drawn.
 * <p>
 * Words: {@link Tcb#ccWord0} least RTT of the last round, {@link Tcb#ccWord1} of this one, {@link Tcb#ccWord2} at the
 * start of CSS (all in nanoseconds, infinite while unknown), {@link Tcb#ccWord3} from the lowest bit windowEnd (32
 * bits), samples of this round (8), CSS rounds (8), begun (1).
 */
final class HyStartPlusPlus
{
    /** Section 4.3. */
    static final long MIN_RTT_THRESH_NS = 4_000_000L;
    /** Section 4.3. */
    static final long MAX_RTT_THRESH_NS = 16_000_000L;
    /** Section 4.3. */
    static final int MIN_RTT_DIVISOR = 8;
    /** Section 4.3. */
    static final int N_RTT_SAMPLE = 8;
    /** Section 4.3. */
    static final int CSS_GROWTH_DIVISOR = 4;
    /** Section 4.3. */
    static final int CSS_ROUNDS = 5;

    private static final long INFINITE_NS = Long.MAX_VALUE;
    private static final int SAMPLES_SHIFT = 32;
    private static final int ROUNDS_SHIFT = 40;
    private static final int BYTE = 0xFF;
    private static final long BEGUN = 1L << 48;

    private HyStartPlusPlus()
    {
    }

    /** Set the words; the first round begins with the first ACK. */
    static void begin(final Tcb tcb)
    {
        tcb.ccWord0 = INFINITE_NS;
        tcb.ccWord1 = INFINITE_NS;
        tcb.ccWord2 = INFINITE_NS;
        tcb.ccWord3 = 0;
    }

    /** Is the connection in conservative slow start? */
    static boolean inCss(final Tcb tcb)
    {
        return tcb.ccWord2 != INFINITE_NS;
    }

    /**
     * New data was acknowledged: grow the window (section 4.2).
     *
     * @param tcb        of the connection, in its first slow start; SND.UNA and the last RTT are up to date.
     * @param ackedBytes newly acknowledged.
     * @return true when slow start is over: ssthresh is cwnd.
     */
    static boolean onAck(final Tcb tcb, final int ackedBytes)
    {
        if ((tcb.ccWord3 & BEGUN) == 0)
        {
            tcb.ccWord3 |= BEGUN | tcb.sndNxt & 0xFFFF_FFFFL;
        }
        final int growth = inCss(tcb) ? ackedBytes / CSS_GROWTH_DIVISOR : ackedBytes;
        tcb.cwndBytes = CongestionWindow.limit((long)tcb.cwndBytes + growth);
        if (tcb.lastRttNs > 0)
        {
            takeSample(tcb);
        }
        return Seq.geq(tcb.sndUna, (int)tcb.ccWord3) && isLastRound(tcb);
    }

    private static void takeSample(final Tcb tcb)
    {
        tcb.ccWord1 = Math.min(tcb.ccWord1, tcb.lastRttNs);
        final int samples = Math.min(samples(tcb) + 1, N_RTT_SAMPLE);
        tcb.ccWord3 = tcb.ccWord3 & ~((long)BYTE << SAMPLES_SHIFT) | (long)samples << SAMPLES_SHIFT;
        if (samples < N_RTT_SAMPLE)
        {
            return;
        }
        if (inCss(tcb))
        {
            if (tcb.ccWord1 < tcb.ccWord2)
            {
                tcb.ccWord2 = INFINITE_NS;
                tcb.ccWord3 &= ~((long)BYTE << ROUNDS_SHIFT);
            }
        }
        else if (tcb.ccWord1 - tcb.ccWord0 >= thresholdNs(tcb.ccWord0))
        {
            tcb.ccWord2 = tcb.ccWord1;
        }
    }

    private static long thresholdNs(final long lastRoundNs)
    {
        return Math.max(MIN_RTT_THRESH_NS, Math.min(lastRoundNs / MIN_RTT_DIVISOR, MAX_RTT_THRESH_NS));
    }

    /**
     * A round is complete: the next ACK begins another, unless it was the last of CSS, the one in which CSS began
     * included.
     */
    private static boolean isLastRound(final Tcb tcb)
    {
        final int rounds = inCss(tcb) ? rounds(tcb) + 1 : 0;
        if (rounds >= CSS_ROUNDS)
        {
            tcb.ssthreshBytes = tcb.cwndBytes;
            return true;
        }
        tcb.ccWord0 = tcb.ccWord1;
        tcb.ccWord1 = INFINITE_NS;
        tcb.ccWord3 = (long)rounds << ROUNDS_SHIFT;
        return false;
    }

    private static int samples(final Tcb tcb)
    {
        return (int)(tcb.ccWord3 >>> SAMPLES_SHIFT) & BYTE;
    }

    private static int rounds(final Tcb tcb)
    {
        return (int)(tcb.ccWord3 >>> ROUNDS_SHIFT) & BYTE;
    }
}
