package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;

/**
 * A passive open (RFC 9293, section 3.9.1): the service that gets the connections to a local address and port. With a
 * backlog, established connections wait until {@link #accept()} takes them; without one the service gets each at once.
 * Used by the shard's thread only.
 */
public final class Listener
{
    /** {@link #backlog()} of a listener whose service gets each connection at once. */
    public static final int NO_BACKLOG = -1;

    final AcceptQueue queue = new AcceptQueue();
    final FastOpenQueue fastOpen = new FastOpenQueue();
    /** Half-open connections of this listener. */
    int halfOpens;
    /** Those of them whose SYN/ACK has not timed out yet. */
    int youngHalfOpens;

    private final IpAddress address;
    private final int port;
    private final TcpService service;
    private final int backlog;
    private final AcceptQueues acceptQueues;
    private long acceptedCount;
    private boolean closed;

    Listener(
        final IpAddress address,
        final int port,
        final TcpService service,
        final int backlog,
        final AcceptQueues acceptQueues)
    {
        this.address = address;
        this.port = port;
        this.service = service;
        this.backlog = backlog;
        this.acceptQueues = acceptQueues;
    }

    /**
     * Take the connection that has waited longest. Its call-backs come to {@link #service()} from now on, without {@link
     * TcpService#onAccepted}.
     *
     * @return null when none waits, or the listener is closed.
     */
    public TcpConnection accept()
    {
        final Tcb tcb = closed ? null : acceptQueues.accept(this);
        return tcb == null ? null : tcb.handle;
    }

    /**
     * Connections that may wait to be accepted; one more is let in, as on Linux.
     *
     * @return 0 or more, or {@link #NO_BACKLOG}.
     */
    public int backlog()
    {
        return backlog;
    }

    /**
     * Connections that {@link #accept()} would give now ({@code Recv-Q} of a listener in ss(8)).
     *
     * @return 0 or more.
     */
    public int waiting()
    {
        return queue.size();
    }

    /**
     * Half-open connections (RFC 9293, SYN-RECEIVED) of this listener.
     *
     * @return 0 or more.
     */
    public int synQueueLength()
    {
        return halfOpens;
    }

    /**
     * Local address.
     *
     * @return {@link IpAddress#ANY} for all.
     */
    public IpAddress address()
    {
        return address;
    }

    /**
     * Local port.
     *
     * @return 1 to 65535.
     */
    public int port()
    {
        return port;
    }

    /**
     * Who gets the connections.
     *
     * @return the service.
     */
    public TcpService service()
    {
        return service;
    }

    /**
     * Connections that got a Tcb through this listener.
     *
     * @return how many.
     */
    public long acceptedCount()
    {
        return acceptedCount;
    }

    void close()
    {
        closed = true;
    }

    /**
     * Let connections open with data in the SYN (RFC 7413), where {@link
     * dev.baton.stack.HandshakeOptions#fastOpen(int)} has servers do so; Linux: {@code TCP_FASTOPEN}. What the service does
     * with such data must bear that a network delivers a SYN twice (section 6.3.1).
     *
     * @param limit connections that may be in use before their handshake is complete; 0, as at first, for none.
     * @throws IllegalArgumentException when it is negative.
     */
    public void fastOpenLimit(final int limit)
    {
        if (limit < 0)
        {
            throw new IllegalArgumentException("the Fast Open limit of port " + port + " is " + limit +
                "; it is a number of connections, 0 or more");
        }
        fastOpen.limit(limit);
    }

    /**
     * Connections that count against {@link #fastOpenLimit(int)} now.
     *
     * @return 0 or more.
     */
    public int fastOpenPending()
    {
        return fastOpen.size();
    }

    boolean hasBacklog()
    {
        return backlog >= 0;
    }

    boolean isAcceptQueueFull()
    {
        return hasBacklog() && queue.pending > backlog;
    }

    boolean isSynQueueFull()
    {
        return hasBacklog() && halfOpens > backlog;
    }

    boolean isClosed()
    {
        return closed;
    }

    void countAccepted()
    {
        acceptedCount++;
    }

    boolean covers(final long hi, final long lo)
    {
        return isAny() || address.hi() == hi && address.lo() == lo;
    }

    boolean isAny()
    {
        return (address.hi() | address.lo()) == 0;
    }
}
