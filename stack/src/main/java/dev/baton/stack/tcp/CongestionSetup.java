package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.tcp.congestion.CongestionControl;

import java.util.Arrays;

/**
 * Gives a connection what its congestion control works with beyond the Tcb's own words, and takes it back: further
 * words, a {@link DeliveryRate}, {@link Pacing}. All of it is pooled, and connections that need none hold none.
 */
final class CongestionSetup
{
    private final StackContext context;
    private final FreeList<long[]> words = new FreeList<>(() -> new long[Tcb.MAX_CC_WORDS]);
    private final FreeList<Pacing> pacings = new FreeList<>(Pacing::new);
    private final FreeList<DeliveryRate> rates;

    CongestionSetup(final StackContext context)
    {
        this.context = context;
        final RateSample sample = new RateSample();
        rates = new FreeList<>(() -> new DeliveryRate(sample));
    }

    /** The connection is established: its congestion control begins. */
    void establish(final Tcb tcb, final int initialWindowSegments, final long nowNs)
    {
        attach(tcb, nowNs);
        tcb.congestionControl.onEstablished(tcb, initialWindowSegments);
    }

    /**
     * Change the congestion control of a connection (TCP_CONGESTION). An established one keeps its window and ssthresh,
     * as on Linux; what the old control remembered is forgotten.
     */
    void change(final Tcb tcb, final CongestionControl control, final long nowNs)
    {
        if (control == tcb.congestionControl)
        {
            return;
        }
        final long maxRate = tcb.pacing == null ? Pacing.UNLIMITED : tcb.pacing.maxRate;
        release(tcb);
        tcb.congestionControl = control;
        if (tcb.state >= TcpState.ESTABLISHED)
        {
            begin(tcb, nowNs);
        }
        if (maxRate != Pacing.UNLIMITED)
        {
            pacing(tcb, nowNs).maxRate = maxRate;
        }
    }

    private void begin(final Tcb tcb, final long nowNs)
    {
        final int cwndBytes = tcb.cwndBytes;
        final int ssthreshBytes = tcb.ssthreshBytes;
        establish(tcb, context.initialWindowSegments(), nowNs);
        tcb.cwndBytes = cwndBytes;
        tcb.ssthreshBytes = ssthreshBytes;
        tcb.congestionControl.onTakeOver(tcb);
    }

    /** A connection has come in from an image: what the image did not bring begins afresh. */
    void complete(final Tcb tcb, final long nowNs)
    {
        final CongestionControl control = tcb.congestionControl;
        final boolean whole = (tcb.ccWords != null || control.timeWords() + control.plainWords() == 0) &&
            (tcb.rate != null || !control.wantsRates());
        if (tcb.state >= TcpState.ESTABLISHED && !whole)
        {
            begin(tcb, nowNs);
        }
        else if (tcb.state >= TcpState.ESTABLISHED)
        {
            attach(tcb, nowNs);
        }
    }

    /** Cap the rate of a connection (SO_MAX_PACING_RATE), which is paced from then on. */
    void maxPacingRate(final Tcb tcb, final long bytesPerSecond, final long nowNs)
    {
        if (bytesPerSecond != Pacing.UNLIMITED || tcb.pacing != null)
        {
            pacing(tcb, nowNs).maxRate = bytesPerSecond;
        }
    }

    /** Give a connection what its congestion control and the configuration ask for, as far as it has not got it. */
    void attach(final Tcb tcb, final long nowNs)
    {
        final CongestionControl control = tcb.congestionControl;
        if (tcb.ccWords == null && control.timeWords() + control.plainWords() > 0)
        {
            tcb.ccWords = words.take();
        }
        if (tcb.rate == null && control.wantsRates())
        {
            tcb.rate = rates.take();
            tcb.rate.begin(tcb, nowNs);
            tcb.sentLog.rates(tcb.rate);
        }
        if (context.pacing() || control.setsPacingRate())
        {
            pacing(tcb, nowNs);
        }
    }

    /** The connection's pacing, which it has from now on. */
    Pacing pacing(final Tcb tcb, final long nowNs)
    {
        if (tcb.pacing == null)
        {
            tcb.pacing = pacings.take();
            tcb.pacing.begin(tcb.sndUna, nowNs);
        }
        return tcb.pacing;
    }

    /** Take everything back. */
    void release(final Tcb tcb)
    {
        if (tcb.ccWords != null)
        {
            Arrays.fill(tcb.ccWords, 0);
            words.giveBack(tcb.ccWords);
            tcb.ccWords = null;
        }
        if (tcb.rate != null)
        {
            tcb.sentLog.rates(null);
            tcb.rate.begin(null, 0);
            rates.giveBack(tcb.rate);
            tcb.rate = null;
        }
        if (tcb.pacing != null)
        {
            pacings.giveBack(tcb.pacing);
            tcb.pacing = null;
        }
    }
}
