package dev.baton.stack.service;

/**
 * What goes wrong with a connection without ending it (RFC 9293, sections 3.8.3 and 3.9.2.2: R1, soft errors; RFC 1122,
 * section 4.2.4.1).
 */
public enum SoftError
{
    /**
     * Data was sent again {@code tcp_retries1} times in a row: R1 is reached, delivery is in doubt (MUST-20, SHLD-9).
     */
    RETRANSMITTING(110),
    /** A router knows no way to the peer's network. */
    NETWORK_UNREACHABLE(101),
    /** A router cannot reach the peer. */
    HOST_UNREACHABLE(113),
    /** The peer's host does not know TCP, or refuses the port. */
    REFUSED(111),
    /** A packet was too old, or had a field that somebody did not understand. */
    PROTOCOL(71);

    private static final SoftError[] ALL = values();

    private final int errno;

    SoftError(final int errno)
    {
        this.errno = errno;
    }

    /**
     * The error of a number.
     *
     * @param errno as {@link #errno()}.
     * @return null when none has it.
     */
    public static SoftError byErrno(final int errno)
    {
        for (final SoftError error : ALL)
        {
            if (error.errno == errno)
            {
                return error;
            }
        }
        return null;
    }

    /**
     * Linux's number for it.
     *
     * @return above 0.
     */
    public int errno()
    {
        return errno;
    }
}
