package dev.baton.stack.udp;

import dev.baton.stack.ip.MtuDiscover;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.socket.Errno;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What the user of a UDP socket holds. */
public final class UdpHandle implements UdpSocket
{
    private static final MtuDiscover[] MTU_DISCOVERIES = MtuDiscover.values();

    private final Ucb ucb;
    private final UdpEndpoint endpoint;

    UdpHandle(final Ucb ucb, final UdpEndpoint endpoint)
    {
        this.ucb = ucb;
        this.endpoint = endpoint;
    }

    /**
     * State of the socket, for codecs and operators.
     *
     * @return its Ucb.
     */
    public Ucb ucb()
    {
        return ucb;
    }

    @Override
    public long id()
    {
        return ucb.id;
    }

    @Override
    public void family(final IpFamily family)
    {
        if (ucb.localPort == 0)
        {
            ucb.family = family;
        }
    }

    @Override
    public int bind(final IpAddress address, final int port)
    {
        return ucb.id == 0 ? Errno.EBADF.result() : endpoint.binding().bind(ucb, address, port);
    }

    @Override
    public int connect(final IpAddress address, final int port)
    {
        return ucb.id == 0 ? Errno.EBADF.result() : endpoint.binding().connect(ucb, address, port);
    }

    @Override
    public void disconnect()
    {
        endpoint.binding().disconnect(ucb);
    }

    @Override
    public IpAddress localAddress()
    {
        return ucb.local;
    }

    @Override
    public int localPort()
    {
        return ucb.localPort;
    }

    @Override
    public IpAddress remoteAddress()
    {
        return ucb.remote;
    }

    @Override
    public int remotePort()
    {
        return ucb.remotePort;
    }

    @Override
    public int send(final DirectBuffer src, final int offset, final int length)
    {
        return sendTo(src, offset, length, null, 0, -1, -1);
    }

    @Override
    public int sendTo(
        final DirectBuffer src, final int offset, final int length, final IpAddress address, final int port)
    {
        return sendTo(src, offset, length, address, port, -1, -1);
    }

    @Override
    public int sendTo(
        final DirectBuffer src,
        final int offset,
        final int length,
        final IpAddress address,
        final int port,
        final int ttl,
        final int tos)
    {
        if (ucb.id == 0)
        {
            return Errno.EBADF.result();
        }
        if (ucb.error != 0)
        {
            return takeError();
        }
        if (address == null && ucb.remote == null)
        {
            return Errno.EDESTADDRREQ.result();
        }
        final IpAddress to = address == null ? ucb.remote : address;
        final int toPort = address == null ? ucb.remotePort : port;
        final int reachable = endpoint.binding().checkPeer(ucb, to, toPort);
        if (reachable < 0)
        {
            return reachable;
        }
        if (ucb.localPort == 0)
        {
            final int bound = endpoint.binding().autoBind(ucb);
            if (bound < 0)
            {
                return bound;
            }
        }
        return endpoint.sender().send(ucb, src, offset, length, to, toPort,
            ttl < 0 ? ttl() : ttl, tos < 0 ? ucb.tos : tos);
    }

    @Override
    public int receive(final MutableDirectBuffer dst, final int offset, final int length, final UdpMessage message)
    {
        final int copied = ucb.queue.peek(dst, offset, length, message);
        if (copied >= 0)
        {
            ucb.queue.remove();
        }
        return copied;
    }

    @Override
    public int peek(final MutableDirectBuffer dst, final int offset, final int length, final UdpMessage message)
    {
        return ucb.queue.peek(dst, offset, length, message);
    }

    @Override
    public int queued()
    {
        return ucb.queue.count();
    }

    @Override
    public int nextLength()
    {
        return ucb.queue.nextLength();
    }

    @Override
    public int takeError()
    {
        final int error = ucb.error;
        ucb.error = 0;
        return -error;
    }

    @Override
    public boolean hasError()
    {
        return ucb.error != 0 || ucb.errors != null && ucb.errors.count() > 0;
    }

    @Override
    public boolean takeQueuedError(final UdpError error)
    {
        return ucb.errors != null && ucb.errors.take(error);
    }

    @Override
    public void reuseAddress(final boolean reuseAddress)
    {
        ucb.reuseAddress = reuseAddress;
    }

    @Override
    public void reusePort(final boolean reusePort)
    {
        ucb.reusePort = reusePort;
    }

    @Override
    public void receiveBufferBytes(final int bytes)
    {
        ucb.receiveBufferBytes = bytes;
    }

    @Override
    public int receiveBufferBytes()
    {
        return ucb.receiveBufferBytes;
    }

    @Override
    public void ttl(final int ttl)
    {
        ucb.ttl = ttl;
    }

    @Override
    public int ttl()
    {
        return ucb.ttl == Ucb.DEFAULT_TTL ? endpoint.context().ttl() : ucb.ttl;
    }

    @Override
    public void tos(final int tos)
    {
        ucb.tos = tos;
    }

    @Override
    public int tos()
    {
        return ucb.tos;
    }

    @Override
    public void mtuDiscovery(final MtuDiscover mtuDiscovery)
    {
        ucb.mtuDiscovery = mtuDiscovery.ordinal();
    }

    @Override
    public MtuDiscover mtuDiscovery()
    {
        return MTU_DISCOVERIES[ucb.mtuDiscovery];
    }

    @Override
    public int pathMtu()
    {
        return ucb.remote == null ? 0 : endpoint.sender().pathMtu(ucb.remote);
    }

    @Override
    public void reportErrors(final boolean reportErrors)
    {
        ucb.reportErrors = reportErrors;
        if (!reportErrors)
        {
            ucb.errors = null;
        }
    }

    @Override
    public void noChecksum(final boolean noChecksum)
    {
        ucb.noChecksum = noChecksum;
    }

    @Override
    public void close()
    {
        endpoint.close(ucb);
    }

    @Override
    public Object attachment()
    {
        return ucb.attachment;
    }

    @Override
    public void attachment(final Object attachment)
    {
        ucb.attachment = attachment;
    }
}
