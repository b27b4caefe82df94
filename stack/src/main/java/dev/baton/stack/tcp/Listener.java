package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;

/**
 * A passive open (RFC 9293, section 3.9.1): the service that gets the connections to a local address and port.
 */
public final class Listener
{
    private final IpAddress address;
    private final int port;
    private final TcpService service;
    private long acceptedCount;
    private boolean closed;

    Listener(final IpAddress address, final int port, final TcpService service)
    {
        this.address = address;
        this.port = port;
        this.service = service;
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
