package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The checksum of TCP and UDP over header, payload and pseudo-header (RFC 9293, section 3.1; RFC 768; RFC 8200, section
 * 8.1).
 */
public final class TransportChecksum
{
    /** Protocol number of UDP. */
    static final int UDP_PROTOCOL = 17;
    /** Offset of the checksum in a UDP header. */
    static final int UDP_CHECKSUM_OFFSET = 6;

    private TransportChecksum()
    {
    }

    /**
     * Complete a partial checksum in place: the field holds the pseudo-header's sum and is replaced by the checksum.
     * Other packets are left alone.
     *
     * @param packet of TCP or UDP with its transport header located, long enough to hold it.
     */
    public static void complete(final Packet packet)
    {
        if (packet.checksum() != Packet.CHECKSUM_PARTIAL)
        {
            return;
        }
        final MutableDirectBuffer buffer = packet.buffer();
        final boolean udp = packet.protocol() == UDP_PROTOCOL;
        final int at = packet.l4Offset() + (udp ? UDP_CHECKSUM_OFFSET : TcpHeader.CHECKSUM_OFFSET);
        final int field = Checksum.finish(Checksum.sum(buffer, packet.l4Offset(), packet.l4Length()));
        // A computed 0 is sent as its other form, since 0 stands for "none" in UDP (RFC 768).
        buffer.putShort(at, (short)(udp && field == 0 ? 0xFFFF : field), ByteOrder.BIG_ENDIAN);
        packet.checksum(Packet.CHECKSUM_COMPLETE);
    }

    /**
     * Does the complete checksum of a packet hold?
     *
     * @param packet   with its transport header located.
     * @param l4Length bytes that the checksum covers, from the transport header on.
     * @return true when it does.
     */
    static boolean holds(final Packet packet, final int l4Length)
    {
        final long sum = pseudoHeader(packet.buffer(), packet.offset(), packet.version(), packet.protocol(), l4Length);
        return Checksum.fold(sum + Checksum.sum(packet.buffer(), packet.l4Offset(), l4Length)) == 0xFFFF;
    }

    /**
     * The sum of the pseudo-header that belongs to an IP header.
     *
     * @param buffer   that holds the IP header.
     * @param offset   of the IP header.
     * @param version  4 or 6.
     * @param protocol of the transport.
     * @param l4Length transport header and payload in bytes.
     * @return the sum, neither folded nor complemented.
     */
    static long pseudoHeader(
        final MutableDirectBuffer buffer, final int offset, final int version, final int protocol, final int l4Length)
    {
        return version == 4 ?
            Checksum.pseudoHeader(buffer, offset + Ip4Header.SRC_OFFSET, 8, protocol, l4Length) :
            Checksum.pseudoHeader(buffer, offset + Ip6Header.SRC_OFFSET, 32, protocol, l4Length);
    }
}
