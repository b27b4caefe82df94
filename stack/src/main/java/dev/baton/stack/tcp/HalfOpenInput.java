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
    /** Linux: tcp_invalid_ratelimit. */
    private static final long REPEAT_INTERVAL_NS = 500_000_000L;

    private final StackContext context;
    private final StackCounters counters;
    private final SynQueue synQueue;
    private final ConnectionLife life;
    private final SynAckSender synAcks;
    private final PassiveOpen passiveOpen;
    private final Resets resets;
    private final ChallengeAcks challenges;
    private final TcpSegmentWriter writer;

    HalfOpenInput(
        final StackContext context,
        final StackCounters counters,
        final SynQueue synQueue,
        final ConnectionLife life,
        final SynAckSender synAcks,
        final PassiveOpen passiveOpen,
        final Resets resets,
        final ChallengeAcks challenges,
        final TcpSegmentWriter writer)
    {
        this.context = context;
        this.counters = counters;
        this.synQueue = synQueue;
        this.life = life;
        this.synAcks = synAcks;
        this.passiveOpen = passiveOpen;
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
            repeat(entry, segment, nowNs);
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
        if (DeferAccept.passesOver(entry, segment, context))
        {
            counters.increment(StackCounter.TCP_DEFER_ACCEPT_DROP);
            return null;
        }
        return promote(entry, segment, nowNs);
    }

    /**
     * Our SYN/ACK was lost, or is late: it is sent again, twice a second at most when the SYN keeps coming, and its
     * timer begins anew. Which of them is answered cannot be known then.
     */
    private void repeat(final HalfOpen entry, final Segment segment, final long nowNs)
    {
        if (entry.isRepeated() && nowNs - entry.repeatedAtNs < REPEAT_INTERVAL_NS)
        {
            counters.increment(StackCounter.TCP_ACK_SKIPPED_SYN_RECV);
            return;
        }
        if (entry.timestampsOk && segment.options.hasTimestamps() &&
            Timestamps.isOld(segment.options.tsVal(), entry.tsRecent, entry.tsRecentAtNs, nowNs))
        {
            counters.increment(StackCounter.PAWS_ESTAB);
            return;
        }
        entry.repeatedAtNs = nowNs;
        synQueue.unschedule(entry);
        synQueue.schedule(entry,
            nowNs + RttEstimator.backedOffRtoNs(context.initialRtoNs(), entry.retransmits, context));
        entry.ecn = EcnHandshake.again(entry.ecn, segment);
        synAcks.send(entry, nowNs);
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
            writer.timestamps(synAcks.tsVal(entry, nowNs), entry.tsRecent);
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
        if (listener.isAcceptQueueFull())
        {
            overflow(entry, segment, nowNs);
            return null;
        }
        if (!life.hasRoom())
        {
            counters.increment(StackCounter.LISTEN_DROPS);
            counters.increment(StackCounter.TABLE_FULL);
            return null;
        }
        final Tcb tcb = passiveOpen.open(entry, listener, segment.hash, nowNs);
        synQueue.remove(entry);
        return tcb;
    }

    /** Linux: the ACK is ignored, and the SYN/ACK repeated until there is room; or the peer is told at once. */
    private void overflow(final HalfOpen entry, final Segment segment, final long nowNs)
    {
        counters.increment(StackCounter.LISTEN_OVERFLOWS);
        counters.increment(StackCounter.LISTEN_DROPS);
        if (context.handshake().abortOnOverflow())
        {
            resets.answer(segment, nowNs);
            drop(entry);
        }
    }

    /** Send what is due again, and give up what has been sent too often. Returns how many were looked at. */
    int runTimers(final long nowNs)
    {
        int count = 0;
        HalfOpen entry = synQueue.due(nowNs);
        while (entry != null)
        {
            count++;
            if (entry.listener.isClosed() || entry.retransmits >= SynAdmission.retries(entry.listener, context))
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
                synAcks.send(entry, nowNs);
            }
            entry = synQueue.due(nowNs);
        }
        return count;
    }
}
