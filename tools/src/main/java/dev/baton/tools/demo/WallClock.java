package dev.baton.tools.demo;

import java.time.Instant;

/**
 * The clock that captures are stamped with.
 */
final class WallClock
{
    private WallClock()
    {
    }

    /** Nanoseconds since 1970. */
    static long nowNs()
    {
        final Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
