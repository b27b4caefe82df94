package dev.baton.stack.ip;

import dev.baton.stack.Packet;

/**
 * Takes UDP datagrams for this shard (RFC 768; RFC 1122, section 4.1). The IP layer has checked everything up to the
 * datagram: addresses, both lengths, and the checksum where there is one. Called on the shard's thread.
 */
public interface UdpInput
{
    /**
     * A datagram for one of our addresses.
     *
     * @param packet its UDP header is at {@link Packet#l4Offset()}; the length in that header holds and may be less than
     *               {@link Packet#l4Length()}. The bytes are valid during the call only.
     * @param nowNs  time of this poll.
     * @return false when nobody listens at the port: the sender is told by a port unreachable (RFC 1122, section
     *         4.1.3.1). A datagram that is dropped for want of room is taken, so true.
     */
    boolean onDatagram(Packet packet, long nowNs);
}
