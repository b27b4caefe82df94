package dev.baton.stack.service;

import java.util.HashMap;
import java.util.Map;

/**
 * Fields of {@link TcpInfo}: those of Linux's {@code struct tcp_info} that this stack has, under its names and in its
 * units. Where ss(8) prints a field with {@code -i} its name there is {@link #ssName()}.
 */
public enum TcpInfoField
{
    /**
     * State, as Linux numbers it: 1 ESTABLISHED, 2 SYN-SENT, 3 SYN-RECEIVED, 4 and 5 FIN-WAIT, 7 CLOSED, 8 CLOSE-WAIT
     * ...
     */
    STATE("state", "state"),
    /** Congestion state: 0 open, 1 disorder, 3 recovery, 4 loss. */
    CA_STATE("ca_state", ""),
    /** Time-outs in a row. */
    RETRANSMITS("retransmits", ""),
    /** Probes of a zero window or of keepalive without an answer. */
    PROBES("probes", ""),
    /** The time-out is doubled so often. */
    BACKOFF("backoff", "backoff"),
    /** What the SYNs agreed: 1 timestamps, 2 SACK, 4 window scaling. */
    OPTIONS("options", "ts sack wscale"),
    /** Shift of the windows that the peer sends. */
    SND_WSCALE("snd_wscale", "wscale"),
    /** Shift of the windows that we send. */
    RCV_WSCALE("rcv_wscale", "wscale"),
    /** Retransmission time-out, microseconds. */
    RTO("rto", "rto"),
    /** How long the next ACK may wait, microseconds. */
    ATO("ato", "ato"),
    /** Payload of a full segment that is sent, bytes. */
    SND_MSS("snd_mss", "mss"),
    /** Payload of a full segment as seen from the peer, bytes. */
    RCV_MSS("rcv_mss", "rcvmss"),
    /** Segments outstanding. */
    UNACKED("unacked", "unacked"),
    /** Segments outstanding that are SACKed. */
    SACKED("sacked", "sacked"),
    /** Segments outstanding that are taken for lost. */
    LOST("lost", "lost"),
    /** Segments outstanding that were sent again. */
    RETRANS("retrans", "retrans"),
    /** Age of the last data sent, milliseconds. */
    LAST_DATA_SENT("last_data_sent", "lastsnd"),
    /** Age of the last data received, milliseconds. */
    LAST_DATA_RECV("last_data_recv", "lastrcv"),
    /** Age of the last segment received, milliseconds. */
    LAST_ACK_RECV("last_ack_recv", "lastack"),
    /** MTU of the path, bytes. */
    PMTU("pmtu", "pmtu"),
    /** Greatest window that would be advertised now, bytes. */
    RCV_SSTHRESH("rcv_ssthresh", "rcv_ssthresh"),
    /** Smoothed round-trip time, microseconds. */
    RTT("rtt", "rtt"),
    /** Its mean deviation, microseconds. */
    RTTVAR("rttvar", "rtt"),
    /** Slow-start threshold, segments. */
    SND_SSTHRESH("snd_ssthresh", "ssthresh"),
    /** Congestion window, segments. */
    SND_CWND("snd_cwnd", "cwnd"),
    /** MSS that we announced, bytes. */
    ADVMSS("advmss", "advmss"),
    /** Round-trip time as the receiver sees it, microseconds. */
    RCV_RTT("rcv_rtt", "rcv_rtt"),
    /** What the user takes in a round trip, bytes. */
    RCV_SPACE("rcv_space", "rcv_space"),
    /** Segments sent again, ever. */
    TOTAL_RETRANS("total_retrans", "retrans"),
    /** Payload that the peer has acknowledged, bytes. */
    BYTES_ACKED("bytes_acked", "bytes_acked"),
    /** Payload received in order, bytes. */
    BYTES_RECEIVED("bytes_received", "bytes_received"),
    /** Segments sent. */
    SEGS_OUT("segs_out", "segs_out"),
    /** Segments received. */
    SEGS_IN("segs_in", "segs_in"),
    /** Written but not sent, bytes. */
    NOTSENT_BYTES("notsent_bytes", "notsent"),
    /** Least round-trip time, microseconds. */
    MIN_RTT("min_rtt", "minrtt"),
    /** Payload sent, with retransmissions, bytes. */
    BYTES_SENT("bytes_sent", "bytes_sent"),
    /** Payload sent again, bytes. */
    BYTES_RETRANS("bytes_retrans", "bytes_retrans"),
    /** Segments received out of order. */
    RCV_OOOPACK("rcv_ooopack", "rcv_ooopack"),
    /** The peer's window, bytes. */
    SND_WND("snd_wnd", "snd_wnd"),
    /** The window that the peer has of us, bytes. */
    RCV_WND("rcv_wnd", "rcv_wnd"),
    /** Retransmission time-outs, ever. */
    TOTAL_RTO("total_rto", "");

    private static final Map<String, TcpInfoField> BY_NAME = new HashMap<>();

    static
    {
        for (final TcpInfoField field : values())
        {
            BY_NAME.put(field.tcpiName, field);
        }
    }

    private final String tcpiName;
    private final String ssName;

    TcpInfoField(final String name, final String ssName)
    {
        tcpiName = "tcpi_" + name;
        this.ssName = ssName;
    }

    /**
     * Name in {@code struct tcp_info}.
     *
     * @return beginning with {@code tcpi_}.
     */
    public String tcpiName()
    {
        return tcpiName;
    }

    /**
     * Name in what {@code ss -i} prints.
     *
     * @return empty when it does not print the field by itself.
     */
    public String ssName()
    {
        return ssName;
    }

    /**
     * The field of a name.
     *
     * @param tcpiName as {@link #tcpiName()}.
     * @return it.
     * @throws IllegalArgumentException when there is none of that name.
     */
    public static TcpInfoField byName(final String tcpiName)
    {
        final TcpInfoField field = BY_NAME.get(tcpiName);
        if (field == null)
        {
            throw new IllegalArgumentException(
                "field '" + tcpiName + "' of tcp_info is not known; take one of " + BY_NAME.keySet().stream().sorted().toList());
        }
        return field;
    }
}
