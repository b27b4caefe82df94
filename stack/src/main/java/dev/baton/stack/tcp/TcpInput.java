package dev.baton.stack.tcp;

import dev.baton.stack.Packet;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;

import java.nio.ByteOrder;

/**
 * SEGMENT ARRIVES (RFC 9293, section 3.10.7): finds out to what a segment belongs, and hands it to the class for that
 * state.
 * <pre>
 *     Tcb          -> SynSentInput in SYN-SENT, SynchronisedInput in the others
 *     half-open    -> HalfOpenInput        (SYN-RECEIVED after a passive open)
 *     TIME-WAIT    -> TimeWaitInput
 *     none of them -> ListenInput, which answers with RST where nobody listens (CLOSED)
 * </pre>
 */
final class TcpInput
{
    private final Segment segment = new Segment();
    private final IsnGenerator isn;
    private final StackCounters counters;
    private final ConnectionTable table;
    private final SynQueue synQueue;
    private final TimeWaitTable timeWaits;
    private final TcpTimers timers;
    private final ConnectionLife life;
    private final SynSentInput synSent;
    private final SynchronisedInput synchronised;
    private final HalfOpenInput halfOpen;
    private final TimeWaitInput timeWait;
    private final ListenInput listen;

    TcpInput(
        final IsnGenerator isn,
        final StackCounters counters,
        final ConnectionTable table,
        final SynQueue synQueue,
        final TimeWaitTable timeWaits,
        final TcpTimers timers,
        final ConnectionLife life,
        final SynSentInput synSent,
        final SynchronisedInput synchronised,
        final HalfOpenInput halfOpen,
        final TimeWaitInput timeWait,
        final ListenInput listen)
    {
        this.isn = isn;
        this.counters = counters;
        this.table = table;
        this.synQueue = synQueue;
        this.timeWaits = timeWaits;
        this.timers = timers;
        this.life = life;
        this.synSent = synSent;
        this.synchronised = synchronised;
        this.halfOpen = halfOpen;
        this.timeWait = timeWait;
        this.listen = listen;
    }

    /** Take a segment in. */
    void onPacket(final Packet packet, final long nowNs)
    {
        if (!segment.parse(packet, isn))
        {
            counters.increment(StackCounter.TCP_IN_ERRS);
            return;
        }
        final Segment s = segment;
        counters.add(StackCounter.TCP_IN_SEGS, s.wireSegments);
        final Tcb tcb =
            table.find(s.hash, s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort);
        if (tcb != null)
        {
            if (tcb.settings != null)
            {
                noteTos(tcb.settings, packet);
            }
            onConnection(tcb, nowNs);
        }
        else
        {
            withoutTcb(nowNs);
        }
        life.tellModules(nowNs);
    }

    /** IP_RECVTOS. */
    private static void noteTos(final TcpSettings settings, final Packet packet)
    {
        if (settings.receivedTos != TcpSettings.TOS_NOT_NOTED)
        {
            final int word = packet.buffer().getShort(packet.offset(), ByteOrder.BIG_ENDIAN);
            settings.receivedTos = (packet.version() == 4 ? word : word >> 4) & 0xFF;
        }
    }

    private void onConnection(final Tcb tcb, final long nowNs)
    {
        tcb.segmentsIn += segment.wireSegments;
        tcb.lastReceivedAtNs = Math.max(tcb.lastReceivedAtNs, nowNs);
        tcb.keepAliveProbes = 0;
        if (tcb.state == TcpState.SYN_SENT)
        {
            synSent.onSegment(tcb, segment, nowNs);
        }
        else
        {
            synchronised.onSegment(tcb, segment, nowNs);
        }
        if (tcb.closeReason < 0)
        {
            life.markDirty(tcb);
            timers.update(tcb);
        }
    }

    private void withoutTcb(final long nowNs)
    {
        final Segment s = segment;
        if (synQueue.size() > 0)
        {
            final HalfOpen entry =
                synQueue.find(s.hash, s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort);
            if (entry != null)
            {
                final Tcb tcb = halfOpen.onSegment(entry, s, nowNs);
                if (tcb != null)
                {
                    onConnection(tcb, nowNs);
                }
                return;
            }
        }
        int leastIss = ListenInput.ANY_ISS;
        boolean bounded = false;
        if (timeWaits.size() > 0)
        {
            final TimeWait entry =
                timeWaits.find(s.hash, s.localHi, s.localLo, s.localPort, s.remoteHi, s.remoteLo, s.remotePort);
            if (entry != null)
            {
                if (!timeWait.onSegment(entry, s, nowNs))
                {
                    return;
                }
                bounded = true;
                leastIss = entry.sndNxt;
            }
        }
        final Tcb opened = listen.onSegment(s, bounded, leastIss, nowNs);
        if (opened != null)
        {
            onConnection(opened, nowNs);
        }
    }
}
