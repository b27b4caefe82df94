package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RecoveryState;
import dev.baton.stack.tcp.Tcb;

/**
 * CUBIC (RFC 9438), with HyStart++ for the first slow start (RFC 9406). C is 0.4, beta 0.7.
 * <p>
 * After a loss cwnd follows a cubic curve of the time since: quickly back towards W_max, where the loss happened,
 * slowly past it, then faster and faster. Where Reno would have more, cwnd follows W_est, the window of a Reno that
 * halves by beta and gains alpha segments a round trip (section 4.3):
 * <pre>
 *   cwnd                                     .  convex
 *    ^   loss                              .
 *    |    *  - - - - - - - - . . . .-. - -   W_max
 *    |    |           .   concave
 *    |    |       .
 *    |    |    .
 *    |    * .  cwnd_epoch = beta * flight
 *    +----+-----------------------+--------&gt; t
 *         0                       K
 * </pre>
 * t counts only while the window is the limit (section 4.2): {@link #onAck} is not called otherwise, and one ACK counts
 * the time since the one before, but at most the round trip that it ends. The ACK that begins an epoch adds nothing:
 * what it acknowledges was delivered during the recovery. Fast convergence is always on (section 4.7): one flow cannot
 * know that it is alone.
 * <p>
 * While ssthresh has never been set the words are those of {@link HyStartPlusPlus}, after that those of {@link
 * CubicWords}. Whatever an imported image has in them, one ACK cannot grow the window by more than it acknowledges.
 */
public final class Cubic implements CongestionControl
{
    /** The only instance. */
    public static final Cubic INSTANCE = new Cubic();
    /** Name in the registry. */
    public static final String NAME = "cubic";

    /** Section 4.6: beta is 7/10. */
    private static final int BETA_NUMERATOR = 7;
    private static final int BETA_DENOMINATOR = 10;
    /** Section 4.3: 3 * (1 - beta) / (1 + beta) is 9/17. */
    private static final int ALPHA_NUMERATOR = 9;
    private static final int ALPHA_DENOMINATOR = 17;
    /** Section 4.7: (1 + beta) / 2 is 17/20. */
    private static final int CONVERGENCE_NUMERATOR = 17;
    private static final int CONVERGENCE_DENOMINATOR = 20;
    private static final long NS_PER_MICRO = 1000;

    private Cubic()
    {
    }

    @Override
    public String name()
    {
        return NAME;
    }

    @Override
    public void onEstablished(final Tcb tcb, final int initialWindowSegments)
    {
        tcb.cwndBytes = CongestionWindow.initial(tcb, initialWindowSegments);
        tcb.ssthreshBytes = CongestionWindow.MAX_BYTES;
        HyStartPlusPlus.begin(tcb);
    }

    @Override
    public void onRememberedThreshold(final Tcb tcb, final int ssthreshBytes)
    {
        tcb.ssthreshBytes = ssthreshBytes;
        CubicWords.forget(tcb);
    }

    @Override
    public void onTakeOver(final Tcb tcb)
    {
        if (!isFirstSlowStart(tcb))
        {
            CubicWords.forget(tcb);
        }
    }

    @Override
    public void onAck(final Tcb tcb, final int ackedBytes, final long nowNs)
    {
        if (isFirstSlowStart(tcb))
        {
            if (HyStartPlusPlus.onAck(tcb, ackedBytes))
            {
                CubicWords.forget(tcb);
            }
        }
        else if (tcb.cwndBytes < tcb.ssthreshBytes)
        {
            tcb.cwndBytes = (int)Math.min((long)tcb.cwndBytes + ackedBytes, tcb.ssthreshBytes);
        }
        else if (CubicWords.tMicros(tcb) < 0)
        {
            beginEpoch(tcb, nowNs);
        }
        else
        {
            avoidCongestion(tcb, Math.min(ackedBytes, tcb.cwndBytes), nowNs);
        }
    }

    /**
     * Sections 4.2 and 4.3; without a W_max above cwnd (sections 4.8 and 4.10) the curve begins at its turning point.
     */
    private static void beginEpoch(final Tcb tcb, final long nowNs)
    {
        final int cwnd = tcb.cwndBytes;
        final int wMax = Math.max(cwnd, CongestionWindow.limit(CubicWords.wMaxBytes(tcb)));
        CubicWords.windows(tcb, wMax, CubicWords.cwndPriorBytes(tcb));
        CubicWords.epoch(tcb, CubicFunction.kMicros(wMax, cwnd, tcb.effectiveMss), 0);
        CubicWords.countedAtMicros(tcb, CubicWords.clockMicros(tcb, nowNs));
        tcb.ccWord2 = (long)cwnd << CubicWords.W_EST_SHIFT;
    }

    private static void avoidCongestion(final Tcb tcb, final int ackedBytes, final long nowNs)
    {
        final long tMicros = countTime(tcb, nowNs);
        final int cwnd = tcb.cwndBytes;
        final long wEst = growReno(tcb, ackedBytes);
        final long grown = wCubic(tcb, tMicros) < wEst ? wEst : cwnd + cubicGrowth(tcb, tMicros, ackedBytes);
        final long most = CongestionWindow.limit((long)cwnd + ackedBytes);
        tcb.cwndBytes = (int)Math.max(cwnd, Math.min(grown, most));
    }

