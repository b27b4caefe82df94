package dev.baton.tools.drill.run;

import dev.baton.stack.service.TcpInfo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Where the fields of {@code struct tcp_info} are (linux/tcp.h), and which of them the stack fills in. */
final class TcpInfoNames
{
    private static final String BYTES = "state ca_state retransmits probes backoff options";
    private static final String WORDS = "rto ato snd_mss rcv_mss unacked sacked lost retrans fackets " +
        "last_data_sent last_ack_sent " +
        "last_data_recv last_ack_recv pmtu rcv_ssthresh rtt rttvar snd_ssthresh snd_cwnd advmss reordering rcv_rtt rcv_space " +
        "total_retrans";
    private static final String TAIL = "pacing_rate:104:8 max_pacing_rate:112:8 bytes_acked:120:8 " +
        "bytes_received:128:8 segs_out:136:4 " +
        "segs_in:140:4 notsent_bytes:144:4 min_rtt:148:4 data_segs_in:152:4 data_segs_out:156:4 " +
        "delivery_rate:160:8 busy_time:168:8 " +
        "rwnd_limited:176:8 sndbuf_limited:184:8 delivered:192:4 delivered_ce:196:4 bytes_sent:200:8 bytes_retrans:208:8 " +
        "dsack_dups:216:4 reord_seen:220:4 rcv_ooopack:224:4 snd_wnd:228:4 rcv_wnd:232:4 rehash:236:4 total_rto:240:2";
    private static final int FIRST_WORD = 8;
    private static final int SCALES = 6;
    private static final Map<String, int[]> FIELDS = new HashMap<>();

    static
    {
        final String[] bytes = BYTES.split(" ");
        for (int i = 0; i < bytes.length; i++)
        {
            FIELDS.put(bytes[i], new int[]{i, 1});
        }
        final String[] words = WORDS.split(" ");
        for (int i = 0; i < words.length; i++)
        {
            FIELDS.put(words[i], new int[]{FIRST_WORD + Integer.BYTES * i, Integer.BYTES});
        }
        for (final String field : TAIL.split(" "))
        {
            final String[] parts = field.split(":");
            FIELDS.put(parts[0], new int[]{Integer.parseInt(parts[1]), Integer.parseInt(parts[2])});
        }
    }

    private TcpInfoNames()
    {
    }

    /** The value of a {@code tcpi_} variable. */
    static double value(final String name, final byte[] info)
    {
        final String field = name.substring("tcpi_".length());
        if (!isFilled(field))
        {
            throw new UnsupportedScript(UnsupportedReason.VARIABLE, name);
        }
        if ("snd_wscale".equals(field))
        {
            return info[SCALES] & 0xF;
        }
        if ("rcv_wscale".equals(field))
        {
            return info[SCALES] >> 4 & 0xF;
        }
        final int[] place = FIELDS.get(field);
        final ByteBuffer buffer = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
        return switch (place[1])
        {
            case 1 -> buffer.get(place[0]) & 0xFF;
            case 2 -> buffer.getShort(place[0]) & 0xFFFF;
            case 4 -> buffer.getInt(place[0]) & 0xFFFF_FFFFL;
            default -> buffer.getLong(place[0]);
        };
    }

    private static boolean isFilled(final String field)
    {
        try
        {
            new TcpInfo().get("tcpi_" + field);
            return FIELDS.containsKey(field) || field.endsWith("wscale");
        }
        catch (final IllegalArgumentException ex)
        {
            return false;
        }
    }
}
