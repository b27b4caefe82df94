package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.PacketSpec;

import java.nio.ByteBuffer;

/** ICMP messages: built to be injected, and compared with what the stack sends. */
final class IcmpMessages
{
    private static final int TCP_QUOTE = 20;
    private static final int UDP_QUOTE = 8;

    private final Ends ends;

    IcmpMessages(final Ends ends)
    {
        this.ends = ends;
    }

    /** Header and quoted packet, without a checksum. */
    byte[] build(final PacketSpec.Icmp spec, final Flow flow)
    {
        final byte[] quoted = spec.echoed() == null ? new byte[0] : quote(spec.echoed(), flow);
        final ByteBuffer message = ByteBuffer.allocate(8 + quoted.length);
        message.put((byte)IcmpNames.type(ends.isV4(), spec.type()));
        message.put((byte)IcmpNames.code(ends.isV4(), spec.type(), spec.code())).putShort((short)0);
        message.putInt(secondWord(spec));
        return message.put(quoted).array();
    }

    /** MTU or identifier; the MTU of RFC 1191 is in the lower half, and so it is for the higher values of ICMPv6. */
    private static int secondWord(final PacketSpec.Icmp spec)
    {
        if (spec.mtu() != null)
        {
            return (int)(long)spec.mtu();
        }
        return spec.id() == null ? 0 : spec.id() << 16;
    }

    /** A packet of ours, as a router would quote it: IP header and the beginning of what follows. */
    private byte[] quote(final PacketSpec.Echoed echoed, final Flow flow)
    {
        final ByteBuffer transport;
        final int protocol;
        final int length;
        if (echoed instanceof PacketSpec.EchoedTcp tcp)
        {
            protocol = WirePacket.TCP;
            length = (int)(tcp.end() - tcp.start());
            transport = ByteBuffer.allocate(TCP_QUOTE);
            transport.putShort((short)flow.localPort()).putShort((short)flow.remotePort());
            transport.putInt((int)tcp.start() + (flow.localIssKnown() ? flow.localIss() : 0)).putInt(0);
            transport.putShort((short)0x5010);
        }
        else if (echoed instanceof PacketSpec.EchoedUdp udp)
        {
            protocol = WirePacket.UDP;
            length = udp.length();
            transport = ByteBuffer.allocate(UDP_QUOTE);
            transport.putShort((short)flow.localPort()).putShort((short)flow.remotePort()).putShort((short)(UDP_QUOTE + length));
        }
        else
        {
            protocol = 255;
            length = 0;
            transport = ByteBuffer.wrap(Pattern.bytes(0, ((PacketSpec.EchoedRaw)echoed).length()));
        }
        return quotedIp(protocol, transport.array(), transport.capacity() + length);
    }

    private byte[] quotedIp(final int protocol, final byte[] transport, final int length)
    {
        final ByteBuffer packet = ByteBuffer.allocate((ends.isV4() ? 20 : 40) + transport.length);
        if (ends.isV4())
        {
            packet.put((byte)0x45).put((byte)0).putShort((short)(20 + length)).putShort((short)0).putShort((short)0x4000);
            packet.put((byte)64).put((byte)protocol).putShort((short)0);
        }
        else
        {
            packet.putInt(0x6000_0000).putShort((short)length).put((byte)protocol).put((byte)64);
        }
        packet.put(Ends.bytes(ends.local())).put(Ends.bytes(ends.remote()));
        if (ends.isV4())
        {
            PacketBuilder.put16(packet.array(), 10, ~Checksums.sum(packet.array(), 0, 20, 0));
        }
        return packet.put(transport).array();
    }

    /** What is wrong with a message that the stack has sent, or null. */
    String difference(final PacketSpec.Icmp spec, final WirePacket live)
    {
        final int type = IcmpNames.type(ends.isV4(), spec.type());
        if (live.u8(live.l4()) != type)
        {
            return "type " + live.u8(live.l4()) + " instead of " + type;
        }
        final int code = IcmpNames.code(ends.isV4(), spec.type(), spec.code());
        if (spec.code() != null && live.u8(live.l4() + 1) != code)
        {
            return "code " + live.u8(live.l4() + 1) + " instead of " + code;
        }
        if (spec.mtu() != null && live.i32(live.l4() + 4) != (int)(long)spec.mtu())
        {
            return "MTU " + live.i32(live.l4() + 4) + " instead of " + spec.mtu();
        }
        if (spec.id() != null && live.u16(live.l4() + 4) != spec.id())
        {
            return "identifier " + live.u16(live.l4() + 4) + " instead of " + spec.id();
        }
        return null;
    }
}
