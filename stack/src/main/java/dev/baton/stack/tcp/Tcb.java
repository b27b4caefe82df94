package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpService;
import dev.baton.stack.tcp.congestion.CongestionControl;
import dev.baton.stack.wire.IpAddress;

/**
 * Transmission control block: the state of one connection and nothing else (RFC 9293, section 3.3.1; its names and
 * order).
 * <p>
 * Every field is a primitive, or one of the few objects at the end, so that a codec can write all of it. Times are
 * absolute, in nanoseconds of the shard's clock; a deadline that is not set is {@link #NONE}. Sequence numbers are
 * compared by
 * {@link dev.baton.stack.wire.Seq} only. Send numbers never go back: a retransmission is a mark in {@link #sentLog},
 * not a rewound {@link #sndNxt}.
 * <p>
 * Used by the shard's thread only. Tcbs are pooled: {@link #reset()} makes one as good as new.
 */
public final class Tcb
{
    /** A deadline that is not set. */
    public static final long NONE = Long.MAX_VALUE;
    /** {@link #recovery}: nothing is being repaired. */
    public static final int RECOVERY_OPEN = 0;
    /** {@link #recovery}: fast recovery until {@link #recoveryPoint} is acknowledged. */
    public static final int RECOVERY_FAST = 1;
    /** {@link #recovery}: a retransmission time-out is repaired until {@link #recoveryPoint} is acknowledged. */
    public static final int RECOVERY_LOSS = 2;
    /** {@link #ecnMode}: congestion is not notified. */
    public static final int ECN_NONE = 0;
    /** {@link #ecnMode}: one echo flag for a window (RFC 3168). */
    public static final int ECN_CLASSIC = 1;
    /** {@link #ecnMode}: every mark is counted (RFC 9768). */
    public static final int ECN_ACCURATE = 2;
    /** Most further words of a congestion control. */
    public static final int MAX_CC_WORDS = 64;
    /** {@link #ackOwed}: no ACK is owed. */
    public static final int ACK_NONE = 0;
    /** {@link #ackOwed}: one is owed by {@link #delayedAckAtNs}. */
    public static final int ACK_DELAYED = 1;
    /** {@link #ackOwed}: one is owed at the end of this poll. */
    public static final int ACK_NOW = 2;

    /** {@link #fastOpen}: no data goes with a SYN. */
    public static final int FAST_OPEN_NONE = 0;
    /** {@link #fastOpen}: the user asks for it, and the SYN has not left. */
    public static final int FAST_OPEN_WANTED = 1;
    /** {@link #fastOpen}: our SYN asked for a cookie. */
    public static final int FAST_OPEN_COOKIE_ASKED = 2;
    /** {@link #fastOpen}: our SYN had a cookie, and data where there was any. */
    public static final int FAST_OPEN_DATA_SENT = 3;
    /** {@link #fastOpen}: data went with the SYN and was taken. */
    public static final int FAST_OPEN_DATA_TAKEN = 4;
    /** {@link #fastOpen}: opened passively and in use, though our SYN/ACK is not acknowledged. */
    public static final int FAST_OPEN_EARLY = 5;

    // Identity

    /** Identity within the shard, never used again; 0 in a pooled Tcb. */
    public long id;
    /** One of {@link TcpState}. */
    public int state;
    /** Local address, upper half. */
    public long localHi;
    /** Local address, lower half. */
    public long localLo;
    /** Local port. */
    public int localPort;
    /** Remote address, upper half. */
    public long remoteHi;
    /** Remote address, lower half. */
    public long remoteLo;
    /** Remote port. */
    public int remotePort;
    /** Flow label of IPv6 packets, 20 bits. */
    public int flowLabel;

    // Send sequence space

    /** SND.UNA: oldest unacknowledged number. */
    public int sndUna;
    /** SND.NXT: next number to be sent for the first time. */
    public int sndNxt;
    /** SND.WND: the peer's window in bytes. */
    public int sndWnd;
    /** SND.WL1: number of the segment that last set the window. */
    public int sndWl1;
    /** SND.WL2: acknowledgment of the segment that last set the window. */
    public int sndWl2;
    /** ISS: our initial number. */
    public int iss;
    /** MAX.SND.WND: greatest window the peer has ever offered, in bytes (RFC 5961, section 5.2). */
    public int sndMaxWnd;
    /** End of the last segment below full size that was sent (Minshall's form of Nagle's rule). */
    public int sndSml;

