package dev.baton.tools.drill.run;

import dev.baton.stack.StackContext;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/** System settings that scripts make, as options of the stack. */
final class Sysctls
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Map<String, ObjLongConsumer<StackContext>> NUMBERS = new HashMap<>();
    /** What has no effect here: the stack does not do it, or a script has one connection only. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
        "tcp_early_retrans_delay", "tcp_autocorking", "tcp_min_tso_segs", "tcp_tso_win_divisor", "tcp_tso_rtt_log", "tcp_mem",
        "tcp_low_latency", "tcp_fack", "tcp_probe_interval", "tcp_limit_output_bytes", "tcp_reflect_tos", "tcp_abc",
        "tcp_comp_sack_nr", "tcp_comp_sack_delay_ns", "tcp_comp_sack_slack_ns", "tcp_thin_linear_timeouts", "icmp_msgs_burst",
        "tcp_available_congestion_control", "tcp_allowed_congestion_control", "tcp_pacing_ss_ratio", "tcp_pacing_ca_ratio",
        "default_qdisc", "tcp_notsent_lowat", "ip_no_pmtu_disc");

    static
    {
        NUMBERS.put("tcp_timestamps", (c, v) -> c.timestamps(v != 0));
        NUMBERS.put("tcp_window_scaling", (c, v) -> c.windowScale(v != 0));
        NUMBERS.put("tcp_sack", (c, v) -> c.sack(v != 0));
        NUMBERS.put("tcp_dsack", (c, v) -> c.dsack(v != 0));
        NUMBERS.put("tcp_recovery", (c, v) -> c.rack((v & 1) != 0));
        NUMBERS.put("tcp_early_retrans", (c, v) -> c.lossProbe(v >= 3));
        NUMBERS.put("tcp_frto", (c, v) -> c.forwardRto(v != 0));
        NUMBERS.put("tcp_retries1", (c, v) -> c.retries1((int)v));
        NUMBERS.put("tcp_retries2", (c, v) -> c.retries2((int)v));
        NUMBERS.put("tcp_syn_retries", (c, v) -> c.synRetries((int)v));
        NUMBERS.put("tcp_synack_retries", (c, v) -> c.synAckRetries((int)v));
        NUMBERS.put("tcp_syncookies", (c, v) -> c.handshake().synCookies((int)v));
        NUMBERS.put("tcp_fastopen", (c, v) -> c.handshake().fastOpen((int)v));
        NUMBERS.put("tcp_fastopen_blackhole_timeout_sec", (c, v) -> c.handshake().fastOpenBlackholeNs(v * SECOND_NS));
        NUMBERS.put("tcp_abort_on_overflow", (c, v) -> c.handshake().abortOnOverflow(v != 0));
        NUMBERS.put("tcp_no_metrics_save", (c, v) -> c.handshake().noMetricsSave(v != 0));
        NUMBERS.put("tcp_no_ssthresh_metrics_save", (c, v) -> c.handshake().noSsthreshMetricsSave(v != 0));
        NUMBERS.put("tcp_tw_reuse", (c, v) -> c.handshake().twReuse((int)v));
        NUMBERS.put("tcp_rfc1337", (c, v) -> c.handshake().rfc1337(v != 0));
        NUMBERS.put("somaxconn", (c, v) -> c.handshake().somaxconn((int)v));
        NUMBERS.put("tcp_max_syn_backlog", (c, v) -> c.synBacklog((int)v));
        NUMBERS.put("tcp_keepalive_time", (c, v) -> c.keepAliveIdleNs(v * SECOND_NS));
        NUMBERS.put("tcp_keepalive_intvl", (c, v) -> c.keepAliveIntervalNs(v * SECOND_NS));
        NUMBERS.put("tcp_keepalive_probes", (c, v) -> c.keepAliveProbes((int)v));
        NUMBERS.put("tcp_fin_timeout", (c, v) -> c.finWait2Ns(v * SECOND_NS));
        NUMBERS.put("tcp_slow_start_after_idle", (c, v) -> c.slowStartAfterIdle(v != 0));
        NUMBERS.put("tcp_stdurg", (c, v) -> c.standardUrgentPointer(v != 0));
        NUMBERS.put("tcp_moderate_rcvbuf", (c, v) -> c.moderateReceiveBuffer(v != 0));
        NUMBERS.put("tcp_mtu_probing", (c, v) -> c.ip((ip) -> ip.mtuProbing((int)v)));
        NUMBERS.put("tcp_base_mss", (c, v) -> c.ip((ip) -> ip.baseMssBytes((int)v)));
        NUMBERS.put("min_pmtu", (c, v) -> c.ip((ip) -> ip.minPathMtuBytes((int)v)));
        NUMBERS.put("tcp_challenge_ack_limit", (c, v) -> c.challengeAcksPerSecond((int)Math.min(v, Integer.MAX_VALUE)));
        NUMBERS.put("icmp_ratelimit", (c, v) -> c.ip((ip) -> ip.icmpRateLimitNs(v * 1_000_000)));
        NUMBERS.put("icmp_msgs_per_sec", (c, v) -> c.ip((ip) -> ip.icmpMessagesPerSecond((int)v)));
        NUMBERS.put("ip_default_ttl", (c, v) -> c.ttl((int)v));
        NUMBERS.put("rmem_max", (c, v) -> c.rmemMaxBytes(v));
        NUMBERS.put("wmem_max", (c, v) -> c.wmemMaxBytes(v));
        NUMBERS.put("tcp_ecn", (c, v) -> c.ecn((int)v));
        NUMBERS.put("tcp_ecn_fallback", (c, v) -> c.ecnFallback(v != 0));
        NUMBERS.put("tcp_ecn_option", (c, v) -> c.ecnOption((int)v));
        NUMBERS.put("tcp_ecn_option_beacon", (c, v) -> c.ecnOptionBeacons((int)v));
        NUMBERS.put("tcp_pingpong_thresh", (c, v) -> only("tcp_pingpong_thresh", v, 1, 1));
        NUMBERS.put("tcp_reordering", (c, v) -> only("tcp_reordering", v, 3, 3));
        NUMBERS.put("tcp_min_rtt_wlen", (c, v) -> {});
        NUMBERS.put("tcp_shrink_window", (c, v) -> only("tcp_shrink_window", v, 0, 0));
        NUMBERS.put("tcp_workaround_signed_windows", (c, v) -> {});
        NUMBERS.put("tcp_adv_win_scale", (c, v) -> {});
    }

    private Sysctls()
    {
    }

    private static void only(final String name, final long value, final long first, final long second)
    {
        if (value != first && value != second)
        {
            throw new UnsupportedScript(UnsupportedReason.SYSCTL, name + "=" + value);
        }
    }

    /** Set one. The name may be a path below /proc/sys, or have dots; only its last part counts. */
    static void set(final StackContext context, final String path, final String text)
    {
        final String name = path.replaceAll(".*[./]", "");
        final String value = text.strip().replaceAll("^[\"']|[\"']$", "");
        if (WITHOUT_EFFECT.contains(name))
        {
            return;
        }
        if ("tcp_congestion_control".equals(name))
        {
            congestion(context, value);
        }
        else if ("tcp_rmem".equals(name) || "tcp_wmem".equals(name))
        {
            memory(context, name, value);
        }
        else
        {
            final ObjLongConsumer<StackContext> setter = NUMBERS.get(name);
            if (setter == null)
            {
                throw new UnsupportedScript(UnsupportedReason.SYSCTL, name);
            }
            try
            {
                setter.accept(context, Long.decode(value));
            }
            catch (final IllegalArgumentException ex)
            {
                throw new UnsupportedScript(UnsupportedReason.SYSCTL, name + "=" + value);
            }
        }
    }

    private static void congestion(final StackContext context, final String value)
    {
        if (!StackContext.congestionControls().contains(value))
        {
            throw new UnsupportedScript(UnsupportedReason.SYSCTL, "tcp_congestion_control=" + value);
        }
        context.congestionControl(value);
    }

    /** Least, initial and greatest size; half of each is payload. */
    private static void memory(final StackContext context, final String name, final String value)
    {
        final String[] sizes = value.split("\\s+");
        if (sizes.length != 3)
        {
            throw new UnsupportedScript(UnsupportedReason.SYSCTL, name + "=" + value);
        }
        final int initial = (int)Math.min(1 << 26, Long.parseLong(sizes[1]) / 2);
        final int greatest = (int)Math.min(1 << 26, Math.max(2L * initial, Long.parseLong(sizes[2])));
        if ("tcp_rmem".equals(name))
        {
            context.initialReceiveBufferBytes(initial).receiveBufferBytes(greatest);
        }
        else
        {
            context.initialSendBufferBytes(initial).sendBufferBytes(greatest);
        }
    }
}
