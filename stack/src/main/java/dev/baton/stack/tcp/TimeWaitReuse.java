package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/**
 * May an active open take the place of a connection in TIME-WAIT (RFC 6191, section 2, from the side that opens; Linux's
 * tcp_tw_reuse)? Only with timestamps, and when the clock of theirs has moved on for a second: then the peer tells old
 * segments from new ones, and so do we.
 */
final class TimeWaitReuse
{
    private static final int WITH_TIMESTAMPS = 1;
    private static final long DELAY_NS = 1_000_000_000L;
    /** How far beyond the old numbers the new ones begin, as for a SYN that comes in. */
    private static final int ISS_GAP = 65_537;

    private TimeWaitReuse()
    {
    }

    static boolean isAllowed(final TimeWait entry, final StackContext context, final long nowNs)
    {
        return context.handshake().twReuse() == WITH_TIMESTAMPS && context.timestamps() && entry.timestampsOk &&
            nowNs - entry.tsRecentAtNs > DELAY_NS;
    }

    /** Our first number: beyond all that the old connection used. */
    static int iss(final TimeWait entry)
    {
        return entry.sndNxt + ISS_GAP;
    }
}