    // Receive sequence space

    /** RCV.NXT: next number expected. */
    public int rcvNxt;
    /** Right edge that was advertised, RCV.NXT + RCV.WND at the time; it never retreats. */
    public int rcvAdv;
    /** IRS: the peer's initial number. */
    public int irs;
    /** Acknowledgment last sent (RFC 7323, Last.ACK.sent). */
    public int lastAckSent;
    /** Number of the peer's FIN; counts with {@link #finKnown}. */
    public int finSeq;
    /** Greatest payload of a wire segment seen from the peer, in bytes. */
    public int rcvMss;

    // What the SYNs agreed

    /** MSS that we announced, in bytes. */
    public int localMss;
    /** MSS that the peer announced, in bytes; the default of RFC 9293, section 3.7.1 when it did not. */
    public int remoteMss;
    /** Shift of the windows that the peer sends; 0 without scaling. */
    public int sndShift;
    /** Shift of the windows that we send; 0 without scaling. */
    public int rcvShift;
    /** Was window scaling agreed (SYN-SENT: offered)? */
    public boolean windowScaleOk;
    /** Was SACK agreed (SYN-SENT: offered)? */
    public boolean sackOk;
    /** Were timestamps agreed (SYN-SENT: offered)? */
    public boolean timestampsOk;
    /** MTU of the path as far as it is known, in bytes. */
    public int pathMtu;
    /** Payload of a full segment in bytes: both limits, less the timestamps option. */
    public int effectiveMss;

    // Sizing of the receive buffer

    /** Round-trip time as the receiver sees it, in microseconds; 0 before the first sample. */
    public int rcvRttUs;
    /** When RCV.NXT reaches this, the next sample may be taken. */
    public int rcvRttSeq;
    /** When {@link #rcvRttSeq} was set. */
    public long rcvRttAtNs;
    /** The most that the user took in a round trip, in bytes. */
    public int rcvSpaceBytes;
    /** Next number to be read when the present round trip began. */
    public int rcvSpaceSeq;
    /** When the present round trip began. */
    public long rcvSpaceAtNs;
    /** Has something come in out of order in the present round trip? */
    public boolean rcvHole;
    /** Has a super-segment come in in the present round trip? */
    public boolean rcvSuper;
    // Path MTU discovery (RFC 1191, 8201, 5927, 4821)

    /** Length of the greatest packet that the path has been seen to carry, in bytes. */
    public int mtuProven;
    /** Length of the packet whose acknowledgment will prove more, in bytes; above {@link #pathMtu} a probe; 0 for none. */
    public int mtuProbeSize;
    /** Number after that packet, or after a probe that was lost and is sent again. */
    public int mtuProbeEnd;
    /** MTU that an ICMP message claims, in bytes, which is believed when what it quotes is lost; 0 for none. */
    public int mtuClaim;
    /** Number that the message quotes. */
    public int mtuClaimSeq;
    /** Lower end of the search for a greater MTU, in bytes; 0 while there is none. */
    public int mtuSearchLow;
    /** Upper end of the search, in bytes. */
    public int mtuSearchHigh;
    /** When the last probe was sent, or the search began; {@link #NONE} before that. */
    public long mtuProbedAtNs;
    /** Is a probe that was lost being sent again? */
    public boolean mtuProbeFailed;
    /** Last ICMP error that did not end the connection: IP version, type and code in a byte each; 0 for none. */
    public int icmpError;

    // Timestamps (RFC 7323)

    /** TS.Recent. */
    public int tsRecent;
    /** When {@link #tsRecent} was set. */
    public long tsRecentAtNs;
    /** What is added to the shard's millisecond clock to make TSval. */
    public int tsOffset;
    /** What is added to the shard's clock first, in nanoseconds below a tick: a connection that moved keeps its ticks. */
    public int tsPhaseNs;

    // Round-trip time (RFC 6298)

    /** SRTT in nanoseconds; 0 before the first sample. */
    public long srttNs;
    /** RTTVAR in nanoseconds. */
    public long rttvarNs;
    /** Least sample in nanoseconds; {@link #NONE} before the first. */
    public long minRttNs;
    /** Last sample in nanoseconds; 0 before the first. */
    public long lastRttNs;
    /** RTO in nanoseconds, not backed off. */
    public long rtoNs;
    /** The RTO is doubled so often: since the last sample (Karn's rule). */
    public int backoff;
    /** Time-outs in a row without progress, to be compared with R2. */
    public int retransmits;

