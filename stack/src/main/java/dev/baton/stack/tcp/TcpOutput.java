package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;

/**
 * What a connection sends at the end of a poll: one decision, in this order.
 * <ol>
 * <li>what the user asked for: abort, close, FIN;</li>
 * <li>SYN or SYN/ACK when owed; nothing else before ESTABLISHED;</li>
 * <li>a tail loss probe (RFC 8985, section 7.3); new data instead of old, when F-RTO wants it (RFC 5682);</li>
 * <li>retransmissions that Pipe and cwnd allow (RFC 6675, NextSeg rule 1);</li>
 * <li>new data and FIN as cwnd, the peer's window, and the rules against small segments allow (NextSeg rule 2; RFC
 * 9293, section 3.8.6.2.1; Nagle in Minshall's form);</li>
 * <li>in recovery without RACK, when there was no new data: NextSeg rules 3 and 4;</li>
 * <li>probes; an ACK that is owed and went with nothing else; a window update;</li>
 * <li>the persist timer, when only the window stops what is queued.</li>
 * </ol>
 */
final class TcpOutput
{
    private final Link link;
    private final StackContext context;
    private final StackCounters counters;
    private final SegmentSender sender;
    private final TcpTimers timers;
    private final ConnectionLife life;
    private final Pmtud pmtud;
    private final Plpmtud plpmtud;
    private final ReceiveAutoTune autoTune;
    private final LossProbe probe;
    private final FastOpenClient fastOpen;
    private boolean windowLimited;
    private long nowNs;

    TcpOutput(
        final Link link,
        final StackContext context,
        final StackCounters counters,
        final SegmentSender sender,
        final TcpTimers timers,
        final ConnectionLife life,
        final LossProbe probe,
        final FastOpenClient fastOpen,
        final Pmtud pmtud,
        final Plpmtud plpmtud)
    {
        this.pmtud = pmtud;
        this.plpmtud = plpmtud;
        this.link = link;
        this.context = context;
        this.counters = counters;
        this.sender = sender;
        this.timers = timers;
        this.life = life;
        autoTune = new ReceiveAutoTune(context, counters);
        this.probe = probe;
        this.fastOpen = fastOpen;
    }

    /**
     * Let a connection send.
     *
     * @param tcb   of it.
     * @param quota most segments with data.
     * @param nowNs now.
     * @return segments with data that were sent; {@code quota} when there may be more to send.
     */
    int flush(final Tcb tcb, final int quota, final long nowNs)
    {
        if (tcb.id == 0 || tcb.closeReason >= 0 || !life.obeyUser(tcb, nowNs))
        {
            return 0;
        }
        pmtud.sync(tcb);
        this.nowNs = nowNs;
        if (tcb.userHasRead)
        {
            autoTune.onRead(tcb, nowNs);
        }
        int sent = 0;
        if (tcb.state < TcpState.ESTABLISHED)
        {
            sent = opening(tcb, quota, nowNs);
        }
        else
        {
            sent = probeTail(tcb, quota, nowNs);
            sent += sendNewFirst(tcb, quota - sent, nowNs);
            sent += retransmit(tcb, quota - sent, nowNs);
            sent += sendNew(tcb, quota - sent, nowNs);
            sent += suspect(tcb, quota - sent, nowNs);
            probe(tcb, nowNs);
            acknowledge(tcb, nowNs);
            persist(tcb, sent, nowNs);
            wakeWriter(tcb);
        }
        timers.update(tcb);
        return sent;
    }

    /** RFC 8985, section 7.3: one segment beyond cwnd, new or the last one again. */
    private int probeTail(final Tcb tcb, final int quota, final long nowNs)
    {
        if (!tcb.lossProbeOwed || quota == 0)
        {
            return 0;
        }
        if (tcb.recovery != Tcb.RECOVERY_OPEN || tcb.flightBytes() == 0)
        {
            tcb.lossProbeOwed = false;
            return 0;
        }
        final int unit = SegmentSender.unit(tcb);
        final int queued = tcb.finSent ? 0 : tcb.sendRing.endSeq() - tcb.sndNxt;
        final int window = tcb.sndUna + tcb.sndWnd - tcb.sndNxt;
        final int length = Math.min(unit, queued);
        if (length > 0 && length <= window)
        {
            final boolean fin = tcb.finQueued && tcb.state >= TcpState.FIN_WAIT_1 && length == queued && window > length;
            probe.onSending(tcb, tcb.sndNxt + length + (fin ? 1 : 0), false);
            sender.fresh(tcb, length, fin, nowNs);
        }
        else
        {
            probe.onSending(tcb, tcb.sndNxt, true);
            sender.again(tcb, lastSegment(tcb, unit), tcb.sndNxt, nowNs);
        }
        return 1;
    }

