package dev.baton.stack.ip;

/** What became of a datagram. */
public enum SendResult
{
    /** The link took all of it. */
    TAKEN,
    /** The link had no room ({@code ENOBUFS}); it is lost, as on any network. */
    DROPPED,
    /** It is larger than the path carries, and must not be fragmented ({@code EMSGSIZE}). */
    TOO_BIG,
    /** There is no route, or one that refuses ({@code ENETUNREACH}, {@code EHOSTUNREACH}, {@code EACCES}). */
    NO_ROUTE
}
