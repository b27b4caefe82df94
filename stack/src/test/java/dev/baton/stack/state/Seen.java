package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;

import java.util.Set;
import java.util.TreeSet;

/** What kinds of connections a test has met, so that it can tell when one that it is there for did not come up. */
final class Seen
{
    final Set<String> kinds = new TreeSet<>();

    void note(final NetStack stack)
    {
        stack.tcp().transfers().forEachConnection(this::note);
        stack.tcp().transfers().forEachHalfOpen((entry) ->
        {
            kinds.add("half-open");
            note(entry.retransmits > 0, "half-open, SYN/ACK sent again");
        });
        stack.tcp().transfers().forEachTimeWait((entry) -> kinds.add("TIME-WAIT entry"));
    }

    private void note(final boolean met, final String kind)
    {
        if (met)
        {
            kinds.add(kind);
        }
    }

    private void note(final Tcb tcb)
    {
        kinds.add(TcpState.name(tcb.state) + (tcb.detached ? ", detached" : ""));
        note(tcb.fastOpen == Tcb.FAST_OPEN_EARLY, "Fast Open before the handshake is complete");
        note(tcb.fastOpen == Tcb.FAST_OPEN_DATA_SENT && tcb.sndNxt != tcb.iss + 1, "Fast Open data in the SYN");
        note(tcb.acceptOrder != 0, "waits in the accept queue");
        note(tcb.receiveRing.runCount() > 0, "runs out of order");
        note(tcb.receiveRing.runCount() > 1, "more than one run out of order");
        note(tcb.receiveRing.readable() > 0, "unread data");
        note(tcb.sndWnd == 0 && tcb.persistAtNs != Tcb.NONE, "zero window, persist timer");
        note(tcb.persistProbes > 0, "zero-window probes");
        note(tcb.finQueued && !tcb.finSent, "FIN queued, not sent");
        note(tcb.finSent && tcb.sndUna != tcb.sndNxt, "FIN outstanding");
        note(tcb.finKnown && !tcb.finReceived, "FIN beyond a hole");
        note(tcb.writeBlocked, "writer blocked");
        note(tcb.recovery == Tcb.RECOVERY_FAST, "fast recovery");
        note(tcb.recovery == Tcb.RECOVERY_LOSS, "recovery after a time-out");
        note(tcb.backoff > 0, "backed-off RTO");
        note(tcb.renoSackedBytes > 0, "duplicate ACKs without SACK");
        note(tcb.keepAliveAtNs != Tcb.NONE, "keepalive timer");
        note(tcb.keepAliveProbes > 0, "keepalive probes");
        note(tcb.userTimeoutAtNs != Tcb.NONE, "user time-out");
        note(tcb.finWait2AtNs != Tcb.NONE, "FIN-WAIT-2 timer");
        note(tcb.delayedAckAtNs != Tcb.NONE, "delayed ACK timer");
        note(tcb.userClosed, "closed by the user");
        final int end = tcb.sentLog.firstRun() + tcb.sentLog.runCount();
        for (int i = tcb.sentLog.firstRun(); i < end; i++)
        {
            note((tcb.sentLog.marksOf(i) & SentLog.SACKED) != 0, "SACKed run");
            note((tcb.sentLog.marksOf(i) & SentLog.LOST) != 0, "lost run");
            note((tcb.sentLog.marksOf(i) & SentLog.RETRANSMITTED) != 0, "run sent again");
        }
    }
}