    /** Where the last segment begins: what is left of the last run behind full segments, or a full one; FIN goes with it. */
    private static int lastSegment(final Tcb tcb, final int unit)
    {
        final int start = tcb.sentLog.startOf(tcb.sentLog.firstRun() + tcb.sentLog.runCount() - 1);
        final int end = Seq.min(tcb.sndNxt, tcb.sendRing.endSeq());
        final int data = Math.max(0, end - start);
        final int tail = data % unit;
        return start + data - (tail == 0 ? Math.min(data, unit) : tail);
    }

    /** RFC 5682, section 2.1, step 2b. */
    private int sendNewFirst(final Tcb tcb, final int quota, final long nowNs)
    {
        if (!ForwardRto.wantsNewData(tcb) || quota == 0)
        {
            return 0;
        }
        tcb.cwndBytes = Math.min(tcb.cwndBytes, tcb.pipeBytes() + ForwardRto.NEW_SEGMENTS * tcb.effectiveMss);
        final int sent = tcb.finSent ? 0 : sendWithinWindow(tcb, quota, nowNs);
        ForwardRto.onNewData(tcb, sent > 0);
        return sent;
    }

    /**
     * SYN or SYN/ACK; after a Fast Open data too (RFC 7413, section 4.2.2), of which only the SYN/ACK is sent again.
     */
    private int opening(final Tcb tcb, final int quota, final long nowNs)
    {
        if (tcb.synOwed && tcb.state == TcpState.SYN_SENT)
        {
            fastOpen.syn(tcb, nowNs);
        }
        else if (tcb.synOwed)
        {
            sender.syn(tcb, nowNs);
        }
        if (tcb.fastOpen != Tcb.FAST_OPEN_EARLY)
        {
            return 0;
        }
        final int sent = sendNew(tcb, quota, nowNs);
        acknowledge(tcb, nowNs);
        return sent;
    }

    private int retransmit(final Tcb tcb, final int quota, final long nowNs)
    {
        if (ForwardRto.isWaiting(tcb))
        {
            return 0;
        }
        int sent = 0;
        while (sent < quota)
        {
            final int run = tcb.sentLog.nextLost();
            if (run < 0)
            {
                break;
            }
            final int start = tcb.sentLog.startOf(run);
            final int length = tcb.sentLog.endOf(run) - start;
            final int unit = SegmentSender.unit(tcb);
            final int room = tcb.cwndBytes - tcb.pipeBytes();
            if (!tcb.forceRetransmit && heldByPacing(tcb, nowNs))
            {
                return sent;
            }
            if (!tcb.forceRetransmit && room < Math.min(length, unit))
            {
                tcb.cwndLimited = true;
                return sent;
            }
            final int most = tcb.forceRetransmit ?
                unit : Math.min(maxPayload(tcb, unit), Math.max(unit, room - room % unit));
            tcb.forceRetransmit = false;
            sender.again(tcb, start, start + rangeLength(tcb, start, length, most), nowNs);
            sent++;
        }
        tcb.forceRetransmit = false;
        return sent;
    }

    /** Length of a range to be sent again: FIN goes with the last data, and does not count against the payload. */
    private static int rangeLength(final Tcb tcb, final int start, final int length, final int most)
    {
        final int data = Math.max(0, Seq.min(start + length, tcb.sendRing.endSeq()) - start);
        return data <= most ? length : most;
    }

    private int sendNew(final Tcb tcb, final int quota, final long nowNs)
    {
        windowLimited = false;
        if (tcb.finSent || tcb.sentLog.lostWaitingBytes() > 0)
        {
            return 0;
        }
        tcb.cwndLimited = false;
        restartAfterIdle(tcb, nowNs);
        return sendWithinWindow(tcb, quota, nowNs);
    }