    // Timers: absolute deadlines

    /** Retransmission timer. */
    public long retransmitAtNs;
    /** Zero-window probe timer. */
    public long persistAtNs;
    /** Delayed ACK timer. */
    public long delayedAckAtNs;
    /** Keepalive timer. */
    public long keepAliveAtNs;
    /** FIN-WAIT-2 timer. */
    public long finWait2AtNs;
    /** User time-out. */
    public long userTimeoutAtNs;
    /** Zero-window probes without an answer. */
    public int persistProbes;
    /** Zero-window probes since the window closed: the timer is doubled so often. */
    public int persistBackoff;
    /** Keepalive probes without an answer. */
    public int keepAliveProbes;
    /** When the last segment came in. */
    public long lastReceivedAtNs;
    /** When the last data came in; 0 before the first. */
    public long lastDataReceivedAtNs;
    /** When the last data was sent. */
    public long lastSentAtNs;
    /** When the last ACK out of window was sent; {@link Long#MIN_VALUE} before the first. */
    public long lastOutOfWindowAckNs;

    // Congestion

    /** Congestion window in bytes. */
    public int cwndBytes;
    /** Slow-start threshold in bytes. */
    public int ssthreshBytes;
    /** First word of the congestion control. */
    public long ccWord0;
    /** Second word of the congestion control. */
    public long ccWord1;
    /** Third word of the congestion control. */
    public long ccWord2;
    /** Fourth word of the congestion control. */
    public long ccWord3;
    /** Was cwnd what stopped the last sending? */
    public boolean cwndLimited;

    // Validation of cwnd (RFC 7661): see CwndValidation

    /** pipeACK in bytes; 0 while undefined. */
    public int pipeAckBytes;
    /** SND.UNA when the round began that is measured. */
    public int pipeAckRoundStart;
    /** SND.NXT when the round began that is measured. */
    public int pipeAckRoundEnd;
    /** Window below cwnd that bounds bursts after a pause, in bytes; 0 when none does. */
    public int validWindowBytes;
    /** When {@link #pipeAckBytes} was measured. */
    public long pipeAckAtNs;
    /** When cwnd ceased to be validated; {@link #NONE} while it is. */
    public long nonValidatedSinceNs;

    // Loss recovery (RFC 5681, 6582, 6675)

    /** {@link #RECOVERY_OPEN}, {@link #RECOVERY_FAST} or {@link #RECOVERY_LOSS}. */
    public int recovery;
    /** RecoveryPoint, "recover": SND.NXT when the recovery began. */
    public int recoveryPoint;
    /** Duplicate ACKs in a row. */
    public int dupAcks;
    /** Bytes that duplicate ACKs without SACK say have left the network. */
    public int renoSackedBytes;
    /** Has this recovery used its rescue retransmission (RFC 6675, NextSeg rule 4)? */
    public boolean rescued;
    /** Is one retransmission due whatever cwnd says? */
    public boolean forceRetransmit;

    // RACK-TLP (RFC 8985)

    /** RACK.xmit_ts: when the last was sent of what has been delivered; {@link Long#MIN_VALUE} before anything has. */
    public long rackSentNs;
    /** RACK.rtt in nanoseconds; 0 before the first. */
    public long rackRttNs;
    /** RACK.end_seq: where that ends. */
    public int rackEndSeq;
    /** TLP.end_seq: SND.NXT after the loss probe; counts with {@link #lossProbeOut}. */
    public int lossProbeEndSeq;
    /** Reordering timer, or loss probe timer when {@link #lossProbeArmed}: a deadline. */
    public long rackAtNs;
    /** Does {@link #rackAtNs} send a loss probe? */
    public boolean lossProbeArmed;
    /** Is a loss probe without an answer? */
    public boolean lossProbeOut;
    /** TLP.is_retrans: did it send something again? */
    public boolean lossProbeResent;
    /** Has there been a loss probe, and no RTT sample since? */
    public boolean probedSinceSample;
    /** Is a loss probe to be sent? */
    public boolean lossProbeOwed;
    private RecoveryState recoveryState;

