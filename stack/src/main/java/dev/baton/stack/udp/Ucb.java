package dev.baton.stack.udp;

import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.wire.IpAddress;

/** State of a UDP socket, and nothing else; the counterpart of TCP's Tcb. */
public final class Ucb
{
    /** Value of {@link #ttl} that means the stack's. */
    public static final int DEFAULT_TTL = -1;

    /** Identity within the shard; 0 once it is closed. */
    public long id;
    /** Which addresses it deals with. */
    public IpFamily family;
    /** Local address; {@link IpAddress#ANY} for all. */
    public IpAddress local = IpAddress.ANY;
    /** Local port; 0 while it has none. */
    public int localPort;
    /** Was {@link #local} given by bind, and not by connect? */
    public boolean addressBound;
    /** Was {@link #localPort} given by bind, and not chosen? */
    public boolean portBound;
    /** The peer's address; null while it is not connected. */
    public IpAddress remote;
    /** The peer's port. */
    public int remotePort;
    /** SO_REUSEADDR. */
    public boolean reuseAddress;
    /** SO_REUSEPORT. */
    public boolean reusePort;
    /** IP_RECVERR. */
    public boolean reportErrors;
    /** SO_NO_CHECK. */
    public boolean noChecksum;
    /** Time to live of what is sent, or {@link #DEFAULT_TTL}. */
    public int ttl = DEFAULT_TTL;
    /** TOS of what is sent. */
    public int tos;
    /** Ordinal of a {@link dev.baton.stack.ip.MtuDiscover}. */
    public int mtuDiscovery = 1;
    /** Bound of the queue in bytes. */
    public int receiveBufferBytes;
    /** Number of the error that waits; 0 for none. */
    public int error;
    /** Datagrams dropped for want of room. */
    public long drops;
    /** Are onReadable calls owed? */
    public boolean readableDue;
    /** Are onError calls owed? */
    public boolean errorDue;
    /** Datagrams that wait. */
    public final DatagramRing queue;
    /** Errors that wait; null until there is one. */
    public UdpErrorQueue errors;

    final UdpHandle handle;
    UdpService service;
    Object attachment;
    boolean ready;
    Ucb previousById;
    Ucb nextById;

    Ucb(final DatagramRing queue, final UdpEndpoint endpoint)
    {
        this.queue = queue;
        this.handle = new UdpHandle(this, endpoint);
    }

    /**
     * Who uses it.
     *
     * @return the service.
     */
    public UdpService service()
    {
        return service;
    }

    /**
     * What its user holds.
     *
     * @return the handle.
     */
    public UdpHandle handle()
    {
        return handle;
    }

    boolean isAny()
    {
        return (local.hi() | local.lo()) == 0;
    }
}