    private int sendWithinWindow(final Tcb tcb, final int quota, final long nowNs)
    {
        int sent = 0;
        while (sent < quota)
        {
            if (Seq.lt(tcb.sndNxt, tcb.sendRing.endSeq()) && heldByPacing(tcb, nowNs))
            {
                tcb.cwndLimited = tcb.pacing.wasWindowLimited(tcb);
                return sent;
            }
            final int queued = tcb.sendRing.endSeq() - tcb.sndNxt;
            final int window = tcb.sndUna + tcb.sndWnd - tcb.sndNxt;
            final int probe = plpmtud.due(tcb, queued, window, nowNs);
            if (probe > 0)
            {
                sender.mtuProbe(tcb, probe, nowNs);
                plpmtud.sent(tcb, probe, nowNs);
                sent++;
                continue;
            }
            final int length = queued > 0 ? chunk(tcb, queued, window) : 0;
            final boolean fin =
                tcb.finQueued && tcb.state >= TcpState.FIN_WAIT_1 && length == queued && window > length;
            if (length == 0 && !fin)
            {
                windowLimited |= queued == 0 && tcb.finQueued;
                break;
            }
            sender.fresh(tcb, length, fin, nowNs);
            sent++;
            if (fin)
            {
                break;
            }
        }
        return sent;
    }

    /**
     * How much of what is queued goes into the next segment; 0 when nothing may be sent now. A window below a segment
     * is used when it is half of the greatest one, or when the persist timer says that waiting has lasted long enough.
     */
    private int chunk(final Tcb tcb, final int queued, final int window)
    {
        final int unit = SegmentSender.unit(tcb);
        final int cwndRoom = tcb.cwndBytes - tcb.pipeBytes();
        final int congestion = Math.min(cwndRoom, CwndValidation.roomBytes(tcb));
        final int usable = Math.min(Math.min(queued, maxPayload(tcb, unit)), Math.min(window, congestion));
        if (usable < queued && cwndRoom <= window && cwndRoom < maxPayload(tcb, unit))
        {
            tcb.cwndLimited = true;
            if (tcb.pacing != null)
            {
                tcb.pacing.limitedSeq = tcb.sndNxt;
            }
        }
        if (usable == queued && usable > 0)
        {
            final int tail = usable % unit;
            return tail == 0 || maySendSmall(tcb) ? usable : usable - tail;
        }
        if (usable >= unit)
        {
            return usable - usable % unit;
        }
        if (congestion <= window)
        {
            return 0;
        }
        windowLimited = true;
        final boolean override = tcb.probeOwed && tcb.flightBytes() == 0;
        if (usable <= 0 || usable < tcb.sndMaxWnd / 2 && !override)
        {
            return 0;
        }
        tcb.probeOwed = false;
        return usable;
    }

    /** Nagle's rule as Minshall wrote it: one small segment in flight is enough; FIN does not wait. */
    private boolean maySendSmall(final Tcb tcb)
    {
        if (tcb.settings != null && Cork.holds(tcb, nowNs))
        {
            return false;
        }
        return tcb.noDelay || tcb.finQueued || Seq.leq(tcb.sndSml, tcb.sndUna);
    }

    /** RFC 5681, section 4.1. */
    private void restartAfterIdle(final Tcb tcb, final long nowNs)
    {
        if (context.slowStartAfterIdle() && tcb.flightBytes() == 0 && tcb.bytesOut > 0 &&
            nowNs - tcb.lastSentAtNs > tcb.rtoNs)
        {
            tcb.congestionControl.onIdle(tcb, context.initialWindowSegments());
            tcb.lastSentAtNs = nowNs;
        }
        CwndValidation.beforeSending(tcb, context, nowNs);
        if (tcb.rate != null && tcb.pipeBytes() == 0 && Seq.lt(tcb.sndNxt, tcb.sendRing.endSeq()))
        {
            tcb.congestionControl.onRestart(tcb, nowNs);
        }
    }

    /** Has pacing put the next segment off? Then its timer is set. */
    private static boolean heldByPacing(final Tcb tcb, final long nowNs)
    {
        if (tcb.pacing == null || !tcb.pacing.holds(nowNs))
        {
            return false;
        }
        tcb.pacing.timerAtNs = tcb.pacing.nextSendAtNs;
        return true;
    }

    private int maxPayload(final Tcb tcb, final int unit)
    {
        if (Urgent.covers(tcb, tcb.sndUna))
        {
            // A device that splits a super-segment repeats its urgent pointer, which counts from each one's own start.
            return unit;
        }
        final int gso = Ecn.allowsSuperSegments(tcb) ? Math.min(link.maxGsoBytes(), Packet.MAX_LENGTH) : 0;
        final int room = gso - EffectiveMss.headers(tcb.isV4()) - SegmentSender.headerLength(tcb);
        final int most = tcb.pacing == null ?
            room : Math.min(room, tcb.pacing.quantumBytes(unit, context.minTsoSegments()));
        return Math.max(unit, most - Math.floorMod(most, unit));
    }

