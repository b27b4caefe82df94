package dev.baton.stack.tcp;

import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.tcp.congestion.CongestionControl;
import dev.baton.stack.tcp.congestion.CongestionControls;
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
    private int backlog;
    private IpFamily family = IpFamily.DUAL;
    private final AcceptQueues acceptQueues;
    private long acceptedCount;
    private boolean closed;
    private UserOptions options;
    private TcpSettings settings;
    private CongestionControl congestionControl;

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
     * Take the connection that has waited longest. Its call-backs come to {@link #service()} from now on, without
     * {@link TcpService#onAccepted}.
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
     * Let another number of connections wait from now on, as listen(2) on a listener does.
     *
     * @param backlog 0 or more; only for a listener that has an accept queue.
     * @throws IllegalArgumentException when it has none, or the number is negative.
     */
    public void backlog(final int backlog)
    {
        if (backlog < 0 || this.backlog == NO_BACKLOG)
        {
            throw new IllegalArgumentException("cannot give the listener on port " + port + " a backlog of " + backlog +
                ": it must be 0 or more, and the listener must have been made with one");
        }
        this.backlog = backlog;
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

    /**
     * Value of an option that the listener's connections begin with.
     *
     * @param option which.
     * @return in the option's unit: what was set, as Linux reports it, or the default.
     */
    public long option(final TcpOption option)
    {
        return options.get(settings, option);
    }

    /**
     * Set an option for the connections that are accepted from now on. What a SYN/ACK depends on, such as {@link
     * TcpOption#MAX_SEGMENT} and {@link TcpOption#TOS}, holds for those that are half-open too.
     *
     * @param option which.
     * @param value  in the option's unit.
     * @throws IllegalArgumentException when the value is out of range or the option can only be read; the text names
     *                                  option, value and range.
     */
    public void option(final TcpOption option, final long value)
    {
        final long kept = options.kept(option, value);
        if (settings == null)
        {
            settings = new TcpSettings();
        }
        settings.set(option, kept);
    }

    /**
     * Congestion control that the listener's connections begin with.
     *
     * @return its name; the context's when none was set.
     */
    public String congestionControl()
    {
        return congestionControl == null ? options.congestionControl() : congestionControl.name();
    }

    /**
     * Set the congestion control of the connections that are accepted from now on.
     *
     * @param name one of {@link dev.baton.stack.StackContext#congestionControls()}.
     * @throws IllegalArgumentException when there is none of that name.
     */
    public void congestionControl(final String name)
    {
        congestionControl = CongestionControls.byName(name);
    }

    /** Who reads and checks the options of this listener. */
    void options(final UserOptions userOptions)
    {
        options = userOptions;
    }

    /**
     * What was set by {@link #option(TcpOption, long)}, for codecs.
     *
     * @return null when nothing was.
     */
    public TcpSettings settings()
    {
        return settings;
    }

    /**
     * Take values of options as {@link #settings()} of another shard's listener has them, for codecs.
     *
     * @param option to be set.
     * @param kept   as it is kept.
     */
    public void restore(final TcpOption option, final long kept)
    {
        settings = settings == null ? new TcpSettings() : settings;
        settings.set(option, kept);
    }

    /**
     * Go on where a listener of another shard stopped, for codecs.
     *
     * @param accepted  its {@link #acceptedCount()}.
     * @param nextOrder its {@link #nextAcceptOrder()}.
     */
    public void restore(final long accepted, final int nextOrder)
    {
        acceptedCount = accepted;
        queue.nextOrder(nextOrder);
    }

    /**
     * The place in the accept queue that the next connection gets, for codecs.
     *
     * @return not 0.
     */
    public int nextAcceptOrder()
    {
        return queue.nextOrder();
    }

    /**
     * Is a congestion control set for its connections, and not only the shard's default?
     *
     * @return true after {@link #congestionControl(String)}.
     */
    public boolean hasCongestionControl()
    {
        return congestionControl != null;
    }

    /** Give a new connection what was set. */
    void configure(final Tcb tcb)
    {
        if (settings != null)
        {
            options.inherit(tcb, settings);
        }
        if (congestionControl != null)
        {
            tcb.congestionControl = congestionControl;
        }
    }

    void close()
    {
        closed = true;
    }

    /**
     * Let connections open with data in the SYN (RFC 7413), where {@link
     * dev.baton.stack.HandshakeOptions#fastOpen(int)} has servers do so; Linux: {@code TCP_FASTOPEN}. What the service
     * does with such data must bear that a network delivers a SYN twice (section 6.3.1).
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
     * What {@link #fastOpenLimit(int)} was set to.
     *
     * @return connections, 0 or more.
     */
    public int fastOpenLimit()
    {
        return fastOpen.limit();
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

    /**
     * When those of {@link #fastOpenPending()} that were reset stop counting, for codecs.
     *
     * @return times on the shard's clock, in order.
     */
    public long[] fastOpenResetsUntilNs()
    {
        return fastOpen.resetsUntilNs();
    }

    /**
     * Count a connection that was reset early in another shard.
     *
     * @param untilNs when it stops counting, not before the one restored last.
     */
    public void restoreFastOpenReset(final long untilNs)
    {
        fastOpen.restoreReset(untilNs);
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
        return isAny() ? takes(IpAddress.isV4(hi, lo)) : address.hi() == hi && address.lo() == lo;
    }

    /**
     * Which families a wildcard address stands for.
     *
     * @return the family.
     */
    public IpFamily family()
    {
        return family;
    }

    /** Which families a wildcard address stands for. */
    void family(final IpFamily family)
    {
        this.family = family;
    }

    boolean shares(final IpFamily other)
    {
        return !isAny() || takes(true) && other.takesV4() || takes(false) && other.takesV6();
    }

    private boolean takes(final boolean v4)
    {
        return v4 ? family.takesV4() : family.takesV6();
    }

    boolean isAny()
    {
        return (address.hi() | address.lo()) == 0;
    }
}
