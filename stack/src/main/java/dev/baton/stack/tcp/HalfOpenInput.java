package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;

/**
 * SYN-RECEIVED after a passive open, without a Tcb (RFC 9293, section 3.10.7.4). Only the acknowledgment of our SYN
 * makes a Tcb; the segment then goes on as any other of that connection.
 */
final class HalfOpenInput
{
    private final StackContext context;
    private final StackCounters counters;
    private final SynQueue synQueue;
    private final ConnectionLife life;
    private final ListenInput listen;
    private final Resets resets;
    private final ChallengeAcks challenges;
    private final TcpSegmentWriter writer;

    HalfOpenInput(
        final StackContext context,
        final StackCounters counters,
        final SynQueue synQueue,
        final ConnectionLife life,
        final ListenInput listen,
        final Resets resets,
        final ChallengeAcks challenges,
        final TcpSegmentWriter writer)
    {
        this.context = context;
        this.counters = counters;
        this.synQueue = synQueue;
        this.life = life;
        this.listen = listen;
        this.resets = resets;
        this.challenges = challenges;
        this.writer = writer;
    }

    /**
     * A segment of a half-open connection. Returns the Tcb when there is one now, to which the segment must be handed.
     */
    Tcb onSegment(final HalfOpen entry, final Segment segment, final long nowNs)
    {
        final boolean syn = segment.has(TcpHeader.SYN);
        if (syn && !segment.has(TcpHeader.ACK | TcpHeader.RST) && segment.seq == entry.irs)
        {
            // Our SYN/ACK was lost, or is late.
            entry.ecn = EcnHandshake.again(entry.ecn, segment);
            listen.sendSynAck(entry, nowNs);
            return null;
        }
        if (entry.timestampsOk && !segment.options.hasTimestamps() && !segment.has(TcpHeader.RST))
        {
            // RFC 7323, section 3.2: what was agreed must be there, or the Tcb would begin with a segment it drops.
            counters.increment(StackCounter.TCP_MISSING_TIMESTAMPS);
            return null;
        }
        if (entry.timestampsOk && !segment.has(TcpHeader.RST) &&
            Timestamps.isOld(segment.options.tsVal(), entry.tsRecent, entry.tsRecentAtNs, nowNs) ||
            !Seq.inWindow(segment.seq, entry.irs + 1, Math.max(1, entry.rcvWnd)))
        {
            challenge(entry, !segment.has(TcpHeader.RST), nowNs);
            return null;
        }
        if (segment.has(TcpHeader.RST))
        {
            onReset(entry, segment, nowNs);
            return null;
        }
        if (syn)
        {
            // Fourth step: a passive open goes back to LISTEN.
            drop(entry);
            return null;
        }
        if (!segment.has(TcpHeader.ACK))
        {
            return null;
        }
        if (segment.ack != entry.iss + 1)
        {
            resets.answer(segment, nowNs);
            return null;
        }
        return promote(entry, segment, nowNs);
    }

    /** RFC 5961, section 3.2: only the exact number resets. */
    private void onReset(final HalfOpen entry, final Segment segment, final long nowNs)
    {
        if (segment.seq == entry.irs + 1)
        {
            drop(entry);
        }
        else
        {
            challenge(entry, true, nowNs);
        }
    }

    private void drop(final HalfOpen entry)
    {
        counters.increment(StackCounter.TCP_ATTEMPT_FAILS);
        synQueue.remove(entry);
    }

    private void challenge(final HalfOpen entry, final boolean owed, final long nowNs)
    {
        if (!owed)
        {
            return;
        }
        if (!challenges.allow(nowNs))
        {
            counters.increment(StackCounter.TCP_ACK_SKIPPED);
            return;
        }
        counters.increment(StackCounter.TCP_CHALLENGE_ACK);
        writer.begin(entry.localHi, entry.localLo, entry.localPort, entry.remoteHi, entry.remoteLo,
            entry.remotePort, entry.flowLabel);
        if (entry.timestampsOk)
        {
            writer.timestamps(Timestamps.value(entry.tsOffset, nowNs), entry.tsRecent);
        }
        final int ace = entry.ecn >= EcnHandshake.MUTE ? TcpHeader.aceFlags(AceField.INITIAL) : 0;
        writer.send(entry.iss + 1, entry.irs + 1, TcpHeader.ACK | ace, entry.rcvWnd >>> entry.rcvShift, 0, 1, nowNs);
    }

    private Tcb promote(final HalfOpen entry, final Segment segment, final long nowNs)
    {
        final Listener listener = entry.listener;
        if (listener.isClosed())
        {
            synQueue.remove(entry);
            resets.answer(segment, nowNs);
            return null;
        }
        if (!life.hasRoom())
        {
            counters.increment(StackCounter.LISTEN_DROPS);
            counters.increment(StackCounter.TABLE_FULL);
            return null;
        }
        final Tcb tcb = life.open(entry.id, segment.hash, entry.localHi, entry.localLo, entry.localPort,
            entry.remoteHi, entry.remoteLo, entry.remotePort, listener.service(), nowNs);
        tcb.passive = true;
        tcb.state = TcpState.SYN_RECEIVED;
        sequences(tcb, entry);
        agreed(tcb, entry);
        synQueue.remove(entry);
        listener.countAccepted();
        return tcb;
    }

    private void sequences(final Tcb tcb, final HalfOpen entry)
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
        if (entry.retransmits > 0)
        {
            tcb.sentLog.markRetransmitted(entry.iss, entry.iss + 1, entry.sentNs);
            tcb.backoff = entry.retransmits;
            tcb.segmentsRetransmitted = entry.retransmits;
        }
        tcb.sendRing.reset(entry.iss + 1);
        tcb.irs = entry.irs;
        tcb.rcvNxt = entry.irs + 1;
        tcb.rcvAdv = tcb.rcvNxt + entry.rcvWnd;
        tcb.lastAckSent = tcb.rcvNxt;
        tcb.receiveRing.reset(tcb.rcvNxt);
    }

    private void agreed(final Tcb tcb, final HalfOpen entry)
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

    /** Send what is due again, and give up what has been sent too often. Returns how many were looked at. */
    int runTimers(final long nowNs)
    {
        int count = 0;
        HalfOpen entry = synQueue.due(nowNs);
        while (entry != null)
        {
            count++;
            if (entry.retransmits >= context.synAckRetries() || entry.listener.isClosed())
            {
                drop(entry);
            }
            else
            {
                counters.increment(StackCounter.TCP_TIMEOUTS);
                synQueue.unschedule(entry);
                entry.retransmits++;
                entry.ecn = EcnHandshake.afterTimeout(entry.ecn, entry.retransmits, context);
                synQueue.schedule(entry, nowNs +
                    RttEstimator.backedOffRtoNs(context.initialRtoNs(), entry.retransmits, context));
                listen.sendSynAck(entry, nowNs);
            }
            entry = synQueue.due(nowNs);
        }
        return count;
    }
}
