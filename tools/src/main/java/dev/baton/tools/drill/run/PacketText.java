package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.TcpOptionSpec;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Packets as scripts write them. */
final class PacketText
{
    private static final String FLAGS = "FSRP.UEWA";

    private PacketText()
    {
    }

    static String flags(final int flags)
    {
        final StringBuilder text = new StringBuilder();
        for (final char c : "SFRPUEWA.".toCharArray())
        {
            if ((flags >> FLAGS.indexOf(c) & 1) != 0)
            {
                text.append(c);
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }

    /** A packet of the stack with the numbers of the script. */
    static String packet(final WirePacket live, final Flow flow)
    {
        final String ip = live.ecn() == 0 ? "" : "[" + List.of("noecn", "ect1", "ect0", "ce").get(live.ecn()) + "] ";
        if (live.protocol() == WirePacket.TCP && live.fault() == null)
        {
            final boolean syn = (live.flags() & 2) != 0;
            final long seq = (flow == null ? live.seq() : flow.scriptLocal(live.seq(), syn)) & 0xFFFF_FFFFL;
            final String ack = (live.flags() & 0x10) == 0 ? "" :
                " ack " + (live.ack() - (flow == null || syn ? 0 : flow.remoteIsn()) & 0xFFFF_FFFFL);
            final String options = options(live.options(), flow);
            return ip + flags(live.flags()) + " " +
                seq + ":" + (seq + live.payloadLength()) + "(" + live.payloadLength() + ")" + ack +
                " win " + live.window() + (options.isEmpty() ? "" : " <" + options + ">");
        }
        if (live.protocol() == WirePacket.UDP && live.fault() == null)
        {
            return ip + "udp " + live.sourcePort() + " > " + live.destinationPort() + " (" + live.payloadLength() + ")";
        }
        if (live.fault() == null && (live.protocol() == WirePacket.ICMP4 || live.protocol() == WirePacket.ICMP6))
        {
            return ip + "icmp " + live.u8(live.l4()) + " " + live.u8(live.l4() + 1);
        }
        return "IP protocol " + live.protocol() + ", " + live.bytes().length + " bytes" +
            (live.fault() == null ? "" : ": " + live.fault());
    }

    /** Options; blocks relative to the flow's numbers when one is given. */
    static String options(final List<TcpOptionSpec> options, final Flow flow)
    {
        final int base = flow == null ? 0 : flow.remoteIsn();
        return options.stream().map((option) -> option(option, base)).collect(Collectors.joining(","));
    }

    private static String option(final TcpOptionSpec option, final int base)
    {
        if (option instanceof TcpOptionSpec.Mss mss)
        {
            return "mss " + mss.value();
        }
        if (option instanceof TcpOptionSpec.WindowScale scale)
        {
            return "wscale " + scale.shift();
        }
        if (option instanceof TcpOptionSpec.Timestamps timestamps)
        {
            return "TS val " + timestamps.value() + " ecr " + timestamps.echo();
        }
        if (option instanceof TcpOptionSpec.Sack sack)
        {
            return "sack " + sack.blocks().stream().map((block) -> (block.start() - base & 0xFFFF_FFFFL) + ":" +
                (block.end() - base & 0xFFFF_FFFFL)).collect(Collectors.joining(" "));
        }
        if (option instanceof TcpOptionSpec.FastOpen fastOpen)
        {
            return ((fastOpen.experimental() ? "FOEXP " : "FO ") + HexFormat.of().formatHex(fastOpen.cookie())).strip();
        }
        if (option instanceof TcpOptionSpec.AccurateEcn ecn)
        {
            return "ECN " + (ecn.firstOrder() ? "e0b" : "e1b") + " first " + ecn.counters();
        }
        if (option instanceof TcpOptionSpec.Md5 md5)
        {
            return "md5 " + HexFormat.of().formatHex(md5.digest());
        }
        if (option instanceof TcpOptionSpec.Generic generic)
        {
            return "gen " + generic.kind() + " " + HexFormat.of().formatHex(generic.data());
        }
        return option instanceof TcpOptionSpec.Nop ? "nop" : option instanceof TcpOptionSpec.Eol ? "eol" : "sackOK";
    }
}
