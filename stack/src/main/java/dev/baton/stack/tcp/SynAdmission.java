package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;

/**
 * What becomes of a SYN at a listener, by Linux's rules:
 * <ol>
 * <li>queue of half-open connections full, or cookies always on: a cookie, or dropped when cookies are off;</li>
 * <li>accept queue full: dropped, since what it would lead to could not be accepted;</li>
 * <li>cookies off: the last quarter of the queue is for peers that have been here before.</li>
 * </ol>
 * A SYN that ends TIME-WAIT needs a sequence number above the old ones, which no cookie can have.
 */
final class SynAdmission
{
    /** No answer. */
    static final int DROP = 0;
    /** A half-open connection. */
    static final int QUEUE = 1;
    /** An answer, and nothing kept. */
    static final int COOKIE = 2;

    private static final int NEVER = 0;
    private static final int ALWAYS = 2;

    private final StackContext context;
    private final StackCounters counters;
    private final SynQueue synQueue;
    private final ConnectionLife life;
    private final PeerCache peers;

    SynAdmission(
        final StackContext context,
        final StackCounters counters,
        final SynQueue synQueue,
        final ConnectionLife life,
        final PeerCache peers)
    {
        this.context = context;
        this.counters = counters;
        this.synQueue = synQueue;
        this.life = life;
        this.peers = peers;
    }

    int decide(final Segment syn, final Listener listener, final boolean endsTimeWait)
    {
        final int cookies = context.handshake().synCookies();
        final boolean full = synQueue.isFull() || listener.isSynQueueFull();
        final boolean cookie = (full || cookies == ALWAYS) && cookies != NEVER && !endsTimeWait;
        if (full && !cookie)
        {
            return drop(StackCounter.TCP_REQ_Q_FULL_DROP);
        }
        if (cookie)
        {
            counters.increment(StackCounter.TCP_REQ_Q_FULL_DO_COOKIES);
        }
        if (listener.isAcceptQueueFull())
        {
            return drop(StackCounter.LISTEN_OVERFLOWS);
        }
        if (!life.hasRoom())
        {
            return drop(StackCounter.TABLE_FULL);
        }
        if (cookie)
        {
            return COOKIE;
        }
        final int room = context.synBacklog() - synQueue.size();
        if (cookies == NEVER && room < context.synBacklog() >>> 2 && !peers.isProven(syn.remoteHi, syn.remoteLo))
        {
            return drop(StackCounter.TCP_REQ_Q_FULL_DROP);
        }
        return QUEUE;
    }

    private int drop(final StackCounter why)
    {
        counters.increment(why);
        counters.increment(StackCounter.LISTEN_DROPS);
        return DROP;
    }

    /**
     * How often a SYN/ACK is sent again before its entry is given up. Half of a listener's room is kept for young entries:
     * as the others crowd it, they get fewer tries.
     */
    static int retries(final Listener listener, final StackContext context)
    {
        final int room = listener.hasBacklog() ? listener.backlog() : context.synBacklog();
        int retries = context.synAckRetries();
        if (listener.halfOpens << 1 > Math.max(8, room))
        {
            long young = (long)listener.youngHalfOpens << 1;
            while (retries > 2 && listener.halfOpens >= young)
            {
                retries--;
                young <<= 1;
            }
        }
        return retries;
    }
}
