package dev.baton.stack.service;

import dev.baton.stack.ip.MtuDiscover;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A UDP socket as its user sees it (RFC 768; RFC 1122, section 4.1; RFC 8085). All calls on the shard's thread; none
 * blocks. Results are 0 or more, or a negated number of a {@link dev.baton.stack.socket.Errno}.
 * <p>
 * There is neither broadcast nor multicast, and nothing can be sent to an address of this shard.
 */
public interface UdpSocket
{
    /** Result of {@link #receive} and {@link #peek} when no datagram waits. */
    int NONE = -1;

    /**
     * Identity within the shard; never used again.
     *
     * @return a positive number.
     */
    long id();

    /**
     * Say which addresses it deals with; it may change until it has a port.
     *
     * @param family to be dealt with.
     */
    void family(IpFamily family);

    /**
     * Take a local address and port. Sockets may share a port when their addresses or families do not meet, when all of
     * them allow {@link #reuseAddress(boolean)} (the latest gets the datagrams), or all allow
     * {@link #reusePort(boolean)} (datagrams are spread over them by flow).
     *
     * @param address one of the shard's, or {@link IpAddress#ANY}.
     * @param port    1 to 65535, or 0 for a free one that is chosen at random (RFC 6056).
     * @return 0; EINVAL when it is bound or closed, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN when no port is free.
     */
    int bind(IpAddress address, int port);

    /**
     * Fix the peer: only its datagrams come in, and errors that ICMP reports are told. Takes a local port if there is
     * none yet, and a local address.
     *
     * @param address the peer's.
     * @param port    1 to 65535.
     * @return 0; ENETUNREACH, EACCES, EINVAL, EAFNOSUPPORT, EAGAIN.
     */
    int connect(IpAddress address, int port);

    /** Let go of the peer; the local port stays, the local address only if {@link #bind} set it. */
    void disconnect();

    /** {@return the local address; {@link IpAddress#ANY} for all, or when there is none} */
    IpAddress localAddress();

    /** {@return the local port; 0 when not bound} */
    int localPort();

    /** {@return the peer's address, or null when not connected} */
    IpAddress remoteAddress();

    /** {@return the peer's port; 0 when not connected} */
    int remotePort();

    /**
     * Send a datagram to the connected peer.
     *
     * @param src    where from.
     * @param offset in it.
     * @param length bytes; 0 is a datagram, too.
     * @return length; EDESTADDRREQ when not connected, EMSGSIZE, or an error that ICMP has reported.
     */
    int send(DirectBuffer src, int offset, int length);

    /**
     * Send a datagram.
     *
     * @param src     where from.
     * @param offset  in it.
     * @param length  bytes; 0 is a datagram, too.
     * @param address where to.
     * @param port    1 to 65535.
     * @return length; EMSGSIZE, ENETUNREACH, EACCES, EINVAL, EAFNOSUPPORT, or an error that ICMP has reported.
     */
    int sendTo(DirectBuffer src, int offset, int length, IpAddress address, int port);

    /**
     * Send a datagram with a time to live and TOS of its own.
     *
     * @param src     where from.
     * @param offset  in it.
     * @param length  bytes.
     * @param address where to, or null for the connected peer.
     * @param port    1 to 65535; not used with the connected peer.
     * @param ttl     0 to 255, or -1 for the socket's.
     * @param tos     0 to 255, or -1 for the socket's.
     * @return as {@link #sendTo(DirectBuffer, int, int, IpAddress, int)}.
     */
    int sendTo(DirectBuffer src, int offset, int length, IpAddress address, int port, int ttl, int tos);

    /**
     * Take the oldest datagram; what does not fit is lost.
     *
     * @param dst     where to.
     * @param offset  in it.
     * @param length  at most so many bytes.
     * @param message to be filled.
     * @return bytes copied, or {@link #NONE}.
     */
    int receive(MutableDirectBuffer dst, int offset, int length, UdpMessage message);

    /**
     * Look at the oldest datagram without taking it.
     *
     * @param dst     where to.
     * @param offset  in it.
     * @param length  at most so many bytes.
     * @param message to be filled.
     * @return bytes copied, or {@link #NONE}.
     */
    int peek(MutableDirectBuffer dst, int offset, int length, UdpMessage message);

    /** {@return number of datagrams that wait} */
    int queued();

    /** {@return length of the oldest datagram in bytes, or {@link #NONE}} */
    int nextLength();

    /**
     * Take the error that ICMP has reported; it is told once, here or by the next send.
     *
     * @return a negated Errno, or 0.
     */
    int takeError();

    /** {@return does an error wait, here or in the error queue?} */
    boolean hasError();

    /**
     * Take the oldest entry of the error queue.
     *
     * @param error to be filled.
     * @return false when it is empty.
     */
    boolean takeQueuedError(UdpError error);

    /**
     * Share the port with sockets that allow it, too ({@code SO_REUSEADDR}).
     *
     * @param reuseAddress true when it is allowed.
     */
    void reuseAddress(boolean reuseAddress);

    /**
     * Share the port, and the datagrams by flow, with sockets that allow it, too ({@code SO_REUSEPORT}).
     *
     * @param reusePort true when it is allowed.
     */
    void reusePort(boolean reusePort);

    /**
     * Bound of the queue ({@code SO_RCVBUF}).
     *
     * @param bytes of datagrams and of 64 bytes for each.
     */
    void receiveBufferBytes(int bytes);

    /** {@return bound of the queue in bytes} */
    int receiveBufferBytes();

    /**
     * Time to live and hop limit of what is sent ({@code IP_TTL}, {@code IPV6_UNICAST_HOPS}).
     *
     * @param ttl 1 to 255, or -1 for the stack's.
     */
    void ttl(int ttl);

    /** {@return time to live of what is sent, 1 to 255} */
    int ttl();

    /**
     * TOS and traffic class of what is sent ({@code IP_TOS}, {@code IPV6_TCLASS}).
     *
     * @param tos 0 to 255.
     */
    void tos(int tos);

    /** {@return TOS of what is sent, 0 to 255} */
    int tos();

    /**
     * How path MTU discovery is done.
     *
     * @param mtuDiscovery {@link MtuDiscover#WANT} at first.
     */
    void mtuDiscovery(MtuDiscover mtuDiscovery);

    /** {@return how path MTU discovery is done} */
    MtuDiscover mtuDiscovery();

    /** {@return path MTU to the connected peer in bytes; 0 when not connected} */
    int pathMtu();

    /**
     * Are errors queued, those about unconnected sends included ({@code IP_RECVERR})?
     *
     * @param reportErrors true when they are.
     */
    void reportErrors(boolean reportErrors);

    /**
     * Is the checksum left out of IPv4 datagrams ({@code SO_NO_CHECK})? IPv6 always has it (RFC 8200, section 8.1).
     *
     * @param noChecksum true when it is.
     */
    void noChecksum(boolean noChecksum);

    /** Close: the port is free again, what waits is lost. No call-back follows. */
    void close();

    /**
     * What the service hung on this socket.
     *
     * @return null at first.
     */
    Object attachment();

    /**
     * Hang something on this socket.
     *
     * @param attachment of the service.
     */
    void attachment(Object attachment);
}
