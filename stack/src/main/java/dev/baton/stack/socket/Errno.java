package dev.baton.stack.socket;

/** Linux's error numbers, names and texts, as far as calls on sockets use them (errno(3)). */
public enum Errno
{
    /** Operation not permitted. */
    EPERM(1, "Operation not permitted"),
    /** No such file or directory. */
    ENOENT(2, "No such file or directory"),
    /** Interrupted system call. */
    EINTR(4, "Interrupted system call"),
    /** Input/output error. */
    EIO(5, "Input/output error"),
    /** Bad file descriptor. */
    EBADF(9, "Bad file descriptor"),
    /** Resource temporarily unavailable. */
    EAGAIN(11, "Resource temporarily unavailable"),
    /** Cannot allocate memory. */
    ENOMEM(12, "Cannot allocate memory"),
    /** Permission denied. */
    EACCES(13, "Permission denied"),
    /** Bad address. */
    EFAULT(14, "Bad address"),
    /** Device or resource busy. */
    EBUSY(16, "Device or resource busy"),
    /** No such device. */
    ENODEV(19, "No such device"),
    /** Invalid argument. */
    EINVAL(22, "Invalid argument"),
    /** Too many open files in system. */
    ENFILE(23, "Too many open files in system"),
    /** Too many open files. */
    EMFILE(24, "Too many open files"),
    /** Inappropriate ioctl for device. */
    ENOTTY(25, "Inappropriate ioctl for device"),
    /** Broken pipe. */
    EPIPE(32, "Broken pipe"),
    /** Numerical argument out of domain. */
    EDOM(33, "Numerical argument out of domain"),
    /** No data available. */
    ENODATA(61, "No data available"),
    /** Machine is not on the network. */
    ENONET(64, "Machine is not on the network"),
    /** Protocol error. */
    EPROTO(71, "Protocol error"),
    /** Socket operation on non-socket. */
    ENOTSOCK(88, "Socket operation on non-socket"),
    /** Destination address required. */
    EDESTADDRREQ(89, "Destination address required"),
    /** Message too long. */
    EMSGSIZE(90, "Message too long"),
    /** Protocol wrong type for socket. */
    EPROTOTYPE(91, "Protocol wrong type for socket"),
    /** Protocol not available. */
    ENOPROTOOPT(92, "Protocol not available"),
    /** Protocol not supported. */
    EPROTONOSUPPORT(93, "Protocol not supported"),
    /** Socket type not supported. */
    ESOCKTNOSUPPORT(94, "Socket type not supported"),
    /** Operation not supported. */
    EOPNOTSUPP(95, "Operation not supported"),
    /** Protocol family not supported. */
    EPFNOSUPPORT(96, "Protocol family not supported"),
    /** Address family not supported by protocol. */
    EAFNOSUPPORT(97, "Address family not supported by protocol"),
    /** Address already in use. */
    EADDRINUSE(98, "Address already in use"),
    /** Cannot assign requested address. */
    EADDRNOTAVAIL(99, "Cannot assign requested address"),
    /** Network is down. */
    ENETDOWN(100, "Network is down"),
    /** Network is unreachable. */
    ENETUNREACH(101, "Network is unreachable"),
    /** Software caused connection abort. */
    ECONNABORTED(103, "Software caused connection abort"),
    /** Connection reset by peer. */
    ECONNRESET(104, "Connection reset by peer"),
    /** No buffer space available. */
    ENOBUFS(105, "No buffer space available"),
    /** Transport endpoint is already connected. */
    EISCONN(106, "Transport endpoint is already connected"),
    /** Transport endpoint is not connected. */
    ENOTCONN(107, "Transport endpoint is not connected"),
    /** Connection timed out. */
    ETIMEDOUT(110, "Connection timed out"),
    /** Connection refused. */
    ECONNREFUSED(111, "Connection refused"),
    /** Host is down. */
    EHOSTDOWN(112, "Host is down"),
    /** No route to host. */
    EHOSTUNREACH(113, "No route to host"),
    /** Operation already in progress. */
    EALREADY(114, "Operation already in progress"),
    /** Operation now in progress. */
    EINPROGRESS(115, "Operation now in progress");

    private static final int HIGHEST = 133;
    private static final Errno[] BY_NUMBER = new Errno[HIGHEST + 1];

    static
    {
        for (final Errno errno : values())
        {
            BY_NUMBER[errno.number] = errno;
        }
    }

    private final int number;
    private final String text;

    Errno(final int number, final String text)
    {
        this.number = number;
        this.text = text;
    }

    /**
     * The number.
     *
     * @return as Linux counts on x86-64 and aarch64; above 0.
     */
    public int number()
    {
        return number;
    }

    /**
     * What a call of {@link Sockets} returns for it.
     *
     * @return the negated number.
     */
    public int result()
    {
        return -number;
    }

    /**
     * What it means.
     *
     * @return as strerror(3) says.
     */
    public String text()
    {
        return text;
    }

    /**
     * The error behind a number or a result.
     *
     * @param numberOrResult such as 111 or -111.
     * @return null when it is none of these.
     */
    public static Errno of(final int numberOrResult)
    {
        final int number = Math.abs(numberOrResult);
        return number <= HIGHEST && number >= 0 ? BY_NUMBER[number] : null;
    }

    /**
     * Name a result of {@link Sockets} for people.
     *
     * @param result non-negative, or a negated number.
     * @return the number itself, or such as {@code ECONNREFUSED (Connection refused)}.
     */
    public static String describe(final int result)
    {
        final Errno errno = result < 0 ? of(result) : null;
        return errno == null ? Integer.toString(result) : errno.name() + " (" + errno.text + ")";
    }
}