    // Explicit congestion notification (RFC 3168, RFC 9768)

    /** {@link #ECN_NONE}, {@link #ECN_CLASSIC} or {@link #ECN_ACCURATE}; in SYN-SENT: what is asked for. */
    public int ecnMode;
    /** While {@link #ecnReducing}: SND.NXT when the window was reduced. */
    public int ecnReducePoint;
    /** Segments received with CE, less those of the handshake (r.cep - 5). */
    public int ceReceived;
    /** Segments of ours that arrived with CE, as far as the peer has told (s.cep - 5). */
    public int ceDelivered;
    /** Is nothing that we send ECT, and no feedback believed, because the path seems not to take it? */
    public boolean ecnFallback;
    /** Classic: do our ACKs carry ECE until CWR comes? */
    public boolean ecnEchoOwed;
    /** Classic: is CWR to go with the next new data? */
    public boolean ecnCwrOwed;
    /** Has the window been reduced for a mark, and is what was in flight then not yet acknowledged? */
    public boolean ecnReducing;

    // What is owed

    /** {@link #ACK_NONE}, {@link #ACK_DELAYED} or {@link #ACK_NOW}. */
    public int ackOwed;
    /** Segments that may still be acknowledged at once at the start. */
    public int quickAcks;
    /** How long an ACK may wait, by the gaps between arrivals, in microseconds; 0 before the first data. */
    public int atoUs;
    /** Does the user answer what comes, so that ACKs wait for the answer? */
    public boolean pingPong;
    /** Has the user read since the last ACK, so that there may be news about the window? */
    public boolean userHasRead;
    /** Is our SYN (or SYN/ACK) to be sent? */
    public boolean synOwed;
    /** Is a zero-window probe to be sent? */
    public boolean probeOwed;
    /** Is a keepalive probe to be sent? */
    public boolean keepAliveOwed;

    // Life

    /** Was it opened passively? */
    public boolean passive;
    /** Has it been ESTABLISHED? */
    public boolean wasEstablished;
    /** Has the user closed the sending half? */
    public boolean finQueued;
    /** Has our FIN been sent? It then is the number before {@link #sndNxt}. */
    public boolean finSent;
    /** Is {@link #finSeq} known? */
    public boolean finKnown;
    /** Has everything before the peer's FIN been received, so that it counts? */
    public boolean finReceived;
    /** Has the user closed both halves? */
    public boolean userClosed;
    /** Has the user aborted? */
    public boolean abortRequested;
    /** Is the protocol's part over, and only unread data keeps the Tcb? */
    public boolean detached;
    /** Has the connection indication passed all modules? */
    public boolean indicated;
    /** Has the service been told of the connection? */
    public boolean accepted;
    /** Did the last write take less than it was given? */
    public boolean writeBlocked;
    /** Is Nagle's rule off? */
    public boolean noDelay;
    /** Are keepalive probes on? */
    public boolean keepAlive;
    /** TCP Fast Open (RFC 7413): one of the {@code FAST_OPEN_} constants. */
    public int fastOpen;
    /** Does it count against its listener's backlog, until the user accepts it? */
    public boolean awaitsAccept;
    /** Its place in its listener's accept queue, a number that rises; 0 while it is not in the queue. */
    public int acceptOrder;
    /** Ordinal of the {@link dev.baton.stack.service.CloseReason}, or -1 while open. */
    public int closeReason;

    // Account

    /** Payload bytes received in order. */
    public long bytesIn;
    /** Payload bytes sent, without retransmissions. */
    public long bytesOut;
    /** Payload bytes sent again. */
    public long bytesRetransmitted;
    /** Segments received. */
    public long segmentsIn;
    /** Segments sent. */
    public long segmentsOut;
    /** Segments sent again. */
    public long segmentsRetransmitted;
    /** Retransmission time-outs. */
    public int totalTimeouts;
    /** Segments received out of order. */
    public int outOfOrderSegments;

    // What is not a number

