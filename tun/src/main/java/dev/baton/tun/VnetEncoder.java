package dev.baton.tun;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.MutableDirectBuffer;

/**
 * Decides what the virtio header of an outgoing packet says, and whether the device can carry the packet at all.
 * <ul>
 * <li>A partial checksum becomes NEEDS_CSUM with the transport header as start. The kernel trusts the field and completes it.
 * <li>A super-segment is TCP, its checksum is partial, and there is more payload than one segment takes. A GSO size on a packet
 *     that fits one segment means nothing.
 * <li>Anything else is a plain packet. DATA_VALID is ignored by the kernel, so it is not said.
 * </ul>
 * Not thread safe; allocates nothing.
 */
final class VnetEncoder
{
    private static final int UDP = 17;
    private static final int UDP_CHECKSUM_OFFSET = 6;
    private static final int ICMP6_CHECKSUM_OFFSET = 2;

    private final VnetHeader header = new VnetHeader();
    private final TcpHeader tcp = new TcpHeader();
    private int flags;
    private int gsoType;
    private int headerLength;
    private int gsoSize;
    private int csumStart;
    private int csumOffset;

    /**
     * Look at a packet.
     *
     * @param packet to be sent.
     * @param vnet   can a virtio header be written?
     * @return false when the packet needs what it cannot have; it must not be sent then.
     */
    boolean prepare(final Packet packet, final boolean vnet)
    {
        clear();
        final boolean partial = packet.checksum() == Packet.CHECKSUM_PARTIAL;
        final boolean segmented = packet.gsoSize() > 0 && needsSegmenting(packet);
        if (!partial && !segmented)
        {
            return true;
        }
        csumOffset = checksumOffset(packet.protocol());
        csumStart = packet.l4Offset() - packet.offset();
        if (!vnet || !partial || packet.version() == 0 || csumOffset < 0 || csumStart <= 0 ||
            csumStart + csumOffset + 2 > packet.length())
        {
            return false;
        }
        flags = VnetHeader.NEEDS_CSUM;
        return !segmented || segment(packet);
    }

    /**
     * Was the packet last looked at a super-segment?
     *
     * @return true when it was.
     */
    boolean isSuper()
    {
        return gsoType != VnetHeader.GSO_NONE;
    }

    /**
     * Write the header for the packet last looked at.
     *
     * @param buffer where to.
     * @param offset of it.
     */
    void encode(final MutableDirectBuffer buffer, final int offset)
    {
        header.wrap(buffer, offset).encode(flags, gsoType, headerLength, gsoSize, csumStart, csumOffset);
    }

    private boolean segment(final Packet packet)
    {
        if (packet.protocol() != TcpHeader.PROTOCOL)
        {
            return false;
        }
        headerLength = csumStart + tcp.headerLength();
        gsoType = packet.version() == 4 ? VnetHeader.GSO_TCPV4 : VnetHeader.GSO_TCPV6;
        if ((tcp.flags() & TcpHeader.CWR) != 0)
        {
            gsoType |= VnetHeader.GSO_ECN;
        }
        gsoSize = packet.gsoSize();
        return true;
    }

    /** More payload than one segment takes? What is not TCP, or has no room for its header, is for {@link #segment} to refuse. */
    private boolean needsSegmenting(final Packet packet)
    {
        if (packet.protocol() != TcpHeader.PROTOCOL || packet.l4Length() < TcpHeader.LENGTH)
        {
            return true;
        }
        tcp.wrap(packet.buffer(), packet.l4Offset());
        return packet.l4Length() - tcp.headerLength() > packet.gsoSize();
    }

    private void clear()
    {
        flags = 0;
        gsoType = VnetHeader.GSO_NONE;
        headerLength = 0;
        gsoSize = 0;
        csumStart = 0;
        csumOffset = 0;
    }

    private static int checksumOffset(final int protocol)
    {
        return switch (protocol)
        {
            case TcpHeader.PROTOCOL -> TcpHeader.CHECKSUM_OFFSET;
            case UDP -> UDP_CHECKSUM_OFFSET;
            case IcmpHeader.PROTOCOL_V6 -> ICMP6_CHECKSUM_OFFSET;
            default -> -1;
        };
    }
}
