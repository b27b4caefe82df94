package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

/** What a SYN and our configuration agree on, and the SYN/ACK that says so, for connections that have no Tcb yet. */
final class SynAckSender
{
    private final StackContext context;
    private final Link link;
    private final StackCounters counters;
    private final IsnGenerator isn;
    private final TcpSegmentWriter writer;

    SynAckSender(
        final StackContext context,
        final Link link,
        final StackCounters counters,
        final IsnGenerator isn,
        final TcpSegmentWriter writer)
    {
        this.context = context;
        this.link = link;
        this.counters = counters;
        this.isn = isn;
        this.writer = writer;
    }

    /** Set what a SYN agrees with us; addresses, identity and ISS are the caller's (RFC 9293, section 3.7.1). */
    void agree(final HalfOpen entry, final Segment s, final long nowNs)
    {
        entry.irs = s.seq;
        entry.sndWnd = s.window;
        entry.remoteMss = EffectiveMss.remote(s.options.mss(), IpAddress.isV4(s.remoteHi, s.remoteLo));
        scale(entry, s.options.windowScale());
        entry.rcvWnd = ReceiveWindow.initial(InForce.receiveBufferBytes(settings(entry), context));
        entry.sackOk = context.sack() && s.options.sackPermitted();
        entry.timestampsOk = context.timestamps() && s.options.hasTimestamps();
        entry.tsRecent = entry.timestampsOk ? s.options.tsVal() : 0;
        entry.tsRecentAtNs = nowNs;
        entry.ecn = EcnHandshake.answer(EcnHandshake.allowed(context), s);
        entry.tsOffset = isn.timestampOffset(
            s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort);
        entry.flowLabel = InForce.flowLabel(settings(entry), isn.timestampHash(
            s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort) >>> 12);
        entry.repeatedAtNs = HalfOpen.NEVER;
    }

    /** Agree on window scaling, or not when the peer has no shift (RFC 7323, section 2.2). */
    void scale(final HalfOpen entry, final int peersShift)
    {
        entry.windowScaleOk = context.windowScale() && peersShift != TcpOptions.ABSENT;
        entry.sndShift = entry.windowScaleOk ? peersShift : 0;
        entry.rcvShift = entry.windowScaleOk ? ReceiveWindow.shiftFor(context.receiveBufferBytes()) : 0;
    }

    /** Send the SYN/ACK. */
    void send(final HalfOpen entry, final long nowNs)
    {
        begin(entry, nowNs);
        finish(entry, nowNs);
    }

    /** The header and what every SYN/ACK has; options may follow. */
    TcpSegmentWriter begin(final HalfOpen entry, final long nowNs)
    {
        final boolean v4 = IpAddress.isV4(entry.remoteHi, entry.remoteLo);
        return writer.begin(entry.localHi, entry.localLo, entry.localPort, entry.remoteHi, entry.remoteLo,
            entry.remotePort, entry.flowLabel)
            .marks(settings(entry))
            .synOptions(EffectiveMss.local(link.mtu(), v4, InForce.maxSegment(settings(entry), context)), entry.sackOk,
            entry.timestampsOk, tsVal(entry, nowNs), entry.tsRecent,
            entry.windowScaleOk ? entry.rcvShift : -1);
    }

    /** TSval of a SYN/ACK. */
    int tsVal(final HalfOpen entry, final long nowNs)
    {
        return Timestamps.value(entry.tsOffset, nowNs + isn.timestampPhaseNs());
    }

    /** What the listener was set to; null when nothing was. */
    private static TcpSettings settings(final HalfOpen entry)
    {
        return entry.listener == null ? null : entry.listener.settings();
    }

    void finish(final HalfOpen entry, final long nowNs)
    {
        final boolean again = entry.retransmits > 0 || entry.isRepeated();
        counters.increment(again ? StackCounter.TCP_SYN_ACK_RETRANS : StackCounter.TCP_OUT_SEGS);
        entry.sentNs = nowNs;
        if (EcnHandshake.synAckOption(entry.ecn, entry.retransmits, context))
        {
            AccurateEcnOption.writeFirst(writer);
        }
        final int flags = TcpHeader.SYN | TcpHeader.ACK | EcnHandshake.synAckFlags(entry.ecn);
        writer.send(entry.iss, entry.irs + 1, flags, entry.rcvWnd, 0, 1, nowNs);
    }
}