    /** Bytes written and not acknowledged. */
    public final SendRing sendRing;
    /** Bytes received and not read, and what is out of order. */
    public final ReceiveRing receiveRing;
    /** What was sent when, and what is known of it. */
    public final SentLog sentLog;
    /** What the user holds. */
    public final Connection handle;
    /** Congestion control. */
    public CongestionControl congestionControl;
    /** What accurate ECN counts; null before the first connection that agrees to it. */
    public AccurateEcn accurateEcn;
    /** Further words of the congestion control, times first; null when it has asked for none. */
    public long[] ccWords;
    /** Delivery rate; null when the congestion control does not want it. */
    public DeliveryRate rate;
    /** Pacing; null when nothing is paced. */
    public Pacing pacing;
    /** The user. */
    public TcpService service;
    /** What the user hung on the connection. */
    public Object attachment;
    /** What is set for this connection alone; null when nothing is. */
    public TcpSettings settings;
    /** Urgent data; null when there is none. */
    public UrgentState urgent;

    // Places in the shard's queues; not part of the connection's state

    /** Whose accept queue it is for; null when {@link #awaitsAccept} is not set. */
    Listener listener;
    /** Whose limit of early connections it counts for; null when it is none. */
    Listener earlyListener;
    Tcb acceptNext;
    Tcb acceptPrevious;
    int heapIndex;
    long heapKeyNs;
    boolean dirty;
    boolean ready;
    boolean starved;
    int events;
    int tableSlot;
    int pathsVersion;

    /**
     * An unused Tcb.
     *
     * @param memory   of the shard, from which it takes what it does not hold while it is idle.
     * @param endpoint that serves its user's calls.
     */
    Tcb(final TcbMemory memory, final TcpEndpoint endpoint)
    {
        sendRing = new SendRing(memory.sending);
        receiveRing = new ReceiveRing(memory.receiving);
        sentLog = new SentLog(memory.scoreboards);
        handle = new Connection(this, endpoint);
        reset();
    }

    /** Set every field to what it is in an unused Tcb; buffers go back to the pool. Its places in queues stay. */
    void reset()
    {
        resetIdentity();
        resetSequences();
        resetTimers();
        resetCongestion();
        resetEcn();
        resetLife();
        sendRing.reset(0);
        sendRing.capacityBytes(sendRing.initialBytes());
        receiveRing.reset(0);
        receiveRing.capacityBytes(receiveRing.initialBytes());
        sentLog.reset(0);
        handle.forget();
        congestionControl = null;
        ccWords = null;
        rate = null;
        pacing = null;
        service = null;
        attachment = null;
        settings = null;
        urgent = null;
        heapIndex = -1;
        heapKeyNs = NONE;
        events = 0;
        tableSlot = -1;
        pathsVersion = 0;
    }

    private void resetIdentity()
    {
        id = 0;
        state = TcpState.CLOSED;
        localHi = localLo = remoteHi = remoteLo = 0;
        localPort = remotePort = 0;
        flowLabel = 0;
        bytesIn = bytesOut = bytesRetransmitted = 0;
        segmentsIn = segmentsOut = segmentsRetransmitted = 0;
        totalTimeouts = outOfOrderSegments = 0;
    }

    private void resetSequences()
    {
        sndUna = sndNxt = sndWnd = sndWl1 = sndWl2 = iss = sndMaxWnd = sndSml = 0;
        rcvNxt = rcvAdv = irs = lastAckSent = finSeq = rcvMss = 0;
        localMss = remoteMss = sndShift = rcvShift = pathMtu = effectiveMss = 0;
        mtuProven = mtuProbeSize = mtuProbeEnd = mtuClaim = mtuClaimSeq = mtuSearchLow = mtuSearchHigh = icmpError = 0;
        mtuProbedAtNs = NONE;
        mtuProbeFailed = false;
        windowScaleOk = sackOk = timestampsOk = false;
        tsRecent = tsOffset = tsPhaseNs = 0;
        tsRecentAtNs = 0;
        rcvRttUs = rcvRttSeq = rcvSpaceBytes = rcvSpaceSeq = 0;
        rcvRttAtNs = rcvSpaceAtNs = 0;
        rcvHole = rcvSuper = false;
    }

    private void resetTimers()
    {
        srttNs = rttvarNs = lastRttNs = rtoNs = 0;
        minRttNs = NONE;
        backoff = retransmits = 0;
        clearDeadlines();
        persistProbes = persistBackoff = keepAliveProbes = 0;
        lastReceivedAtNs = lastSentAtNs = lastDataReceivedAtNs = 0;
        lastOutOfWindowAckNs = Long.MIN_VALUE;
    }

