package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;

/**
 * CLOSED and LISTEN (RFC 9293, sections 3.10.7.1 and 3.10.7.2): a segment for which there is no connection. A SYN to a
 * listener makes a half-open connection, or is answered with a cookie; an ACK may bring a cookie back; whatever else
 * comes gets a RST, or nothing.
 * <p>
 * Data that comes with a SYN is not acknowledged unless it is a Fast Open, so that the peer sends it again: a half-open
 * connection has no buffer.
 */
final class ListenInput
{
    /** Stands for no lower limit. */
    static final int ANY_ISS = 0;
    /** How far beyond an earlier incarnation's numbers a new one begins (RFC 9293, section 3.6.1). */
    private static final int ISS_GAP = 65_537;

    private final StackContext context;
    private final Listeners listeners;
    private final SynQueue synQueue;
    private final IsnGenerator isn;
    private final Resets resets;
    private final ConnectionLife life;
    private final SynAdmission admission;
    private final SynAckSender synAcks;
    private final CookieInput cookies;
    private final FastOpenServer fastOpen;

    ListenInput(
        final StackContext context,
        final Listeners listeners,
        final SynQueue synQueue,
        final IsnGenerator isn,
        final Resets resets,
        final ConnectionLife life,
        final SynAdmission admission,
        final SynAckSender synAcks,
        final CookieInput cookies,
        final FastOpenServer fastOpen)
    {
        this.context = context;
        this.listeners = listeners;
        this.synQueue = synQueue;
        this.isn = isn;
        this.resets = resets;
        this.life = life;
        this.admission = admission;
        this.synAcks = synAcks;
        this.cookies = cookies;
        this.fastOpen = fastOpen;
    }

    /**
     * A segment of a flow without a connection. When {@code bounded}, a new ISS must come after {@code leastIss}.
     * Returns the Tcb when there is one now, to which the segment must be handed.
     */
    Tcb onSegment(final Segment segment, final boolean bounded, final int leastIss, final long nowNs)
    {
        final Listener listener = listeners.find(segment.localHi, segment.localLo, segment.localPort);
        if (segment.has(TcpHeader.RST))
        {
            return null;
        }
        if (listener != null && segment.has(TcpHeader.ACK) && !segment.has(TcpHeader.SYN) && cookies.isExpected(nowNs))
        {
            final int mss = cookies.verify(segment, nowNs);
            if (mss != SynCookies.NO_COOKIE)
            {
                return cookies.onAck(segment, listener, mss, nowNs);
            }
        }
        if (listener == null || segment.has(TcpHeader.ACK))
        {
            resets.answer(segment, nowNs);
            return null;
        }
        if (segment.has(TcpHeader.SYN) && !segment.has(TcpHeader.FIN))
        {
            onSyn(segment, listener, bounded, leastIss, nowNs);
        }
        return null;
    }

    private void onSyn(
        final Segment syn, final Listener listener, final boolean bounded, final int leastIss, final long nowNs)
    {
        switch (admission.decide(syn, listener, bounded))
        {
            case SynAdmission.COOKIE:
                cookies.answer(syn, nowNs);
                break;
            case SynAdmission.QUEUE:
                final int fresh = isn.isn(syn.localHi, syn.localLo, syn.localPort,
                    syn.remoteHi, syn.remoteLo, syn.remotePort, nowNs);
                final int iss = bounded && !Seq.gt(fresh, leastIss) ? leastIss + ISS_GAP : fresh;
                if (!fastOpen.open(syn, listener, iss, nowNs))
                {
                    halfOpen(syn, listener, iss, nowNs);
                }
                break;
            default:
                break;
        }
    }

    private void halfOpen(final Segment s, final Listener listener, final int iss, final long nowNs)
    {
        final HalfOpen entry =
            synQueue.add(s.hash, s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort);
        entry.id = life.takeId();
        entry.listener = listener;
        entry.iss = iss;
        synAcks.agree(entry, s, nowNs);
        synQueue.schedule(entry, nowNs + context.initialRtoNs());
        final TcpSegmentWriter writer = synAcks.begin(entry, nowNs);
        if (fastOpen.reply.isPresent())
        {
            writer.fastOpen(fastOpen.reply);
        }
        synAcks.finish(entry, nowNs);
    }
}
