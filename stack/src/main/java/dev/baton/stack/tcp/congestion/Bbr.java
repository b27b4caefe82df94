package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.RateSample;
import dev.baton.stack.tcp.RecoveryState;
import dev.baton.stack.tcp.Tcb;

import java.util.Locale;

import static dev.baton.stack.tcp.congestion.BbrWords.CYCLE_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.EXTRA_ACKED_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.EXTRA_ACKED_DELIVERED;
import static dev.baton.stack.tcp.congestion.BbrWords.IDLE_RESTART;
import static dev.baton.stack.tcp.congestion.BbrWords.INFINITE;
import static dev.baton.stack.tcp.congestion.BbrWords.INFLIGHT_LONG_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.INITIAL_CWND;
import static dev.baton.stack.tcp.congestion.BbrWords.IN_RECOVERY;
import static dev.baton.stack.tcp.congestion.BbrWords.MIN_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.MIN_RTT_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT_DONE_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT_MIN_AT;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_RTT_MIN_DELAY;
import static dev.baton.stack.tcp.congestion.BbrWords.PROBE_UP_ACKED_PER_INC;
import static dev.baton.stack.tcp.congestion.BbrWords.RANDOM;
import static dev.baton.stack.tcp.congestion.BbrWords.RECOVERY_ROUND;
import static dev.baton.stack.tcp.congestion.BbrWords.ROUND_COUNT;
import static dev.baton.stack.tcp.congestion.BbrWords.STATE;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_BW_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_INFLIGHT_LONG_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_INFLIGHT_SHORT_TERM;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_NONE;
import static dev.baton.stack.tcp.congestion.BbrWords.UNDO_STATE;

/**
 * BBR, version 3 (draft-ietf-ccwg-bbr): sends at the rate at which the path delivers, with as much in flight as the path
 * holds, instead of filling its queue until something is lost.
 * <pre>
 *     STARTUP --&gt; DRAIN --&gt; PROBE_BW: DOWN --&gt; CRUISE --&gt; REFILL --&gt; UP --+
 *        ^                            ^                                   |
 *        |                            +-----------------------------------+
 *        +------- PROBE_RTT, from everywhere, once in five seconds without a low RTT
 * </pre>
 * The model is two numbers, the greatest delivery rate and the least round-trip time of late, with two bounds beside
 * them: long-term, what a probe found to be too much (above 2 % loss), and short-term, what losses have left until the
 * next probe. {@link BbrModel} keeps them; {@link BbrStartup}, {@link BbrProbeBw} and {@link BbrProbeRtt} are the
 * states; {@link BbrLoss} answers losses; {@link BbrControl} sets pacing rate and cwnd; {@link BbrWords} is the memory.
 */
public final class Bbr implements CongestionControl
{
    /** The only instance. */
    public static final Bbr INSTANCE = new Bbr();
    /** Name in the registry. */
    public static final String NAME = "bbr";

    private static final int UNITY = 100;
    private static final double BITS_PER_MEGABYTE = 8e-6;
    private static final double MS_PER_NS = 1e-6;

    private Bbr()
    {
    }

    @Override
    public String name()
    {
        return NAME;
    }

    @Override
    public int timeWords()
    {
        return BbrWords.TIMES;
    }

    @Override
    public int plainWords()
    {
        return BbrWords.COUNT - BbrWords.TIMES;
    }

    @Override
    public int firstBadWord(final long[] words)
    {
        return BbrWords.firstBad(words);
    }

    @Override
    public boolean wantsRates()
    {
        return true;
    }

    @Override
    public boolean setsPacingRate()
    {
        return true;
    }

    @Override
    public boolean usesProportionalRate()
    {
        return false;
    }

    /** OnInit(). */
    @Override
    public void onEstablished(final Tcb tcb, final int initialWindowSegments)
    {
        final long[] w = tcb.ccWords;
        final long nowNs = tcb.rate.deliveredAtNs;
        tcb.cwndBytes = CongestionWindow.initial(tcb, initialWindowSegments);
        tcb.ssthreshBytes = CongestionWindow.MAX_BYTES;
        w[INITIAL_CWND] = tcb.cwndBytes;
        w[MIN_RTT] = tcb.srttNs > 0 ? tcb.srttNs : INFINITE;
        w[PROBE_RTT_MIN_DELAY] = w[MIN_RTT];
        w[MIN_RTT_AT] = nowNs;
        w[PROBE_RTT_MIN_AT] = nowNs;
        w[PROBE_RTT_DONE_AT] = Tcb.NONE;
        w[CYCLE_AT] = nowNs;
        w[EXTRA_ACKED_AT] = nowNs;
        w[EXTRA_ACKED_DELIVERED] = 0;
        w[INFLIGHT_LONG_TERM] = INFINITE;
        w[PROBE_UP_ACKED_PER_INC] = INFINITE;
        w[UNDO_STATE] = UNDO_NONE;
        w[UNDO_BW_SHORT_TERM] = INFINITE;
        w[UNDO_INFLIGHT_SHORT_TERM] = INFINITE;
        w[UNDO_INFLIGHT_LONG_TERM] = INFINITE;
        w[RANDOM] = (long)tcb.iss << 32 ^ tcb.irs & 0xFFFF_FFFFL;
        BbrModel.resetShortTerm(w);
        BbrStartup.enter(w);
        BbrControl.initPacingRate(tcb);
    }

