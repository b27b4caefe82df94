package dev.baton.stack.tcp;

/**
 * The states of a connection (RFC 9293, section 3.3.2). They are plain numbers because they stand in tables and images.
 */
public final class TcpState
{
    /** No connection. */
    public static final int CLOSED = 0;
    /** A listener; never the state of a Tcb. */
    public static final int LISTEN = 1;
    /** SYN sent, none received. */
    public static final int SYN_SENT = 2;
    /** SYN sent and received, ours not acknowledged. */
    public static final int SYN_RECEIVED = 3;
    /** Open. */
    public static final int ESTABLISHED = 4;
    /** Our FIN is queued or sent and not acknowledged; the peer's has not come. */
    public static final int FIN_WAIT_1 = 5;
    /** Our FIN is acknowledged; the peer's has not come. */
    public static final int FIN_WAIT_2 = 6;
    /** The peer's FIN has come; ours is not queued. */
    public static final int CLOSE_WAIT = 7;
    /** Both FINs are on their way, ours is not acknowledged; we were first. */
    public static final int CLOSING = 8;
    /** Both FINs are on their way, ours is not acknowledged; the peer was first. */
    public static final int LAST_ACK = 9;
    /** Both FINs are acknowledged; old segments are waited out. */
    public static final int TIME_WAIT = 10;

    private static final String[] NAMES =
        {
            "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
            "CLOSING", "LAST-ACK", "TIME-WAIT",
        };

    private TcpState()
    {
    }

    /**
     * Name of a state.
     *
     * @param state one of the constants.
     * @return as RFC 9293 writes it.
     */
    public static String name(final int state)
    {
        return NAMES[state];
    }

    /**
     * May data and FIN still come from the peer?
     *
     * @param state one of the constants.
     * @return true in ESTABLISHED, FIN-WAIT-1 and FIN-WAIT-2.
     */
    public static boolean receives(final int state)
    {
        return state == ESTABLISHED || state == FIN_WAIT_1 || state == FIN_WAIT_2;
    }

    /**
     * Has the handshake been completed?
     *
     * @param state one of the constants.
     * @return true from ESTABLISHED on.
     */
    public static boolean isSynchronised(final int state)
    {
        return state >= ESTABLISHED;
    }
}
