package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.PacketSpec;
import dev.baton.tools.drill.script.TcpOptionSpec;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * Compares what the stack has sent with what the script expects, field by field; the first difference is told. It
 * also checks what no
 * script says: checksums, lengths, reserved bits, and that payload bytes are those that were written.
 */
final class PacketMatcher
{
    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int PSH = 0x08;
    private static final int ACK = 0x10;
    private static final int ECN_FLAGS = 0x1C0;

    private final Ends ends;
    private final Profile profile;
    private final DrillOptions options;

    PacketMatcher(final Ends ends, final Profile profile, final DrillOptions options)
    {
        this.ends = ends;
        this.profile = profile;
        this.options = options;
    }

    /**
     * Compare.
     *
     * @param spec  expected.
     * @param live  sent; the last piece when several were put together.
     * @param first the first piece; the same as {@code live} otherwise.
     * @param flow  that they belong to; learns numbers and timestamps.
     * @return the difference, or null.
     */
    String difference(final PacketSpec spec, final WirePacket live, final WirePacket first, final Flow flow)
    {
        if (live.fault() != null)
        {
            return live.fault();
        }
        final String ip = ipDifference(spec, live);
        if (ip != null)
        {
            return ip;
        }
        if (spec.body() instanceof PacketSpec.Tcp tcp)
        {
            return tcpDifference(tcp, live, first, flow);
        }
        if (spec.body() instanceof PacketSpec.Udp udp)
        {
            return udpDifference(udp, live);
        }
        return new IcmpMessages(ends).difference((PacketSpec.Icmp)spec.body(), live);
    }

    private String ipDifference(final PacketSpec spec, final WirePacket live)
    {
        final int expected = spec.body() instanceof PacketSpec.Tcp ? WirePacket.TCP : spec.body() instanceof PacketSpec.Udp ?
            WirePacket.UDP : ends.isV4() ? WirePacket.ICMP4 : WirePacket.ICMP6;
        if (live.protocol() != expected)
        {
            return "IP protocol " + live.protocol() + " instead of " + expected;
        }
        final PacketSpec.Ip ip = spec.ip();
        if (ip.tos() != null && live.tos() != ip.tos())
        {
            return "TOS " + live.tos() + " instead of " + ip.tos();
        }
        if (ip.ttl() != null && live.ttl() != ip.ttl())
        {
            return "TTL " + live.ttl() + " instead of " + ip.ttl();
        }
        if (ip.flowLabel() != null && live.flowLabel() != ip.flowLabel())
        {
            return "flow label " + live.flowLabel() + " instead of " + ip.flowLabel();
        }
        return ip.ecn() == null || ecnFits(ip.ecn(), live.ecn()) ? null : "ECN field " + live.ecn() + " instead of " + ip.ecn();
    }

    private static boolean ecnFits(final PacketSpec.Ecn expected, final int ecn)
    {
        return switch (expected)
        {
            case NOECN -> ecn == 0;
            case ECT1 -> ecn == 1;
            case ECT0 -> ecn == 2;
            case CE -> ecn == 3;
            case ECT01 -> ecn == 1 || ecn == 2;
        };
    }

    private String tcpDifference(final PacketSpec.Tcp spec, final WirePacket live, final WirePacket first, final Flow flow)
    {
        final boolean syn = (live.flags() & SYN) != 0;
        if (syn && (live.flags() & ACK) != 0)
        {
            flow.onSynAckSent(live.ack(), live.seq());
        }
        if (syn && !flow.localIssKnown())
        {
            flow.localIss(first.seq(), (int)spec.start());
        }
        String difference = flagsDifference(spec, live, first);
        if (difference == null)
        {
            difference = numbersDifference(spec, live, first, flow, syn);
        }
        if (difference == null)
        {
            difference = windowDifference(spec, live, flow);
        }
        if (difference == null && spec.options() != null)
        {
            difference = optionsDifference(spec.options(), live, flow);
        }
        return difference == null ? payloadDifference(live, flow, syn) : difference;
    }