    private void resetCongestion()
    {
        cwndBytes = ssthreshBytes = 0;
        ccWord0 = ccWord1 = ccWord2 = ccWord3 = 0;
        cwndLimited = false;
        pipeAckBytes = pipeAckRoundStart = pipeAckRoundEnd = validWindowBytes = 0;
        pipeAckAtNs = 0;
        nonValidatedSinceNs = NONE;
        recovery = RECOVERY_OPEN;
        recoveryPoint = dupAcks = renoSackedBytes = 0;
        rescued = forceRetransmit = false;
        rackSentNs = Long.MIN_VALUE;
        rackRttNs = 0;
        rackEndSeq = lossProbeEndSeq = 0;
        lossProbeArmed = lossProbeOut = lossProbeResent = probedSinceSample = lossProbeOwed = false;
        if (recoveryState != null)
        {
            recoveryState.reset();
        }
    }

    private void resetEcn()
    {
        ecnMode = ECN_NONE;
        ecnReducePoint = ceReceived = ceDelivered = 0;
        ecnFallback = ecnEchoOwed = ecnCwrOwed = ecnReducing = false;
        if (accurateEcn != null)
        {
            accurateEcn.reset();
        }
    }

    /** Accurate ECN is agreed: its counters begin. */
    public void beginAccurateEcn()
    {
        ecnMode = ECN_ACCURATE;
        if (accurateEcn == null)
        {
            accurateEcn = new AccurateEcn();
        }
        accurateEcn.reset();
    }

    private void resetLife()
    {
        ackOwed = ACK_NONE;
        quickAcks = atoUs = 0;
        pingPong = false;
        userHasRead = synOwed = probeOwed = keepAliveOwed = false;
        passive = wasEstablished = finQueued = finSent = finKnown = finReceived = false;
        userClosed = abortRequested = detached = indicated = accepted = writeBlocked = noDelay = keepAlive = false;
        closeReason = -1;
        awaitsAccept = false;
        acceptOrder = 0;
        fastOpen = FAST_OPEN_NONE;
        listener = earlyListener = null;
        acceptNext = acceptPrevious = null;
    }

    /** Take all timers back. */
    void clearDeadlines()
    {
        if (settings != null)
        {
            settings.corkAtNs = settings.lingerAtNs = NONE;
        }
        retransmitAtNs = rackAtNs = persistAtNs = delayedAckAtNs = keepAliveAtNs = finWait2AtNs = userTimeoutAtNs = NONE;
        lossProbeArmed = false;
        if (pacing != null)
        {
            pacing.timerAtNs = NONE;
        }
    }

    /**
     * When the first of the timers is due.
     *
     * @return a time, or {@link #NONE}.
     */
    public long earliestDeadlineNs()
    {
        final long a = Math.min(Math.min(retransmitAtNs, rackAtNs), Math.min(persistAtNs, delayedAckAtNs));
        final long b = pacing == null ? a : Math.min(a, pacing.timerAtNs);
        final long c = Math.min(b, Math.min(Math.min(keepAliveAtNs, finWait2AtNs), userTimeoutAtNs));
        return settings == null ? c : settings.earliestNs(c);
    }

    /**
     * State of recoveries; from now on there is one.
     *
     * @return of this connection.
     */
    public RecoveryState recoveryState()
    {
        if (recoveryState == null)
        {
            recoveryState = new RecoveryState();
        }
        return recoveryState;
    }

    /**
     * State of recoveries, when there has been one.
     *
     * @return null when nothing was ever lost.
     */
    public RecoveryState recoveryStateOrNull()
    {
        return recoveryState;
    }

    /**
     * Bytes (and SYN, FIN) that are outstanding: SND.NXT - SND.UNA.
     *
     * @return 0 or more.
     */
    public int flightBytes()
    {
        return sndNxt - sndUna;
    }

    /**
     * Estimate of what is still in the network (RFC 6675, section 4, Pipe).
     *
     * @return in bytes, 0 or more.
     */
    public int pipeBytes()
    {
        return Math.max(0, sentLog.pipeBytes() - renoSackedBytes);
    }

    /**
     * Is the connection's family IPv4?
     *
     * @return false for IPv6.
     */
    public boolean isV4()
    {
        return IpAddress.isV4(remoteHi, remoteLo);
    }
}
