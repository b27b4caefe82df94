package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpOption;

/**
 * What is in force for a connection, in the core's units: its own setting, or the context's default. A connection
 * without settings of its own costs one comparison.
 */
final class InForce
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;

    private InForce()
    {
    }

    private static boolean isSet(final TcpSettings settings, final TcpOption option)
    {
        return settings != null && settings.has(option);
    }

    static long keepAliveIdleNs(final Tcb tcb, final StackContext context)
    {
        return isSet(tcb.settings, TcpOption.KEEP_IDLE) ?
            tcb.settings.get(TcpOption.KEEP_IDLE) * SECOND_NS : context.keepAliveIdleNs();
    }

    static long keepAliveIntervalNs(final Tcb tcb, final StackContext context)
    {
        return isSet(tcb.settings, TcpOption.KEEP_INTERVAL) ?
            tcb.settings.get(TcpOption.KEEP_INTERVAL) * SECOND_NS : context.keepAliveIntervalNs();
    }

    static int keepAliveProbes(final Tcb tcb, final StackContext context)
    {
        return isSet(tcb.settings, TcpOption.KEEP_COUNT) ?
            (int)tcb.settings.get(TcpOption.KEEP_COUNT) : context.keepAliveProbes();
    }

    static int synRetries(final Tcb tcb, final StackContext context)
    {
        return isSet(tcb.settings, TcpOption.SYN_COUNT) ?
            (int)tcb.settings.get(TcpOption.SYN_COUNT) : context.synRetries();
    }

    /** Own user time-out, 0 when there is none; what the peer advises has not been considered. */
    static long ownUserTimeoutNs(final Tcb tcb, final StackContext context)
    {
        return isSet(tcb.settings, TcpOption.USER_TIMEOUT) ?
            tcb.settings.get(TcpOption.USER_TIMEOUT) * MILLISECOND_NS : context.userTimeoutNs();
    }

    /** The user time-out that counts; 0 when the number of retransmissions decides. */
    static long userTimeoutNs(final Tcb tcb, final StackContext context)
    {
        return tcb.settings == null ? context.userTimeoutNs() : UserTimeout.adoptedNs(tcb, context);
    }

    /** How long FIN-WAIT-2 lasts once the user has closed; negative: not at all. */
    static long finWait2Ns(final Tcb tcb, final StackContext context)
    {
        final long seconds = isSet(tcb.settings, TcpOption.LINGER2) ? tcb.settings.get(TcpOption.LINGER2) : 0;
        return seconds == 0 ? context.finWait2Ns() : seconds * SECOND_NS;
    }

    static long notSentLowatBytes(final Tcb tcb, final StackContext context)
    {
        final long own = isSet(tcb.settings, TcpOption.NOTSENT_LOWAT) ? tcb.settings.get(TcpOption.NOTSENT_LOWAT) : 0;
        return own == 0 ? context.notSentLowatBytes() : own;
    }

    static boolean corked(final Tcb tcb)
    {
        return isSet(tcb.settings, TcpOption.CORK) && tcb.settings.get(TcpOption.CORK) != 0;
    }

    static boolean urgentInline(final Tcb tcb)
    {
        return isSet(tcb.settings, TcpOption.OOB_INLINE) && tcb.settings.get(TcpOption.OOB_INLINE) != 0;
    }

    /** Seconds, or -1 when close does not wait. */
    static long lingerSeconds(final Tcb tcb)
    {
        return isSet(tcb.settings, TcpOption.LINGER) ? tcb.settings.get(TcpOption.LINGER) : -1;
    }

    /** Time to live; negative for the default. */
    static int ttl(final TcpSettings settings)
    {
        return isSet(settings, TcpOption.TTL) ? (int)settings.get(TcpOption.TTL) : -1;
    }

    static int tos(final TcpSettings settings)
    {
        return isSet(settings, TcpOption.TOS) ? (int)settings.get(TcpOption.TOS) : 0;
    }

    /** Flow label of a connection that would have another one by itself. */
    static int flowLabel(final TcpSettings settings, final int otherwise)
    {
        return isSet(settings, TcpOption.FLOW_LABEL) ? (int)settings.get(TcpOption.FLOW_LABEL) : otherwise;
    }

    /** Upper limit of the window in bytes. */
    static int windowClamp(final Tcb tcb)
    {
        final long own = isSet(tcb.settings, TcpOption.WINDOW_CLAMP) ? tcb.settings.get(TcpOption.WINDOW_CLAMP) : 0;
        return own == 0 ? Integer.MAX_VALUE : (int)own;
    }

    /** Upper limit of the MSS in bytes; 0 when there is none. */
    static int maxSegment(final TcpSettings settings, final StackContext context)
    {
        final int own = isSet(settings, TcpOption.MAX_SEGMENT) ? (int)settings.get(TcpOption.MAX_SEGMENT) : 0;
        final int all = context.maxSegmentBytes();
        return own == 0 || all == 0 ? Math.max(own, all) : Math.min(own, all);
    }

    /** What a new connection's receive buffer holds. */
    static int receiveBufferBytes(final TcpSettings settings, final StackContext context)
    {
        return isSet(settings, TcpOption.RECEIVE_BUFFER) ?
            BufferSizes.payload(settings.get(TcpOption.RECEIVE_BUFFER), context.receiveBufferBytes()) :
            context.initialReceiveBufferBytes();
    }

    static boolean sendBufferLocked(final Tcb tcb)
    {
        return isSet(tcb.settings, TcpOption.SEND_BUFFER);
    }

    static boolean receiveBufferLocked(final Tcb tcb)
    {
        return isSet(tcb.settings, TcpOption.RECEIVE_BUFFER);
    }
}
