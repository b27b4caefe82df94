package dev.baton.stack.ip;

/**
 * What the IP layer counts, under the names of the SNMP MIBs (RFC 4293, RFC 2011, RFC 4113) as {@code nstat} prints
 * them; names without a MIB say what was dropped. Both families count together.
 */
public enum IpCounter
{
    /** Packets that came in, good or bad. */
    IN_RECEIVES("IpInReceives"),
    /** Dropped: version, lengths, header checksum, options or extension headers. */
    IN_HDR_ERRORS("IpInHdrErrors"),
    /** Of these: the packet is shorter than its header says. */
    IN_TRUNCATED_PKTS("IpInTruncatedPkts"),
    /** Of these: the IPv4 header checksum is wrong. */
    IN_CSUM_ERRORS("IpInCsumErrors"),
    /** Dropped: the destination is not ours, or the source is no unicast address of somebody else. */
    IN_ADDR_ERRORS("IpInAddrErrors"),
    /** Dropped: the packet carries a source route (IPv4 option, or IPv6 routing header with segments left). */
    IN_SOURCE_ROUTED("IpInSourceRouted"),
    /** Dropped: nothing above takes the protocol. */
    IN_UNKNOWN_PROTOS("IpInUnknownProtos"),
    /** Dropped though nothing was wrong with it. */
    IN_DISCARDS("IpInDiscards"),
    /** Handed to a protocol above. */
    IN_DELIVERS("IpInDelivers"),
    /** Packets for us with Not-ECT; super-segments count as the segments they were made of, here and below. */
    IN_NO_ECT_PKTS("IpExtInNoECTPkts"),
    /** Packets for us with ECT(1). */
    IN_ECT1_PKTS("IpExtInECT1Pkts"),
    /** Packets for us with ECT(0). */
    IN_ECT0_PKTS("IpExtInECT0Pkts"),
    /** Packets for us with CE. */
    IN_CE_PKTS("IpExtInCEPkts"),
    /** Packets for others that were passed on. */
    FORW_DATAGRAMS("IpForwDatagrams"),
    /** Packets for others to whom there is no route, or one that refuses. */
    IN_NO_ROUTES("IpInNoRoutes"),
    /** Packets handed to the IP layer to be sent. */
    OUT_REQUESTS("IpOutRequests"),
    /** Sent packets that the link refused. */
    OUT_DISCARDS("IpOutDiscards"),
    /** Dropped: there is no route, or one that refuses. */
    OUT_NO_ROUTES("IpOutNoRoutes"),
    /** Wire packets or super-segments that the link took. */
    OUT_TRANSMITS("IpOutTransmits"),
    /** Super-segments that were split in software. */
    OUT_SPLITS("IpOutSplits"),
    /** Dropped: larger than the link's MTU and not to be fragmented. */
    FRAG_FAILS("IpFragFails"),
    /** Datagrams that were fragmented. */
    FRAG_OKS("IpFragOKs"),
    /** Fragments made. */
    FRAG_CREATES("IpFragCreates"),
    /** Fragments that came in. */
    REASM_REQDS("IpReasmReqds"),
    /** Datagrams put together again. */
    REASM_OKS("IpReasmOKs"),
    /** Datagrams given up: timeout, overlap, quota, or nonsense. */
    REASM_FAILS("IpReasmFails"),
    /** Of these: not all fragments came in time. */
    REASM_TIMEOUT("IpReasmTimeout"),
    /** Of these: fragments overlapped. */
    REASM_OVERLAPS("IpReasmOverlaps"),
    /** Of these: given up to make room for a newer datagram. */
    REASM_EVICTIONS("IpReasmEvictions"),
    /** ICMP messages that came in. */
    ICMP_IN_MSGS("IcmpInMsgs"),
    /** Of these: too short, or otherwise broken. */
    ICMP_IN_ERRORS("IcmpInErrors"),
    /** Of these: the checksum is wrong. */
    ICMP_IN_CSUM_ERRORS("IcmpInCsumErrors"),
    /** Of these: destination unreachable. */
    ICMP_IN_DEST_UNREACHS("IcmpInDestUnreachs"),
    /** Of these: time exceeded. */
    ICMP_IN_TIME_EXCDS("IcmpInTimeExcds"),
    /** Of these: parameter problem. */
    ICMP_IN_PARM_PROBS("IcmpInParmProbs"),
    /** Of these: packet too big (ICMPv6). */
    ICMP_IN_PKT_TOO_BIGS("Icmp6InPktTooBigs"),
    /** Of these: source quench, ignored (RFC 6633). */
    ICMP_IN_SRC_QUENCHS("IcmpInSrcQuenchs"),
    /** Of these: redirects, ignored. */
    ICMP_IN_REDIRECTS("IcmpInRedirects"),
    /** Of these: echo replies. */
    ICMP_IN_ECHO_REPS("IcmpInEchoReps"),
    /** Of these: timestamp requests, not answered. */
    ICMP_IN_TIMESTAMPS("IcmpInTimestamps"),
    /** Of these: echo requests. */
    ICMP_IN_ECHOS("IcmpInEchos"),
    /** Of these: errors about a TCP segment of ours, handed to TCP. */
    ICMP_IN_TCP_ERRORS("IcmpInTcpErrors"),
    /** Of these: errors about a UDP datagram of ours, handed to UDP. */
    ICMP_IN_UDP_ERRORS("IcmpInUdpErrors"),
    /** Of these: nobody here wants them. */
    ICMP_IN_IGNORED("IcmpInIgnored"),
    /** ICMP messages sent. */
    ICMP_OUT_MSGS("IcmpOutMsgs"),
    /** Of these: echo replies. */
    ICMP_OUT_ECHO_REPS("IcmpOutEchoReps"),
    /** Of these: destination unreachable. */
    ICMP_OUT_DEST_UNREACHS("IcmpOutDestUnreachs"),
    /** Of these: time exceeded. */
    ICMP_OUT_TIME_EXCDS("IcmpOutTimeExcds"),
    /** Of these: packet too big (ICMPv6). */
    ICMP_OUT_PKT_TOO_BIGS("Icmp6OutPktTooBigs"),
    /** Of these: parameter problem. */
    ICMP_OUT_PARM_PROBS("IcmpOutParmProbs"),
    /** Errors that were owed but must not be sent: about an error, a fragment, or to a group. */
    ICMP_OUT_SUPPRESSED("IcmpOutSuppressed"),
    /** Errors that the rate limit for all hosts held back. */
    ICMP_OUT_RATE_LIMIT_GLOBAL("IcmpOutRateLimitGlobal"),
    /** Errors that the rate limit for one host held back. */
    ICMP_OUT_RATE_LIMIT_HOST("IcmpOutRateLimitHost"),
    /** UDP datagrams for a port that nobody listens to. */
    UDP_NO_PORTS("UdpNoPorts"),
    /** UDP datagrams that were broken. */
    UDP_IN_ERRORS("UdpInErrors"),
    /** UDP datagrams whose checksum is wrong. */
    UDP_IN_CSUM_ERRORS("UdpInCsumErrors"),
    /** UDP datagrams put into a socket's queue. */
    UDP_IN_DATAGRAMS("UdpInDatagrams"),
    /** UDP datagrams dropped because the socket's queue was full. */
    UDP_RCVBUF_ERRORS("UdpRcvbufErrors"),
    /** UDP datagrams dropped because the shard's pool was empty. */
    UDP_MEM_ERRORS("UdpMemErrors"),
    /** UDP datagrams sent. */
    UDP_OUT_DATAGRAMS("UdpOutDatagrams"),
    /** UDP datagrams that the link did not take. */
    UDP_SNDBUF_ERRORS("UdpSndbufErrors"),
    /** TCP segments that were broken. */
    TCP_IN_ERRS("TcpInErrs"),
    /** Of these: the checksum is wrong. */
    TCP_IN_CSUM_ERRORS("TcpInCsumErrors");

    private final String mibName;

    IpCounter(final String mibName)
    {
        this.mibName = mibName;
    }

    /**
     * The counter's name.
     *
     * @return as {@code nstat} prints it.
     */
    public String mibName()
    {
        return mibName;
    }
}