    private String flagsDifference(final PacketSpec.Tcp spec, final WirePacket live, final WirePacket first)
    {
        final int cwr = first.flags() & 0x80;
        final int flags = live.flags() & ~0x80 | cwr;
        final int heeded = FIN | SYN | RST | ACK | 0x20 | (profile.heedsPush() ? PSH : 0) | ECN_FLAGS;
        final int ace = spec.ace() == null ? 0 : spec.ace() << 6;
        if ((flags & heeded) != ((spec.flags() | ace) & heeded))
        {
            return "flags " + PacketText.flags(flags) + " instead of " + PacketText.flags(spec.flags() | ace);
        }
        return live.reservedBits() == 0 ? null : "reserved bits of the TCP header are set";
    }

    private static String numbersDifference(
        final PacketSpec.Tcp spec, final WirePacket live, final WirePacket first, final Flow flow, final boolean syn)
    {
        final int seq = flow.scriptLocal(first.seq(), syn);
        if (seq != (int)spec.start())
        {
            return "sequence number " + (seq & 0xFFFF_FFFFL) + " instead of " + (spec.start() & 0xFFFF_FFFFL);
        }
        final int length = live.seq() + live.payloadLength() - first.seq();
        if (length != spec.length())
        {
            return "length " + length + " instead of " + spec.length();
        }
        final int ack = (live.flags() & ACK) == 0 || syn ? live.ack() : live.ack() - flow.remoteIsn();
        final int expected = spec.ack() == null ? 0 : (int)(long)spec.ack();
        if (ack != expected)
        {
            return "acknowledgment number " + (ack & 0xFFFF_FFFFL) + " instead of " + (expected & 0xFFFF_FFFFL);
        }
        final int urgent = spec.urgent() == null ? 0 : spec.urgent();
        return live.urgent() == urgent ? null : "urgent pointer " + live.urgent() + " instead of " + urgent;
    }

    private String windowDifference(final PacketSpec.Tcp spec, final WirePacket live, final Flow flow)
    {
        if ((live.flags() & RST) != 0)
        {
            return null;
        }
        if ((live.flags() & SYN) != 0)
        {
            flow.ownScale(live.options().stream().filter(TcpOptionSpec.WindowScale.class::isInstance)
                .mapToInt((option) -> ((TcpOptionSpec.WindowScale)option).shift()).findFirst().orElse(-1));
        }
        else if (!profile.comparesWindow() && (live.flags() & ACK) != 0)
        {
            final int retreat = flow.edgeRetreat(live.ack(), live.window());
            return retreat == 0 ? null : "the right edge of the window retreats by " + retreat;
        }
        return spec.window() == null || !profile.comparesWindow() || live.window() == spec.window() ? null :
            "window " + live.window() + " instead of " + spec.window();
    }

    private String optionsDifference(final List<TcpOptionSpec> expected, final WirePacket live, final Flow flow)
    {
        final List<TcpOptionSpec> actual = live.options();
        if (live.fault() != null)
        {
            return live.fault();
        }
        if (profile.comparesOptionOrder() && actual.size() != expected.size())
        {
            return "options <" + PacketText.options(actual, flow) + "> instead of <" + PacketText.options(expected, null) + ">";
        }
        if (!profile.comparesOptionOrder())
        {
            return optionSetDifference(expected, live, actual, flow);
        }
        for (int i = 0; i < expected.size(); i++)
        {
            if (!same(expected.get(i), actual.get(i), live, flow))
            {
                return "options <" + PacketText.options(actual, flow) + "> instead of <" +
                    PacketText.options(expected, null) + ">";
            }
        }
        return null;
    }

