package dev.baton.stack;

/** Names of what a shard counts; where nstat(8) has a name for it, that is the name. */
public enum StackCounter
{
    /** Segments taken in; a super-segment counts as the segments it was made of. */
    TCP_IN_SEGS("TcpInSegs"),
    /** Segments sent without retransmissions; a super-segment counts as its segments. */
    TCP_OUT_SEGS("TcpOutSegs"),
    /** Segments sent again. */
    TCP_RETRANS_SEGS("TcpRetransSegs"),
    /** Segments with a bad header. */
    TCP_IN_ERRS("TcpInErrs"),
    /** Segments with RST sent. */
    TCP_OUT_RSTS("TcpOutRsts"),
    /** Connections opened actively. */
    TCP_ACTIVE_OPENS("TcpActiveOpens"),
    /** Connections opened passively. */
    TCP_PASSIVE_OPENS("TcpPassiveOpens"),
    /** Opens that failed. */
    TCP_ATTEMPT_FAILS("TcpAttemptFails"),
    /** Established connections that were reset. */
    TCP_ESTAB_RESETS("TcpEstabResets"),
    /** SYNs and last ACKs for which an accept queue had no room. */
    LISTEN_OVERFLOWS("ListenOverflows"),
    /** SYNs dropped at a listener. */
    LISTEN_DROPS("ListenDrops"),
    /** SYNs dropped because the half-open table was full. */
    TCP_REQ_Q_FULL_DROP("TCPReqQFullDrop"),
    /** SYNs answered with a cookie because the half-open table was full, or cookies are always on. */
    TCP_REQ_Q_FULL_DO_COOKIES("TCPReqQFullDoCookies"),
    /** SYN cookies sent. */
    SYNCOOKIES_SENT("SyncookiesSent"),
    /** SYN cookies that came back. */
    SYNCOOKIES_RECV("SyncookiesRecv"),
    /** ACKs that could have brought a SYN cookie back, and did not bring a valid one. */
    SYNCOOKIES_FAILED("SyncookiesFailed"),
    /** Repeated SYNs and segments out of window of half-open connections that the rate limit left unanswered. */
    TCP_ACK_SKIPPED_SYN_RECV("TCPACKSkippedSynRecv"),
    /** Connections whose data in the SYN was acknowledged. */
    TCP_FAST_OPEN_ACTIVE("TCPFastOpenActive"),
    /** Connections whose data in the SYN was not acknowledged. */
    TCP_FAST_OPEN_ACTIVE_FAIL("TCPFastOpenActiveFail"),
    /** SYNs that opened a connection at once. */
    TCP_FAST_OPEN_PASSIVE("TCPFastOpenPassive"),
    /** SYNs with a Fast Open cookie that is not valid. */
    TCP_FAST_OPEN_PASSIVE_FAIL("TCPFastOpenPassiveFail"),
    /** SYNs whose cookie was made with the secret before. */
    TCP_FAST_OPEN_PASSIVE_ALT_KEY("TCPFastOpenPassiveAltKey"),
    /** SYNs that went the ordinary way because a listener had too many early connections. */
    TCP_FAST_OPEN_LISTEN_OVERFLOW("TCPFastOpenListenOverflow"),
    /** SYNs that asked for a Fast Open cookie. */
    TCP_FAST_OPEN_COOKIE_REQD("TCPFastOpenCookieReqd"),
    /** Times that Fast Open was paused because of a black hole. */
    TCP_FAST_OPEN_BLACKHOLE("TCPFastOpenBlackhole"),
    /** Active opens for which no local port was free. */
    PORTS_EXHAUSTED("BatonPortsExhausted"),
    /** Peers forgotten because the cache was full. */
    PEERS_FORGOTTEN("BatonPeersForgotten"),
    /** SYN/ACKs sent again. */
    TCP_SYN_ACK_RETRANS("TCPSynAckRetrans"),
    /** Retransmission time-outs. */
    TCP_TIMEOUTS("TCPTimeouts"),
    /** Zero-window probes sent. */
    TCP_WIN_PROBE("TCPWinProbe"),
    /** Keepalive probes sent. */
    TCP_KEEP_ALIVE("TCPKeepAlive"),
    /** Connections given up after too many retransmissions or the user time-out. */
    TCP_ABORT_ON_TIMEOUT("TCPAbortOnTimeout"),
    /** Announcements of urgent data, or of a further end of it. */
    TCP_URGENT_IN("BatonUrgentIn"),
    /** Receive buffers that were made larger by themselves. */
    RECEIVE_BUFFER_GROWN("BatonRcvBufGrown"),
    /** Receive buffers that were made smaller because the pool was under pressure. */
    TCP_RCV_COLLAPSED("TCPRcvCollapsed"),
    /** ACKs that a listener passed over while it waited for data. */
    TCP_DEFER_ACCEPT_DROP("TCPDeferAcceptDrop"),
    /** Connections reset because data came after the user had closed. */
    TCP_ABORT_ON_DATA("TCPAbortOnData"),
    /** Connections reset because the user closed with data unread, or aborted. */
    TCP_ABORT_ON_CLOSE("TCPAbortOnClose"),
    /** Recoveries begun from SACK information. */
    TCP_SACK_RECOVERY("TCPSackRecovery"),
    /** Recoveries begun from duplicate ACKs alone. */
    TCP_RENO_RECOVERY("TCPRenoRecovery"),
    /** Segments sent again in fast recovery. */
    TCP_FAST_RETRANS("TCPFastRetrans"),
    /** Segments sent again after a time-out. */
    TCP_SLOW_START_RETRANS("TCPSlowStartRetrans"),
    /** Segments sent again that were lost again (RFC 8985). */
    TCP_LOST_RETRANSMIT("TCPLostRetransmit"),
    /** Tail loss probes sent (RFC 8985, section 7). */
    TCP_LOSS_PROBES("TCPLossProbes"),
    /** Losses that a tail loss probe repaired. */
    TCP_LOSS_PROBE_RECOVERY("TCPLossProbeRecovery"),
    /** DSACKs sent for what had been acknowledged (RFC 2883). */
    TCP_DSACK_OLD_SENT("TCPDSACKOldSent"),
    /** DSACKs sent for what was held beyond a hole. */
    TCP_DSACK_OFO_SENT("TCPDSACKOfoSent"),
    /** DSACKs received for what is acknowledged. */
    TCP_DSACK_RECV("TCPDSACKRecv"),
    /** DSACKs received for what lies beyond a hole. */
    TCP_DSACK_OFO_RECV("TCPDSACKOfoRecv"),
    /** DSACKs received when there was no recovery to be taken back. */
    TCP_DSACK_IGNORED_NO_UNDO("TCPDSACKIgnoredNoUndo"),
    /** Fast recoveries taken back when they ended. */
    TCP_FULL_UNDO("TCPFullUndo"),
    /** Fast recoveries taken back before their end, by timestamps. */
    TCP_PARTIAL_UNDO("TCPPartialUndo"),
    /** Fast recoveries taken back because of DSACKs. */
    TCP_DSACK_UNDO("TCPDSACKUndo"),
    /** Time-outs taken back. */
    TCP_LOSS_UNDO("TCPLossUndo"),
    /** Time-outs that F-RTO found to be spurious (RFC 5682). */
    TCP_SPURIOUS_RTOS("TCPSpuriousRTOs"),
    /** Reordering seen in SACK blocks. */
    TCP_SACK_REORDER("TCPSACKReorder"),
    /** Reordering seen in timestamps. */
    TCP_TS_REORDER("TCPTSReorder"),
    /** Time-outs during a recovery with SACK. */
    TCP_SACK_RECOVERY_FAIL("TCPSackRecoveryFail"),
    /** Time-outs during a recovery without SACK. */
    TCP_RENO_RECOVERY_FAIL("TCPRenoRecoveryFail"),
    /** Time-outs after some SACK blocks. */
    TCP_SACK_FAILURES("TCPSackFailures"),
    /** Time-outs after some duplicate ACKs. */
    TCP_RENO_FAILURES("TCPRenoFailures"),
    /** New time-outs during the repair of a time-out. */
    TCP_LOSS_FAILURES("TCPLossFailures"),
    /** SACKed data dropped by the peer again. */
    TCP_SACK_RENEGING("TCPSACKReneging"),
    /** SACK blocks that made no sense. */
    TCP_SACK_DISCARD("TCPSACKDiscard"),
    /** Duplicate ACKs taken in. */
    TCP_DUP_ACKS_IN("TCPDupAcksIn"),
    /** Delayed ACKs sent because their timer ran out. */
    DELAYED_ACKS("DelayedACKs"),
    /** Segments kept out of order. */
    TCP_OFO_QUEUE("TCPOFOQueue"),
    /** Segments, or parts of them, for which there was no room. */
    TCP_RCV_Q_DROP("TCPRcvQDrop"),
    /** Segments that brought nothing new. */
    TCP_DUPLICATE_IN("TCPDuplicateIn"),
    /** Challenge ACKs sent (RFC 5961). */
    TCP_CHALLENGE_ACK("TCPChallengeACK"),
    /** Challenge ACKs that the limit suppressed. */
    TCP_ACK_SKIPPED("TCPACKSkippedChallenge"),
    /** Segments of established connections that PAWS refused (RFC 7323). */
    PAWS_ESTAB("PAWSEstab"),
    /** Segments without the timestamps that were agreed. */
    TCP_MISSING_TIMESTAMPS("TCPMissingTimestamps"),
    /** Segments of ours that were delivered with CE, as the peers tell it (with classic ECN: acknowledged with ECE). */
    TCP_DELIVERED_CE("TCPDeliveredCE"),
    /** Connections that agreed to classic ECN (RFC 3168). */
    ECN_CLASSIC_OPENS("BatonEcnClassicOpens"),
    /** Connections that agreed to accurate ECN (RFC 9768). */
    ECN_ACCURATE_OPENS("BatonEcnAccurateOpens"),
    /** Connections that gave ECN up, because the path seems not to take it. */
    ECN_FALLBACKS("BatonEcnFallbacks"),
    /** Congestion windows reduced because of ECN. */
    ECN_REDUCTIONS("BatonEcnReductions"),
    /** Accurate ECN options that cannot be true. */
    ECN_OPTION_DISCARDS("BatonEcnOptionDiscards"),
    /** Connections that entered TIME-WAIT. */
    TW("TW"),
    /** TIME-WAIT ended early by a new SYN (RFC 6191). */
    TW_RECYCLED("TWRecycled"),
    /** TIME-WAIT ended early because the table was full. */
    TCP_TIME_WAIT_OVERFLOW("TCPTimeWaitOverflow"),
    /** RSTs ignored in TIME-WAIT (RFC 1337). */
    TW_RST_IGNORED("TWRstIgnored"),
    /** Path MTU changes taken over. */
    TCP_PMTU_CHANGES("TCPPathMtuChanges"),
    /** Probes for a greater path MTU that got through (RFC 4821). */
    TCP_MTUP_SUCCESS("TCPMTUPSuccess"),
    /** Probes for a greater path MTU that did not. */
    TCP_MTUP_FAIL("TCPMTUPFail"),
    /** Claims of a lower path MTU that wait for the loss of what they quote (RFC 5927, section 7.2). */
    PMTU_CLAIMS_PENDING("BatonPmtuClaimsPending"),
    /** ICMP errors about segments that are not in flight, or that do not matter now. */
    ICMP_IGNORED("TCPIcmpIgnored"),
    /** Buffers refused because the pool was empty. */
    POOL_EMPTY("BatonPoolEmpty"),
    /** Opens refused because the connection table was full. */
    TABLE_FULL("BatonTableFull"),
    /** Exceptions thrown by services. */
    SERVICE_FAULTS("BatonServiceFaults"),
    /** Exceptions thrown by interceptor modules. */
    MODULE_FAULTS("BatonModuleFaults"),
    /** Modules unloaded because of their faults. */
    MODULES_UNLOADED("BatonModulesUnloaded"),
    /** Segments that a module dropped. */
    MODULE_DROPS("BatonModuleDrops"),
    /** Segments that a module held. */
    MODULE_HOLDS("BatonModuleHolds");

    private final String label;

    StackCounter(final String label)
    {
        this.label = label;
    }

    /**
     * Name for people and JSON.
     *
     * @return as nstat(8) writes it, or beginning with Baton.
     */
    public String label()
    {
        return label;
    }
}
