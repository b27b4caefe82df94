package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.PacketSpec;
import dev.baton.tools.drill.script.TcpOptionBytes;
import dev.baton.tools.drill.script.TcpOptionSpec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Turns a packet of a script that is to be injected into bytes, with the numbers of the wire. */
final class PacketBuilder
{
    private static final int SYN = 0x02;
    private static final int DEFAULT_TTL = 255;

    private final Ends ends;
    private final boolean scaledEcho;
    private int identification;

    PacketBuilder(final Ends ends, final boolean scaledEcho)
    {
        this.ends = ends;
        this.scaledEcho = scaledEcho;
    }

    byte[] build(final PacketSpec spec, final Flow flow)
    {
        if (!spec.encapsulations().isEmpty())
        {
            throw new UnsupportedScript(UnsupportedReason.ENCAPSULATION, spec.encapsulations().get(0));
        }
        if (spec.body() instanceof PacketSpec.Tcp tcp)
        {
            return ip(spec.ip(), WirePacket.TCP, tcp(tcp, flow));
        }
        if (spec.body() instanceof PacketSpec.Udp udp)
        {
            return ip(spec.ip(), WirePacket.UDP, udp(udp, flow));
        }
        final byte[] message = new IcmpMessages(ends).build((PacketSpec.Icmp)spec.body(), flow);
        return ip(spec.ip(), ends.isV4() ? WirePacket.ICMP4 : WirePacket.ICMP6, message);
    }

    private byte[] tcp(final PacketSpec.Tcp spec, final Flow flow)
    {
        final boolean syn = (spec.flags() & SYN) != 0;
        final List<TcpOptionSpec> options = live(spec.options(), flow);
        final int optionBytes = options.stream().mapToInt(TcpOptionBytes::length).sum();
        final ByteBuffer segment = ByteBuffer.allocate(20 + optionBytes + spec.length());
        final int seq = (int)spec.start() + (syn ? 0 : flow.remoteIsn());
        final int ack = spec.ack() == null ? 0 : flow.liveLocal((int)(long)spec.ack(), syn);
        final int ace = spec.ace() == null ? 0 : (spec.ace() & 1) << 6 | (spec.ace() & 2) << 6 | (spec.ace() & 4) << 6;
        segment.putShort((short)port(spec.ports(), true, flow)).putShort((short)port(spec.ports(), false, flow));
        segment.putInt(seq).putInt(ack);
        segment.putShort((short)((20 + optionBytes) / 4 << 12 | spec.flags() | ace));
        segment.putShort((short)(int)spec.window()).putShort((short)0);
        segment.putShort((short)(spec.urgent() == null ? 0 : spec.urgent()));
        options.forEach((option) -> TcpOptionBytes.put(option, segment));
        segment.put(Pattern.bytes(syn ? 0 : (int)spec.start() - 1L, spec.length()));
        return segment.array();
    }

    private static int port(final PacketSpec.Ports ports, final boolean source, final Flow flow)
    {
        if (ports != null)
        {
            return source ? ports.source() : ports.destination();
        }
        return source ? flow.remotePort() : flow.localPort();
    }

    /** Options with the numbers of the wire: blocks count from our initial number, echoes are timestamps that were seen. */
    private List<TcpOptionSpec> live(final List<TcpOptionSpec> options, final Flow flow)
    {
        final List<TcpOptionSpec> live = new ArrayList<>();
        for (final TcpOptionSpec option : options)
        {
            if (option instanceof TcpOptionSpec.Sack sack)
            {
                final int base = flow.localIssKnown() ? flow.localIss() : 0;
                live.add(new TcpOptionSpec.Sack(sack.blocks().stream()
                    .map((block) -> new TcpOptionSpec.Block(block.start() + base, block.end() + base)).toList()));
            }
            else if (option instanceof TcpOptionSpec.Timestamps timestamps)
            {
                live.add(new TcpOptionSpec.Timestamps(timestamps.value(), echo(timestamps.echo(), flow)));
            }
            else
            {
                live.add(option);
            }
        }
        return live;
    }

    private long echo(final long script, final Flow flow)
    {
        final Integer seen = flow.liveTs(script);
        if (seen != null)
        {
            return seen;
        }
        if (scaledEcho && flow.tsSeen())
        {
            return (int)script + flow.tsOffset();
        }
        if (script == 0 || !flow.tsSeen())
        {
            return script;
        }
        throw new ScriptFailure("the echo " + script + " is no timestamp that was seen before; write one that was, or give " +
            "--tcp_ts_ecr_scaled");
    }

    private byte[] udp(final PacketSpec.Udp spec, final Flow flow)
    {
        final ByteBuffer datagram = ByteBuffer.allocate(8 + spec.length());
        datagram.putShort((short)port(spec.ports(), true, flow)).putShort((short)port(spec.ports(), false, flow));
        datagram.putShort((short)(8 + spec.length())).putShort((short)0);
        datagram.put(Pattern.bytes(0, spec.length()));
        return datagram.array();
    }

    /** An IP header in front, and the checksums. */
    private byte[] ip(final PacketSpec.Ip spec, final int protocol, final byte[] payload)
    {
        final int header = ends.isV4() ? 20 : 40;
        final ByteBuffer packet = ByteBuffer.allocate(header + payload.length);
        final int tos = (spec.tos() == null ? 0 : spec.tos()) & ~(spec.ecn() == null ? 0 : 3) | ecn(spec.ecn());
        final int ttl = spec.ttl() == null ? DEFAULT_TTL : spec.ttl();
        if (ends.isV4())
        {
            packet.put((byte)0x45).put((byte)tos).putShort((short)(header + payload.length)).putShort((short)identification++);
            packet.putShort((short)0).put((byte)ttl).put((byte)protocol).putShort((short)0);
        }
        else
        {
            packet.putInt(0x6000_0000 | tos << 20 | (spec.flowLabel() == null ? 0 : spec.flowLabel()));
            packet.putShort((short)payload.length).put((byte)protocol).put((byte)ttl);
        }
        packet.put(Ends.bytes(ends.remote())).put(Ends.bytes(ends.local())).put(payload);
        checksums(packet.array(), header, protocol);
        return packet.array();
    }

    private static int ecn(final PacketSpec.Ecn ecn)
    {
        if (ecn == null)
        {
            return 0;
        }
        return switch (ecn)
        {
            case NOECN -> 0;
            case ECT1 -> 1;
            case ECT0, ECT01 -> 2;
            case CE -> 3;
        };
    }

    private void checksums(final byte[] packet, final int header, final int protocol)
    {
        if (ends.isV4())
        {
            put16(packet, 10, ~Checksums.sum(packet, 0, header, 0));
        }
        final int at = header + (protocol == WirePacket.TCP ? 16 : protocol == WirePacket.UDP ? 6 : 2);
        final int sum = protocol == WirePacket.ICMP4 ? Checksums.sum(packet, header, packet.length, 0) :
            Checksums.transport(packet, ends.isV4() ? 12 : 8, ends.isV4() ? 8 : 32, header, packet.length, protocol);
        put16(packet, at, protocol == WirePacket.UDP && sum == 0xFFFF ? 0xFFFF : ~sum);
    }

    static void put16(final byte[] bytes, final int at, final int value)
    {
        bytes[at] = (byte)(value >> 8);
        bytes[at + 1] = (byte)value;
    }
}
