package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.tcp.ReceiveRing;
import dev.baton.stack.tcp.SendRing;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;

/**
 * Fills the rings and the sent log of an unused connection from an image that has been verified; the inverse of {@link
 * RingWriter}.
 */
final class RingReader
{
    private RingReader()
    {
    }

    /**
     * Fill them.
     *
     * @param image verified.
     * @param tcb   unused; on failure it is the caller's to reset.
     * @param nowNs the cut, on the clock of the shard that imports.
     * @throws StateException when the shard's pool has no room.
     */
    static void fill(final ConnectionImage image, final Tcb tcb, final long nowNs)
    {
        sendRing(image, tcb.sendRing);
        receiveRing(image, tcb.receiveRing);
        sentLog(image, tcb.sentLog, nowNs);
    }

    private static void sendRing(final ConnectionImage image, final SendRing ring)
    {
        final int length = image.sendBytes();
        ring.reset(image.fields().sendFirstSeq());
        ring.capacityBytes(Math.max(ring.capacityBytes(), length));
        if (length > 0 && ring.write(image.buffer(), image.sendBytesAt(), length) < length)
        {
            throw noRoom("sendBytes.length", length);
        }
    }

    private static void receiveRing(final ConnectionImage image, final ReceiveRing ring)
    {
        final ConnectionDecoder fields = image.fields();
        final int first = fields.receiveFirstSeq();
        final int next = fields.receiveNextSeq();
        final int runs = image.receiveRunCount();
        final int end = runs == 0 ? next : image.receiveRunEnd(runs - 1);
        int at = image.receiveBytesAt();
        final int promised = Math.max(end - first, fields.rcvAdv() - first);
        ring.capacityBytes(Math.max(ring.capacityBytes(), promised));
        if (!ring.restore(first, next, end, fields.receiveArrival(), image.buffer(), at))
        {
            throw noRoom("receiveBytes.length", image.receiveBytes());
        }
        at += next - first;
        for (int i = 0; i < runs; i++)
        {
            final int start = image.receiveRunStart(i);
            ring.restoreRun(start, image.receiveRunEnd(i), image.receiveRunArrival(i), image.buffer(), at);
            at += image.receiveRunEnd(i) - start;
        }
    }

    private static void sentLog(final ConnectionImage image, final SentLog log, final long nowNs)
    {
        log.reset(image.fields().sentBase());
        for (int i = 0; i < image.sentRunCount(); i++)
        {
            log.restore(image.sentRunEnd(i), nowNs - image.sentRunAgeNs(i), image.sentRunMarks(i));
        }
        log.restoreHighestSacked(image.fields().highestSacked());
    }

    private static StateException noRoom(final String field, final int length)
    {
        return new StateException(field, length,
            "the shard's pool has no piece for so many bytes now; close connections, or make poolBytes larger");
    }
}
