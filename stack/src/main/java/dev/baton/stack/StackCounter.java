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
    /** SYNs dropped at a listener. */
    LISTEN_DROPS("ListenDrops"),
    /** SYNs dropped because the half-open table was full. */
    TCP_REQ_Q_FULL_DROP("TCPReqQFullDrop"),
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
    /** Connections reset because data came after the user had closed. */
    TCP_ABORT_ON_DATA("TCPAbortOnData"),
    /** Connections reset because the user closed with data unread, or aborted. */
    TCP_ABORT_ON_CLOSE("TCPAbortOnClose"),
    /** Recoveries begun from SACK information. */
    TCP_SACK_RECOVERY("TCPSackRecovery"),
    /** Recoveries begun from duplicate ACKs alone. */
    TCP_RENO_RECOVERY("TCPRenoRecovery"),
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
