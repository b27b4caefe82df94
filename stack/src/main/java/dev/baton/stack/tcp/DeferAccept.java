package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.wire.TcpHeader;

/**
 * TCP_DEFER_ACCEPT (tcp(7)): a listener passes the bare ACK of a handshake over, so that a connection gets a Tcb, and
 * its service is told, only with the first data. The time is turned into a number of SYN/ACK retransmissions, rounded
 * up, as Linux does; when they are used up the next ACK counts. As our SYN/ACK goes on being sent, a peer that has
 * nothing to say answers until then.
 */
final class DeferAccept
{
    private static final long SECOND_NS = 1_000_000_000L;

    private DeferAccept()
    {
    }

    /** Is an acceptable ACK to be passed over? */
    static boolean passesOver(final HalfOpen entry, final Segment segment, final StackContext context)
    {
        final TcpSettings settings = entry.listener.settings();
        return settings != null && settings.has(TcpOption.DEFER_ACCEPT) && segment.payloadLength == 0 &&
            !segment.has(TcpHeader.FIN) &&
            entry.retransmits < retransmissions(settings.get(TcpOption.DEFER_ACCEPT) * SECOND_NS, context);
    }

    /** How many retransmissions it takes until a time has passed; at most as many as there are. */
    static int retransmissions(final long timeNs, final StackContext context)
    {
        int count = 0;
        long passedNs = 0;
        while (passedNs < timeNs && count < context.synAckRetries())
        {
            passedNs += RttEstimator.backedOffRtoNs(context.initialRtoNs(), count, context);
            count++;
        }
        return count;
    }
}
