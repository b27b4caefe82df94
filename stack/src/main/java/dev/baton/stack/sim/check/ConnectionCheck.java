package dev.baton.stack.sim.check;

import dev.baton.stack.tcp.ReceiveRing;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.TcpState;
import dev.baton.stack.wire.Seq;

import java.util.HashMap;
import java.util.Map;

/**
 * What must hold of a connection after every event, in whichever shard it is at the time: numbers fit each other and
 * never step back (also not from owner to owner, so one checker serves all shards of a world), Pipe is what a recount
 * of the scoreboard gives, and what is owed is waited for by a timer.
 */
final class ConnectionCheck
{
    private static final int MAX_KNOWN = 1 << 14;

    private final Map<FlowKey, Edges> known = new HashMap<>();

    /** How far a connection has come. */
    private static final class Edges
    {
        private int iss;
        private int irs;
        private int sndUna;
        private int sndNxt;
        private int rcvNxt;
        private int rcvAdv;
    }

    /**
     * Check a connection.
     *
     * @param tcb   that is in some shard's table.
     * @param nowNs on that shard's clock.
     * @return a digest of where it stands.
     */
    long check(final Tcb tcb, final long nowNs)
    {
        that(tcb, Seq.leq(tcb.sndUna, tcb.sndNxt), Violation.SEQUENCE, "SND.UNA is beyond SND.NXT");
        scoreboard(tcb);
        if (TcpState.isSynchronised(tcb.state) && tcb.state != TcpState.SYN_RECEIVED && tcb.state != TcpState.TIME_WAIT)
        {
            rings(tcb);
            edges(tcb);
            stall(tcb, nowNs);
        }
        return ((tcb.sndNxt * 31L + tcb.sndUna) * 31 + tcb.rcvNxt) * 31 + tcb.cwndBytes + tcb.state * 7919L +
            tcb.earliestDeadlineNs();
    }

    private static void rings(final Tcb tcb)
    {
        final int fin = tcb.finSent ? 1 : 0;
        that(tcb, Seq.leq(tcb.sndNxt - fin, tcb.sendRing.endSeq()), Violation.SEQUENCE,
            "SND.NXT is beyond what was written");
        that(tcb, tcb.sendRing.length() == 0 || tcb.sendRing.firstSeq() == tcb.sndUna, Violation.SEQUENCE,
            "the send ring does not begin at SND.UNA");
        that(tcb, tcb.sendRing.length() <= tcb.sendRing.capacityBytes(), Violation.BOUNDED, "the send ring is over full");
        that(tcb, tcb.sendRing.length() > 0 || tcb.sendRing.heldBytes() == 0, Violation.BOUNDED,
            "an empty send ring holds memory");
        final ReceiveRing ring = tcb.receiveRing;
        that(tcb, tcb.rcvNxt - (tcb.finReceived ? 1 : 0) == ring.nextSeq(), Violation.SEQUENCE,
            "the receive ring does not end at RCV.NXT");
        that(tcb, ring.runCount() <= ReceiveRing.MAX_RUNS, Violation.BOUNDED, "too many runs out of order");
        that(tcb, ring.readable() + ring.runCount() > 0 || ring.heldBytes() == 0, Violation.BOUNDED,
            "an empty receive ring holds memory");
        that(tcb, tcb.cwndBytes > 0, Violation.PROGRESS, "cwnd is " + tcb.cwndBytes);
        int before = ring.nextSeq();
        for (int i = 0; i < ring.runCount(); i++)
        {
            that(tcb, Seq.gt(ring.runStart(i), before) && Seq.gt(ring.runEnd(i), ring.runStart(i)), Violation.SEQUENCE,
                "runs touch, are empty or are out of order");
            before = ring.runEnd(i);
        }
    }

