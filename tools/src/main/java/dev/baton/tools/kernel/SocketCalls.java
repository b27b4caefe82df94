package dev.baton.tools.kernel;

/**
 * The C library's calls on sockets, as jnr-ffi binds them: only primitives; an address is that of direct memory which
 * the caller keeps reachable. Each returns -1 on failure, and errno then has the reason. Public only because the
 * generated class lives in another class loader.
 */
public interface SocketCalls
{
    /**
     * socket(2).
     *
     * @param domain   AF_*.
     * @param type     SOCK_*.
     * @param protocol within the domain.
     * @return descriptor, or -1.
     */
    int socket(int domain, int type, int protocol);

    /**
     * bind(2).
     *
     * @param fd      descriptor.
     * @param address of a sockaddr.
     * @param length  of it.
     * @return 0, or -1.
     */
    int bind(int fd, long address, int length);

    /**
     * listen(2).
     *
     * @param fd      descriptor.
     * @param backlog connections.
     * @return 0, or -1.
     */
    int listen(int fd, int backlog);

    /**
     * accept4(2).
     *
     * @param fd      descriptor.
     * @param address of a sockaddr to be filled, or 0.
     * @param length  address of its length, or 0.
     * @param flags   SOCK_NONBLOCK, SOCK_CLOEXEC.
     * @return descriptor, or -1.
     */
    int accept4(int fd, long address, long length, int flags);

    /**
     * connect(2).
     *
     * @param fd      descriptor.
     * @param address of a sockaddr.
     * @param length  of it.
     * @return 0, or -1.
     */
    int connect(int fd, long address, int length);

    /**
     * recvmsg(2).
     *
     * @param fd      descriptor.
     * @param message address of a msghdr.
     * @param flags   MSG_*.
     * @return bytes, or -1.
     */
    long recvmsg(int fd, long message, int flags);

    /**
     * sendmsg(2).
     *
     * @param fd      descriptor.
     * @param message address of a msghdr.
     * @param flags   MSG_*.
     * @return bytes, or -1.
     */
    long sendmsg(int fd, long message, int flags);

    /**
     * shutdown(2).
     *
     * @param fd  descriptor.
     * @param how SHUT_*.
     * @return 0, or -1.
     */
    int shutdown(int fd, int how);

    /**
     * close(2).
     *
     * @param fd descriptor.
     * @return 0, or -1.
     */
    int close(int fd);

    /**
     * setsockopt(2).
     *
     * @param fd     descriptor.
     * @param level  of the option.
     * @param name   of the option.
     * @param value  address of the value.
     * @param length of it.
     * @return 0, or -1.
     */
    int setsockopt(int fd, int level, int name, long value, int length);

    /**
     * getsockopt(2).
     *
     * @param fd     descriptor.
     * @param level  of the option.
     * @param name   of the option.
     * @param value  address of the room for the value.
     * @param length address of its length.
     * @return 0, or -1.
     */
    int getsockopt(int fd, int level, int name, long value, long length);

    /**
     * getsockname(2).
     *
     * @param fd      descriptor.
     * @param address of a sockaddr to be filled.
     * @param length  address of its length.
     * @return 0, or -1.
     */
    int getsockname(int fd, long address, long length);

    /**
     * getpeername(2).
     *
     * @param fd      descriptor.
     * @param address of a sockaddr to be filled.
     * @param length  address of its length.
     * @return 0, or -1.
     */
    int getpeername(int fd, long address, long length);

    /**
     * fcntl(2); variadic in C, bound with fixed arity, which the calling conventions of Linux on x86-64 and aarch64
     * allow.
     *
     * @param fd       descriptor.
     * @param command  F_*.
     * @param argument as the command wants.
     * @return as the command says, or -1.
     */
    int fcntl(int fd, int command, long argument);

    /**
     * ioctl(2); variadic in C.
     *
     * @param fd       descriptor.
     * @param request  its number.
     * @param argument address of an int.
     * @return 0, or -1.
     */
    int ioctl(int fd, long request, long argument);

    /**
     * poll(2).
     *
     * @param fds       address of an array of {@code struct pollfd}.
     * @param count     of its entries.
     * @param timeoutMs milliseconds; 0 does not wait.
     * @return entries with events, or -1.
     */
    int poll(long fds, long count, int timeoutMs);
}
