package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;

/** Plays ACKs of whole rounds to a congestion control in its first slow start. */
final class HyStartDriver
{
    private HyStartDriver()
    {
    }

    /** A round of so many ACKs, all with one RTT; the next window is sent at once. Returns the growth in bytes. */
    static int round(final Tcb tcb, final int acks, final int bytesPerAck, final long rttNs)
    {
        final int before = tcb.cwndBytes;
        for (int i = 0; i < acks; i++)
        {
            ack(tcb, bytesPerAck, rttNs);
        }
        return tcb.cwndBytes - before;
    }

    /** Send a round's bytes, whatever cwnd says: rounds are as long as the test wants them. */
    static void send(final Tcb tcb, final int bytes)
    {
        tcb.sndNxt += bytes;
    }

    /** One ACK, which releases as much as it acknowledges. */
    static void ack(final Tcb tcb, final int bytes, final long rttNs)
    {
        tcb.sndUna += bytes;
        tcb.lastRttNs = rttNs;
        tcb.srttNs = rttNs;
        Cubic.INSTANCE.onAck(tcb, bytes, 0);
        send(tcb, bytes);
    }

    /** From a fresh connection through CSS into congestion avoidance. */
    static void endSlowStart(final Tcb tcb)
    {
        send(tcb, 10_000);
        round(tcb, 10, 1000, 10_000_000);
        for (int i = 0; i < 5; i++)
        {
            round(tcb, 10, 1000, 30_000_000);
        }
    }
}
