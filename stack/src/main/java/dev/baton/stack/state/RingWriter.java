package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionEncoder;
import dev.baton.stack.tcp.ReceiveRing;
import dev.baton.stack.tcp.SendRing;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Writes what a connection holds beside its numbers: both rings and the sent log. Bytes go from a ring to the image in
 * one copy. The receive ring's bytes are those in order, then those of each run; holes are not written.
 */
final class RingWriter
{
    void write(final Tcb tcb, final long nowNs, final ConnectionEncoder encoder)
    {
        final ReceiveRing received = tcb.receiveRing;
        final SentLog log = tcb.sentLog;
        encoder
            .sendFirstSeq(tcb.sendRing.firstSeq())
            .receiveFirstSeq(received.firstSeq())
            .receiveNextSeq(received.nextSeq())
            .receiveArrival(received.arrival())
            .sentBase(log.base())
            .highestSacked(log.highestSacked());
        receiveRuns(received, encoder);
        sentRuns(log, nowNs, encoder);
        encoder.congestionControl(tcb.congestionControl.name());
        sendBytes(tcb.sendRing, encoder);
        receiveBytes(received, encoder);
    }

    private static void receiveRuns(final ReceiveRing ring, final ConnectionEncoder encoder)
    {
        final ConnectionEncoder.ReceiveRunsEncoder group = encoder.receiveRunsCount(ring.runCount());
        for (int i = 0; i < ring.runCount(); i++)
        {
            group.next().start(ring.runStart(i)).end(ring.runEnd(i)).arrival(ring.runArrival(i));
        }
    }

    private static void sentRuns(final SentLog log, final long nowNs, final ConnectionEncoder encoder)
    {
        final ConnectionEncoder.SentRunsEncoder group = encoder.sentRunsCount(log.runCount());
        final int end = log.firstRun() + log.runCount();
        for (int i = log.firstRun(); i < end; i++)
        {
            group.next().end(log.endOf(i)).sentAgeNs(nowNs - log.sentNsOf(i)).marks((short)log.marksOf(i));
        }
    }

    private static void sendBytes(final SendRing ring, final ConnectionEncoder encoder)
    {
        final int at = putLength(encoder, ring.length());
        if (ring.length() > 0)
        {
            ring.copy(ring.firstSeq(), encoder.buffer(), at, ring.length());
        }
    }

    private static void receiveBytes(final ReceiveRing ring, final ConnectionEncoder encoder)
    {
        int length = ring.readable();
        for (int i = 0; i < ring.runCount(); i++)
        {
            length += ring.runEnd(i) - ring.runStart(i);
        }
        int at = putLength(encoder, length);
        final MutableDirectBuffer buffer = encoder.buffer();
        if (ring.readable() > 0)
        {
            ring.copy(ring.firstSeq(), buffer, at, ring.readable());
            at += ring.readable();
        }
        for (int i = 0; i < ring.runCount(); i++)
        {
            final int run = ring.runEnd(i) - ring.runStart(i);
            ring.copy(ring.runStart(i), buffer, at, run);
            at += run;
        }
    }

    /** Begin a ringData field: its length, and room for so many bytes. Returns where they go. */
    private static int putLength(final ConnectionEncoder encoder, final int length)
    {
        final int at = encoder.limit();
        encoder.buffer().putInt(at, length, ByteOrder.LITTLE_ENDIAN);
        encoder.limit(at + ConnectionEncoder.sendBytesHeaderLength() + length);
        return at + ConnectionEncoder.sendBytesHeaderLength();
    }
}
