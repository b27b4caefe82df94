package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

/**
 * CLOSED and LISTEN (RFC 9293, sections 3.10.7.1 and 3.10.7.2): a segment for which there is no connection. A SYN to a
 * listener makes a half-open connection and is answered at once; whatever else comes gets a RST, or nothing.
 * <p>
 * Data that comes with a SYN is kept only by giving the connection a Tcb right away. That is done while the table is at
 * most half full; otherwise the data is not acknowledged, and the peer sends it again.
 */
final class ListenInput
{
    /** Stands for no lower limit. */
    static final int ANY_ISS = 0;
    /** How far beyond an earlier incarnation's numbers a new one begins (RFC 9293, section 3.6.1). */
    private static final int ISS_GAP = 65_537;

    private final StackContext context;
    private final Link link;
    private final StackCounters counters;
    private final Listeners listeners;
    private final SynQueue synQueue;
    private final IsnGenerator isn;
    private final Resets resets;
    private final TcpSegmentWriter writer;
    private final ConnectionLife life;
    private final ConnectionTable table;
    private final SegmentSender sender;

    ListenInput(
        final StackContext context,
        final Link link,
        final StackCounters counters,
        final Listeners listeners,
        final SynQueue synQueue,
        final IsnGenerator isn,
        final Resets resets,
        final TcpSegmentWriter writer,
        final ConnectionLife life,
        final ConnectionTable table,
        final SegmentSender sender)
    {
        this.context = context;
        this.link = link;
        this.counters = counters;
        this.listeners = listeners;
        this.synQueue = synQueue;
        this.isn = isn;
        this.resets = resets;
        this.writer = writer;
        this.life = life;
        this.table = table;
        this.sender = sender;
    }

    /** A segment of a flow without a connection. When {@code bounded}, a new ISS must come after {@code leastIss}. */
    void onSegment(final Segment segment, final boolean bounded, final int leastIss, final long nowNs)
    {
        final Listener listener = listeners.find(segment.localHi, segment.localLo, segment.localPort);
        if (segment.has(TcpHeader.RST))
        {
            return;
        }
        if (listener == null || segment.has(TcpHeader.ACK))
        {
            resets.answer(segment, nowNs);
            return;
        }
        if (!segment.has(TcpHeader.SYN) || segment.has(TcpHeader.FIN))
        {
            return;
        }
        if (synQueue.isFull() || !life.hasRoom())
        {
            counters.increment(StackCounter.LISTEN_DROPS);
            counters.increment(synQueue.isFull() ? StackCounter.TCP_REQ_Q_FULL_DROP : StackCounter.TABLE_FULL);
            return;
        }
        final int fresh = isn.isn(segment.localHi, segment.localLo, segment.localPort,
            segment.remoteHi, segment.remoteLo, segment.remotePort, nowNs);
        final int iss = bounded && !Seq.gt(fresh, leastIss) ? leastIss + ISS_GAP : fresh;
        if (segment.payloadLength > 0 && table.size() < context.maxConnections() / 2)
        {
            openWithData(segment, listener, iss, nowNs);
        }
        else
        {
            halfOpen(segment, listener, iss, nowNs);
        }
    }

    private void halfOpen(final Segment s, final Listener listener, final int iss, final long nowNs)
    {
        final HalfOpen entry =
            synQueue.add(s.hash, s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort);
        entry.id = life.takeId();
        entry.listener = listener;
        entry.iss = iss;
        entry.irs = s.seq;
        entry.sndWnd = s.window;
        entry.remoteMss = EffectiveMss.remote(s.options.mss(), IpAddress.isV4(s.remoteHi, s.remoteLo));
        entry.windowScaleOk = context.windowScale() && s.options.windowScale() != TcpOptions.ABSENT;
        entry.sndShift = entry.windowScaleOk ? s.options.windowScale() : 0;
        entry.rcvShift = entry.windowScaleOk ? ReceiveWindow.shiftFor(context.receiveBufferBytes()) : 0;
        entry.rcvWnd = ReceiveWindow.initial(context.receiveBufferBytes());
        entry.sackOk = context.sack() && s.options.sackPermitted();
        entry.timestampsOk = context.timestamps() && s.options.hasTimestamps();
        entry.tsRecent = entry.timestampsOk ? s.options.tsVal() : 0;
        entry.tsRecentAtNs = nowNs;
        entry.ecn = EcnHandshake.answer(EcnHandshake.allowed(context), s);
        entry.tsOffset = isn.timestampOffset(
            s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort);
        entry.flowLabel = entry.tsOffset >>> 12;
        synQueue.schedule(entry, nowNs + context.initialRtoNs());
        sendSynAck(entry, nowNs);
    }

    /** Send the SYN/ACK of a half-open connection. */
    void sendSynAck(final HalfOpen entry, final long nowNs)
    {
        entry.sentNs = nowNs;
        counters.increment(entry.retransmits == 0 ? StackCounter.TCP_OUT_SEGS : StackCounter.TCP_SYN_ACK_RETRANS);
        writer.begin(entry.localHi, entry.localLo, entry.localPort, entry.remoteHi, entry.remoteLo,
            entry.remotePort, entry.flowLabel);
        final boolean v4 = IpAddress.isV4(entry.remoteHi, entry.remoteLo);
        writer.synOptions(EffectiveMss.local(link.mtu(), v4, context.maxSegmentBytes()), entry.sackOk,
            entry.timestampsOk, Timestamps.value(entry.tsOffset, nowNs), entry.tsRecent,
            entry.windowScaleOk ? entry.rcvShift : -1);
        if (EcnHandshake.synAckOption(entry.ecn, entry.retransmits, context))
        {
            writer.accurateEcn(AccurateEcnOption.INITIAL_ECT_BYTES, 0, AccurateEcnOption.INITIAL_ECT_BYTES);
        }
        final int flags = TcpHeader.SYN | TcpHeader.ACK | EcnHandshake.synAckFlags(entry.ecn);
        writer.send(entry.iss, entry.irs + 1, flags, entry.rcvWnd, 0, 1, nowNs);
    }

    private void openWithData(final Segment s, final Listener listener, final int iss, final long nowNs)
    {
        final Tcb tcb = life.open(life.takeId(), s.hash, s.localHi, s.localLo, s.localPort,
            s.remoteHi, s.remoteLo, s.remotePort, listener.service(), nowNs);
        listener.countAccepted();
        tcb.passive = true;
        tcb.state = TcpState.SYN_RECEIVED;
        tcb.iss = iss;
        tcb.sndUna = iss;
        tcb.sndNxt = iss;
        tcb.sndWl2 = iss;
        tcb.sentLog.reset(iss);
        tcb.sendRing.reset(iss + 1);
        Handshake.offer(tcb, context);
        Handshake.takeSyn(tcb, s, nowNs);
        tcb.ecnMode = Tcb.ECN_NONE;
        EcnHandshake.take(tcb, EcnHandshake.answer(EcnHandshake.allowed(context), s));
        tcb.receiveRing.insert(tcb.rcvNxt, s.buffer, s.payloadOffset, s.payloadLength);
        tcb.rcvNxt = tcb.receiveRing.nextSeq();
        sender.syn(tcb, nowNs);
        life.markDirty(tcb);
    }
}
