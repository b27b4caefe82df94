package dev.baton.stack.udp;

import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.UdpInput;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.UdpHeader;

/**
 * Datagrams that come in: the socket is found and the datagram copied into its queue, within the bounds of the socket
 * and of the shard. What has no room is dropped and counted; its sender is told nothing. Allocates nothing.
 */
final class UdpReceiver implements UdpInput
{
    private final StackContext context;
    private final IpCounters counters;
    private final UdpTable table;
    private final UdpEndpoint endpoint;
    private final UdpHeader udp = new UdpHeader();
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private final UdpMessage message = new UdpMessage();

    UdpReceiver(
        final StackContext context, final IpCounters counters, final UdpTable table, final UdpEndpoint endpoint)
    {
        this.context = context;
        this.counters = counters;
        this.table = table;
        this.endpoint = endpoint;
    }

    @Override
    public boolean onDatagram(final Packet packet, final long nowNs)
    {
        udp.wrap(packet.buffer(), packet.l4Offset());
        final Ucb ucb = table.find(packet.dstHi(), packet.dstLo(), udp.dstPort(),
            packet.srcHi(), packet.srcLo(), udp.srcPort());
        if (ucb == null)
        {
            return false;
        }
        describe(packet);
        if (!hasRoom(ucb))
        {
            drop(ucb, IpCounter.UDP_RCVBUF_ERRORS);
        }
        else if (!ucb.queue.add(message, packet.buffer(), packet.l4Offset() + UdpHeader.LENGTH))
        {
            drop(ucb, IpCounter.UDP_MEM_ERRORS);
        }
        else
        {
            counters.increment(IpCounter.UDP_IN_DATAGRAMS);
            ucb.readableDue = true;
            endpoint.markReady(ucb);
        }
        return true;
    }

    /** A single datagram is always taken, so that no bound shuts a socket off from long ones (socket(7), SO_RCVBUF). */
    private boolean hasRoom(final Ucb ucb)
    {
        final int count = ucb.queue.count();
        final long charged = (long)ucb.queue.chargedBytes() + message.length + DatagramRing.OVERHEAD_BYTES;
        return count == 0 || count < context.maxQueuedDatagrams() && charged <= ucb.receiveBufferBytes;
    }

    private void drop(final Ucb ucb, final IpCounter reason)
    {
        ucb.drops++;
        counters.increment(reason);
        counters.increment(IpCounter.UDP_IN_ERRORS);
    }

    private void describe(final Packet packet)
    {
        message.length = udp.length() - UdpHeader.LENGTH;
        message.sourceHi = packet.srcHi();
        message.sourceLo = packet.srcLo();
        message.sourcePort = udp.srcPort();
        message.destinationHi = packet.dstHi();
        message.destinationLo = packet.dstLo();
        if (packet.version() == 4)
        {
            ip4.wrap(packet.buffer(), packet.offset());
            message.ttl = ip4.ttl();
            message.tos = ip4.tos();
        }
        else
        {
            ip6.wrap(packet.buffer(), packet.offset());
            message.ttl = ip6.hopLimit();
            message.tos = ip6.trafficClass();
        }
    }
}
