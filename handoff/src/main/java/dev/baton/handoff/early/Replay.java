package dev.baton.handoff.early;

import dev.baton.handoff.codec.HandoffRequestDecoder;
import dev.baton.handoff.codec.Flag;
import dev.baton.stack.Packet;
import dev.baton.stack.intercept.ModuleContext;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Plays the stored SYN and ACK of a client to this node's TCP as if the client had connected here (P14, P16).
 * <p>
 * The SYN is edited to what the front agreed to (G1). It is given to TCP with the time at which it would have come, one
 * handshake round trip ago, and the ACK echoes the timestamp of the SYN/ACK between them: so TCP's first RTT sample is
 * the front's, with timestamps and without (G10).
 */
final class Replay
{
    private final ModuleContext context;
    private final UnsafeBuffer syn = new UnsafeBuffer(new byte[Packet.HEADROOM + FrontEntry.MAX_STORED_BYTES]);
    private final UnsafeBuffer ack = new UnsafeBuffer(new byte[Packet.HEADROOM + FrontEntry.MAX_STORED_BYTES]);
    private final Packet synPacket = new Packet();
    private final Packet ackPacket = new Packet();
    private final TcpHeader tcp = new TcpHeader();
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private final SegmentRewriter rewriter = new SegmentRewriter();

    Replay(final ModuleContext context)
    {
        this.context = context;
    }

    /**
     * Take the stored segments out of a request and check that they are what they are said to be: a SYN and the ACK of
     * its SYN/ACK, both from the client to the VIP.
     *
     * @return false when they are not; nothing has been played then.
     */
    boolean load(
        final BackEntry entry, final HandoffRequestDecoder request, final boolean sack, final boolean timestamps)
    {
        final int synLength = request.synLength();
        if (synLength > FrontEntry.MAX_STORED_BYTES)
        {
            return false;
        }
        request.getSyn(syn, Packet.HEADROOM, synLength);
        final int ackLength = request.ackLength();
        if (ackLength > FrontEntry.MAX_STORED_BYTES)
        {
            return false;
        }
        request.getAck(ack, Packet.HEADROOM, ackLength);
        if (!locate(syn, synLength, synPacket, entry) || !locate(ack, ackLength, ackPacket, entry))
        {
            return false;
        }
        tcp.wrap(syn, synPacket.l4Offset());
        if ((tcp.flags() & (TcpHeader.SYN | TcpHeader.ACK | TcpHeader.RST | TcpHeader.FIN)) != TcpHeader.SYN)
        {
            return false;
        }
        entry.isnClient = tcp.seq();
        tcp.wrap(ack, ackPacket.l4Offset());
        return tcp.flags() == TcpHeader.ACK && tcp.seq() == entry.isnClient + 1 && tcp.ack() == entry.isnFront + 1 &&
            SynEditor.strip(
                syn, synPacket.l4Offset(), tcp, entry.frontWindowScale >= 0, sack, timestamps, request.ecn() == Flag.YES);
    }

    void syn(final BackEntry entry, final long thenNs)
    {
        rewriter.begin(synPacket).destination(entry.localHi, entry.localLo, entry.localPort).end();
        rewriter.recomputeChecksum();
        context.injectUp(synPacket, thenNs);
    }

    void ack(final BackEntry entry, final long nowNs)
    {
        rewriter.begin(ackPacket)
            .destination(entry.localHi, entry.localLo, entry.localPort)
            .shiftAck(entry.isnBack - entry.isnFront)
            .tsEcr(entry.synAckTsVal)
            .end();
        rewriter.recomputeChecksum();
        context.injectUp(ackPacket, nowNs);
    }

    private boolean locate(final UnsafeBuffer buffer, final int length, final Packet packet, final BackEntry entry)
    {
        final int at = Packet.HEADROOM;
        final boolean v4 = IpAddress.isV4(entry.remoteHi, entry.remoteLo);
        final int ipLength;
        if (v4)
        {
            ip4.wrap(buffer, at);
            ipLength = length < Ip4Header.LENGTH + TcpHeader.LENGTH ? 0 : ip4.headerLength();
            if (ipLength < Ip4Header.LENGTH || ip4.version() != 4 || ip4.totalLength() != length ||
                ip4.protocol() != TcpHeader.PROTOCOL)
            {
                return false;
            }
        }
        else
        {
            ip6.wrap(buffer, at);
            ipLength = Ip6Header.LENGTH;
            if (length < Ip6Header.LENGTH + TcpHeader.LENGTH || ip6.version() != 6 ||
                ip6.payloadLength() + Ip6Header.LENGTH != length || ip6.nextHeader() != TcpHeader.PROTOCOL)
            {
                return false;
            }
        }
        packet
            .wrap(buffer, at, length, 0, Packet.CHECKSUM_VERIFIED)
            .l4(v4 ? 4 : 6, at + ipLength, TcpHeader.PROTOCOL);
        if (ipLength + TcpHeader.LENGTH > length)
        {
            return false;
        }
        tcp.wrap(buffer, packet.l4Offset());
        return ipLength + tcp.headerLength() == length && tcp.headerLength() >= TcpHeader.LENGTH &&
            packet.srcHi() == entry.remoteHi && packet.srcLo() == entry.remoteLo &&
            tcp.srcPort() == entry.remotePort && packet.dstHi() == entry.vipHi &&
            packet.dstLo() == entry.vipLo && tcp.dstPort() == entry.vipPort;
    }
}