    private void edges(final Tcb tcb)
    {
        final FlowKey key = new FlowKey(
            tcb.localHi, tcb.localLo, tcb.localPort, tcb.remoteHi, tcb.remoteLo, tcb.remotePort);
        Edges was = known.get(key);
        if (was == null)
        {
            if (known.size() == MAX_KNOWN)
            {
                known.clear();
            }
            was = new Edges();
            known.put(key, was);
        }
        else if (was.iss == tcb.iss && was.irs == tcb.irs)
        {
            that(tcb, Seq.geq(tcb.sndUna, was.sndUna), Violation.SEQUENCE, "SND.UNA steps back");
            that(tcb, Seq.geq(tcb.sndNxt, was.sndNxt), Violation.SEQUENCE, "SND.NXT steps back");
            that(tcb, Seq.geq(tcb.rcvNxt, was.rcvNxt), Violation.SEQUENCE, "RCV.NXT steps back");
            that(tcb, Seq.geq(tcb.rcvAdv, was.rcvAdv), Violation.SEQUENCE, "the right window edge retreats");
        }
        was.iss = tcb.iss;
        was.irs = tcb.irs;
        was.sndUna = tcb.sndUna;
        was.sndNxt = tcb.sndNxt;
        was.rcvNxt = tcb.rcvNxt;
        was.rcvAdv = tcb.rcvAdv;
    }

    /** RFC 9293, section 3.8: what is outstanding is timed, and what cannot be sent is probed for. */
    private static void stall(final Tcb tcb, final long nowNs)
    {
        final int owed = TcbAccess.owed(tcb);
        if (tcb.flightBytes() > 0)
        {
            that(tcb, tcb.retransmitAtNs != Tcb.NONE || owed != 0, Violation.PROGRESS,
                "data is outstanding and no timer runs");
        }
        else if (tcb.sendRing.length() > 0 || tcb.finQueued && !tcb.finSent)
        {
            that(tcb, owed != 0 || tcb.earliestDeadlineNs() != Tcb.NONE, Violation.PROGRESS,
                "data waits to be sent, nothing is outstanding, and no timer runs");
        }
        that(tcb, tcb.ackOwed == Tcb.ACK_NONE || owed != 0 || tcb.delayedAckAtNs != Tcb.NONE, Violation.PROGRESS,
            "an ACK is owed and no timer runs");
    }

    private static void scoreboard(final Tcb tcb)
    {
        final SentLog log = tcb.sentLog;
        int total = 0;
        int pipe = 0;
        int waiting = 0;
        int sacked = 0;
        final int first = log.firstRun();
        for (int i = first; i < first + log.runCount(); i++)
        {
            final int length = log.endOf(i) - log.startOf(i);
            final int marks = log.marksOf(i);
            that(tcb, length > 0, Violation.SEQUENCE, "an empty run is in the scoreboard");
            total += length;
            pipe += (marks & (SentLog.SACKED | SentLog.LOST)) == 0 ? length : 0;
            pipe += (marks & SentLog.RETRANSMITTED) != 0 ? length : 0;
            waiting += (marks & (SentLog.LOST | SentLog.RETRANSMITTED)) == SentLog.LOST ? length : 0;
            sacked += (marks & SentLog.SACKED) != 0 ? length : 0;
        }
        that(tcb, total == tcb.sndNxt - tcb.sndUna, Violation.SEQUENCE, "the scoreboard does not cover what is outstanding");
        that(tcb, pipe == log.pipeBytes(), Violation.SEQUENCE, "Pipe is " + log.pipeBytes() + ", recounted " + pipe);
        that(tcb, waiting == log.lostWaitingBytes(), Violation.SEQUENCE,
            "lost bytes that wait are " + log.lostWaitingBytes() + ", recounted " + waiting);
        that(tcb, sacked == log.sackedBytes(), Violation.SEQUENCE,
            "SACKed bytes are " + log.sackedBytes() + ", recounted " + sacked);
    }

    private static void that(final Tcb tcb, final boolean holds, final String invariant, final String what)
    {
        if (!holds)
        {
            throw new Violation(invariant, "connection #" + tcb.id + " (port " + tcb.localPort + " to " + tcb.remotePort +
                ") in " + TcpState.name(tcb.state) + ": " + what);
        }
    }
}
