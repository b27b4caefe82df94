package dev.baton.stack.service;

/** Why a connection ended, as its user is told (RFC 9293, section 3.9). */
public enum CloseReason
{
    /** Both halves were closed in order. */
    NORMAL(0),
    /** The peer sent RST. */
    RESET(104),
    /** The user called abort. */
    ABORTED(103),
    /** No answer within the user time-out, or too many retransmissions. */
    TIMEOUT(110),
    /** The peer refused the connection. */
    REFUSED(111),
    /** The network said the peer cannot be reached. */
    UNREACHABLE(113),
    /** The stack had no room. */
    RESOURCES(105);

    private final int errno;

    CloseReason(final int errno)
    {
        this.errno = errno;
    }

    /**
     * Linux's number for it, as {@code SO_ERROR} gives it.
     *
     * @return 0 for an orderly end.
     */
    public int errno()
    {
        return errno;
    }
}
