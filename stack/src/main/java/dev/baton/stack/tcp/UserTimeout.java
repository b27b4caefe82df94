package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpOption;

/**
 * The user time-out and its TCP option (RFC 5482): for how long data may stay unacknowledged, and what each side tells
 * the other of it. The option's value is 15 bits, in seconds, or in minutes when the granularity bit is set (section
 * 2.1).
 */
final class UserTimeout
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int MINUTES = 1 << 15;
    private static final int VALUE = MINUTES - 1;
    private static final int MINUTE_SECONDS = 60;
    private static final int SECOND_MS = 1000;

    private UserTimeout()
    {
    }

    /**
     * Section 3.1: min(U_LIMIT, max(ADV_UTO, REMOTE_UTO, L_LIMIT)). Without a time-out of our own, or when the user has
     * set it and so left the changing of it to nobody else (CHANGEABLE is false), the peer's advice is not followed.
     */
    static long adoptedNs(final Tcb tcb, final StackContext context)
    {
        final long ownNs = InForce.ownUserTimeoutNs(tcb, context);
        final int remoteMs = tcb.settings.remoteUserTimeoutMs;
        if (remoteMs == 0 || ownNs == 0 || tcb.settings.has(TcpOption.USER_TIMEOUT))
        {
            return ownNs;
        }
        final long wantedNs = Math.max(Math.max(ownNs, remoteMs * (SECOND_NS / SECOND_MS)), context.userTimeoutLowestNs());
        return Math.min(context.userTimeoutHighestNs(), wantedNs);
    }

    /**
     * Tell the peer our time-out, if there is one. The option comes without any assurance, so it goes with every
     * segment that has neither data nor SACK blocks: one of them will arrive (section 3.3).
     */
    static void advertise(final Tcb tcb, final StackContext context, final TcpSegmentWriter writer)
    {
        final long ownNs = InForce.ownUserTimeoutNs(tcb, context);
        if (ownNs > 0)
        {
            writer.userTimeout(encode(ownNs));
        }
    }

    /** Section 3.1: the peer advises a time-out. */
    static void onAdvice(final Tcb tcb, final int field, final SideObjects sides)
    {
        final int adviceMs = decodeMs(field);
        if (adviceMs > 0 && (tcb.settings == null || tcb.settings.remoteUserTimeoutMs != adviceMs))
        {
            sides.settings(tcb).remoteUserTimeoutMs = adviceMs;
        }
    }

    /** The option's 16 bits for a time-out: at least a second, rounded up. */
    static int encode(final long timeoutNs)
    {
        final long seconds = Math.max(1, (timeoutNs + SECOND_NS - 1) / SECOND_NS);
        return seconds <= VALUE ? (int)seconds :
            MINUTES | (int)Math.min(VALUE, (seconds + MINUTE_SECONDS - 1) / MINUTE_SECONDS);
    }

    /** What an option's 16 bits say, in milliseconds, as far as an int holds it; 0, which is reserved, says nothing. */
    static int decodeMs(final int field)
    {
        final long seconds = (long)(field & VALUE) * ((field & MINUTES) != 0 ? MINUTE_SECONDS : 1);
        return (int)Math.min(Integer.MAX_VALUE, seconds * SECOND_MS);
    }
}
