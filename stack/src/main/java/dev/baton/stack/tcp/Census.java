package dev.baton.stack.tcp;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;

/** Looks over all three tables of connections: those with a Tcb, half-open ones, and those in TIME-WAIT. */
final class Census
{
    private final ConnectionTable table;
    private final SynQueue synQueue;
    private final TimeWaitTable timeWaits;
    private final TcbPool tcbs;

    Census(
        final ConnectionTable table, final SynQueue synQueue, final TimeWaitTable timeWaits, final TcbPool tcbs)
    {
        this.table = table;
        this.synQueue = synQueue;
        this.timeWaits = timeWaits;
        this.tcbs = tcbs;
    }

    int count()
    {
        return table.size() + synQueue.size() + timeWaits.size();
    }

    boolean has(
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return table.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort) != null ||
            synQueue.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort) != null ||
            timeWaits.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort) != null;
    }

    int receiveNext(
        final int hash,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final int ifAbsent)
    {
        final Tcb tcb = table.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        if (tcb != null)
        {
            return tcb.state == TcpState.SYN_SENT ? ifAbsent : tcb.rcvNxt;
        }
        final HalfOpen half = synQueue.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        if (half != null)
        {
            return half.irs + 1;
        }
        final TimeWait wait = timeWaits.find(hash, localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        return wait != null ? wait.rcvNxt : ifAbsent;
    }

    /** Visit all in the order of their ids; what has no Tcb is shown as one that is good for one call only. */
    void forEach(final Consumer<Tcb> visitor)
    {
        final Object[] all = new Object[count()];
        int end = table.copyTo(all, 0);
        for (int slot = 0; slot < synQueue.slotCount(); slot++)
        {
            if (synQueue.entry(slot) != null)
            {
                all[end++] = synQueue.entry(slot);
            }
        }
        for (int slot = 0; slot < timeWaits.slotCount(); slot++)
        {
            if (timeWaits.entry(slot) != null)
            {
                all[end++] = timeWaits.entry(slot);
            }
        }
        Arrays.sort(all, Comparator.comparingLong(Census::id));
        for (final Object one : all)
        {
            if (one instanceof Tcb tcb)
            {
                visitor.accept(tcb);
            }
            else
            {
                final Tcb shown = tcbs.take();
                show(one, shown);
                visitor.accept(shown);
                tcbs.giveBack(shown);
            }
        }
    }

    private static long id(final Object one)
    {
        return one instanceof Tcb tcb ? tcb.id : one instanceof HalfOpen half ? half.id : ((TimeWait)one).id;
    }

    private static void show(final Object one, final Tcb tcb)
    {
        if (one instanceof HalfOpen half)
        {
            show(half, tcb);
        }
        else
        {
            show((TimeWait)one, tcb);
        }
    }

    private static void show(final HalfOpen entry, final Tcb tcb)
    {
        tcb.id = entry.id;
        tcb.state = TcpState.SYN_RECEIVED;
        tcb.localHi = entry.localHi;
        tcb.localLo = entry.localLo;
        tcb.localPort = entry.localPort;
        tcb.remoteHi = entry.remoteHi;
        tcb.remoteLo = entry.remoteLo;
        tcb.remotePort = entry.remotePort;
        tcb.passive = true;
        tcb.iss = entry.iss;
        tcb.sndUna = entry.iss;
        tcb.sndNxt = entry.iss + 1;
        tcb.sndWnd = entry.sndWnd;
        tcb.irs = entry.irs;
        tcb.rcvNxt = entry.irs + 1;
        tcb.rcvAdv = tcb.rcvNxt + entry.rcvWnd;
        tcb.remoteMss = entry.remoteMss;
        tcb.retransmits = entry.retransmits;
        tcb.retransmitAtNs = entry.retransmitAtNs;
    }

    private static void show(final TimeWait entry, final Tcb tcb)
    {
        tcb.id = entry.id;
        tcb.state = TcpState.TIME_WAIT;
        tcb.localHi = entry.localHi;
        tcb.localLo = entry.localLo;
        tcb.localPort = entry.localPort;
        tcb.remoteHi = entry.remoteHi;
        tcb.remoteLo = entry.remoteLo;
        tcb.remotePort = entry.remotePort;
        tcb.passive = entry.passive;
        tcb.sndUna = entry.sndNxt;
        tcb.sndNxt = entry.sndNxt;
        tcb.rcvNxt = entry.rcvNxt;
        tcb.rcvAdv = entry.rcvNxt;
        tcb.finWait2AtNs = entry.expiresAtNs;
    }
}
