package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;
import dev.baton.stack.wire.Seq;

/**
 * How the numbers of the sending half must lie to each other (RFC 9293, section 3.3.1), and to the bytes and runs in
 * the image:
 * <pre>
 *     ISS   ISS+1 ...   SND.UNA            SND.NXT        end of sendBytes
 *      |SYN|             | sentRuns         | not sent     |FIN|
 *                        | sendBytes                       |
 * </pre>
 */
final class SendRules
{
    private static final int MAX_FLIGHT = 1 << 30;

    private SendRules()
    {
    }

    static void check(final ConnectionImage image)
    {
        final ConnectionDecoder fields = image.fields();
        Rules.range("sndNxt - sndUna", fields.sndNxt() - fields.sndUna(), 0, MAX_FLIGHT);
        if (StateRules.isSynchronised(fields.stateRaw()))
        {
            synchronised(fields, fields.sendFirstSeq() + image.sendBytes());
        }
        else
        {
            opening(fields, image.sendBytes());
        }
        sentRuns(image);
        recovery(fields);
        Rules.require(fields.sndNxt() == fields.sndUna() || fields.retransmitInNs() != Spans.UNSET ||
            fields.flags().detached(), "retransmitInNs", fields.retransmitInNs(),
            "it must be set while something is outstanding, or nothing would be sent again");
    }

    private static void opening(final ConnectionDecoder fields, final int sendBytes)
    {
        Rules.require(fields.sndUna() == fields.iss(), "sndUna", fields.sndUna(),
            "our SYN is not acknowledged in this state, so it must be iss, " + fields.iss());
        // With a Fast Open data has gone with the SYN, or with our SYN/ACK.
        Rules.range("sndNxt - iss", fields.sndNxt() - fields.iss(), 0, 1 + sendBytes);
        Rules.require(fields.sndNxt() != fields.iss() || fields.flags().synOwed(), "sndNxt", fields.sndNxt(),
            "our SYN is neither sent nor owed");
        Rules.require(fields.sendFirstSeq() == fields.iss() + 1, "sendFirstSeq", fields.sendFirstSeq(),
            "data begins after the SYN, " + fields.iss());
    }

    private static void synchronised(final ConnectionDecoder fields, final int dataEnd)
    {
        final int una = fields.sndUna();
        final int nxt = fields.sndNxt();
        if (fields.flags().finSent())
        {
            Rules.require(nxt == dataEnd + 1, "sndNxt", nxt, "our FIN was sent, after sendBytes which end at " + dataEnd);
        }
        else
        {
            Rules.require(Seq.leq(nxt, dataEnd), "sndNxt", nxt, "sendBytes end at " + dataEnd);
        }
        Rules.require(fields.sendFirstSeq() == Seq.min(una, dataEnd), "sendFirstSeq", fields.sendFirstSeq(),
            "sendBytes begin with the oldest byte that is not acknowledged; sndUna is " + una);
        Rules.require(Seq.geq(fields.sndSml(), una) && Seq.leq(fields.sndSml(), nxt), "sndSml", fields.sndSml(),
            "it lies from sndUna " + una + " to sndNxt " + nxt);
        Rules.require(Seq.leq(fields.sndWl2(), nxt), "sndWl2", fields.sndWl2(), "nothing after sndNxt " + nxt +
            " can have been acknowledged");
        Rules.require(!fields.flags().synOwed(), "synOwed", 1, "our SYN is acknowledged in this state");
    }

    private static void sentRuns(final ConnectionImage image)
    {
        final ConnectionDecoder fields = image.fields();
        final int nxt = fields.sndNxt();
        int at = fields.sentBase();
        int sackedEnd = at;
        Rules.require(at == fields.sndUna(), "sentBase", at, "sentRuns begin at sndUna " + fields.sndUna());
        for (int i = 0; i < image.sentRunCount(); i++)
        {
            final int end = image.sentRunEnd(i);
            if (Seq.leq(end, at) || Seq.gt(end, nxt))
            {
                throw new StateException("sentRuns.end", end,
                    "run " + i + " must end after " + at + " and not after sndNxt " + nxt);
            }
            Rules.span("sentRuns.sentAgeNs", image.sentRunAgeNs(i));
            marks(image.sentRunMarks(i));
            at = end;
            sackedEnd = (image.sentRunMarks(i) & SentLog.SACKED) != 0 ? end : sackedEnd;
        }
        Rules.require(at == nxt, "sentRuns.end", at, "the runs must reach sndNxt " + nxt);
        final int highest = fields.highestSacked();
        Rules.require(Seq.geq(highest, sackedEnd) && Seq.leq(highest, nxt), "highestSacked", highest,
            "it lies from the end of the last SACKed run, " + sackedEnd + ", to sndNxt " + nxt);
    }

    private static void marks(final int marks)
    {
        Rules.range("sentRuns.marks", marks, 0,
            SentLog.SACKED | SentLog.LOST | SentLog.RETRANSMITTED | SentLog.AMBIGUOUS);
        final boolean sacked = (marks & SentLog.SACKED) != 0;
        final boolean again = (marks & SentLog.RETRANSMITTED) != 0;
        Rules.require(!sacked || (marks & (SentLog.LOST | SentLog.RETRANSMITTED)) == 0, "sentRuns.marks", marks,
            "what the peer has is neither lost nor sent again");
        Rules.require(!again || (marks & SentLog.AMBIGUOUS) != 0, "sentRuns.marks", marks,
            "what is sent again gives no RTT sample, so it must be AMBIGUOUS too");
    }

    private static void recovery(final ConnectionDecoder fields)
    {
        if (fields.recoveryRaw() != Tcb.RECOVERY_OPEN)
        {
            final int point = fields.recoveryPoint();
            Rules.require(Seq.gt(point, fields.sndUna()) && Seq.leq(point, fields.sndNxt()), "recoveryPoint", point,
                "a recovery that goes on ends after sndUna " + fields.sndUna() + " and not after sndNxt " + fields.sndNxt());
            Rules.require(StateRules.isSynchronised(fields.stateRaw()), "recovery", fields.recoveryRaw(),
                "there is none in " + TcpState.name(fields.stateRaw()));
        }
    }
}
