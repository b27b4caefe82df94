package dev.baton.stack.service;

/** Why a connection ended, as its user is told (RFC 9293, section 3.9). */
public enum CloseReason
{
    /** Both halves were closed in order. */
    NORMAL,
    /** The peer sent RST. */
    RESET,
    /** The user called abort. */
    ABORTED,
    /** No answer within the user time-out, or too many retransmissions. */
    TIMEOUT,
    /** The peer refused the connection. */
    REFUSED,
    /** The network said the peer cannot be reached. */
    UNREACHABLE,
    /** The stack had no room. */
    RESOURCES
}
