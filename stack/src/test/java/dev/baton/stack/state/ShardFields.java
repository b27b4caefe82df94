package dev.baton.stack.state;

import java.util.Map;
import java.util.TreeMap;

/**
 * The reviewed lists of what can change in a shard beside its Tcbs: what an image of it carries, by the record that has
 * it, and what it does not, with the reason why nothing is lost. {@code Class.*} stands for all fields of a class.
 */
final class ShardFields
{
    static final Map<String, String> CARRIED = new TreeMap<>();
    static final Map<String, String> NOT_CARRIED = new TreeMap<>();

    static
    {
        carried("ShardState", "ChallengeAcks", "left", "secondBeganNs");
        carried("ShardState", "ConnectionLife", "nextId");
        carried("ShardState", "FastOpenBlackhole", "lastNs", "times");
        carried("ShardState", "FastOpenCookies", "epochNs");
        carried("ShardState", "IsnGenerator", "epochNs");
        carried("ShardState", "LocalPorts", "counters");
        carried("ShardState, IcmpLimits", "ShardRandom", "state");
        carried("ShardState", "SipHash", "k0", "k1");
        carried("ShardState", "SynCookies", "epochNs", "lastSentNs");
        carried("ShardState", "TcpEndpoint", "lastPollNs");
        carried("ShardState", "UdpEndpoint", "nextId", "lastPollNs");
        carried("Listener", "Listener", "acceptedCount", "backlog", "congestionControl", "family", "settings");
        carried("Listener", "Listeners", "byPort");
        carried("Listener", "AcceptQueue", "nextOrder");
        carried("Listener", "AcceptQueues", "toAnnounce");
        carried("Listener", "FastOpenQueue", "limit", "resetUntilNs", "resets");
        carried("Listener", "TcpSettings", "mask", "values");
        carried("HalfOpen", "HalfOpen", "ecn", "flowLabel", "id", "irs", "iss", "localHi", "localLo", "localPort", "rcvShift",
            "rcvWnd", "remoteHi", "remoteLo", "remoteMss", "remotePort", "repeatedAtNs", "retransmitAtNs", "retransmits",
            "sackOk", "sentNs", "sndShift", "sndWnd", "timestampsOk", "tsOffset", "tsRecent", "tsRecentAtNs",
            "windowScaleOk");
        carried("Fragments", "Reassembly", "active", "deadlineNs", "dstHi", "dstLo", "ecnSeen", "ends", "id",
            "lost", "nextHeaderAt", "protocol", "srcHi", "srcLo", "startedNs", "starts", "totalBytes", "version", "count",
            "headersLength");
        carried("Fragments", "Reassembler", "datagrams");
        carried("IcmpLimits", "FragmentIds", "counters");
        carried("IcmpLimits", "HostLimiter", "creditNs", "hi", "lastNs", "lo");
        carried("IcmpLimits", "IcmpLimiter", "creditNs", "lastNs");
        carried("PathMtus", "PathMtu", "expiresNs", "hi", "lo", "mtuBytes", "oldest", "newer", "size");
        carried("Routes", "RouteTable", "sorted");
        carried("Address", "LocalAddresses", "inOrder", "prefixLengths");
        carried("PeerMetrics", "PeerMetrics", "cookieHi", "cookieLength", "cookieLo", "experimental", "fastOpenLosses",
            "fastOpenLostAtNs", "learnedAtNs", "mss", "pathMtu", "remoteHi", "remoteLo", "rttNs", "rttvarNs", "ssthreshBytes");
        carried("PeerMetrics", "PeerCache", "entries");
        carried("UdpSocket", "Ucb", "addressBound", "drops", "error", "errorDue", "errors", "family", "id", "local",
            "localPort", "mtuDiscovery", "noChecksum", "portBound", "readableDue", "receiveBufferBytes", "remote",
            "remotePort", "reportErrors", "reuseAddress", "reusePort", "tos", "ttl");
        carried("UdpSocket, datagrams", "DatagramRing", "count", "head");
        carried("UdpSocket, QueueOrder", "UdpEndpoint", "first", "ready");
        carried("UdpSocket, QueueOrder", "UdpTable", "byPort");
        carried("QueueOrder", "TcbQueue", "items");
        carried("Connection", "TcbPool", "made");

        scratch("AckNews", "EndedConnection", "FastOpenOption", "Fragmenter", "IcmpHeader", "Ip4Header", "Ip6Chain",
            "Ip6Extensions", "Ip6Header", "Packet", "RateSample", "Segment", "SegmentSplitter", "TcpHeader", "TcpOptions",
            "TcpSegmentWriter", "UdpHeader", "UdpMessage");
        not("what one packet or poll is told of", "TcpOutput", "nowNs", "windowLimited");
        not("of the segment just processed", "ConnectionLife", "established");
        not("working words of one hash", "SipHash", "v0", "v1", "v2", "v3");
        not("place by the secret, which is carried", "FragmentIds", "key");
        not("place by the secret, which is carried", "HostLimiter", "key");
        not("place by the secret, which is carried", "PathMtu", "key", "buckets", "chain", "free");
        not("place by the secret, which is carried", "UdpTable", "key");
        not("what was known before; every connection asks again", "PathMtu", "version");
        not("follow from oldest and newer", "PathMtu", "newest", "older");
        not("what was known before; every connection asks again", "RouteTable", "version");
        not("index over sorted", "RouteTable", "lengths", "plain", "routes", "starts");
        not("index over inOrder", "LocalAddresses", "table");
        not("memory of the importing shard", "BufferPool", "acquiredBytes", "freeHead", "freeOrder", "next", "peakBytes",
            "previous", "slabCount", "slabs");
        not("the least piece that holds the datagrams", "DatagramRing", "dataBytes", "piece", "pieceBytes", "used");
        not("table over what is carried", "ConnectionTable", "tcbs");
        not("table over what is carried", "FlowIndex", "buckets", "firstFree", "hashes", "nextFree", "size",
            "slotCount");
        not("order by deadline and id, or by use, which records stand in", "DeadlineLists", "deadlineNs", "first", "last",
            "listOf", "next", "previous");
        not("place in a table", "HalfOpen", "slot");
        not("found by address and port; a closed one where there is none", "HalfOpen", "listener");
        not("place in a table", "PeerMetrics", "slot");
        not("table over what is carried", "SynQueue", "entries");
        not("table over what is carried", "TimeWaitTable", "entries");
        not("objects that wait to be used", "FreeList", "free", "freeCount");
        not("heap over the deadlines of Tcbs", "TcpTimers", "heap", "size");
        not("waits to be used; begun anew with each use", "Scoreboard", "decidedTo", "highestSacked", "lostBytes", "lostFrom",
            "lostWaitingBytes", "resentTo", "retransmittedBytes", "runEnd", "runMarks", "runSentNs", "sackedBytes");
        not("objects that wait to be used", "SpareScoreboards", "largeCount");
        not("Tcbs that wait to be used", "TcbPool", "free", "freeCount", "liveCount", "madeCount");
        not("place and length of a queue", "TcbQueue", "head", "size");
        not("follows from toAnnounce", "AcceptQueue", "announcing");
        not("list in the order of Tcb.acceptOrder, of those with Tcb.awaitsAccept", "AcceptQueue", "first", "last", "pending",
            "size");
        not("number of early connections", "FastOpenQueue", "early");
        not("place in the ring", "FastOpenQueue", "firstReset");
        not("number of its half-open connections", "Listener", "halfOpens", "youngHalfOpens");
        not("only open listeners are in the table", "Listener", "closed");
        not("who reads options", "Listener", "options");
        not("number of listeners", "Listeners", "count");
        not("of a connection; a listener has none", "TcpSettings", "corkAtNs", "corkDue", "lingerAtNs", "softErrno",
            "receivedTos", "remoteUserTimeoutMs");
        not("wiring", "IcmpInput", "tcpListener", "udpListener");
        not("wiring", "IpInput", "forwarder", "udpInput");
        not("wiring", "LossRecovery", "plpmtud", "pmtud");
        not("number of datagrams", "Reassembler", "activeCount");
        not("bytes and their place", "Reassembly", "buffer", "bytes");
        not("services, in the order in which listeners and connections come in", "ServiceRegistry", "services", "uses");
        not("side objects that wait to be used", "SideObjects", "settings", "urgent");
        not("of an import", "Transfers", "arriving", "nowNs", "whole");
        not("belongs to the service", "Ucb", "attachment", "service");
        not("place in lists", "Ucb", "nextById", "previousById", "ready");
        not("number of sockets, end of their list", "UdpEndpoint", "count", "last");
        not("of an import", "UdpEndpoint", "nextIdBefore");
    }

    private ShardFields()
    {
    }

    private static void carried(final String record, final String type, final String... fields)
    {
        for (final String field : fields)
        {
            CARRIED.put(type + "." + field, record);
        }
    }

    private static void not(final String reason, final String type, final String... fields)
    {
        for (final String field : fields)
        {
            NOT_CARRIED.put(type + "." + field, reason);
        }
    }

    /** Objects that are reused and hold nothing from one packet to the next. */
    private static void scratch(final String... types)
    {
        for (final String type : types)
        {
            NOT_CARRIED.put(type + ".*", "scratch: filled anew for each packet");
        }
    }
}