    /** Windows grow by the model only. */
    @Override
    public void onAck(final Tcb tcb, final int ackedBytes, final long nowNs)
    {
    }

    /** UpdateOnACK(). */
    @Override
    public void onRate(final Tcb tcb, final RateSample sample, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        leaveRecovery(tcb);
        BbrModel.updateLatest(tcb, sample);
        BbrModel.updateCongestionSignals(tcb, sample);
        BbrModel.updateAggregation(tcb, sample, nowNs);
        BbrStartup.checkFullBw(w, sample);
        BbrStartup.checkDone(tcb, sample);
        BbrStartup.checkDrained(tcb, nowNs);
        BbrProbeBw.update(tcb, sample, nowNs);
        BbrProbeRtt.updateMinRtt(w, sample, nowNs);
        BbrProbeRtt.check(tcb, sample, nowNs);
        BbrModel.advanceLatest(w, sample);
        BbrControl.setPacingRate(tcb);
        BbrControl.setCwnd(tcb, sample);
    }

    /** A recovery of either kind is over: what the window was before it is known to be good. */
    private static void leaveRecovery(final Tcb tcb)
    {
        final boolean repairing = tcb.recovery != Tcb.RECOVERY_OPEN;
        if (!repairing && BbrWords.has(tcb.ccWords, IN_RECOVERY))
        {
            BbrControl.restoreCwnd(tcb);
        }
        BbrWords.set(tcb.ccWords, IN_RECOVERY, repairing);
    }

    @Override
    public void onPacketLost(
        final Tcb tcb,
        final int bytes,
        final long lostSinceBytes,
        final int txInFlightBytes,
        final boolean appLimited)
    {
        BbrLoss.onPacketLost(tcb, bytes, lostSinceBytes, txInFlightBytes, appLimited);
    }

    /** OnEnterFastRecovery(). */
    @Override
    public void onLoss(final Tcb tcb, final int flightBytes, final long nowNs)
    {
        BbrLoss.note(tcb);
        BbrControl.saveCwnd(tcb);
        tcb.ccWords[RECOVERY_ROUND] = tcb.ccWords[ROUND_COUNT];
    }

    /** {@link #onRate} does it for recoveries of both kinds. */
    @Override
    public void onRecovered(final Tcb tcb, final long nowNs)
    {
    }

    @Override
    public void onEcn(final Tcb tcb, final int flightBytes, final long nowNs)
    {
        BbrLoss.onEcn(tcb);
    }

    /** OnEnterRTO(): all is taken for lost, and one segment goes out. */
    @Override
    public void onTimeout(final Tcb tcb, final int flightBytes, final boolean first, final long nowNs)
    {
        BbrLoss.note(tcb);
        BbrControl.saveCwnd(tcb);
        tcb.cwndBytes = tcb.effectiveMss;
    }

    @Override
    public void onUndo(final Tcb tcb, final RecoveryState before, final long nowNs)
    {
        BbrLoss.undo(tcb);
    }

    /** Section "Restarting From Idle": the window stays, because what goes out is paced ({@link #onRestart}). */
    @Override
    public void onIdle(final Tcb tcb, final int initialWindowSegments)
    {
    }

    /** HandleRestartFromIdle(). */
    @Override
    public void onRestart(final Tcb tcb, final long nowNs)
    {
        final long[] w = tcb.ccWords;
        if (tcb.rate.appLimitedBytes == 0)
        {
            return;
        }
        BbrWords.set(w, IDLE_RESTART, true);
        w[EXTRA_ACKED_AT] = nowNs;
        w[EXTRA_ACKED_DELIVERED] = 0;
        if (BbrWords.isProbingBw(w))
        {
            BbrControl.setPacingRate(tcb, UNITY);
        }
        else if (w[STATE] == PROBE_RTT)
        {
            BbrProbeRtt.checkDone(tcb, nowNs);
        }
    }

    @Override
    public void describe(final Tcb tcb, final StringBuilder text)
    {
        final long[] w = tcb.ccWords;
        if (w != null)
        {
            text.append(String.format(Locale.ROOT, "bbr:(bw:%.1fMbps,mrtt:%.3f,pacing_gain:%.2f,cwnd_gain:%.2f,state:%s)",
                BbrModel.bw(w) * BITS_PER_MEGABYTE, w[MIN_RTT] == INFINITE ? 0 : w[MIN_RTT] * MS_PER_NS,
                BbrWords.pacingGain(w[STATE]) / (double)UNITY, BbrWords.cwndGain(w[STATE]) / (double)UNITY,
                BbrWords.stateName(w[STATE])));
        }
    }
}