    /** Which options there are counts, not their order and padding; values only of those that were not negotiated by policy. */
    private String optionSetDifference(
        final List<TcpOptionSpec> expected, final WirePacket live, final List<TcpOptionSpec> actual, final Flow flow)
    {
        final HashSet<Class<?>> wanted = new HashSet<>();
        final HashSet<Class<?>> found = new HashSet<>();
        expected.forEach((option) -> wanted.add(option.getClass()));
        actual.forEach((option) -> found.add(option.getClass()));
        for (final HashSet<Class<?>> set : List.of(wanted, found))
        {
            set.remove(TcpOptionSpec.Nop.class);
            set.remove(TcpOptionSpec.Eol.class);
        }
        if (!wanted.equals(found))
        {
            return "options <" + PacketText.options(actual, flow) + "> instead of the set of <" +
                PacketText.options(expected, null) + ">";
        }
        for (final TcpOptionSpec option : expected)
        {
            final boolean compared = option instanceof TcpOptionSpec.Sack || option instanceof TcpOptionSpec.Timestamps;
            if (compared && actual.stream().noneMatch((other) -> same(option, other, live, flow)))
            {
                return "options <" + PacketText.options(actual, flow) + "> without <" +
                    PacketText.options(List.of(option), null) + ">";
            }
        }
        return null;
    }

    private boolean same(final TcpOptionSpec expected, final TcpOptionSpec actual, final WirePacket live, final Flow flow)
    {
        if (expected instanceof TcpOptionSpec.Timestamps script && actual instanceof TcpOptionSpec.Timestamps sent)
        {
            return sameTimestamps(script, sent, live, flow);
        }
        if (expected instanceof TcpOptionSpec.Sack script && actual instanceof TcpOptionSpec.Sack sent)
        {
            return script.blocks().equals(sent.blocks().stream().map((block) -> new TcpOptionSpec.Block(
                block.start() - flow.remoteIsn() & 0xFFFF_FFFFL, block.end() - flow.remoteIsn() & 0xFFFF_FFFFL)).toList());
        }
        if (expected instanceof TcpOptionSpec.FastOpen script && actual instanceof TcpOptionSpec.FastOpen sent)
        {
            return Arrays.equals(script.cookie(), sent.cookie()) && script.experimental() == sent.experimental();
        }
        if (expected instanceof TcpOptionSpec.Generic script && actual instanceof TcpOptionSpec.Generic sent)
        {
            return script.kind() == sent.kind() && Arrays.equals(script.data(), sent.data());
        }
        return expected.equals(actual);
    }

    private boolean sameTimestamps(
        final TcpOptionSpec.Timestamps script, final TcpOptionSpec.Timestamps sent, final WirePacket live, final Flow flow)
    {
        if (script.echo() != sent.echo())
        {
            return false;
        }
        final boolean checked = options.tsTickUs() > 0 && flow.tsSeen();
        final long tick = Math.max(1, options.tsTickUs());
        final long expected = script.value() + flow.tsOffset();
        final long offUs = Math.abs((int)(sent.value() - expected)) * tick;
        flow.learnTs(script.value(), (int)sent.value(), live.us());
        return !checked || offUs <= Math.max(tick, options.toleranceUs(live.us()));
    }

    /** Are the bytes of a segment those that were written? Null when they are. */
    String payloadDifference(final WirePacket live, final Flow flow)
    {
        return payloadDifference(live, flow, (live.flags() & SYN) != 0);
    }

    private String payloadDifference(final WirePacket live, final Flow flow, final boolean syn)
    {
        final long offset = syn ? 0 : live.seq() - flow.localIss() - 1 & 0xFFFF_FFFFL;
        final long wrong = flow.written().firstDifference(offset, live.bytes(), live.payloadAt(), live.payloadLength());
        return wrong < 0 || !options.checksPayload() ? null : "byte " + wrong + " of the stream is not the one that was written";
    }

    private static String udpDifference(final PacketSpec.Udp spec, final WirePacket live)
    {
        if (live.payloadLength() != spec.length())
        {
            return "length " + live.payloadLength() + " instead of " + spec.length();
        }
        if (spec.ports() != null && (live.sourcePort() != spec.ports().source() ||
            live.destinationPort() != spec.ports().destination()))
        {
            return "ports " + live.sourcePort() + " > " + live.destinationPort() + " instead of " + spec.ports();
        }
        return null;
    }
}
