package dev.baton.stack.tcp;

/**
 * Sizes of buffers as programs set and read them, and what they are worth in payload. Linux counts its bookkeeping
 * against a buffer: it doubles what is set, reports the double, and gives about half of that to payload. Here a buffer
 * holds nothing but payload, so the half is what counts (socket(7), SO_SNDBUF, SO_RCVBUF).
 */
final class BufferSizes
{
    /** Linux's SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF, as reported. */
    private static final long LEAST_SEND = 4608;
    private static final long LEAST_RECEIVE = 2304;

    private BufferSizes()
    {
    }

    /** What is reported after a send buffer was set to a value; {@code limit} is net.core.wmem_max. */
    static long reportedSend(final long wanted, final long limit)
    {
        return Math.max(LEAST_SEND, 2 * Math.min(wanted, limit));
    }

    /** What is reported after a receive buffer was set to a value; {@code limit} is net.core.rmem_max. */
    static long reportedReceive(final long wanted, final long limit)
    {
        return Math.max(LEAST_RECEIVE, 2 * Math.min(wanted, limit));
    }

    /** Payload in a buffer of a reported size, at most what a ring of this shard can hold. */
    static int payload(final long reported, final int greatest)
    {
        return (int)Math.min(reported / 2, greatest);
    }

    /** Reported size of a buffer that holds so much payload. */
    static long reported(final int payload)
    {
        return 2L * payload;
    }
}
