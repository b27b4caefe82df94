package dev.baton.stack.socket;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The calls on sockets that applications make on Linux, with Linux's constants ({@link SocketConstants}), meaning and
 * errors. A result is 0 or more, or a negated {@link Errno}. Nothing blocks: a call that would block returns
 * {@link Errno#EAGAIN}, a connection that is not made at once {@link Errno#EINPROGRESS}; {@link #poll} tells when it is
 * worth to try again.
 * <p>
 * Option values, {@code struct linger} and {@code struct tcp_info} have Linux's layout in the machine's byte order.
 * <p>
 * Not thread safe: one thread makes all calls.
 */
public interface Sockets
{
    /**
     * socket(2).
     *
     * @param domain   {@link SocketConstants#AF_INET} or {@link SocketConstants#AF_INET6}.
     * @param type     {@link SocketConstants#SOCK_STREAM} or {@link SocketConstants#SOCK_DGRAM}, with flags.
     * @param protocol 0, or the one that belongs to the type.
     * @return a descriptor.
     */
    int socket(int domain, int type, int protocol);

    /**
     * bind(2).
     *
     * @param fd      descriptor.
     * @param address of the socket's family; port 0 takes a free one.
     * @return 0.
     */
    int bind(int fd, SockAddr address);

    /**
     * listen(2).
     *
     * @param fd      descriptor.
     * @param backlog of connections that wait for accept.
     * @return 0.
     */
    int listen(int fd, int backlog);

    /**
     * accept(2).
     *
     * @param fd   descriptor of a listener.
     * @param peer to be filled, or null.
     * @return descriptor of the oldest connection that waits.
     */
    int accept(int fd, SockAddr peer);

    /**
     * connect(2).
     *
     * @param fd      descriptor.
     * @param address of the peer; {@link SocketConstants#AF_UNSPEC} dissolves the connection of a datagram socket.
     * @return 0; {@link Errno#EINPROGRESS} when the handshake has begun.
     */
    int connect(int fd, SockAddr address);

    /**
     * recv(2).
     *
     * @param fd     descriptor.
     * @param dst    where to.
     * @param offset in it.
     * @param length at most so many bytes.
     * @param flags  MSG_*.
     * @return bytes received; 0 at the end of a stream.
     */
    default int recv(
        final int fd, final MutableDirectBuffer dst, final int offset, final int length, final int flags)
    {
        return recvfrom(fd, dst, offset, length, flags, null);
    }

    /**
     * read(2).
     *
     * @param fd     descriptor.
     * @param dst    where to.
     * @param offset in it.
     * @param length at most so many bytes.
     * @return bytes read; 0 at the end of a stream.
     */
    default int read(final int fd, final MutableDirectBuffer dst, final int offset, final int length)
    {
        return recv(fd, dst, offset, length, 0);
    }

    /**
     * recvfrom(2).
     *
     * @param fd     descriptor.
     * @param dst    where to.
     * @param offset in it.
     * @param length at most so many bytes.
     * @param flags  MSG_*.
     * @param from   to be filled with the sender of a datagram, or null.
     * @return bytes received.
     */
    int recvfrom(int fd, MutableDirectBuffer dst, int offset, int length, int flags, SockAddr from);

    /**
     * recvmsg(2) with one piece.
     *
     * @param fd      descriptor.
     * @param dst     where to.
     * @param offset  in it.
     * @param length  at most so many bytes.
     * @param flags   MSG_*.
     * @param message to be filled.
     * @return bytes received.
     */
    int recvmsg(int fd, MutableDirectBuffer dst, int offset, int length, int flags, MessageInfo message);

    /**
     * send(2).
     *
     * @param fd     descriptor.
     * @param src    where from.
     * @param offset in it.
     * @param length bytes.
     * @param flags  MSG_*.
     * @return bytes taken.
     */
    default int send(final int fd, final DirectBuffer src, final int offset, final int length, final int flags)
    {
        return sendto(fd, src, offset, length, flags, null);
    }

    /**
     * write(2).
     *
     * @param fd     descriptor.
     * @param src    where from.
     * @param offset in it.
     * @param length bytes.
     * @return bytes taken.
     */
    default int write(final int fd, final DirectBuffer src, final int offset, final int length)
    {
        return send(fd, src, offset, length, 0);
    }

    /**
     * sendto(2).
     *
     * @param fd     descriptor.
     * @param src    where from.
     * @param offset in it.
     * @param length bytes.
     * @param flags  MSG_*.
     * @param to     where to, or null for the connected peer.
     * @return bytes taken.
     */
    int sendto(int fd, DirectBuffer src, int offset, int length, int flags, SockAddr to);

    /**
     * sendmsg(2) with one piece.
     *
     * @param fd      descriptor.
     * @param src     where from.
     * @param offset  in it.
     * @param length  bytes.
     * @param flags   MSG_*.
     * @param message name, time to live and TOS are heeded.
     * @return bytes taken.
     */
    int sendmsg(int fd, DirectBuffer src, int offset, int length, int flags, MessageInfo message);

    /**
     * shutdown(2).
     *
     * @param fd  descriptor.
     * @param how SHUT_*.
     * @return 0.
     */
    int shutdown(int fd, int how);

    /**
     * close(2).
     *
     * @param fd descriptor.
     * @return 0.
     */
    int close(int fd);

    /**
     * setsockopt(2).
     *
     * @param fd     descriptor.
     * @param level  of the option.
     * @param name   of the option.
     * @param value  that holds its value.
     * @param offset in it.
     * @param length of the value in bytes.
     * @return 0.
     */
    int setsockopt(int fd, int level, int name, DirectBuffer value, int offset, int length);

    /**
     * getsockopt(2).
     *
     * @param fd     descriptor.
     * @param level  of the option.
     * @param name   of the option.
     * @param value  to be filled.
     * @param offset in it.
     * @param length of the room in bytes.
     * @return bytes filled.
     */
    int getsockopt(int fd, int level, int name, MutableDirectBuffer value, int offset, int length);

    /**
     * setsockopt(2) with an int.
     *
     * @param fd    descriptor.
     * @param level of the option.
     * @param name  of the option.
     * @param value to be set.
     * @return 0.
     */
    int setInt(int fd, int level, int name, int value);

    /**
     * getsockopt(2) of an int that cannot be below -1.
     *
     * @param fd    descriptor.
     * @param level of the option.
     * @param name  of the option.
     * @return its value; one of -1, which is -EPERM otherwise, is the option's "not set".
     */
    int getInt(int fd, int level, int name);

    /**
     * getsockname(2).
     *
     * @param fd    descriptor.
     * @param local to be filled.
     * @return 0.
     */
    int getsockname(int fd, SockAddr local);

    /**
     * getpeername(2).
     *
     * @param fd   descriptor.
     * @param peer to be filled.
     * @return 0.
     */
    int getpeername(int fd, SockAddr peer);

    /**
     * fcntl(2).
     *
     * @param fd       descriptor.
     * @param command  {@link SocketConstants#F_GETFL} or {@link SocketConstants#F_SETFL}.
     * @param argument flags to be set.
     * @return the flags, or 0.
     */
    int fcntl(int fd, int command, int argument);

    /**
     * ioctl(2) of requests that return an int.
     *
     * @param fd      descriptor.
     * @param request SIOC*.
     * @return the value.
     */
    int ioctl(int fd, int request);

    /**
     * poll(2) of one descriptor, without waiting.
     *
     * @param fd     descriptor.
     * @param events POLL* of interest; errors and hang-ups are told unasked.
     * @return POLL* that hold; {@link SocketConstants#POLLNVAL} for a descriptor that is not open.
     */
    int poll(int fd, int events);
}
