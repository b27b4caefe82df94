package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.wire.Seq;

/**
 * How the numbers of the receiving half must lie to each other, and to the bytes and runs in the image:
 * <pre>
 *     receiveFirstSeq    RCV.NXT                               rcvAdv
 *      | can be read      | hole |## run ##| hole |## run ##|    |
 * </pre>
 * Once the peer's FIN counts, RCV.NXT is one more than the end of what can be read.
 */
final class ReceiveRules
{
    private static final int MAX_SPAN = 1 << 30;

    private ReceiveRules()
    {
    }

    static void check(final ConnectionImage image)
    {
        final ConnectionDecoder fields = image.fields();
        final int readable = fields.receiveNextSeq() - fields.receiveFirstSeq();
        Rules.range("receiveNextSeq - receiveFirstSeq", readable, 0, MAX_SPAN);
        final int fin = fields.flags().finReceived() ? 1 : 0;
        Rules.require(fields.rcvNxt() == fields.receiveNextSeq() + fin, "rcvNxt", fields.rcvNxt(),
            "it follows the bytes that can be read, which end at " + fields.receiveNextSeq() + ", and a FIN that counts");
        final int bytes = readable + runs(image);
        Rules.require(image.receiveBytes() == bytes, "receiveBytes.length", image.receiveBytes(),
            "what can be read and the runs are " + bytes + " bytes");
        edges(fields);
        fin(fields);
    }

    private static int runs(final ConnectionImage image)
    {
        final ConnectionDecoder fields = image.fields();
        int at = fields.receiveNextSeq();
        int bytes = 0;
        for (int i = 0; i < image.receiveRunCount(); i++)
        {
            final int start = image.receiveRunStart(i);
            final int end = image.receiveRunEnd(i);
            if (Seq.leq(start, at))
            {
                throw new StateException("receiveRuns.start", start,
                    "run " + i + " must begin after " + at + ": runs are in order, and holes are between them");
            }
            if (Seq.leq(end, start) || Seq.gt(end, fields.rcvAdv()))
            {
                throw new StateException("receiveRuns.end", end,
                    "run " + i + " must end after its start " + start + " and not after rcvAdv " + fields.rcvAdv());
            }
            arrival(image, i);
            bytes += end - start;
            at = end;
        }
        return bytes;
    }

    /** Blocks of SACK are reported in the order of arrivals, latest first, so no two runs may have the same. */
    private static void arrival(final ConnectionImage image, final int i)
    {
        final int arrival = image.receiveRunArrival(i);
        final int last = image.fields().receiveArrival();
        Rules.require(Seq.leq(arrival, last), "receiveRuns.arrival", arrival, "the last arrival was number " + last);
        for (int before = 0; before < i; before++)
        {
            if (image.receiveRunArrival(before) == arrival)
            {
                throw new StateException("receiveRuns.arrival", arrival,
                    "runs " + before + " and " + i + " cannot both have been touched by it");
            }
        }
    }

    private static void edges(final ConnectionDecoder fields)
    {
        Rules.range("rcvAdv - rcvNxt", fields.rcvAdv() - fields.rcvNxt(), -1, MAX_SPAN);
        Rules.require(Seq.leq(fields.lastAckSent(), fields.rcvNxt()), "lastAckSent", fields.lastAckSent(),
            "nothing after rcvNxt " + fields.rcvNxt() + " can have been acknowledged");
    }

    /**
     * A peer may send bytes behind its own FIN; they stay in runs that nobody will read, so nothing is said about
     * those.
     */
    private static void fin(final ConnectionDecoder fields)
    {
        final boolean received = fields.flags().finReceived();
        Rules.require(fields.flags().finKnown() || !received, "finKnown", 0, "a FIN that counts is known");
        Rules.require(!received || fields.finSeq() == fields.receiveNextSeq(), "finSeq", fields.finSeq(),
            "the FIN counts, so it follows the bytes that can be read, which end at " + fields.receiveNextSeq());
    }
}