    /** Section 4.2: what was limited by the application does not count. */
    private static long countTime(final Tcb tcb, final long nowNs)
    {
        final int clock = CubicWords.clockMicros(tcb, nowNs);
        final long sinceLast = clock - CubicWords.countedAtMicros(tcb) & 0xFFFF_FFFFL;
        final long roundTrip = (tcb.lastRttNs + NS_PER_MICRO - 1) / NS_PER_MICRO;
        final long t = CubicWords.tMicros(tcb) + Math.min(sinceLast, roundTrip);
        CubicWords.epoch(tcb, CubicWords.kMicros(tcb), (int)Math.min(t, Integer.MAX_VALUE));
        CubicWords.countedAtMicros(tcb, clock);
        return t;
    }

    private static long wCubic(final Tcb tcb, final long tMicros)
    {
        return CubicFunction.windowBytes(tMicros, CubicWords.kMicros(tcb), CubicWords.wMaxBytes(tcb), tcb.effectiveMss);
    }

    /** Section 4.2: target, and the part of the way to it that falls to this ACK (sections 4.4 and 4.5). */
    private static long cubicGrowth(final Tcb tcb, final long tMicros, final int ackedBytes)
    {
        final int cwnd = tcb.cwndBytes;
        final long ahead = wCubic(tcb, tMicros + tcb.srttNs / NS_PER_MICRO) - cwnd;
        return Math.max(0, Math.min(ahead, cwnd / 2)) * ackedBytes / cwnd;
    }

    /** Section 4.3, equation 4: W_est in bytes, after this ACK. */
    private static long growReno(final Tcb tcb, final int ackedBytes)
    {
        final boolean asReno = tcb.ccWord2 >> CubicWords.W_EST_SHIFT >= CubicWords.cwndPriorBytes(tcb);
        final long gain = ((long)ackedBytes * tcb.effectiveMss << CubicWords.W_EST_SHIFT) / tcb.cwndBytes;
        tcb.ccWord2 += asReno ? gain : gain * ALPHA_NUMERATOR / ALPHA_DENOMINATOR;
        return tcb.ccWord2 >> CubicWords.W_EST_SHIFT;
    }

    @Override
    public void onLoss(final Tcb tcb, final int flightBytes, final long nowNs)
    {
        final int cwnd = tcb.cwndBytes;
        final boolean released = !isFirstSlowStart(tcb) && cwnd < CubicWords.wMaxBytes(tcb);
        final long wMax = released ? (long)cwnd * CONVERGENCE_NUMERATOR / CONVERGENCE_DENOMINATOR : cwnd;
        tcb.ssthreshBytes = reduced(tcb, flightBytes);
        tcb.cwndBytes = tcb.ssthreshBytes;
        CubicWords.windows(tcb, (int)wMax, cwnd);
        CubicWords.endEpoch(tcb);
    }

    /** Section 4.6. */
    private static int reduced(final Tcb tcb, final int flightBytes)
    {
        final long flight = CongestionWindow.flight(tcb, flightBytes);
        return (int)Math.max(flight * BETA_NUMERATOR / BETA_DENOMINATOR, CongestionWindow.least(tcb));
    }

    @Override
    public void onRecovered(final Tcb tcb, final long nowNs)
    {
        tcb.cwndBytes = tcb.ssthreshBytes;
    }

    @Override
    public void onTimeout(final Tcb tcb, final int flightBytes, final boolean first, final long nowNs)
    {
        if (first || isFirstSlowStart(tcb))
        {
            tcb.ssthreshBytes = reduced(tcb, flightBytes);
            CubicWords.forget(tcb);
        }
        tcb.cwndBytes = tcb.effectiveMss;
    }

    /** Section 4.9: the epoch goes on as if nothing had been. */
    @Override
    public void onUndo(final Tcb tcb, final RecoveryState before, final long nowNs)
    {
        CongestionControl.super.onUndo(tcb, before, nowNs);
        tcb.ccWord0 = before.priorWord0;
        tcb.ccWord1 = before.priorWord1;
        tcb.ccWord2 = before.priorWord2;
        tcb.ccWord3 = before.priorWord3;
    }

    /** RFC 5681, section 4.1, and RFC 9406, section 4.3: slow start again, in a new epoch when that is over. */
    @Override
    public void onIdle(final Tcb tcb, final int initialWindowSegments)
    {
        final int restart = CongestionWindow.initial(tcb, initialWindowSegments);
        if (restart >= tcb.cwndBytes)
        {
            return;
        }
        tcb.cwndBytes = restart;
        if (isFirstSlowStart(tcb))
        {
            HyStartPlusPlus.begin(tcb);
        }
        else
        {
            CubicWords.endEpoch(tcb);
        }
    }

    private static boolean isFirstSlowStart(final Tcb tcb)
    {
        return tcb.ssthreshBytes == CongestionWindow.MAX_BYTES;
    }
}
