package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;

/** The timestamp clock, TS.Recent and PAWS (RFC 7323, sections 4.3, 5 and 5.4): one tick is a millisecond. */
final class Timestamps
{
    private static final long TICK_NS = 1_000_000L;
    /** Section 5.5: an idle connection's TS.Recent holds for 24 days. */
    private static final long OUTDATED_NS = 24L * 24 * 3600 * 1_000_000_000L;

    private Timestamps()
    {
    }

    /** TSval at a time. */
    static int value(final int offset, final long nowNs)
    {
        return offset + (int)Math.floorDiv(nowNs, TICK_NS);
    }

    /** TSval of a connection at a time. */
    static int value(final Tcb tcb, final long nowNs)
    {
        return value(tcb.tsOffset, nowNs + tcb.tsPhaseNs);
    }

    /** How far a connection's clock is into its tick, in nanoseconds. */
    static int fractionNs(final Tcb tcb, final long nowNs)
    {
        return (int)Math.floorMod(nowNs + tcb.tsPhaseNs, TICK_NS);
    }

    /** Set a connection's clock: to a value, and so far into its tick, which may be more than one tick. */
    static void set(final Tcb tcb, final int tsVal, final long fractionNs, final long nowNs)
    {
        final int fraction = (int)(fractionNs % TICK_NS);
        tcb.tsPhaseNs = (int)Math.floorMod(fraction - nowNs, TICK_NS);
        tcb.tsOffset = tsVal + (int)(fractionNs / TICK_NS) - value(0, nowNs + tcb.tsPhaseNs);
    }

    /** RTT that a TSecr tells, in nanoseconds; 0 when it tells none. */
    static long rttNs(final Tcb tcb, final int tsEcr, final long nowNs)
    {
        final int ticks = value(tcb, nowNs) - tsEcr;
        return tsEcr == 0 || ticks < 0 ? 0 : Math.max(1, ticks) * TICK_NS;
    }

    /** Rule R1: is a TSval older than TS.Recent, and TS.Recent not outdated? */
    static boolean isOld(final int tsVal, final int tsRecent, final long tsRecentAtNs, final long nowNs)
    {
        return Seq.lt(tsVal, tsRecent) && nowNs - tsRecentAtNs <= OUTDATED_NS;
    }

    /** Rule R3: a segment that covers the last acknowledged number sets TS.Recent. */
    static void remember(final Tcb tcb, final Segment segment, final long nowNs)
    {
        if (tcb.timestampsOk && segment.options.hasTimestamps() && Seq.leq(segment.seq, tcb.lastAckSent) &&
            (Seq.geq(segment.options.tsVal(), tcb.tsRecent) || nowNs - tcb.tsRecentAtNs > OUTDATED_NS))
        {
            tcb.tsRecent = segment.options.tsVal();
            tcb.tsRecentAtNs = nowNs;
        }
    }
}
