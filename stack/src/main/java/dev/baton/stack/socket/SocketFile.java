package dev.baton.stack.socket;

import dev.baton.stack.service.IpFamily;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static dev.baton.stack.socket.SocketConstants.AF_INET;
import static dev.baton.stack.socket.SocketConstants.AF_INET6;

/** What a descriptor stands for. Results are those of {@link Sockets}. Not thread safe. */
abstract class SocketFile
{
    final StackSockets sockets;
    final int domain;
    int fd = -1;
    int flags = SocketConstants.O_RDWR;
    boolean v6Only;
    boolean reuseAddress;
    boolean reusePort;
    boolean broadcast;

    SocketFile(final StackSockets sockets, final int domain)
    {
        this.sockets = sockets;
        this.domain = domain;
    }

    abstract int type();

    abstract int protocol();

    abstract int bind(SockAddr address);

    abstract int listen(int backlog);

    abstract int accept(SockAddr peer);

    abstract int connect(SockAddr address);

    /** Receive; {@code message} and {@code from} may be null. */
    abstract int receive(
        MutableDirectBuffer dst, int offset, int length, int flags, SockAddr from, MessageInfo message);

    /** Send; {@code to} and {@code message} may be null. */
    abstract int send(DirectBuffer src, int offset, int length, int flags, SockAddr to, MessageInfo message);

    abstract int shutdown(int how);

    abstract void close();

    /** Options that are not the same for all sockets. */
    abstract int setOption(int level, int name, int value);

    abstract int getOption(int level, int name);

    abstract int localName(SockAddr local);

    abstract int peerName(SockAddr peer);

    abstract int ioctl(int request);

    /** All POLL* that hold now. */
    abstract int ready();

    /** Is the socket bound, so that its families are settled? */
    abstract boolean isBound();

    final IpFamily family()
    {
        return domain == AF_INET ? IpFamily.V4 : v6Only ? IpFamily.V6 : IpFamily.DUAL;
    }

    /** May an address be bound to? A short {@code sockaddr} at an IPv6 socket is invalid, another family unknown. */
    final int checkName(final SockAddr address)
    {
        if (address.family() == domain)
        {
            return domain == AF_INET6 && v6Only && address.address().isV4() ? Errno.EADDRNOTAVAIL.result() : 0;
        }
        return (domain == AF_INET6 ? Errno.EINVAL : Errno.EAFNOSUPPORT).result();
    }

    /** Fill an address in the form of this socket's family. */
    final int fill(final SockAddr into, final IpAddress address, final int port)
    {
        into.set(domain, address, port);
        return 0;
    }
}