    /** RFC 6675, section 4, NextSeg rules 3 and 4: nothing is known to be lost, and there is nothing new to send. */
    private int suspect(final Tcb tcb, final int quota, final long nowNs)
    {
        if (tcb.recovery != Tcb.RECOVERY_FAST || !tcb.sackOk || context.rack())
        {
            return 0;
        }
        int sent = 0;
        final int unit = SegmentSender.unit(tcb);
        final boolean more = Seq.gt(tcb.sendRing.endSeq(), tcb.sndNxt) && !windowLimited;
        while (!more && sent < quota && tcb.cwndBytes - tcb.pipeBytes() >= unit && !heldByPacing(tcb, nowNs))
        {
            final int run = tcb.sentLog.nextSuspect();
            if (run < 0)
            {
                return sent + rescue(tcb, unit, nowNs);
            }
            final int start = tcb.sentLog.startOf(run);
            final int length = tcb.sentLog.endOf(run) - start;
            sender.again(tcb, start, start + rangeLength(tcb, start, length, unit), nowNs);
            sent++;
        }
        return sent;
    }

    private int rescue(final Tcb tcb, final int unit, final long nowNs)
    {
        final int run = tcb.sentLog.lastUnsacked();
        if (tcb.rescued || run < 0 || (tcb.sentLog.marksOf(run) & SentLog.RETRANSMITTED) != 0)
        {
            return 0;
        }
        tcb.rescued = true;
        final int end = tcb.sentLog.endOf(run);
        sender.again(tcb, Seq.max(tcb.sentLog.startOf(run), end - unit), end, nowNs);
        return 1;
    }

    private void probe(final Tcb tcb, final long nowNs)
    {
        if (tcb.probeOwed || tcb.keepAliveOwed)
        {
            counters.increment(tcb.probeOwed ? StackCounter.TCP_WIN_PROBE : StackCounter.TCP_KEEP_ALIVE);
            tcb.probeOwed = false;
            tcb.keepAliveOwed = false;
            sender.probe(tcb, nowNs);
        }
    }

    private void acknowledge(final Tcb tcb, final long nowNs)
    {
        if (tcb.ackOwed == Tcb.ACK_NOW || tcb.userHasRead && !tcb.finReceived && ReceiveWindow.updateDue(tcb))
        {
            sender.ack(tcb, nowNs);
        }
    }

    /** RFC 9293, section 3.8.6.1: nothing in flight would bring an ACK, and the window does not let anything go. */
    private void persist(final Tcb tcb, final int sent, final long nowNs)
    {
        final boolean stuck = windowLimited && sent == 0 && tcb.flightBytes() == 0;
        final long userTimeoutNs = InForce.userTimeoutNs(tcb, context);
        if (!stuck)
        {
            if (tcb.persistAtNs != Tcb.NONE && userTimeoutNs > 0)
            {
                // The time that the window was shut does not count against what has been sent since.
                tcb.userTimeoutAtNs = tcb.flightBytes() > 0 ? nowNs + userTimeoutNs : Tcb.NONE;
            }
            tcb.persistAtNs = Tcb.NONE;
            tcb.persistBackoff = 0;
            return;
        }
        if (tcb.persistAtNs == Tcb.NONE)
        {
            tcb.persistAtNs = nowNs + RttEstimator.backedOffRtoNs(tcb.rtoNs, tcb.persistBackoff, context);
            if (userTimeoutNs > 0 && tcb.userTimeoutAtNs == Tcb.NONE)
            {
                tcb.userTimeoutAtNs = nowNs + userTimeoutNs;
            }
        }
    }

    /** TCP_NOTSENT_LOWAT: a writer is called when less than half of the limit waits to be sent, as on Linux. */
    private void wakeWriter(final Tcb tcb)
    {
        if (tcb.writeBlocked && !tcb.finQueued && !tcb.starved)
        {
            final long lowat = InForce.notSentLowatBytes(tcb, context);
            if (lowat < tcb.sendRing.capacityBytes() && 2L * notSent(tcb) < lowat && tcb.sendRing.writable() > 0)
            {
                life.raise(tcb, ConnectionLife.WRITABLE);
            }
        }
    }

    /** Bytes that wait to be sent for the first time. */
    static int notSent(final Tcb tcb)
    {
        return Math.max(0, tcb.sendRing.endSeq() - Seq.max(tcb.sndNxt, tcb.sendRing.firstSeq()));
    }
}
