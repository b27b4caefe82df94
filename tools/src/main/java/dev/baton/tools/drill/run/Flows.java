package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.PacketSpec;
import dev.baton.tools.drill.script.TcpOptionSpec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All flows of a run, and which of them is under test: that of the newest socket, until an inbound packet reaches a
 * listener, whose
 * child is under test from then on. A packet that writes its ports names its flow itself.
 */
final class Flows
{
    private static final int FIRST_EPHEMERAL = 32_768;
    private static final int SYN = 0x02;

    private final List<Flow> flows = new ArrayList<>();
    private final ArrayDeque<WirePacket> messages = new ArrayDeque<>();
    private final Ends ends;
    private Flow underTest;
    private int nextEphemeral = FIRST_EPHEMERAL;

    Flows(final Ends ends)
    {
        this.ends = ends;
    }

    /** A socket was made. */
    Flow opened(final int fd, final boolean datagrams)
    {
        underTest = new Flow(0, 0, datagrams);
        underTest.fd(fd);
        flows.add(underTest);
        return underTest;
    }

    /** The flow under test; null before the first socket. */
    Flow underTest()
    {
        return underTest;
    }

    /** ICMP messages that were sent and nobody has looked at. */
    ArrayDeque<WirePacket> messages()
    {
        return messages;
    }

    /** The flow of a descriptor; null when it has none. */
    Flow ofDescriptor(final int fd)
    {
        Flow found = null;
        for (final Flow flow : flows)
        {
            found = flow.fd() == fd ? flow : found;
        }
        return found;
    }

    /** The flow with both ports; null when there is none. The newest counts. */
    Flow ofPorts(final int localPort, final int remotePort)
    {
        Flow found = null;
        for (final Flow flow : flows)
        {
            found = !flow.isListening() && flow.localPort() == localPort && flow.remotePort() == remotePort ? flow : found;
        }
        return found;
    }

    /** The flow that an expected packet belongs to, or that an injected packet goes to. */
    Flow of(final PacketSpec spec)
    {
        final PacketSpec.Ports ports = ports(spec);
        if (ports != null)
        {
            final int local = spec.outbound() ? ports.source() : ports.destination();
            final int remote = spec.outbound() ? ports.destination() : ports.source();
            final Flow known = ofPorts(local, remote);
            final Flow flow = known == null ? child(local, remote, spec) : known;
            flow.watch();
            return flow;
        }
        if (underTest == null)
        {
            return spec.body() instanceof PacketSpec.Icmp ? new Flow(0, 0, false) : child(0, 0, spec);
        }
        if (!spec.outbound() && underTest.isListening() && spec.body() instanceof PacketSpec.Tcp)
        {
            underTest = child(underTest.localPort(), nextEphemeral++, spec);
        }
        else if (!spec.outbound() && underTest.remotePort() == 0 && spec.body() instanceof PacketSpec.Udp)
        {
            underTest.remotePort(nextEphemeral++);
        }
        return underTest;
    }

    private Flow child(final int local, final int remote, final PacketSpec spec)
    {
        if (local == 0)
        {
            throw new ScriptFailure("no socket is under test, and the packet does not write its ports");
        }
        final Flow flow = new Flow(local, remote, spec.body() instanceof PacketSpec.Udp);
        flows.add(flow);
        return flow;
    }

    private static PacketSpec.Ports ports(final PacketSpec spec)
    {
        return spec.body() instanceof PacketSpec.Tcp tcp ? tcp.ports() :
            spec.body() instanceof PacketSpec.Udp udp ? udp.ports() : null;
    }

    /** A packet is about to be injected: learn its initial number. */
    static void onInject(final PacketSpec spec, final Flow flow)
    {
        if (spec.body() instanceof PacketSpec.Tcp tcp)
        {
            if ((tcp.flags() & SYN) != 0)
            {
                flow.onSynInjected((int)tcp.start());
                flow.peerScales(tcp.options() != null &&
                    tcp.options().stream().anyMatch(TcpOptionSpec.WindowScale.class::isInstance));
            }
            if ((tcp.flags() & 0x20) != 0)
            {
                flow.doNotCheckReads();
            }
        }
    }

    /** The stack has sent a packet: keep it with its flow, or forget it when it is nobody's. */
    void onSent(final WirePacket packet)
    {
        if (packet.bytes().length < 20 || packet.isV4() != ends.isV4() ||
            !Arrays.equals(packet.address(false), Ends.bytes(ends.remote())))
        {
            return;
        }
        if (packet.protocol() == WirePacket.TCP || packet.protocol() == WirePacket.UDP)
        {
            final Flow flow = packet.bytes().length < packet.l4() + 4 ? underTest :
                ofPorts(packet.sourcePort(), packet.destinationPort());
            final boolean datagram = packet.protocol() == WirePacket.UDP;
            if (flow != null && flow.isDatagrams() == datagram)
            {
                flow.sent().add(packet);
            }
            return;
        }
        messages.add(packet);
    }

    /** Packets of flows under test that no event has asked for. */
    List<WirePacket> surplus()
    {
        final List<WirePacket> surplus = new ArrayList<>();
        for (final Flow flow : flows)
        {
            if (flow == underTest || flow.isWatched())
            {
                surplus.addAll(flow.sent());
            }
        }
        surplus.addAll(messages);
        return surplus;
    }

    /** Who has sent a packet that is left over; null when it is no segment or datagram. */
    Flow ownerOf(final WirePacket packet)
    {
        for (final Flow flow : flows)
        {
            if (flow.sent().contains(packet))
            {
                return flow;
            }
        }
        return null;
    }
}
