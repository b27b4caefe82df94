package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;

/**
 * What CUBIC remembers (RFC 9438, section 4.1.2), in the congestion words of a Tcb:
 * <pre>
 *            high 32 bits               low 32 bits
 *   ccWord0  W_max, bytes               cwnd_prior, bytes
 *   ccWord1  K, microseconds            t, microseconds; below zero while no epoch has begun
 *   ccWord2  W_est, 2^12ths of a byte
 *   ccWord3  0                          clock when t was counted last
 * </pre>
 * No word is a time of the shard's clock, which an image cannot hold: t is counted up, and the clock of the last word
 * is the one that TSval shows, in microseconds, which goes on from shard to shard.
 */
final class CubicWords
{
    /** Fraction bits of W_est. */
    static final int W_EST_SHIFT = 12;

    private static final long LOW = 0xFFFF_FFFFL;
    private static final long NS_PER_MICRO = 1000;
    private static final long MICROS_PER_TICK = 1000;

    private CubicWords()
    {
    }

    /** No W_max, no epoch; cwnd_prior is what cwnd is. */
    static void forget(final Tcb tcb)
    {
        tcb.ccWord0 = pair(0, tcb.cwndBytes);
        tcb.ccWord2 = 0;
        tcb.ccWord3 = 0;
        endEpoch(tcb);
    }

    static void endEpoch(final Tcb tcb)
    {
        tcb.ccWord1 = pair(0, -1);
    }

    static int wMaxBytes(final Tcb tcb)
    {
        return high(tcb.ccWord0);
    }

    static int cwndPriorBytes(final Tcb tcb)
    {
        return low(tcb.ccWord0);
    }

    static void windows(final Tcb tcb, final int wMaxBytes, final int cwndPriorBytes)
    {
        tcb.ccWord0 = pair(wMaxBytes, cwndPriorBytes);
    }

    static int kMicros(final Tcb tcb)
    {
        return high(tcb.ccWord1);
    }

    static int tMicros(final Tcb tcb)
    {
        return low(tcb.ccWord1);
    }

    static void epoch(final Tcb tcb, final int kMicros, final int tMicros)
    {
        tcb.ccWord1 = pair(kMicros, tMicros);
    }

    static int countedAtMicros(final Tcb tcb)
    {
        return low(tcb.ccWord3);
    }

    static void countedAtMicros(final Tcb tcb, final int clockMicros)
    {
        tcb.ccWord3 = clockMicros & LOW;
    }

    /** The connection's clock, modulo 2^32 microseconds. */
    static int clockMicros(final Tcb tcb, final long nowNs)
    {
        return (int)(Math.floorDiv(nowNs + tcb.tsPhaseNs, NS_PER_MICRO) + tcb.tsOffset * MICROS_PER_TICK);
    }

    private static long pair(final int high, final int low)
    {
        return (long)high << 32 | low & LOW;
    }

    private static int high(final long word)
    {
        return (int)(word >>> 32);
    }

    private static int low(final long word)
    {
        return (int)word;
    }
}
