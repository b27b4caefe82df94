package dev.baton.stack.tcp;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

/**
 * Fast Open of connections that ask for it (RFC 7413, sections 4.1.3 and 4.2.1): the first SYN asks for a cookie, or has
 * one and data with it. A SYN that is sent again is a plain one, and data that the SYN/ACK does not acknowledge is sent
 * again at once, which is no sign of congestion. Paths that swallow such SYNs are remembered ({@link
 * FastOpenBlackhole} for all peers, {@link PeerMetrics#fastOpenLosses} for one).
 */
final class FastOpenClient
{
    /** After two losses in a row a peer gets plain SYNs for so long, and twice as long with each loss more. */
    private static final long PEER_PAUSE_NS = 60_000_000_000L;
    private static final int MOST_DOUBLINGS = 6;
    private static final int MOST_OPTIONS = TcpHeader.MAX_LENGTH - TcpHeader.LENGTH;

    private final FastOpenOption option = new FastOpenOption();
    private final FastOpenBlackhole blackhole;
    private final StackCounters counters;
    private final PeerCache peers;
    private final SegmentSender sender;
    private final HandshakeOptions options;

    FastOpenClient(
        final StackContext context,
        final StackCounters counters,
        final FastOpenBlackhole blackhole,
        final PeerCache peers,
        final SegmentSender sender)
    {
        this.blackhole = blackhole;
        this.counters = counters;
        this.peers = peers;
        this.sender = sender;
        this.options = context.handshake();
    }

    /** Send the SYN that a connection owes. */
    void syn(final Tcb tcb, final long nowNs)
    {
        option.clear();
        int length = 0;
        if (tcb.fastOpen == Tcb.FAST_OPEN_WANTED)
        {
            length = prepare(tcb, nowNs);
        }
        sender.syn(tcb, option, length, nowNs);
    }

    /** Choose option and data of the first SYN; returns the length of the data. */
    private int prepare(final Tcb tcb, final long nowNs)
    {
        final PeerMetrics known = peers.use(tcb.remoteHi, tcb.remoteLo, nowNs);
        tcb.fastOpen = Tcb.FAST_OPEN_NONE;
        if (blackhole.isPaused(nowNs) || known != null && isPaused(known, nowNs))
        {
            return 0;
        }
        final boolean cookie = known != null && known.cookieLength > 0;
        if (cookie)
        {
            option.set(known.cookieLength, known.cookieHi, known.cookieLo, known.experimental);
        }
        else if ((options.fastOpen() & HandshakeOptions.FAST_OPEN_CLIENT_NO_COOKIE) == 0)
        {
            option.set(0, 0, 0, known != null && known.experimental);
            tcb.fastOpen = Tcb.FAST_OPEN_COOKIE_ASKED;
            return 0;
        }
        tcb.fastOpen = Tcb.FAST_OPEN_DATA_SENT;
        final int mss = EffectiveMss.remote(known == null ? 0 : known.mss, tcb.isV4());
        final int room = EffectiveMss.of(tcb.localMss, mss, tcb.pathMtu, tcb.isV4(), false) - MOST_OPTIONS;
        return Math.min(tcb.sendRing.length(), Math.max(0, room));
    }

    private static boolean isPaused(final PeerMetrics known, final long nowNs)
    {
        return known.fastOpenLosses > 1 && nowNs - known.fastOpenLostAtNs <
            PEER_PAUSE_NS << Math.min(known.fastOpenLosses, MOST_DOUBLINGS);
    }

    /** The SYN/ACK has come: what it says about cookies is remembered (RFC 7413, section 4.1.3). */
    void onSynAck(final Tcb tcb, final Segment synAck, final long nowNs)
    {
        final boolean asked = tcb.fastOpen == Tcb.FAST_OPEN_COOKIE_ASKED;
        if (!asked && tcb.fastOpen != Tcb.FAST_OPEN_DATA_SENT)
        {
            return;
        }
        final TcpOptions o = synAck.options;
        final boolean again = tcb.segmentsRetransmitted > 0;
        if (o.fastOpenLength() > 0)
        {
            final PeerMetrics known = peers.learn(tcb.remoteHi, tcb.remoteLo, nowNs);
            known.cookieLength = o.fastOpenLength();
            known.cookieHi = o.fastOpenHi();
            known.cookieLo = o.fastOpenLo();
            known.experimental = o.fastOpenExperimental();
            known.mss = o.mss();
        }
        else if (asked && !again)
        {
            // Perhaps the peer knows the other form of the option only.
            final PeerMetrics known = peers.learn(tcb.remoteHi, tcb.remoteLo, nowNs);
            known.experimental = !known.experimental;
        }
        else if (!asked && again && tcb.sndNxt != tcb.iss + 1 && synAck.ack == tcb.iss + 1)
        {
            final PeerMetrics known = peers.learn(tcb.remoteHi, tcb.remoteLo, nowNs);
            known.fastOpenLosses++;
            known.fastOpenLostAtNs = nowNs;
        }
    }

    /** The handshake is complete, and SND.UNA says what became of the data of the SYN. */
    void onEstablished(final Tcb tcb, final long nowNs)
    {
        if (tcb.fastOpen != Tcb.FAST_OPEN_DATA_SENT)
        {
            return;
        }
        tcb.fastOpen = Tcb.FAST_OPEN_NONE;
        if (tcb.sndNxt != tcb.sndUna)
        {
            counters.increment(StackCounter.TCP_FAST_OPEN_ACTIVE_FAIL);
            tcb.sentLog.markAllLost();
            tcb.forceRetransmit = true;
        }
        else if (tcb.sndUna != tcb.iss + 1)
        {
            counters.increment(StackCounter.TCP_FAST_OPEN_ACTIVE);
            tcb.fastOpen = Tcb.FAST_OPEN_DATA_TAKEN;
            blackhole.onSuccess();
            final PeerMetrics known = peers.use(tcb.remoteHi, tcb.remoteLo, nowNs);
            if (known != null)
            {
                known.fastOpenLosses = 0;
                known.fastOpenLostAtNs = PeerMetrics.NEVER;
            }
        }
    }

    /** A retransmission timer has run out: the third time in a row, or the last one, may be a black hole. */
    void onTimeout(final Tcb tcb, final boolean last, final long nowNs)
    {
        if (tcb.fastOpen != Tcb.FAST_OPEN_NONE && !tcb.passive && (tcb.retransmits == 2 || tcb.retransmits < 2 && last))
        {
            if (blackhole.onBlackhole(nowNs))
            {
                counters.increment(StackCounter.TCP_FAST_OPEN_BLACKHOLE);
            }
        }
    }
}
