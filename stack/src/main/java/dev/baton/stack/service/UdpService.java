package dev.baton.stack.service;

/**
 * Who uses a UDP socket inside the shard. Call-backs come from the shard's thread after a batch of packets has been
 * processed; they must not block. What a call-back throws closes its socket and is counted.
 */
public interface UdpService
{
    /**
     * There is at least one new datagram.
     *
     * @param socket of this service.
     */
    void onReadable(UdpSocket socket);

    /**
     * An ICMP error about a datagram of this socket has come (RFC 1122, section 4.1.3.3).
     *
     * @param socket of this service; {@link UdpSocket#takeError()} has the error.
     */
    default void onError(final UdpSocket socket)
    {
    }
}
