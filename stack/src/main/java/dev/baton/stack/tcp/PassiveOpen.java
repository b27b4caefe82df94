package dev.baton.stack.tcp;

/** From a half-open connection, or a cookie that was one, to a Tcb in SYN-RECEIVED (RFC 9293, section 3.10.7.4). */
final class PassiveOpen
{
    private final ConnectionLife life;

    PassiveOpen(final ConnectionLife life)
    {
        this.life = life;
    }

    /** There is room for a Tcb. The entry stays the caller's. */
    Tcb open(final HalfOpen entry, final Listener listener, final int hash, final long nowNs)
    {
        final Tcb tcb = life.open(entry.id, hash, entry.localHi, entry.localLo, entry.localPort,
            entry.remoteHi, entry.remoteLo, entry.remotePort, listener.service(), nowNs);
        listener.configure(tcb);
        tcb.passive = true;
        tcb.state = TcpState.SYN_RECEIVED;
        life.acceptQueues.expect(tcb, listener);
        sequences(tcb, entry);
        agreed(tcb, entry);
        listener.countAccepted();
        return tcb;
    }

    private static void sequences(final Tcb tcb, final HalfOpen entry)
    {
        tcb.iss = entry.iss;
        tcb.sndUna = entry.iss;
        tcb.sndNxt = entry.iss + 1;
        tcb.sndWnd = entry.sndWnd;
        tcb.sndMaxWnd = entry.sndWnd;
        tcb.sndWl1 = entry.irs;
        tcb.sndWl2 = entry.iss;
        tcb.sentLog.reset(entry.iss);
        tcb.sentLog.append(entry.iss + 1, entry.sentNs);
        if (entry.retransmits > 0 || entry.isRepeated())
        {
            // Which of the SYN/ACKs is answered cannot be known (RFC 6298, section 3).
            tcb.sentLog.markRetransmitted(entry.iss, entry.iss + 1, entry.sentNs);
        }
        tcb.backoff = entry.retransmits;
        tcb.segmentsRetransmitted = entry.retransmits;
        tcb.sendRing.reset(entry.iss + 1);
        tcb.irs = entry.irs;
        tcb.rcvNxt = entry.irs + 1;
        tcb.rcvAdv = tcb.rcvNxt + entry.rcvWnd;
        tcb.lastAckSent = tcb.rcvNxt;
        tcb.receiveRing.reset(tcb.rcvNxt);
    }

    private static void agreed(final Tcb tcb, final HalfOpen entry)
    {
        tcb.remoteMss = entry.remoteMss;
        tcb.sndShift = entry.sndShift;
        tcb.rcvShift = entry.rcvShift;
        tcb.windowScaleOk = entry.windowScaleOk;
        tcb.sackOk = entry.sackOk;
        tcb.timestampsOk = entry.timestampsOk;
        tcb.tsRecent = entry.tsRecent;
        tcb.tsRecentAtNs = entry.tsRecentAtNs;
        tcb.tsOffset = entry.tsOffset;
        tcb.flowLabel = entry.flowLabel;
        EcnHandshake.take(tcb, entry.ecn);
        EffectiveMss.update(tcb);
    }
}
