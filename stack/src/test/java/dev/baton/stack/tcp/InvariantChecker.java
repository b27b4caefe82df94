package dev.baton.stack.tcp;

import dev.baton.stack.NetStack;
import dev.baton.stack.wire.Seq;

import java.util.HashMap;
import java.util.Map;

/** What must hold of every connection after every poll. */
final class InvariantChecker
{
    private record Edges(int rcvAdv, int rcvNxt, int sndUna, int sndNxt, int tsRecent)
    {
    }

    private final Map<Long, Edges> last = new HashMap<>();
    private final NetStack stack;

    InvariantChecker(final NetStack stack)
    {
        this.stack = stack;
    }

    void check()
    {
        stack.forEachConnection(this::check);
    }

    private void check(final Tcb tcb)
    {
        if (tcb.state < TcpState.SYN_SENT || tcb.state == TcpState.TIME_WAIT || tcb.handle.id() != tcb.id ||
            tcb.congestionControl == null)
        {
            return;
        }
        that(tcb, Seq.leq(tcb.sndUna, tcb.sndNxt), "SND.UNA beyond SND.NXT");
        that(tcb, tcb.sndNxt == tcb.sndUna + runBytes(tcb), "the log does not cover what is outstanding");
        pipe(tcb);
        if (tcb.state >= TcpState.ESTABLISHED)
        {
            established(tcb);
            last.put(tcb.id, new Edges(tcb.rcvAdv, tcb.rcvNxt, tcb.sndUna, tcb.sndNxt, tcb.tsRecent));
        }
    }

    private void established(final Tcb tcb)
    {
        final int fin = tcb.finSent ? 1 : 0;
        that(tcb, Seq.leq(tcb.sndNxt - fin, tcb.sendRing.endSeq()), "SND.NXT beyond what was written");
        that(tcb, tcb.sendRing.length() == 0 || tcb.sendRing.firstSeq() == tcb.sndUna, "send ring not at SND.UNA");
        that(tcb, tcb.sendRing.length() <= tcb.sendRing.capacityBytes(), "send ring over its limit");
        that(tcb, tcb.rcvNxt - (tcb.finReceived ? 1 : 0) == tcb.receiveRing.nextSeq(), "receive ring not at RCV.NXT");
        that(tcb, tcb.receiveRing.runCount() <= ReceiveRing.MAX_RUNS, "too many runs");
        that(tcb, tcb.cwndBytes >= tcb.effectiveMss, "cwnd below a segment");
        that(tcb, tcb.sendRing.length() > 0 || tcb.sendRing.heldBytes() == 0, "idle send ring holds memory");
        that(tcb, tcb.receiveRing.readable() + tcb.receiveRing.runCount() > 0 || tcb.receiveRing.heldBytes() == 0,
            "idle receive ring holds memory");
        int before = tcb.receiveRing.nextSeq();
        for (int i = 0; i < tcb.receiveRing.runCount(); i++)
        {
            that(tcb, Seq.gt(tcb.receiveRing.runStart(i), before), "runs touch or are out of order");
            that(tcb, Seq.gt(tcb.receiveRing.runEnd(i), tcb.receiveRing.runStart(i)), "empty run");
            before = tcb.receiveRing.runEnd(i);
        }
        final boolean waits = tcb.flightBytes() > 0 && tcb.retransmitAtNs == Tcb.NONE;
        that(tcb, !waits, "something is outstanding and no timer runs");
        final Edges was = last.get(tcb.id);
        if (was != null)
        {
            that(tcb, Seq.geq(tcb.rcvAdv, was.rcvAdv), "right window edge retreats");
            that(tcb, Seq.geq(tcb.rcvNxt, was.rcvNxt), "RCV.NXT retreats");
            that(tcb, Seq.geq(tcb.sndUna, was.sndUna), "SND.UNA retreats");
            that(tcb, Seq.geq(tcb.sndNxt, was.sndNxt), "SND.NXT retreats");
            that(tcb, !tcb.timestampsOk || Seq.geq(tcb.tsRecent, was.tsRecent), "TS.Recent retreats");
        }
    }

    private static int runBytes(final Tcb tcb)
    {
        int sum = 0;
        final int first = tcb.sentLog.firstRun();
        for (int i = first; i < first + tcb.sentLog.runCount(); i++)
        {
            final int length = tcb.sentLog.endOf(i) - tcb.sentLog.startOf(i);
            that(tcb, length > 0, "empty run in the log");
            sum += length;
        }
        return sum;
    }

    private static void pipe(final Tcb tcb)
    {
        int pipe = 0;
        int waiting = 0;
        final int first = tcb.sentLog.firstRun();
        for (int i = first; i < first + tcb.sentLog.runCount(); i++)
        {
            final int length = tcb.sentLog.endOf(i) - tcb.sentLog.startOf(i);
            final int marks = tcb.sentLog.marksOf(i);
            that(tcb, (marks & SentLog.SACKED) == 0 || (marks & (SentLog.LOST | SentLog.RETRANSMITTED)) == 0,
                "sacked and lost at once");
            pipe += (marks & (SentLog.SACKED | SentLog.LOST)) == 0 ? length : 0;
            pipe += (marks & SentLog.RETRANSMITTED) != 0 ? length : 0;
            waiting += (marks & (SentLog.LOST | SentLog.RETRANSMITTED)) == SentLog.LOST ? length : 0;
        }
        that(tcb, pipe == tcb.sentLog.pipeBytes(), "Pipe is " + tcb.sentLog.pipeBytes() + ", recounted " + pipe);
        that(tcb, waiting == tcb.sentLog.lostWaitingBytes(), "lost bytes are counted wrongly");
    }

    private static void that(final Tcb tcb, final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new AssertionError("connection #" + tcb.id + " in " + TcpState.name(tcb.state) + ": " + what);
        }
    }
}
