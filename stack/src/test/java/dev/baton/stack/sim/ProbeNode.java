package dev.baton.stack.sim;

import dev.baton.stack.Packet;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/** A node that sends TCP packets whose sequence number counts up, and writes down what it receives. */
final class ProbeNode implements SimNode
{
    final SimWorld world;
    final SimLink link;
    final IpOutput output;
    final List<Integer> received = new ArrayList<>();
    final List<Long> receivedAtNs = new ArrayList<>();
    final List<byte[]> bytes = new ArrayList<>();
    final List<Integer> gsoSizes = new ArrayList<>();
    final List<Integer> checksums = new ArrayList<>();
    long deadlineNs = Long.MAX_VALUE;
    int polls;
    private final Packet packet = new Packet();
    private final TcpHeader tcp = new TcpHeader();
    private int nextSeq;

    ProbeNode(final SimWorld world, final SimLink link)
    {
        this.world = world;
        this.link = link;
        this.output = new IpOutput(link, new IpCounters());
    }

    void send(final IpAddress src, final IpAddress dst, final int count, final int payloadLength)
    {
        for (int i = 0; i < count; i++)
        {
            sendOne(src, dst, payloadLength, 0);
        }
    }

    boolean sendOne(final IpAddress src, final IpAddress dst, final int payloadLength, final int gsoSize)
    {
        final int version = src.isV4() ? 4 : 6;
        final int ipLength = IpOutput.headerLength(version);
        final int l4Length = TcpHeader.LENGTH + payloadLength;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + ipLength + l4Length]);
        final int at = Packet.HEADROOM;
        output.encode(buffer, at, 0, TcpHeader.PROTOCOL, l4Length, src, dst);
        new TcpHeader().wrap(buffer, at + ipLength).srcPort(1000).dstPort(2000).seq(nextSeq++).ack(0)
            .headerLengthAndFlags(TcpHeader.LENGTH, TcpHeader.ACK).window(1);
        output.partialChecksum(buffer, at, version, l4Length);
        return output.transmit(new Packet().wrap(buffer, at, ipLength + l4Length, gsoSize, Packet.CHECKSUM_PARTIAL)
            .l4(version, at + ipLength, TcpHeader.PROTOCOL));
    }

    @Override
    public int poll(final long nowNs)
    {
        polls++;
        if (deadlineNs <= nowNs)
        {
            deadlineNs = Long.MAX_VALUE;
        }
        int work = 0;
        while (link.receive(packet))
        {
            work++;
            final int version = packet.buffer().getByte(packet.offset()) >>> 4 & 0xF;
            tcp.wrap(packet.buffer(), packet.offset() + IpOutput.headerLength(version));
            received.add(tcp.seq());
            receivedAtNs.add(nowNs);
            gsoSizes.add(packet.gsoSize());
            checksums.add(packet.checksum());
            final byte[] copy = new byte[packet.length()];
            packet.buffer().getBytes(packet.offset(), copy);
            bytes.add(copy);
        }
        return work;
    }

    @Override
    public long nextDeadlineNs()
    {
        return deadlineNs;
    }
}
