package dev.baton.stack.tcp;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.DirectBuffer;

/**
 * The segment that is being processed: SEG.SEQ, SEG.ACK and so on (RFC 9293, section 3.3.1), seen from the receiver.
 * One reused struct; processing trims it in place.
 */
final class Segment
{
    final TcpOptions options = new TcpOptions();
    DirectBuffer buffer;
    long localHi;
    long localLo;
    int localPort;
    long remoteHi;
    long remoteLo;
    int remotePort;
    int hash;
    int seq;
    int ack;
    int flags;
    /** ECN field of the packet, or of all packets that the super-segment was made of. */
    int ipEcn;
    int window;
    /** Number that the urgent pointer counts from, and the pointer; they count with flag URG. */
    int urgentBase;
    int urgentPointer;
    /** Does the window stand in a SYN, where it is never scaled (RFC 7323, section 2.2)? */
    boolean windowUnscaled;
    int payloadOffset;
    int payloadLength;
    /** Payload of a wire segment; below {@link #payloadLength} in a super-segment. */
    int unitLength;
    /** Wire segments that it was made of. */
    int wireSegments;
    /** Payload bytes that were cut off the front, because they had come before. */
    int knownBytes;

    private final TcpHeader header = new TcpHeader();

    /** Read a packet; false when its header does not fit into it. */
    boolean parse(final Packet packet, final IsnGenerator isn)
    {
        final int length = packet.l4Length();
        header.wrap(packet.buffer(), packet.l4Offset());
        final int headerLength = length < TcpHeader.LENGTH ? 0 : header.headerLength();
        if (headerLength < TcpHeader.LENGTH || headerLength > length)
        {
            return false;
        }
        buffer = packet.buffer();
        localHi = packet.dstHi();
        localLo = packet.dstLo();
        localPort = header.dstPort();
        remoteHi = packet.srcHi();
        remoteLo = packet.srcLo();
        remotePort = header.srcPort();
        hash = isn.tableHash(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
        seq = header.seq();
        ack = header.ack();
        flags = header.flags();
        ipEcn = packet.ecn();
        window = header.window();
        urgentBase = has(TcpHeader.SYN) ? seq + 1 : seq;
        urgentPointer = header.urgentPointer();
        windowUnscaled = has(TcpHeader.SYN);
        payloadOffset = packet.l4Offset() + headerLength;
        payloadLength = length - headerLength;
        final int gso = packet.gsoSize();
        unitLength = gso > 0 ? Math.min(gso, payloadLength) : payloadLength;
        knownBytes = 0;
        wireSegments = gso > 0 && payloadLength > gso ? (payloadLength + gso - 1) / gso : 1;
        options.parse(buffer, packet.l4Offset() + TcpHeader.LENGTH, headerLength - TcpHeader.LENGTH);
        return true;
    }

    boolean has(final int flag)
    {
        return (flags & flag) != 0;
    }

    void clear(final int flag)
    {
        flags &= ~flag;
    }

    /** SEG.LEN: payload, SYN and FIN. */
    int length()
    {
        return payloadLength + (has(TcpHeader.SYN) ? 1 : 0) + (has(TcpHeader.FIN) ? 1 : 0);
    }

    /** Cut bytes off the front; SYN is gone already. */
    void trimFront(final int bytes)
    {
        final int cut = Math.min(bytes, payloadLength);
        payloadOffset += cut;
        payloadLength -= cut;
        knownBytes += cut;
        seq += bytes;
        if (bytes > cut)
        {
            clear(TcpHeader.FIN);
        }
    }

    /** Keep only so many bytes; FIN goes with what is cut off. */
    void trimTo(final int bytes)
    {
        payloadLength = bytes;
        clear(TcpHeader.FIN | TcpHeader.PSH);
    }
}
