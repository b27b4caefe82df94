package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/**
 * How long an ACK for data in order may wait (RFC 9293, section 3.8.6.3, SHLD-18, SHLD-19, MUST-58 and MUST-59; RFC
 * 5681, section 4.2), with Linux's refinements:
 * <ul>
 * <li>At the start, and when data comes again after more than a time-out without a hole, a number of ACKs goes at once:
 * the peer's window is small and it waits for them.</li>
 * <li>A connection that answers what it receives is in ping-pong mode: its ACKs wait for the answer to go with.</li>
 * <li>The delay is {@link StackContext#delayedAckNs()}; in ping-pong mode it follows the gaps between arrivals
 * ({@code ato}) up to 200 ms, and up to the round-trip time. Linux lets it follow them always; but where no answer
 * comes, waiting longer saves nothing.</li>
 * </ul>
 */
final class AckPolicy
{
    private static final int QUICK_ACKS = 16;
    private static final long GREATEST_DELAY_NS = 200_000_000L;
    private static final long MICROSECOND_NS = 1000;

    private AckPolicy()
    {
    }

    /** The connection is established. */
    static void begin(final Tcb tcb)
    {
        tcb.quickAcks = QUICK_ACKS;
        tcb.atoUs = 0;
    }

    /** The user asked for ACKs at once, or to have them wait for data (TCP_QUICKACK). */
    static void quickAck(final Tcb tcb, final boolean quick)
    {
        tcb.pingPong = !quick;
        if (quick)
        {
            tcb.quickAcks = QUICK_ACKS;
            if (tcb.ackOwed == Tcb.ACK_DELAYED)
            {
                tcb.ackOwed = Tcb.ACK_NOW;
                tcb.delayedAckAtNs = Tcb.NONE;
            }
        }
    }

    /** A segment with data came in. */
    static void onDataReceived(final Tcb tcb, final StackContext context, final long nowNs)
    {
        final long leastNs = context.delayedAckNs();
        final long gapNs = nowNs - tcb.lastDataReceivedAtNs;
        final long atoNs = tcb.atoUs * MICROSECOND_NS;
        tcb.lastDataReceivedAtNs = nowNs;
        if (atoNs == 0)
        {
            ato(tcb, leastNs);
        }
        else if (gapNs <= leastNs / 2)
        {
            ato(tcb, (atoNs + leastNs) / 2);
        }
        else if (gapNs < atoNs)
        {
            ato(tcb, Math.min(atoNs / 2 + gapNs, tcb.rtoNs));
        }
        else if (gapNs > tcb.rtoNs && tcb.receiveRing.runCount() == 0)
        {
            tcb.quickAcks = QUICK_ACKS;
        }
    }

    private static void ato(final Tcb tcb, final long ns)
    {
        tcb.atoUs = (int)(Math.min(ns, 1_000_000_000L) / MICROSECOND_NS);
    }

    /** Data is being sent: soon after some was received it is an answer. */
    static void onDataSent(final Tcb tcb, final long nowNs)
    {
        if (tcb.atoUs != 0 && nowNs - tcb.lastDataReceivedAtNs < tcb.atoUs * MICROSECOND_NS)
        {
            tcb.pingPong = true;
        }
    }

    /** Do ACKs go at once whatever they acknowledge? */
    static boolean isQuick(final Tcb tcb)
    {
        return tcb.quickAcks > 0 && !tcb.pingPong;
    }

    /** How long an ACK that is owed from now on may wait. */
    static long delayNs(final Tcb tcb, final StackContext context)
    {
        final long leastNs = context.delayedAckNs();
        final long atoNs = tcb.atoUs * MICROSECOND_NS;
        if (atoNs <= leastNs || !tcb.pingPong)
        {
            return leastNs;
        }
        final long roundTripNs = tcb.srttNs == 0 ? GREATEST_DELAY_NS : Math.max(tcb.srttNs, leastNs);
        return Math.min(atoNs, Math.min(roundTripNs, Math.max(leastNs, GREATEST_DELAY_NS)));
    }
}
