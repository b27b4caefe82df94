package dev.baton.tun;

/**
 * The C library's calls that this module makes, as jnr-ffi binds them. Only primitives, for those jnr-ffi compiles to a direct
 * native stub; an address is that of direct memory which the caller keeps reachable. Each call returns -1 on failure, and
 * {@link Native#errno()} then has the reason, for the calling thread, until its next failing call.
 * <p>
 * {@code open}, {@code fcntl} and {@code ioctl} are variadic in C and bound here with fixed arity, which the calling conventions
 * of Linux on x86-64 and aarch64 allow. Public only because the generated class lives in another class loader.
 */
public interface LibC
{
    /**
     * open(2).
     *
     * @param path  address of a NUL-terminated path.
     * @param flags O_*.
     * @param mode  of a file that is made.
     * @return descriptor, or -1.
     */
    int open(long path, int flags, int mode);

    /**
     * close(2).
     *
     * @param fd descriptor.
     * @return 0, or -1.
     */
    int close(int fd);

    /**
     * read(2).
     *
     * @param fd      descriptor.
     * @param address where to.
     * @param length  at most, in bytes.
     * @return bytes read, or -1.
     */
    long read(int fd, long address, long length);

    /**
     * write(2).
     *
     * @param fd      descriptor.
     * @param address where from.
     * @param length  in bytes.
     * @return bytes written, or -1.
     */
    long write(int fd, long address, long length);

    /**
     * ioctl(2).
     *
     * @param fd       descriptor.
     * @param request  its number.
     * @param argument a value or an address, as the request wants.
     * @return 0 or more, or -1.
     */
    int ioctl(int fd, long request, long argument);

    /**
     * fcntl(2).
     *
     * @param fd       descriptor.
     * @param command  F_*.
     * @param argument as the command wants.
     * @return as the command says, or -1.
     */
    int fcntl(int fd, int command, long argument);

    /**
     * poll(2) with a fine time-out.
     *
     * @param fds      address of an array of {@code struct pollfd}.
     * @param count    of its entries.
     * @param timespec address of the time-out, or 0 for none.
     * @param sigmask  address of a signal mask, or 0 for none.
     * @return entries with events, 0 on time-out, or -1.
     */
    int ppoll(long fds, long count, long timespec, long sigmask);

    /**
     * eventfd(2).
     *
     * @param initial value of the counter.
     * @param flags   EFD_*.
     * @return descriptor, or -1.
     */
    int eventfd(int initial, int flags);

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
     * geteuid(2).
     *
     * @return the effective user id.
     */
    int geteuid();
}
