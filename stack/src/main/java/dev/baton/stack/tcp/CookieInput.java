package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpOptions;

/** Handshakes of which nothing is kept: the SYN is answered with a cookie, and the ACK that brings it back opens. */
final class CookieInput
{
    private final StackContext context;
    private final StackCounters counters;
    private final SynCookies cookies;
    private final SynAckSender synAcks;
    private final PassiveOpen passiveOpen;
    private final ConnectionLife life;
    private final HalfOpen entry = new HalfOpen();

    CookieInput(
        final StackContext context,
        final StackCounters counters,
        final SynCookies cookies,
        final SynAckSender synAcks,
        final PassiveOpen passiveOpen,
        final ConnectionLife life)
    {
        this.context = context;
        this.counters = counters;
        this.cookies = cookies;
        this.synAcks = synAcks;
        this.passiveOpen = passiveOpen;
        this.life = life;
    }

    /** Answer a SYN and forget it. */
    void answer(final Segment syn, final long nowNs)
    {
        counters.increment(StackCounter.SYNCOOKIES_SENT);
        flow(syn);
        synAcks.agree(entry, syn, nowNs);
        entry.iss = cookies.iss(syn, entry.remoteMss, IpAddress.isV4(syn.remoteHi, syn.remoteLo), nowNs);
        if (entry.timestampsOk)
        {
            final int clock = synAcks.tsVal(entry, nowNs);
            final int shift = entry.windowScaleOk ? entry.sndShift : TcpOptions.ABSENT;
            entry.tsOffset += SynCookies.tsVal(clock, shift, entry.sackOk,
                entry.ecn != EcnHandshake.NONE) - clock;
        }
        else
        {
            synAcks.scale(entry, TcpOptions.ABSENT);
            entry.sackOk = false;
            entry.ecn = EcnHandshake.NONE;
        }
        synAcks.send(entry, nowNs);
    }

    /** May an ACK that belongs to no connection bring a cookie back? */
    boolean isExpected(final long nowNs)
    {
        return context.handshake().synCookies() != 0 && cookies.areOut(nowNs);
    }

    /**
     * An ACK to a listener has brought a valid cookie. Returns the Tcb to which it must be handed; null when there is no
     * room for one, so that the peer tries again.
     */
    Tcb onAck(final Segment ack, final Listener listener, final int mss, final long nowNs)
    {
        counters.increment(StackCounter.SYNCOOKIES_RECV);
        if (listener.isAcceptQueueFull() || !life.hasRoom())
        {
            counters.increment(listener.isAcceptQueueFull() ? StackCounter.LISTEN_OVERFLOWS : StackCounter.TABLE_FULL);
            counters.increment(StackCounter.LISTEN_DROPS);
            return null;
        }
        final int tsEcr = ack.options.tsEcr();
        flow(ack);
        synAcks.agree(entry, ack, nowNs);
        entry.id = life.takeId();
        entry.irs = ack.seq - 1;
        entry.iss = ack.ack - 1;
        entry.remoteMss = mss;
        synAcks.scale(entry, entry.timestampsOk ? SynCookies.shift(tsEcr) : TcpOptions.ABSENT);
        entry.sackOk = context.sack() && entry.timestampsOk && SynCookies.sack(tsEcr);
        entry.ecn = entry.timestampsOk && SynCookies.ecn(tsEcr) ?
            EcnHandshake.remembered(EcnHandshake.allowed(context), ack) : EcnHandshake.NONE;
        // When the SYN/ACK left is not known, and its TSval was no clock: there is no RTT in this ACK.
        entry.repeatedAtNs = nowNs;
        entry.sentNs = nowNs;
        ack.options.clearTsEcr();
        return passiveOpen.open(entry, listener, ack.hash, nowNs);
    }

    /** The MSS of a valid cookie, or {@link SynCookies#NO_COOKIE}, counted. */
    int verify(final Segment ack, final long nowNs)
    {
        final int mss = cookies.mss(ack, IpAddress.isV4(ack.remoteHi, ack.remoteLo), nowNs);
        if (mss == SynCookies.NO_COOKIE)
        {
            counters.increment(StackCounter.SYNCOOKIES_FAILED);
        }
        return mss;
    }

    private void flow(final Segment s)
    {
        entry.localHi = s.localHi;
        entry.localLo = s.localLo;
        entry.localPort = s.localPort;
        entry.remoteHi = s.remoteHi;
        entry.remoteLo = s.remoteLo;
        entry.remotePort = s.remotePort;
        entry.retransmits = 0;
    }
}
