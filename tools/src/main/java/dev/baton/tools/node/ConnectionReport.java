package dev.baton.tools.node;

import dev.baton.stack.NetStack;
import dev.baton.stack.tcp.Pacing;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A shard's connections as ss(8) shows them: its states, its names, its meaning of the two queues (not read by the
 * service; not acknowledged by the peer), and times in microseconds.
 */
final class ConnectionReport
{
    /** Phase of a connection that its service knows, or will know without anybody's doing. */
    static final String SERVING = "serving";
    /** Phase of a connection whose indication a module holds. */
    static final String HELD = "held";

    private static final int NS_PER_US = 1_000;
    /** A slow-start threshold from here on is none; ss(8) does not print it either. */
    private static final int NO_SSTHRESH = 1 << 30;

    private ConnectionReport()
    {
    }

    /**
     * Describe all connections.
     *
     * @param stack whose they are.
     * @param node  that owns them.
     * @param nowNs time of this turn.
     * @return in the order of their ids.
     */
    static List<Map<String, Object>> of(final NetStack stack, final String node, final long nowNs)
    {
        final List<Map<String, Object>> list = new ArrayList<>(stack.connectionCount());
        stack.forEachConnection((tcb) -> list.add(line(tcb, node, nowNs)));
        return list;
    }

    /**
     * Name of a state.
     *
     * @param state as TCP counts them.
     * @return as ss(8) writes it.
     */
    static String stateName(final int state)
    {
        return switch (state)
        {
            case TcpState.ESTABLISHED -> "ESTAB";
            case TcpState.SYN_RECEIVED -> "SYN-RECV";
            case TcpState.CLOSED -> "UNCONN";
            default -> TcpState.name(state);
        };
    }

    private static Map<String, Object> line(final Tcb tcb, final String node, final long nowNs)
    {
        final Map<String, Object> line = new TreeMap<>();
        line.put("id", tcb.id);
        line.put("state", stateName(tcb.state));
        line.put("recv_q", tcb.receiveRing.readable());
        line.put("send_q", tcb.sendRing.length());
        line.put("local", IpAddress.toString(tcb.localHi, tcb.localLo));
        line.put("local_port", tcb.localPort);
        line.put("peer", IpAddress.toString(tcb.remoteHi, tcb.remoteLo));
        line.put("peer_port", tcb.remotePort);
        line.put("family", tcb.isV4() ? 4 : 6);
        line.put("owner", node);
        line.put("epoch", 0);
        line.put("phase", tcb.state == TcpState.ESTABLISHED && !tcb.indicated && tcb.passive ? HELD : SERVING);
        line.put("info", info(tcb, nowNs));
        return line;
    }

    /** What ss -i shows of rates, and what the congestion control tells of itself (TCP_CC_INFO). */
    private static void congestion(final Tcb tcb, final Map<String, Object> info)
    {
        if (tcb.pacing != null && tcb.pacing.effectiveRate() != Pacing.UNLIMITED)
        {
            info.put("pacing_rate", tcb.pacing.effectiveRate());
        }
        if (tcb.rate != null)
        {
            info.put("delivered_bytes", tcb.rate.deliveredBytes);
            info.put("app_limited", tcb.rate.appLimitedBytes != 0);
        }
        if (tcb.congestionControl != null)
        {
            final StringBuilder text = new StringBuilder();
            tcb.congestionControl.describe(tcb, text);
            info.put("cc_info", text.length() == 0 ? null : text.toString());
        }
    }

    private static Map<String, Object> info(final Tcb tcb, final long nowNs)
    {
        final Map<String, Object> info = new TreeMap<>();
        final int mss = tcb.effectiveMss;
        info.put("rto_us", tcb.rtoNs / NS_PER_US);
        info.put("rtt_us", tcb.srttNs / NS_PER_US);
        info.put("rttvar_us", tcb.rttvarNs / NS_PER_US);
        info.put("minrtt_us", tcb.minRttNs == Tcb.NONE ? 0 : tcb.minRttNs / NS_PER_US);
        info.put("backoff", tcb.backoff);
        info.put("mss", mss);
        info.put("pmtu", tcb.pathMtu);
        info.put("rcvmss", tcb.rcvMss);
        info.put("advmss", tcb.localMss);
        info.put("cwnd", mss == 0 ? 0 : tcb.cwndBytes / mss);
        info.put("cwnd_bytes", tcb.cwndBytes);
        info.put("ssthresh", mss == 0 || tcb.ssthreshBytes >= NO_SSTHRESH ? 0 : tcb.ssthreshBytes / mss);
        info.put("snd_wnd", tcb.sndWnd);
        info.put("rcv_wnd", tcb.rcvAdv - tcb.rcvNxt);
        info.put("snd_wscale", tcb.sndShift);
        info.put("rcv_wscale", tcb.rcvShift);
        info.put("unacked_bytes", tcb.flightBytes());
        info.put("bytes_sent", tcb.bytesOut + tcb.bytesRetransmitted);
        info.put("bytes_retrans", tcb.bytesRetransmitted);
        info.put("bytes_received", tcb.bytesIn);
        info.put("segs_out", tcb.segmentsOut);
        info.put("segs_in", tcb.segmentsIn);
        info.put("retrans", tcb.segmentsRetransmitted);
        info.put("ts", tcb.timestampsOk);
        info.put("sack", tcb.sackOk);
        info.put("wscale", tcb.windowScaleOk);
        info.put("congestion", tcb.congestionControl == null ? null : tcb.congestionControl.name());
        congestion(tcb, info);
        info.put("lastrcv_ms", tcb.lastReceivedAtNs == 0 ? null : (nowNs - tcb.lastReceivedAtNs) / NS_PER_US / NS_PER_US);
        info.put("lastsnd_ms", tcb.lastSentAtNs == 0 ? null : (nowNs - tcb.lastSentAtNs) / NS_PER_US / NS_PER_US);
        return info;
    }
}
